"""What a region's office reports of itself, among the figures of the units below: who told it, and that it adds up."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from indicators.fill import catch_up
from records.core.actions import act, file_record
from records.core.kinds import kind_by_slug
from reporting.crosstable.asking import TableForm
from reporting.crosstable.content import build_table
from reporting.dashboards.content import build_dashboard
from tests.contracts.world import values_for
from tests.indicators.helpers import NOW

pytestmark = pytest.mark.django_db
STUDIES, ENTERPRISES = "A12.studies", "A12.enterprises"


@pytest.fixture
def studied(cast):
    """A county and its city each looked into enterprises: ten and thirty."""
    kind = kind_by_slug("services.research")
    steps = (("320115", cast.county, cast.county_colleague, 10), ("3201", cast.city, cast.province, 30))
    for code, person, deciding, enterprises in steps:
        place = cast.places[code]
        values = values_for(kind.slug, place, enterprises=enterprises, outcome="report", adopted_in="")
        record = file_record(acting_user=person, kind=kind, filer=place, values=values, hand_in=True)
        act(acting_user=deciding, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    return cast


def test_what_offices_report_is_told_by_offices_not_of_so_many_enterprises(studied, sign_in):
    found = build_dashboard(studied.places["3201"], NOW, {"fact": ENTERPRISES})
    assert (found.ranked.total.cell.value, found.ranked.total.cell.detail) == (40, "2 个产改办已报")
    form = TableForm(QueryDict(f"rows=county&value={ENTERPRISES}&quarter={NOW.code}"), region=studied.places["3201"])
    assert form.is_valid()
    table = build_table(form.spec())
    assert table.total and table.total.cells[0].detail == "2 个产改办已报"
    page = sign_in(studied.city).get(reverse("reporting:dashboard"), {"region": "3201", "fact": ENTERPRISES})
    assert "2 个产改办已报" in page.content.decode()
