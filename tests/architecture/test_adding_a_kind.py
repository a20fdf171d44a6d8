"""docs/adding-a-record-kind.md is true: followed to the letter in a copy of the tree, it gives two working kinds, one in a
room that has others and one in a room that is empty."""

import shutil
from pathlib import Path

import pytest

from tests.architecture.guides import Copy, Guide

GUIDE = Guide("adding-a-record-kind.md")
#: The kind's slug, its label, and the fact that stands in the page of coverage.
READING = ("ideology.readingevent", "职工读书活动", "B09.reading_sessions")
CONTEST = ("competitions.safetycontest", "班组安全竞赛", "C99.safety_contests")

#: One copy for all of them: in parallel runs they stay in one worker.
pytestmark = [pytest.mark.programs, pytest.mark.xdist_group("adding-a-kind")]


def empty(room: Path) -> None:
    """Leave of a room in the copy what one has before its first kind."""
    for path in room.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in ("__init__.py", "apps.py"):
            path.unlink()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The portal after the guide was followed."""
    copy = Copy(tmp_path_factory.mktemp("adding-a-kind"))
    empty(copy.root / "competitions")
    for block in GUIDE.followed:
        copy.add(block)
    copy.must_run("manage.py", "makemigrations", "ideology")
    copy.must_run("manage.py", "makemigrations", "competitions")
    return copy


def test_the_guide_names_four_places(tree: Copy) -> None:
    rooms = [block.file.rpartition("/")[::2] for block in GUIDE.followed]
    for room, migration in (("ideology", "*_readingevent.py"), ("competitions", "0*.py")):
        assert [name for place, name in rooms if place == room] == ["models.py", "kinds.py", "factories.py"]
        made = list((tree.root / room / "migrations").glob(migration))
        assert len(made) == 1, "the fourth is the migration"


def test_the_portal_starts_with_the_kinds(tree: Copy) -> None:
    tree.must_run("manage.py", "check", "--database", "default", "--fail-level", "WARNING")


def test_the_generated_pages_take_them_in(tree: Copy) -> None:
    tree.must_run("manage.py", "policy_coverage")
    tree.must_run("manage.py", "business_rules_doc")
    tree.must_run("manage.py", "indicators_doc")
    tree.must_run("manage.py", "kinds_doc")
    coverage = (tree.root / "docs" / "coverage.md").read_text(encoding="utf-8")
    line = next(line for line in coverage.splitlines() if line.startswith("| `2022-m3-c2`"))
    for slug, label, fact in (READING, CONTEST):
        assert f"{label} (`{slug}`)" in line and f"`{fact}`" in line
    # Of the points of clauses some name kinds of the room that was emptied.
    fresh = "page_is_fresh or missing_part_is_listed or clauses_that_exist"
    assert tree.must_pass("tests/architecture/test_policy_coverage.py", only=fresh) == 3


@pytest.mark.parametrize("slug", [READING[0], CONTEST[0]])
def test_every_contract_holds_for_the_kind(tree: Copy, slug: str) -> None:
    """The contract tests of the copy find the new kind by themselves; those about it alone are run."""
    assert tree.must_pass("tests/contracts", only=slug.split(".")[1]) >= 2


def test_the_warning_is_true(tree: Copy) -> None:
    """What the guide warns of is refused, by the check it names and with the words it quotes."""
    assert GUIDE.warned, "the guide opens with what must not be done"
    for block in GUIDE.warned:
        path = tree.root / block.file
        before = path.read_text(encoding="utf-8")
        tree.add(block)
        done = tree.run("manage.py", "check", "--database", "default")
        path.write_text(before, encoding="utf-8")
        assert done.returncode != 0
        assert GUIDE.quoted_message(block.refused_by) in done.stderr, done.stderr
