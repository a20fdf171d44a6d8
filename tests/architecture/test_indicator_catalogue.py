"""docs/indicators.md lets the number before the dot of a fact's code be looked up; a stale page fails."""

from backoffice.catalogue_page import CATALOGUE_FILE, MISSING, catalogue_text, number_of
from foundation.facts.declaring import declared_facts
from indicators.catalogue import catalogue, number_in_catalogue, shipped, waiting_rows
from records.core.kinds import all_facts


def test_the_page_is_fresh() -> None:
    assert CATALOGUE_FILE.read_text(encoding="utf-8") == catalogue_text(), "run manage.py indicators_doc"


def test_every_fact_has_its_number() -> None:
    lines = CATALOGUE_FILE.read_text(encoding="utf-8").splitlines()
    by_number = {line.split("|")[1].strip(): line for line in lines if line.startswith("| ")}
    for _kind, fact in all_facts():
        assert f"`{fact.code}`" in by_number[number_of(fact)]


def test_every_row_is_measured_or_waits_for_facts_it_names() -> None:
    """By the page itself: the last cell names indicators, or says 待建设 and what it waits for."""
    measured: dict[str, list[str]] = {}
    for row in shipped():
        measured.setdefault(number_in_catalogue(row["code"]), []).append(row["code"])
    waiting = {row.code: row for row in waiting_rows()}
    lines = CATALOGUE_FILE.read_text(encoding="utf-8").splitlines()
    cells = {line.split("|")[1].strip(): line.split("|")[-2] for line in lines if line.startswith("| ")}
    for row in catalogue():
        code = row["code"]
        assert code in measured or code in waiting, f"{code} is neither measured nor waited for"
        assert all(f"`{one}`" in cells[code] for one in measured.get(code, []))
        assert (MISSING in cells[code]) == (code in waiting)
        if code in waiting:
            assert waiting[code].waits_for in cells[code] and len(waiting[code].waits_for) > 4
            assert waiting[code].is_partly == (code in measured)


def test_what_comes_with_the_portal_is_of_facts_that_exist() -> None:
    known = declared_facts()
    for row in shipped():
        assert {*row["numerator"].split(), *row["denominator"].split()} <= set(known), row["code"]
        if not row["denominator"]:
            assert {str(known[code].unit) for code in row["numerator"].split()} == {row["unit"]}, row["code"]


def test_numbers_are_unique_and_whole() -> None:
    rows = catalogue()
    assert len({row["code"] for row in rows}) == len(rows)
    assert all(all(value.strip() for value in row.values()) for row in rows)
