"""One word for one thing: a word the glossary retired names nothing in the code and nothing in the templates."""

import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
_ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
#: ``heard_safety_report``, ``SafetyReport`` → heard, safety, report.
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TAG = re.compile(r"{[%{](.*?)[%}]}", re.DOTALL)
_TEXT_IN_TAG = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAMES = re.compile(r"\b(?:id|class|name|for|data-[\w-]+|aria-[\w-]+)=\"([^\"{}]*)\"")

#: Rooms that are being rewritten and follow.
LATER = ("records/", "enterprises/", "ideology/", "backoffice/", "foundation/exchange/")
#: What is stored or published under an old name and keeps it.
KEPT = {"heard_safety_report"}


def _glossary() -> set[str]:
    section = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("## Retired", 1)[1]
    rows = [cell for cell in _ROW.findall(section) if cell != "retired"]
    return {word.strip() for row in rows for word in row.split(",")}


def _forms(words: set[str]) -> set[str]:
    """With their plurals and the past of regular verbs."""
    return {form for word in words for form in (word, f"{word}s", f"{word}ed", f"{word.removesuffix('e')}ed")}


def _files(pattern: str) -> Iterator[Path]:
    listed = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if (
            path.exists()
            and not name.startswith(LATER)
            and not {"migrations", "vendor", "tests"} & set(Path(name).parts)
        ):
            yield path


def _retired_in(name: str, retired: set[str]) -> bool:
    return name not in KEPT and any(part.lower() in retired for part in _PARTS.findall(name))


def test_no_identifier_uses_a_retired_word() -> None:
    retired, found = _forms(_glossary()), []
    for path in _files("*.py"):
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
            # ``file.tell()`` is Python's.
            if token.type == tokenize.NAME and token.string != "tell" and _retired_in(token.string, retired):
                found.append(f"{path.relative_to(ROOT)}:{token.start[0]} {token.string}")
    assert not found, "\n".join(found)


def test_no_template_uses_a_retired_word() -> None:
    retired, found = _forms(_glossary()), []
    for path in _files("*.html"):
        source = path.read_text(encoding="utf-8")
        in_tags = " ".join(_TEXT_IN_TAG.sub("", inside) for inside in _TAG.findall(source))
        names = {*re.findall(r"\w+", in_tags), *re.findall(r"[\w-]+", " ".join(_NAMES.findall(source)))}
        found += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(names) if _retired_in(name, retired)]
    assert not found, "\n".join(found)


def test_the_list_is_read() -> None:
    assert {"firm", "mend", "words", "faces"} <= _glossary()
    assert {"mended", "announced", "nudges"} <= _forms(_glossary())
