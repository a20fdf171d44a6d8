"""What an officer judges a number by stands beside it: staff, the last quarter, the county's median."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.calendar.periods import Quarter
from records.core.actions import act
from records.core.kinds import kind_by_slug
from records.models import Record
from records.review.context import context_of
from tests.contracts.world import LECTURE, PARTY, filed
from tests.records.test_office_filing import filed_by_office

pytestmark = pytest.mark.django_db

BEFORE = Quarter.current().previous()


def approved(cast, who: str, enterprise: str, **values) -> Record:
    clerk = cast.people[who]
    return filed(clerk, cast.enterprises[enterprise], (clerk, "submit"), (cast.county, "approve"), **values)


def numbers_of(record: Record):
    found = context_of(record.specific(), kind_by_slug(record.kind))
    return found, {number.label: number for number in found.numbers}


def test_an_event_beside_the_quarter_before_and_the_county(cast):
    day = BEFORE.first_day + datetime.timedelta(days=9)
    for people in (30, 50):
        approved(cast, "clerk", "enterprise", happened_on=day, number_of_people=people, attendances=people)
    for people in (40, 60, 61):
        approved(cast, "second_clerk", "second_enterprise", number_of_people=people, attendances=people)
    asked = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), number_of_people=150, attendances=160)
    found, numbers = numbers_of(asked)
    assert (found.headcount, found.frontline, found.median_label) == (200, 120, "本县中位数（5 条）")
    assert found.last_label == "上季度合计（2 条）"
    people = numbers["参加人数"]
    assert (people.value, people.last, people.median, people.is_far) == (150, 80, 50, True)
    assert not numbers_of(filed(cast.clerk, cast.enterprise, number_of_people=149, attendances=149))[1][
        "参加人数"
    ].is_far


def test_nobody_before_and_nobody_else(cast):
    asked = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    found, numbers = numbers_of(asked)
    assert found.median_label == "本县中位数（0 条）" and {
        (number.last, number.median) for number in numbers.values()
    } == {(None, None)}


def test_a_return_stands_beside_the_return_before(cast):
    before = filed(
        cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "approve"), slug=PARTY, period=BEFORE.code
    )
    asked = filed(cast.clerk, cast.enterprise, slug=PARTY, period=Quarter.current().code)
    found, numbers = numbers_of(asked)
    assert found.last_label == "上期"
    stored = before.specific()
    for name in (name for name in kind_by_slug(PARTY).fields if isinstance(getattr(stored, name), int)):
        label = str(type(stored)._meta.get_field(name).verbose_name)
        if label in numbers and not isinstance(getattr(stored, name), bool):
            assert numbers[label].last == getattr(stored, name), name


def test_it_is_the_first_thing_on_the_page_and_costs_three_queries(cast, sign_in):
    approved(cast, "second_clerk", "second_enterprise", number_of_people=40, attendances=40)
    asked = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), number_of_people=45, attendances=45)
    page = sign_in(cast.county).get(reverse("records:review_record", args=[asked.pk])).content.decode()
    main = page.split("<main")[1]
    assert "企业职工 200 人，其中一线 120 人" in main and "本县中位数（1 条）" in main
    assert main.index("要核对的数字") < main.index('class="card-body deflist"')
    record = Record.objects.select_related("enterprise").get(pk=asked.pk).specific()
    record.enterprise  # noqa: B018 -- read along on the page
    with CaptureQueriesContext(connection) as captured:
        context_of(record, kind_by_slug(LECTURE))
    assert len(captured) <= 3


def test_an_office_s_own_record_stands_beside_its_own(cast):
    first = filed_by_office(cast.county, cast.places["320115"])
    act(acting_user=cast.county_colleague, record_id=first.pk, action="approve", version=first.version)
    asked = filed_by_office(cast.county, cast.places["320115"], title="另一次调研")
    found, _numbers = numbers_of(asked)
    assert (found.headcount, found.median_label) == (None, "本级以往中位数（1 条）")
