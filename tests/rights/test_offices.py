"""What offices report of workers' rights: legal aid, disputes settled together, inspections."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.access.rules import AccessDenied
from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, file_record
from records.core.kinds import kind_by_slug
from records.core.models import Breach
from records.models import Record
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db

AID, INSPECTION, REGIONAL = "rights.legalaid", "rights.inspection", "rights.regionalcontract"


def of_the_county(cast, slug: str, *, by=None, **changes) -> Record:
    kind, office = kind_by_slug(slug), cast.places["320115"]
    values = values_for(slug, office, **changes)
    return file_record(acting_user=by or cast.county, kind=kind, filer=office, values=values, hand_in=True)


def test_a_quarter_of_an_office_counts_once_a_colleague_confirmed(cast):
    numbers = {"cases": 12, "online": 4, "cloud": 2, "helped": 30, "taken_up": 20, "transferred": 6, "settled": 15}
    seen = {"inspected": 40, "with_problems": 5, "orders": 4, "corrected": 4, "paid": 11, "insured": 3}
    for slug, values in ((AID, numbers), (INSPECTION, seen)):
        record = of_the_county(cast, slug, **values)
        act(acting_user=cast.county_colleague, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    for place in ("320115", "3201", "32"):
        shown = figures(cast.places[place], Quarter.current())
        codes = (
            "G06.cases",
            "G06.attendances",
            "G12.received",
            "G12.settled",
            "F20.inspected",
            "F20.mended",
            "F20.paid",
        )
        assert [shown[code].value for code in codes] == [12, 30, 20, 15, 40, 4, 11]


def test_contracts_of_a_region_have_numbers_of_their_own(cast):
    year = Quarter.current().year
    signed = datetime.date(year, 1, 5)
    plain = {"signed_on": signed, "ends_on": datetime.date(year + 1, 1, 4), "people": 300}
    lines = [
        {"sort": "region", "scope": "东山街道", **plain, "filed_on": datetime.date(year, 1, 12), "is_courier": None},
        {"sort": "trade", "scope": "快递行业", **plain, "filed_on": None, "is_courier": True},
    ]
    kind, office = kind_by_slug(REGIONAL), cast.places["320115"]
    values = values_for(REGIONAL, office, covered=500, agreements=lines)
    with pytest.raises(NeedsConfirmation) as asked:
        file_record(acting_user=cast.county, kind=kind, filer=office, values=values, hand_in=True)
    assert ["没有填报送人社的日期" in question.message for question in asked.value.questions] == [True]
    confirmed = {"confirmed": asked.value.keys, "reason": "正在报送。"}
    record = file_record(acting_user=cast.county, kind=kind, filer=office, values=values, hand_in=True, **confirmed)
    assert [(row.rule, row.field) for row in Breach.objects.filter(record=record)] == [("R31", "agreements.2.filed_on")]
    act(acting_user=cast.county_colleague, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    codes = ("E03.regional", "E03.courier", "E03.regional_covered")
    assert [shown[code].value for code in codes] == [2, 1, 500]
    assert "E03.covered" not in shown or shown["E03.covered"].value is None


@pytest.mark.parametrize(
    ("slug", "changes", "whole"),
    [
        (AID, {"cases": 3, "online": 4}, "法律援助案件"),
        (AID, {"taken_up": 3, "transferred": 4}, "“五位一体”受理劳动争议"),
        (INSPECTION, {"inspected": 3, "with_problems": 4}, "检查企业"),
    ],
)
def test_parts_lie_within_their_wholes(cast, slug, changes, whole):
    with pytest.raises(ValidationError, match=f"超过了“{whole}”"):
        of_the_county(cast, slug, **changes)


def test_enterprises_are_not_asked(cast, sign_in):
    for slug in (AID, INSPECTION):
        page = sign_in(cast.clerk).get(reverse("records:create", args=[slug]))
        assert page.status_code in (302, 403, 404)
        with pytest.raises((AccessDenied, ValidationError)):
            of_the_county(cast, slug, by=cast.clerk)
