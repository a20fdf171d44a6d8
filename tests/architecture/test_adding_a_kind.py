"""docs/adding-a-record-kind.md is true: followed to the letter in a copy of the tree, it gives a working kind."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
GUIDE = ROOT / "docs" / "adding-a-record-kind.md"
SLUG = "ideology.readingevent"

#: One copy for all of them: in parallel runs they stay in one worker.
pytestmark = pytest.mark.xdist_group("adding-a-kind")

#: ```python ideology/models.py … ``` is to be followed; with ``refused models.E016`` it is to be refused by that check.
_BLOCK = re.compile(r"^```python (\S+\.py)(?: refused (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", "node_modules", "__pycache__", ".pytest_cache", ".ruff_cache", ".import_linter_cache"
)


class Block(NamedTuple):
    """Code of the guide: the file it is added to, and the check that must refuse it, if any."""

    file: str
    refused_by: str
    code: str


def blocks() -> list[Block]:
    return [Block(*found) for found in _BLOCK.findall(GUIDE.read_text(encoding="utf-8"))]


def quoted_message(check: str) -> str:
    """The words of a check as the guide quotes them, on an indented line of their own."""
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    return next(line.strip() for line in lines if line.startswith(f"    ({check})"))


class Copy:
    """A tree of its own, with the Python of this one and data folders of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "portal"
        shutil.copytree(ROOT, self.root, ignore=_LEFT_OUT)
        aside = ("PYTEST_", "PORTAL_", "DJANGO_")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(aside)}
        self.env["PORTAL_VAR"] = str(folder / "var")

    def add(self, block: Block) -> None:
        path = self.root / block.file
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{block.code}", encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.root, env=self.env, capture_output=True, text=True, timeout=300
        )

    def must_run(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The portal after the guide was followed."""
    copy = Copy(tmp_path_factory.mktemp("adding-a-kind"))
    for block in blocks():
        if not block.refused_by:
            copy.add(block)
    copy.must_run("manage.py", "makemigrations", "ideology")
    return copy


def test_the_guide_names_four_places(tree: Copy) -> None:
    followed = [block.file for block in blocks() if not block.refused_by]
    assert followed == ["ideology/models.py", "ideology/kinds.py", "ideology/factories.py"]
    made = {path.name for path in (tree.root / "ideology" / "migrations").glob("*_readingevent.py")}
    assert len(made) == 1, "the fourth is the migration"


def test_the_portal_starts_with_the_kind(tree: Copy) -> None:
    tree.must_run("manage.py", "check", "--database", "default", "--fail-level", "WARNING")


def test_the_generated_pages_take_it_in(tree: Copy) -> None:
    tree.must_run("manage.py", "policy_coverage")
    tree.must_run("manage.py", "business_rules_doc")
    coverage = (tree.root / "docs" / "coverage.md").read_text(encoding="utf-8")
    line = next(line for line in coverage.splitlines() if line.startswith("| `2022-m3-c2`"))
    assert f"职工读书活动 (`{SLUG}`)" in line and "`B09.reading_sessions`" in line


def test_every_contract_holds_for_the_kind(tree: Copy) -> None:
    """The contract tests of the copy find the new kind by themselves; those about it alone are run."""
    about_it = ["-k", SLUG.split(".")[1]]
    said = tree.must_run("-m", "pytest", "tests/contracts", "-q", "-n0", "-p", "no:cacheprovider", *about_it)
    passed = re.search(r"(\d+) passed", said)
    assert passed and int(passed[1]) >= 2, said
    assert "skipped" not in said and "xfailed" not in said, said


def test_the_warning_is_true(tree: Copy) -> None:
    """What the guide warns of is refused, by the check it names and with the words it quotes."""
    warned = [block for block in blocks() if block.refused_by]
    assert warned, "the guide opens with what must not be done"
    for block in warned:
        path = tree.root / block.file
        before = path.read_text(encoding="utf-8")
        tree.add(block)
        done = tree.run("manage.py", "check", "--database", "default")
        path.write_text(before, encoding="utf-8")
        assert done.returncode != 0
        assert quoted_message(block.refused_by) in done.stderr, done.stderr
