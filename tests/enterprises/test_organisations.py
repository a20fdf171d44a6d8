"""Schools, training institutions and associations: entered by the office of the place, known to everybody."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from enterprises.models import Organisation
from foundation.audit.models import Entry

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("enterprises:organisations"), reverse("enterprises:organisation_create")


def values(cast, **changes) -> dict:
    return {
        "kind": "technician",
        "name": "江宁示例技师学院",
        "code": "3432000123",
        "county": cast.places["320115"].pk,
        "contact": "校企合作处",
        "is_active": "on",
        **changes,
    }


def test_an_office_enters_a_school_that_everybody_finds(cast, sign_in):
    county = sign_in(cast.county)
    assert county.post(NEW, values(cast)).status_code == 302
    school = Organisation.objects.get()
    assert (school.city, school.initials[:4]) == (cast.places["3201"], "jnsl")
    assert Entry.objects.get(event="enterprises.organisation_saved").changes["类别"] == ["", "技工院校"]
    for who in ("clerk", "neighbour", "neighbour_city", "auditor"):
        assert school.name in sign_in(cast.people[who]).get(LIST, {"q": "jsxy"}).content.decode()
    assert school.get_absolute_url() not in county.get(LIST, {"kind": "university"}).content.decode()
    page = sign_in(cast.neighbour_county).get(school.get_absolute_url()).content.decode()
    assert "由所在地的产改办登记和修改" in page and '<form class="narrow"' not in page


def test_what_cannot_be_is_refused_and_kept(cast, sign_in):
    county = sign_in(cast.county)
    county.post(NEW, values(cast))
    again = county.post(NEW, values(cast, code="")).content.decode()
    assert "已经登记过同名的院校或机构" in again and 'value="江宁示例技师学院"' in again
    assert "这个代码已经登记过" in county.post(NEW, values(cast, name="另一所学校")).content.decode()
    away = county.post(NEW, values(cast, name="别处学校", code="", county=cast.places["320106"].pk))
    assert "请从列表中选择您管辖的" in away.content.decode()
    assert county.post(NEW, values(cast, name="没有代码的学校", code="")).status_code == 302
    assert county.post(NEW, values(cast, name="也没有代码的学校", code="")).status_code == 302


def test_a_closed_school_is_no_longer_listed_but_found_on_request(cast, sign_in):
    county = sign_in(cast.county)
    county.post(NEW, values(cast))
    school = Organisation.objects.get()
    edit = reverse("enterprises:organisation_edit", args=[school.pk])
    assert county.post(edit, values(cast, is_active="")).status_code == 302
    assert school.get_absolute_url() not in county.get(LIST).content.decode()
    assert school.name in county.get(LIST, {"state": "closed"}).content.decode()
    assert sign_in(cast.other_county).post(edit, values(cast)).status_code == 403


def test_the_list_as_a_workbook(cast, sign_in):
    sign_in(cast.county).post(NEW, values(cast))
    book = load_workbook(BytesIO(sign_in(cast.clerk).get(reverse("enterprises:organisation_export")).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1] == ("江宁示例技师学院", "技工院校", "南京市江宁区", "3432000123", "校企合作处", "是")
    assert Entry.objects.filter(event="enterprises.organisations_exported", note="院校和机构，1 行").exists()
