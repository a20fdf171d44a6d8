"""The register: search, filters, registering, editing, and who may."""

import pytest
from django.urls import reverse
from stdnum.cn import uscc

from enterprises.models import Enterprise, Industry
from foundation.audit.models import Entry

pytestmark = pytest.mark.django_db

NEW_CODE = "91320115000000077" + uscc.calc_check_digit("91320115000000077")


def entry(**changes) -> dict[str, str]:
    values = {
        "name": "江宁示例轴承有限公司",
        "credit_code": NEW_CODE,
        "industry": "C",
        "ownership": "private",
        "size": "small",
        "pilot_tier": "county",
        "headcount": "80",
        "frontline_count": "50",
        "has_union": "on",
        "instructor": "周指导",
    }
    return {**values, **changes}


@pytest.mark.parametrize(
    ("words", "found"),
    [("机械", True), ("jnsl", True), ("jxyxgs", True), ("91320115", True), ("苏州", False), ("zzz", False)],
)
def test_search_by_name_initials_and_code(cast, sign_in, words, found):
    page = sign_in(cast.county).get(reverse("enterprises:list"), {"q": words}).content.decode()
    assert (cast.enterprise.name in page) is found


def test_filters_narrow_and_stay_in_the_address(cast, sign_in):
    page = (
        sign_in(cast.county).get(reverse("enterprises:list"), {"ownership": "state", "sort": "name"}).content.decode()
    )
    assert cast.second_enterprise.name in page and cast.enterprise.name not in page
    assert '<option value="state" selected>' in page


def test_an_office_registers_an_enterprise_in_its_own_place_only(cast, sign_in):
    county = sign_in(cast.county)
    home, away = cast.places["320115"].pk, cast.places["320106"].pk
    refused = county.post(reverse("enterprises:create"), entry(county=away))
    assert "请从列表中选择您管辖的县（市、区）或功能区" in refused.content.decode()
    assert county.post(reverse("enterprises:create"), entry(county=home)).status_code == 302
    enterprise = Enterprise.objects.get(credit_code=NEW_CODE)
    assert (enterprise.county_id, enterprise.city_id, enterprise.place.code, enterprise.initials[:4]) == (
        home,
        cast.places["3201"].pk,
        NEW_CODE,
        "jnsl",
    )
    assert Entry.objects.filter(event="enterprises.registered", target_id=str(enterprise.pk)).exists()
    again = county.post(reverse("enterprises:create"), entry(county=home))
    assert "这个统一社会信用代码已经登记过" in again.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credit_code": NEW_CODE[:-1] + ("0" if NEW_CODE[-1] != "0" else "1")}, "未通过校验"),
        ({"credit_code": "123"}, "未通过校验"),
        ({"headcount": "许多"}, "请填整数"),
        ({"headcount": "0"}, "不能小于 1"),
        ({"frontline_count": "81"}, "超过了职工人数（80）"),
        ({"industry": "X9"}, "行业"),
    ],
)
def test_refused_values_are_named_and_kept(cast, sign_in, changes, words):
    page = (
        sign_in(cast.county)
        .post(reverse("enterprises:create"), entry(county=cast.places["320115"].pk, **changes))
        .content.decode()
    )
    assert words in page
    assert 'value="江宁示例轴承有限公司"' in page
    assert not Enterprise.objects.filter(credit_code=NEW_CODE).exists()


def test_lead_keeps_the_own_entry_and_every_change_is_logged(cast, sign_in):
    lead = sign_in(cast.lead)
    url = reverse("enterprises:edit", args=[cast.enterprise.pk])
    values = entry(name=cast.enterprise.name, credit_code=cast.enterprise.credit_code, version="1", headcount="210")
    assert lead.post(url, values).status_code == 302
    cast.enterprise.refresh_from_db()
    assert (cast.enterprise.headcount, cast.enterprise.version) == (210, 2)
    assert Entry.objects.get(event="enterprises.edited").changes["职工人数"] == ["200", "210"]
    stale = lead.post(url, {**values, "headcount": "220"})
    assert stale.status_code == 409 and 'value="220"' in stale.content.decode()


@pytest.mark.parametrize(
    ("who", "seen", "editable"),
    [
        ("clerk", 200, 403),
        ("lead", 200, 200),
        ("county", 200, 200),
        ("city", 200, 200),
        ("province", 200, 200),
        ("auditor", 200, 403),
        ("neighbour", 404, 404),
        ("second_clerk", 404, 404),
        ("other_county", 404, 404),
        ("neighbour_city", 404, 404),
        ("admin", 404, 404),
    ],
)
def test_who_sees_and_edits(cast, sign_in, who, seen, editable):
    browser = sign_in(cast.people[who])
    assert browser.get(reverse("enterprises:detail", args=[cast.enterprise.pk])).status_code == seen
    assert browser.get(reverse("enterprises:edit", args=[cast.enterprise.pk])).status_code == editable


def test_industries_are_found_while_typing(cast, sign_in):
    Industry.objects.create(code="C35", level="division", name="专用设备制造业")
    browser = sign_in(cast.county)
    for words in ("c35", "设备"):
        found = browser.get(reverse("enterprises:industries"), {"q": words}).json()["results"]
        assert found == [{"value": "C35", "text": "C35 专用设备制造业"}]
