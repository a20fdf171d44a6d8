"""Policy rows follow the text; what is still used is never removed."""

from pathlib import Path

import pytest
from django.conf import settings

from policies import links
from policies.links import ClauseLink
from policies.loading import load_policies
from policies.models import Clause, Document, Measure, Part
from policies.queries import documents_with_counts, read_document

FOLDER = Path(settings.BASE_DIR) / "data" / "policy"
pytestmark = pytest.mark.django_db


def test_load_writes_every_row_once_and_a_second_load_nothing() -> None:
    first = load_policies(FOLDER)
    assert (Document.objects.count(), Part.objects.count()) == (2, 11)
    assert Measure.objects.filter(part__document="2022", is_safeguard=False).count() == 11
    assert Measure.objects.filter(part__document="2022", is_safeguard=True).count() == 4
    assert Measure.objects.filter(part__document="2025").count() == 10
    assert Clause.objects.filter(measure=None).count() == 22
    second = load_policies(FOLDER)
    assert (second.touched, second.unchanged) == (0, first.created)


def test_load_mends_a_changed_row() -> None:
    load_policies(FOLDER)
    Measure.objects.filter(pk="2022-m1").update(title="改动过")
    assert load_policies(FOLDER).changed == 1
    assert Measure.objects.get(pk="2022-m1").title == "深化理想信念教育"


def test_stray_codes_go_unless_something_answers_them(monkeypatch: pytest.MonkeyPatch) -> None:
    load_policies(FOLDER)
    part = Part.objects.create(code="2022-9", document_id="2022", number="九、", title="旧部分", order=90)
    measure = Measure.objects.create(code="2022-m99", part=part, number="99.", title="旧举措", text="旧。", order=90)
    for number in (1, 2):
        Clause.objects.create(
            code=f"2022-m99-c{number}", measure=measure, part=part, number="1", text="旧。", order=90 + number
        )
    monkeypatch.setattr(links, "_providers", [lambda: [ClauseLink("2022-m99-c1", "仍在用", "/")]])
    loaded = load_policies(FOLDER)
    # The answered clause stays and holds its measure and part; its neighbour goes.
    assert (loaded.removed, loaded.kept) == (1, 3)
    monkeypatch.setattr(links, "_providers", [])
    assert load_policies(FOLDER).removed == 3


def test_document_is_read_in_order_with_a_fixed_number_of_queries(
    django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_policies(FOLDER)
    monkeypatch.setattr(links, "_providers", [lambda: [ClauseLink("2022-m1-c3", "职工大讲堂", "/records/")]])
    with django_assert_num_queries(4):
        reading = read_document("2022")
    assert [part.part.code for top in reading.parts for part in top.walk()][:4] == [
        "2022-1",
        "2022-2",
        "2022-3",
        "2022-3.1",
    ]
    assert [line[:6] for line in reading.opening] == ["新时代江苏产", "为贯彻落实推"]
    assert reading.closing == ["新时代江苏产业工人队伍建设改革联席会议办公室 2022年8月15日印发"]
    first = reading.parts[2].children[0].measures[0]
    assert first.is_answered, "each of its sentences is carried"
    second_part = reading.parts[1]
    assert [clause.clause.pk for clause in second_part.sentences] == [f"2022-2-c{number}" for number in range(1, 7)]
    assert (second_part.points, sum(count for _state, count in reading.states)) == ([], 62)
    assert [len(clause.links) for clause in first.clauses] == [0, 0, 1]


def test_reading_of_2025_opens_with_its_dateline() -> None:
    load_policies(FOLDER)
    reading = read_document("2025")
    assert (reading.opening, reading.closing) == (["江苏工人报讯"], [])
    assert read_document("1999") is None


def test_cards_count_what_a_document_holds(django_assert_num_queries) -> None:
    load_policies(FOLDER)
    with django_assert_num_queries(2):
        opinion, plan = documents_with_counts()
    assert (opinion.measures, opinion.safeguards, opinion.points, opinion.missing_parts) == (11, 4, 0, [])
    assert (plan.measures, plan.safeguards, plan.points, len(plan.missing_parts)) == (10, 0, 16, 1)
