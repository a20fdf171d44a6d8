"""docs/coverage.md says, for every clause of the policy, what answers it; a stale page or an unknown code fails."""

from backoffice.coverage import (
    COVERAGE_FILE,
    MISSING,
    POLICY_FOLDER,
    coverage_text,
    kinds_by_clause,
    known_codes,
    mistakes_in_points,
)
from policies.parsing import read_documents


def test_coverage_page_is_fresh() -> None:
    assert COVERAGE_FILE.read_text(encoding="utf-8") == coverage_text(), "run manage.py policy_coverage"


def test_every_clause_and_every_missing_part_is_listed() -> None:
    listed = [
        line.split("`")[1] for line in COVERAGE_FILE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    documents = read_documents(POLICY_FOLDER)
    clauses = [clause.code for document in documents for clause in document.clauses()]
    missing = [part.code for document in documents for part in document.walk() if part.is_missing]
    assert sorted(listed) == sorted(clauses + missing)
    assert f"| `{missing[0]}` | {MISSING} |" in COVERAGE_FILE.read_text(encoding="utf-8")


def test_kinds_name_only_clauses_that_exist() -> None:
    unknown = {
        code: [kind.slug for kind in kinds] for code, kinds in kinds_by_clause().items() if code not in known_codes()
    }
    assert not unknown, f"kinds name clauses no document has: {unknown}"


def test_every_clause_has_points_and_they_name_what_is_there_or_awaited() -> None:
    """Also: a kind that says it answers a clause is named by one of the clause's points."""
    found = mistakes_in_points()
    assert not found, "\n".join(found)
