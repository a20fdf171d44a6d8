"""Fostered enterprises: who keeps the list, what is counted of it and when, what follows from a move."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from enterprises.change_actions import Move, move_enterprises
from enterprises.consequences import ChangeUnconfirmed
from enterprises.fostering.facts import FosteredFacts
from enterprises.fostering.resources import FosteredResource
from enterprises.models import Enterprise, FosteredEnterprise
from foundation.calendar.periods import Quarter
from foundation.facts.models import Change
from indicators.fill import count_source
from indicators.models import FactValue

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("enterprises:fostered_enterprises"), reverse("enterprises:fostered_enterprise_create")
LAST = Quarter.current().previous()


def listed(by, enterprise: Enterprise, programme: str = "优质企业培育计划", **values) -> FosteredEnterprise:
    values = {"enterprise": enterprise, "programme": programme, "document": "", **values}
    row = FosteredResource().save(acting_user=by, values={"listed_on": None, "delisted_on": None, **values})
    assert isinstance(row, FosteredEnterprise)
    return row


def counted(quarter: Quarter) -> set[Enterprise]:
    """The enterprises with a one; of the others nothing is stored."""
    count_source(quarter, FosteredFacts())
    rows = FactValue.objects.filter(quarter=quarter.code, fact="H09.enterprises")
    assert set(rows.values_list("value", flat=True)) <= {1}
    return set(Enterprise.objects.filter(pk__in=rows.values("place")))


def test_an_office_keeps_the_list_and_an_enterprise_sees_its_own(cast, sign_in) -> None:
    office = sign_in(cast.county)
    sent = {"enterprise": cast.enterprise.credit_code, "programme": "优质企业培育计划", "listed_on": "2026-03-01"}
    assert office.post(NEW, sent).status_code == 302
    row = FosteredEnterprise.objects.get()
    assert (row.enterprise, row.county, row.city) == (cast.enterprise, cast.enterprise.county, cast.enterprise.city)
    assert "已经登记在这个培育计划里" in office.post(NEW, sent).content.decode()
    wrong = {**sent, "programme": "另一个", "delisted_on": "2026-02-01"}
    assert "移出日期早于列入日期" in office.post(NEW, wrong).content.decode()

    own = sign_in(cast.clerk)
    page = own.get(row.get_absolute_url())
    assert "优质企业培育计划" in page.content.decode()
    assert "2026-03-01 列入" in own.get(cast.enterprise.get_absolute_url()).content.decode()
    assert own.get(NEW).status_code == 403
    for stranger in ("second_clerk", "other_county", "neighbour_city"):
        assert sign_in(cast.people[stranger]).get(row.get_absolute_url()).status_code == 404, stranger


def test_an_enterprise_of_another_county_is_not_to_be_found(cast, sign_in) -> None:
    sent = {"enterprise": cast.neighbour_enterprise.credit_code, "programme": "优质企业培育计划"}
    assert "不在您的管辖范围内" in sign_in(cast.county).post(NEW, sent).content.decode()
    assert not FosteredEnterprise.objects.exists()


def test_it_counts_once_from_the_day_it_was_listed_until_it_is_taken_off(cast) -> None:
    day = LAST.last_day
    listed(cast.county, cast.enterprise, listed_on=day)
    listed(cast.county, cast.enterprise, "另一个培育计划")
    listed(cast.county, cast.second_enterprise, listed_on=day + datetime.timedelta(days=1))
    row = listed(cast.neighbour_county, cast.neighbour_enterprise, delisted_on=day)
    assert counted(LAST) == {cast.enterprise}
    assert counted(LAST.next()) == {cast.enterprise, cast.second_enterprise}

    values = {"programme": row.programme, "listed_on": None, "delisted_on": None, "document": ""}
    FosteredResource().save(acting_user=cast.neighbour_county, values=values, row=row, version=row.version)
    assert counted(LAST) == {cast.enterprise, cast.neighbour_enterprise}, "entered by mistake, it was never off"
    assert Change.objects.filter(source="fostered", place=cast.neighbour_enterprise.place).count() == 2


def test_the_figure_opens_the_enterprises_it_counts(cast, sign_in) -> None:
    listed(cast.county, cast.enterprise)
    address = FosteredFacts().url("H09.enterprises", region="3201", quarter=LAST.code)
    page = sign_in(cast.city).get(address)
    assert [row.record.pk for row in page.context["table"].page.object_list] == [cast.enterprise.pk]


def test_it_goes_along_with_an_enterprise_that_moves(cast) -> None:
    row = listed(cast.county, cast.enterprise)
    move = {
        "acting_user": cast.city,
        "moves": [Move(cast.enterprise, cast.places["320106"])],
        "reason": "搬迁",
        "on": timezone.localdate(),
    }
    with pytest.raises(ChangeUnconfirmed) as asked:
        move_enterprises(**move, confirmed=[])
    move_enterprises(**move, confirmed=asked.value.foresight.keys)
    row.refresh_from_db()
    assert row.county == cast.places["320106"]
    assert row in FosteredEnterprise.objects.visible_to(cast.other_county)
    assert row not in FosteredEnterprise.objects.visible_to(cast.county)
