"""Regions that change: names with their days, mergers of counties, townships and parks."""

import datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from backoffice.regions.actions import add_small_place, foresee_merger, merge_county
from enterprises.change_actions import close_enterprise
from enterprises.consequences import ChangeRefused, PlannedChange, foresee
from enterprises.models import ChangeKind, Enterprise
from enterprises.pilots.resources import ClusterResource
from enterprises.towns.actions import assign_places
from foundation.access.models import Grant, Role
from foundation.access.scope import Scope
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.places.loading import load_regions
from foundation.places.models import Place
from indicators.fill import catch_up
from indicators.queries import by_unit
from records.models import Record
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def url(name: str, code: str) -> str:
    return reverse(f"backoffice:{name}", args=[code])


def town(cast, name="东山街道", level="township", county="320115") -> Place:
    return add_small_place(acting_user=cast.city, county=cast.places[county], level=level, name=name)


# --- names


def test_a_renamed_county_is_found_by_both_names_and_survives_loading(cast, sign_in):
    province = sign_in(cast.province)
    values = {"name": "江宁新区", "on": "2026-03-01", "reason": "示例批复〔2026〕1号"}
    assert province.post(url("region_rename", "320115"), values).status_code == 302
    for words in ("江宁新区", "江宁区", "jnq"):
        found = province.get(reverse("backoffice:places"), {"q": words}).content.decode()
        assert "江宁新区" in found and url("region", "320115") in found
    assert "曾用名，2026-03-01 更名" in province.get(url("region", "320115")).content.decode()
    assert Entry.objects.get(event="places.renamed").changes == {"名称": ["江宁区", "江宁新区"]}
    load_regions(settings.BASE_DIR / "data" / "regions_jiangsu.csv")
    assert Place.objects.get(code="320115").name == "江宁新区", "an older file does not undo it"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "江宁区"}, "新名称与现在的名称相同"),
        ({"name": "鼓楼区"}, "南京市已有“鼓楼区”"),
        ({"on": str(TODAY + datetime.timedelta(days=1))}, "还没有到"),
        ({"reason": " "}, "必填"),
    ],
)
def test_a_senseless_renaming_is_refused_and_kept(cast, sign_in, changes, words):
    values = {"name": "江宁新区", "on": "2026-03-01", "reason": "示例批复", **changes}
    page = sign_in(cast.province).post(url("region_rename", "320115"), values).content.decode()
    assert words in page or "field-error" in page
    assert Place.objects.get(code="320115").name == "江宁区"


# --- mergers


def agreed_merger(cast, on=TODAY) -> None:
    county, into = cast.places["320115"], cast.places["320106"]
    merge_county(
        acting_user=cast.province,
        county=county,
        into=into,
        on=on,
        reason="示例批复",
        confirmed=foresee_merger(county, into, on).keys,
    )


def test_a_merger_is_shown_before_it_happens(cast, sign_in):
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    province, address = sign_in(cast.province), url("region_merge", "320115")
    values = {"into": cast.places["320106"].pk, "on": str(TODAY), "reason": "示例批复"}
    page = province.post(address, values)
    text = page.content.decode()
    assert "2 家在册企业转到鼓楼区" in text
    assert "2 个账号在鼓楼区获得同样的角色" in text and "1 条记录留在提交时的县" in text
    assert not Place.objects.get(code="320115").is_closed
    keys = page.context["foresight"].keys
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="又一场", speaker="另一人")
    changed = province.post(address, {**values, "do": "confirm", "confirmed": keys})
    assert "情况有了变化" in changed.content.decode() and not Place.objects.get(code="320115").is_closed
    done = province.post(address, {**values, "do": "confirm", "confirmed": changed.context["foresight"].keys})
    assert done.status_code == 302 and Place.objects.get(code="320115").merged_into.code == "320106"


