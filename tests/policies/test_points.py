"""Clauses are carried point by point: the states that follow, what turns by itself, what is a mistake."""

from pathlib import Path

import pytest

from policies import links, points
from policies.links import Answer
from policies.points import ClauseState, Point, coverage_of, mistakes, read_awaited, read_points

POINTS = """clause,point,answers
2022-m1-c1,主题宣传教育,ideology.campaign
2022-m1-c1,劳模工匠进校园,ideology.schoolexchange#B02.to_school
2022-m1-c2,微作品,ideology.microwork | fact:X01.works
2022-m1-c3,企业是改革的执行者,总述
"""
AWAITED = """answer,label
ideology.schoolexchange,劳模工匠进校园
fact:X01.works,作品登记
"""


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Points of three clauses, and the names that are there: to be added to by a test."""
    (tmp_path / "points.csv").write_text(POINTS, encoding="utf-8")
    (tmp_path / "awaited.csv").write_text(AWAITED, encoding="utf-8")
    there: set[str] = set()
    monkeypatch.setattr(points, "all_points", lambda: read_points(tmp_path / "points.csv"))
    monkeypatch.setattr(points, "all_awaited", lambda: read_awaited(tmp_path / "awaited.csv"))
    monkeypatch.setattr(links, "_resolvers", [lambda name: Answer(name, "/x/") if name in there else None])
    return there


def wrong(**changes: object) -> list[str]:
    given = {
        "clauses": ["2022-m1-c1", "2022-m1-c2", "2022-m1-c3"],
        "kinds": {"ideology.campaign": ["2022-m1"]},
        **changes,
    }
    return mistakes(points.all_points(), points.all_awaited(), given["clauses"], given["kinds"])


def test_a_clause_is_carried_when_each_of_its_points_is(portal: set[str]) -> None:
    assert coverage_of("2022-m1-c1").state == ClauseState.TO_BUILD
    portal.add("ideology.campaign")
    coverage = coverage_of("2022-m1-c1")
    assert (coverage.state, coverage.answered) == (ClauseState.PARTLY, 1)
    assert [(reading.point.text, reading.waits_for) for reading in coverage.missing] == [
        ("劳模工匠进校园", "劳模工匠进校园")
    ]
    portal.add("ideology.schoolexchange")
    assert coverage_of("2022-m1-c1").missing, "the kind without the fact that was named does not answer the point"
    portal.add("ideology.schoolexchange#B02.to_school")
    assert coverage_of("2022-m1-c1").state == ClauseState.CARRIED


def test_one_of_several_answers_is_enough(portal: set[str]) -> None:
    assert coverage_of("2022-m1-c2").missing[0].awaited == ("ideology.microwork", "作品登记")
    portal.add("fact:X01.works")
    assert coverage_of("2022-m1-c2").state == ClauseState.CARRIED


def test_a_sentence_that_asks_for_nothing_says_why(portal: set[str]) -> None:
    coverage = coverage_of("2022-m1-c3")
    assert (coverage.state, coverage.points, coverage.why_general) == (ClauseState.GENERAL, (), "企业是改革的执行者")


def test_a_name_that_is_neither_there_nor_awaited_is_a_mistake(portal: set[str]) -> None:
    portal.add("ideology.campaign")
    assert [line.split(":")[0] for line in wrong()] == ["2022-m1-c2 微作品"]
    portal.add("ideology.microwork")
    assert wrong() == []


def test_a_fact_may_be_awaited_with_its_kind_and_not_without_it(portal: set[str]) -> None:
    portal.update({"ideology.campaign", "ideology.microwork", "ideology.schoolexchange"})
    kinds = {"ideology.campaign": ["2022-m1"], "ideology.schoolexchange": ["2022-m1-c1"]}
    assert len(found := wrong(kinds=kinds)) == 1 and "'ideology.schoolexchange#B02.to_school'" in found[0]


def test_clauses_points_and_kinds_must_fit(portal: set[str]) -> None:
    portal.update({"ideology.campaign", "ideology.microwork"})
    assert "the clause has no points" in wrong(clauses=[*points.all_points(), "2022-m1-c4"])[0]
    assert "no clause of a document has this code" in wrong(clauses=["2022-m1-c1", "2022-m1-c2"])[0]
    claimed = wrong(kinds={"ideology.campaign": ["2022-m1-c2"]})
    assert "ideology.campaign says it answers 2022-m1-c2" in claimed[0]


def test_a_point_names_kinds_apart_from_their_facts_and_fields() -> None:
    point = Point("2022-m1-c1", "", ("ideology.lecture#B01.sessions", "ideology.campaign@theme", "fact:REG.pilots"))
    assert point.kinds == {"ideology.lecture", "ideology.campaign"}


def test_what_is_registered_is_found_by_its_name() -> None:
    for name, label in {
        "ideology.lecture": "职工大讲堂",
        "ideology.lecture#B01.sessions": "职工大讲堂",
        "ideology.lecture@venue": "职工大讲堂",
        "fact:REG.pilots": "试点企业",
    }.items():
        answer = links.answer_to(name)
        assert answer and answer.label == label, name
    for name in ("ideology.lecture#B01.nothing", "ideology.lecture@nothing", "fact:no", "register:no", "later:no"):
        assert links.answer_to(name) is None, name
    register = links.answer_to("register:enterprises.pilots")
    assert register and register.url.startswith("/enterprises/")
