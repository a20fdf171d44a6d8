"""Names of schools and institutions: offered while somebody types, found in the register when the record is handed in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enterprises.models import OrganisationKind
from enterprises.organisations.resources import OrganisationResource
from records.core.forms import RecordForm
from records.core.kinds import kind_by_slug
from records.core.listed import find_rows
from skills.models import SchoolClass
from tests.rights.filing import filed, hand_in
from tests.skills.test_kinds import file_it

pytestmark = pytest.mark.django_db

KIND = "skills.schoolclass"
SEARCH = "/enterprises/organisations/search/"


def school(cast, name="示例技师学院（江宁）", kind=OrganisationKind.TECHNICIAN, county="320115"):
    by = {"320115": cast.county, "320106": cast.other_county}[county]
    values = {"kind": kind, "name": name, "code": "", "county": cast.places[county], "contact": "", "is_active": True}
    return OrganisationResource().save(acting_user=by, values=values)


def test_the_field_offers_what_the_register_has(cast, sign_in):
    school(cast)
    school(cast, "示例培训学校", OrganisationKind.TRAINING)
    widget = RecordForm(kind=kind_by_slug(KIND), filer=cast.enterprise).fields["school"].widget
    address = str(widget.attrs["data-suggest-url"])
    assert address.startswith(SEARCH) and "kind=technician" in address
    clerk = sign_in(cast.clerk)
    found = clerk.get(f"{address}&q=示例").json()["results"]
    assert [row["value"] for row in found] == ["示例技师学院（江宁）"] and "江宁" in found[0]["text"]
    assert clerk.get(f"{address}&q=").json()["results"] == []
    assert clerk.get(f"{SEARCH}?q=示例").json()["results"][0]["value"]


def test_a_name_is_found_however_it_is_spelt_when_the_record_is_handed_in(cast, sign_in):
    row = school(cast)
    record = filed(cast, KIND, school="示例技师学院(江宁)")
    assert record.school_row_id is None
    hand_in(cast, record)
    kept = SchoolClass.objects.get(pk=record.pk)
    assert (kept.school, kept.school_row) == ("示例技师学院(江宁)", row)
    page = sign_in(cast.clerk).get(reverse("records:detail", args=[record.pk])).content.decode()
    assert f'href="{row.get_absolute_url()}"' in page


def test_a_name_that_the_register_has_not_is_taken_as_written(cast):
    record = filed(cast, KIND, school="没有登记的学院")
    hand_in(cast, record)
    assert SchoolClass.objects.get(pk=record.pk).school_row is None


def test_of_two_of_one_name_that_of_the_county_is_meant_and_else_none(cast):
    own, other = school(cast), school(cast, county="320106")
    mine = file_it(cast, KIND, school=own.name)
    find_rows(SchoolClass, [mine])
    assert SchoolClass.objects.get(pk=mine.pk).school_row == own
    SchoolClass.objects.filter(pk=mine.pk).update(county=cast.places["320571"])
    mine.county_id = cast.places["320571"].pk
    find_rows(SchoolClass, [mine])
    assert SchoolClass.objects.get(pk=mine.pk).school_row is None, other


@pytest.mark.parametrize("number", [1, 3])
def test_many_are_found_with_as_few_queries_as_one(cast, number):
    row = school(cast)
    records = [file_it(cast, KIND, title=f"示例班{one}", school=row.name) for one in range(number)]
    with CaptureQueriesContext(connection) as queries:
        find_rows(SchoolClass, records)
    assert len(queries) == 2
    assert SchoolClass.objects.filter(school_row=row).count() == number
