"""The handbook has a line for every kind, as the portal has it; a stale chapter fails."""

from backoffice.kinds_page import KINDS_FILE, kinds_text
from records.core.kinds import all_kinds


def test_the_chapter_is_fresh() -> None:
    assert KINDS_FILE.read_text(encoding="utf-8") == kinds_text(), "run manage.py kinds_doc"


def test_every_kind_that_may_be_filed_has_its_line() -> None:
    lines = [line for line in KINDS_FILE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    for kind in all_kinds():
        told = [line for line in lines if line.startswith(f"| {kind.label} | {kind.purpose} |")]
        assert len(told) == (0 if kind.is_retired else 1), kind.slug