def test_enterprises_and_people_go_over_and_what_was_filed_stays(cast, sign_in):
    waiting = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    street = town(cast)
    assign_places(acting_user=cast.county, enterprise_id=cast.enterprise.pk, township=street, park=None)
    values = {"kind": "park", "name": "示例开发区", "place": cast.places["320115"], "note": ""}
    park = ClusterResource().save(acting_user=cast.county, values=values)
    agreed_merger(cast)
    enterprise = Enterprise.objects.select_related("place", "township").get(pk=cast.enterprise.pk)
    into = cast.places["320106"]
    assert (enterprise.county, enterprise.place.county, enterprise.township, enterprise.township.county) == (
        into,
        into,
        street,
        into,
    )
    park.refresh_from_db()
    assert (park.place, park.county) == (into, into)
    assert Record.objects.get(pk=waiting.pk).county.code == "320115", "records stay where they were filed"
    for who, code in (("county", "320106"), ("other_county", "320115")):
        assert Grant.objects.in_force().filter(user=cast.people[who], role=Role.COUNTY, place__code=code).exists()
    assert sign_in(cast.other_county).get(reverse("records:review_record", args=[waiting.pk])).status_code == 200
    grants = Grant.objects.in_force().filter(user=cast.county).select_related("place")
    scope = Scope(user=cast.county, grants=tuple(grants))
    assert scope.regions()[0].code == "320106", "they work in the county that is left"
    assert Entry.objects.filter(event="places.merged").count() == 2
    enterprise_page = sign_in(cast.clerk).get(reverse("enterprises:detail", args=[enterprise.pk])).content.decode()
    assert "南京市鼓楼区" in enterprise_page


def test_old_quarters_still_show_the_county_later_ones_do_not(cast):
    now = Quarter.current()
    catch_up()
    agreed_merger(cast, on=now.first_day - datetime.timedelta(days=1))
    nanjing = cast.places["3201"]
    assert [row.place.code for row in by_unit(nanjing, [], now.previous())] == ["320106", "320115"]
    assert [row.place.code for row in by_unit(nanjing, [], now)] == ["320106"]


def test_a_closed_county_takes_nothing_new(cast, sign_in):
    agreed_merger(cast)
    province = sign_in(cast.province)
    assert "江宁区" not in province.get(reverse("enterprises:create")).content.decode()
    assert province.get(url("region_merge", "320115")).status_code == 403
    page = province.get(url("region", "320115")).content.decode()
    assert f"{TODAY} 并入" in page and "鼓楼区" in page
    assert "江宁区" in province.get(url("region", "320106")).content.decode(), "and the other names what it took in"
    tree = province.get(reverse("backoffice:places")).content.decode()
    assert f"{TODAY} 并入鼓楼区" in tree and "1 个县（市、区）和功能区，3 家企业" in tree, (
        "what was merged is no place to count"
    )
    Enterprise.objects.filter(pk=cast.second_enterprise.pk).update(is_active=False)
    assert "1 个县（市、区）和功能区，2 家企业" in province.get(reverse("backoffice:places")).content.decode()
    admin = sign_in(cast.admin)
    granting = admin.post(
        reverse("backoffice:grant_add", args=[cast.clerk.pk]), {"role": "auditor", "place": "320115"}, follow=True
    )
    assert "已经撤销" in granting.content.decode()


def test_a_closed_enterprise_stays_behind_and_clashing_names_stop_the_merger(cast):
    enterprise = cast.second_enterprise
    change = PlannedChange(ChangeKind.CLOSE, [enterprise], TODAY)
    close_enterprise(
        acting_user=cast.county,
        enterprise_id=enterprise.pk,
        version=enterprise.version,
        reason="注销",
        on=TODAY,
        confirmed=foresee(change).keys,
    )
    for who, code in (("county", "320115"), ("other_county", "320106")):
        values = {"kind": "park", "name": "示例开发区", "place": cast.places[code], "note": ""}
        park = ClusterResource().save(acting_user=cast.people[who], values=values)
    with pytest.raises(ChangeRefused) as asked:
        agreed_merger(cast)
    assert "两地都登记了：示例开发区" in asked.value.foresight.blocks[0].text
    park.delete()
    agreed_merger(cast)
    assert Enterprise.objects.get(pk=enterprise.pk).county.code == "320115"


@pytest.mark.parametrize("who", ["city", "county", "admin", "auditor", "clerk"])
def test_only_the_province_reorganises(cast, sign_in, who):
    browser = sign_in(cast.people[who])
    for name in ("region_rename", "region_merge"):
        assert browser.get(url(name, "320115")).status_code == 403


