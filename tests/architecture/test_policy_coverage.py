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
from foundation.facts.declaring import declared_facts
from policies.links import answer_to
from policies.parsing import read_documents
from policies.points import ClauseState, all_awaited, all_points, coverage_of


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


#: What clauses may wait for: nothing else may be 待建.
_WAITS_FOR = {
    "2022-s1-c1": {"later:tasks"},
    "2025-a4-m4-c1": {"register:workers.workers"},
    "2025-p7-m1-c1": {"later:evaluation"},
}


def test_nothing_is_to_be_built_but_what_waits_for_later_subjects() -> None:
    clauses = [clause.code for document in read_documents(POLICY_FOLDER) for clause in document.clauses()]
    read = {code: coverage_of(code) for code in clauses}
    assert [code for code, one in read.items() if one.state == ClauseState.TO_BUILD] == []
    missing = {code: {name for gap in one.missing for name in gap.point.answers} for code, one in read.items()}
    assert {code: names for code, names in missing.items() if names} == _WAITS_FOR


def test_a_point_names_what_of_a_kind_answers_it() -> None:
    """A kind alone would answer whatever is read into it; a report that was filed says nothing of what it reports."""
    slugs = {kind.slug for kinds in kinds_by_clause().values() for kind in kinds}
    named = [(point, name) for points in all_points().values() for point in points for name in point.answers]
    filed = {code for code, fact in declared_facts().items() if str(fact.label).startswith("已报")}
    loose = [
        f"{point.clause} {point.text}: {name}"
        for point, name in named
        if name in slugs or name.rpartition("#")[2].removeprefix("fact:") in filed
    ]
    assert not loose, "\n".join(loose)


def test_what_is_there_is_not_awaited_any_more() -> None:
    assert [name for name in all_awaited() if answer_to(name)] == []
