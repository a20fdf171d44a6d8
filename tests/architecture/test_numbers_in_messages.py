"""What is counted in a message is written with its thousands separated, by the one function for it (``foundation.saying``)."""

import ast
import re
import subprocess
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
#: A whole number with what it counts behind it. A number after 第 says which one.
COUNT = re.compile(r"(?<!第)(?<!第 )%(\(\w+\))?d ?(人|家|条|个|项|件|场|户|票|万元|份|次|名|行|篇|处|对|元|批|所)")
#: Running text of official documents prints plain digits; workbooks stand below whatever writes messages.
PLAIN = ("reporting/narrative.py", "reporting/rendering/", "reporting/bundles/index.py", "foundation/workbooks/")


def _is_told(node: ast.AST) -> bool:
    """A message with a count, given to ``gettext``, perhaps one of two."""
    texts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return any(
        isinstance(text, ast.Call)
        and isinstance(text.func, ast.Name)
        and text.func.id in {"_", "gettext"}
        and any(isinstance(part, ast.Constant) and COUNT.search(str(part.value)) for part in ast.walk(text))
        for text in texts
    )


def plain_counts(source: str) -> list[int]:
    """The lines in which ``%`` puts a count into a message."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and _is_told(node.left)
    ]


def test_a_count_put_in_plainly_is_found():
    assert plain_counts('_("%d 人") % people\nfilled(_("%d 人"), people)\n_("第 %d 行") % row\n_("%d 年") % year') == [
        1
    ]


def test_counts_in_messages_have_their_commas():
    files = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    rooms = [
        name
        for name in files
        if not name.startswith(("tests/", "bench/", "deploy/", *PLAIN))
        and "/migrations/" not in name
        # Lines of a terminal, not pages.
        and "/management/" not in name
        and not name.startswith("backoffice/backup/")
    ]
    found = [
        f"{name}:{line}: write filled(_(…), values) of foundation.saying"
        for name in rooms
        if (ROOT / name).exists()
        for line in plain_counts((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert found == []
