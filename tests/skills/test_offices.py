"""What offices tell of schools, and of classes and contests they hold themselves."""

import pytest

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, file_record
from records.core.forms import RecordForm
from records.core.kinds import kind_by_slug, office_kinds
from records.models import Status
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db


def told_by_city(cast, slug: str, **changes):
    """Handed in by 南京市's officer and confirmed by the province, for it has no second one in these stories."""
    kind, office = kind_by_slug(slug), cast.places["3201"]
    values = values_for(slug, office, **changes)
    record = file_record(acting_user=cast.city, kind=kind, filer=office, values=values, hand_in=True)
    record = act(acting_user=cast.province, record_id=record.pk, action="approve", version=record.version)
    assert record.status == Status.APPROVED
    return record


def test_cities_and_the_province_tell_of_schools_and_counties_and_enterprises_do_not(cast):
    for slug in ("skills.schoolevaluation", "skills.vocational"):
        kind = kind_by_slug(slug)
        assert not kind.is_reported_by(cast.enterprise) and not kind.is_reported_by(cast.places["320115"])
        assert kind.is_reported_by(cast.places["3201"]) and kind.is_reported_by(cast.places["32"])


def test_figures_of_schools_lie_at_the_office(cast):
    told_by_city(cast, "skills.vocational", colleges=2, programmes=7, universities=None, worker_students=None)
    catch_up()
    city, county = (figures(cast.places[code], Quarter.current()) for code in ("3201", "320115"))
    assert (city["D22.colleges"].value, city["D22.programmes"].value, city["D22.universities"].value) == (2, 7, None)
    assert county["D22.colleges"].value is None


def test_a_class_an_office_holds_counts_once_and_is_its_own(cast):
    assert {"skills.trainingclass", "skills.schoolclass", "skills.matching", "competitions.contest"} <= {
        kind.slug for kind in office_kinds(cast.places["3201"])
    }
    told_by_city(cast, "skills.trainingclass", number_of_people=50, frontline_trainees=40, hours_each=8, certified=45)
    catch_up()
    city, county = (figures(cast.places[code], Quarter.current()) for code in ("3201", "320115"))
    assert (city["D10.classes"].value, city["D10.hours"].value, county["D10.classes"].value) == (1, 400, None)


def test_only_an_office_counts_the_enterprises_that_came(cast):
    kind = kind_by_slug("skills.matching")
    assert "enterprises" not in RecordForm(kind=kind, filer=cast.enterprise).fields
    assert "enterprises" in RecordForm(kind=kind, filer=cast.places["3201"]).fields
