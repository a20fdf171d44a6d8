"""docs/indicators.md lets the number before the dot of a fact's code be looked up; a stale page fails."""

from backoffice.catalogue_page import CATALOGUE_FILE, MISSING, OF_THE_REGISTER, catalogue, catalogue_text, number_of
from records.core.kinds import all_facts


def test_the_page_is_fresh() -> None:
    assert CATALOGUE_FILE.read_text(encoding="utf-8") == catalogue_text(), "run manage.py indicators_doc"


def test_every_fact_has_its_number() -> None:
    lines = CATALOGUE_FILE.read_text(encoding="utf-8").splitlines()
    by_number = {line.split("|")[1].strip(): line for line in lines if line.startswith("| ")}
    for _kind, fact in all_facts():
        assert f"`{fact.code}`" in by_number[number_of(fact)]
    known = {number_of(fact) for _kind, fact in all_facts()} | set(OF_THE_REGISTER)
    for row in catalogue():
        assert (MISSING in by_number[row["code"]]) == (row["code"] not in known)


def test_numbers_are_unique_and_whole() -> None:
    rows = catalogue()
    assert len({row["code"] for row in rows}) == len(rows)
    assert all(all(value.strip() for value in row.values()) for row in rows)