def test_a_county_merges_within_its_city_only(cast, sign_in):
    values = {"into": cast.places["320571"].pk, "on": str(TODAY), "reason": "示例批复"}
    page = sign_in(cast.province).post(url("region_merge", "320115"), values).content.decode()
    assert "请从列表中选择同一设区市的" in page


# --- townships and parks


def test_a_county_keeps_its_townships_and_parks(cast, sign_in):
    county = sign_in(cast.county)
    add = url("small_place_add", "320115")
    assert county.post(add, {"level": "township", "name": "东山街道", "code": "320115001"}).status_code == 302
    assert county.post(add, {"level": "park", "name": "江宁开发区"}).status_code == 302
    assert set(Place.objects.filter(level__in=["township", "park"]).values_list("code", flat=True)) == {
        "320115001",
        "320115P01",
    }
    again = county.post(add, {"level": "township", "name": "东山街道"})
    assert "江宁区已有“东山街道”" in again.content.decode() and 'value="东山街道"' in again.content.decode()
    assert (
        "应以江宁区的代码 320115 开头"
        in county.post(add, {"level": "township", "name": "秣陵街道", "code": "320106001"}).content.decode()
    )
    assert county.post(url("small_place_add", "320106"), {"level": "park", "name": "别处"}).status_code == 403


def test_an_enterprise_is_assigned_listed_and_let_go(cast, sign_in):
    street, zone = town(cast), town(cast, "江宁开发区", "park")
    away = town(cast, "鼓楼街道", county="320106")
    lead, county = sign_in(cast.lead), sign_in(cast.county)
    assign = reverse("enterprises:town_set", args=[cast.enterprise.pk])
    lead.post(assign, {"township": street.pk, "park": zone.pk})
    enterprise = Enterprise.objects.get(pk=cast.enterprise.pk)
    assert (enterprise.township, enterprise.park) == (street, zone)
    assert Entry.objects.get(event="enterprises.assigned").changes["所属乡镇（街道）"] == ["", "东山街道"]
    refused = lead.post(assign, {"township": away.pk}, follow=True)
    assert "请从列表中选择本县" in refused.content.decode()
    assert sign_in(cast.clerk).post(assign, {"township": ""}).status_code == 403
    listed = county.get(reverse("enterprises:list"), {"region": street.code}).content.decode()
    assert cast.enterprise.name in listed and cast.second_enterprise.name not in listed
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="街道里的讲座")
    assert "街道里的讲座" in county.get(reverse("records:list"), {"region": street.code}).content.decode()
    progress = county.get(reverse("records:progress"), {"region": street.code, "quarter": Quarter.current().code})
    assert cast.enterprise.name in progress.content.decode()
    for name in ("records:duties", "backoffice:audit"):
        assert county.get(reverse(name), {"region": street.code, "place": street.code}).status_code == 200
    county.post(url("small_place_rename", street.code), {"name": "东山新街道", "on": "2026-02-01"})
    assert "东山新街道" in county.get(reverse("backoffice:places"), {"q": "东山街道"}).content.decode()
    county.post(url("small_place_close", street.code))
    enterprise.refresh_from_db()
    assert (enterprise.township, enterprise.park) == (None, zone)
    assert "撤销" in county.get(url("region", "320115")).content.decode()


def test_who_moves_to_another_county_leaves_the_township(cast, sign_in):
    street = town(cast)
    assign_places(acting_user=cast.county, enterprise_id=cast.enterprise.pk, township=street, park=None)
    city, address = sign_in(cast.city), reverse("enterprises:change", args=[cast.enterprise.pk, "move"])
    version = Enterprise.objects.get(pk=cast.enterprise.pk).version
    values = {"county": cast.places["320106"].pk, "reason": "迁址", "on": str(TODAY), "version": version}
    look = city.post(address, values)
    assert "1 家企业所属的乡镇（街道）或园区" in look.content.decode()
    city.post(address, {**values, "do": "confirm", "confirmed": look.context["foresight"].keys})
    enterprise = Enterprise.objects.get(pk=cast.enterprise.pk)
    assert (enterprise.county.code, enterprise.township) == ("320106", None)
