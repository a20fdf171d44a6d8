"""The pages of a change: asked, shown what will happen, confirmed; the closed enterprise; its history."""

import pytest
from django.urls import reverse
from django.utils import timezone

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from records.models import DutyRule
from tests.contracts.cases import new_enterprise_form
from tests.contracts.world import PARTY, filed, make_world

pytestmark = pytest.mark.django_db


def address(enterprise: Enterprise, kind: str) -> str:
    return reverse("enterprises:change", args=[enterprise.pk, kind])


def typed(enterprise: Enterprise, **more) -> dict:
    enterprise.refresh_from_db()
    return {"version": enterprise.version, "reason": "营业执照已变更。", "on": timezone.localdate().isoformat(), **more}


def confirmed(browser, enterprise: Enterprise, kind: str, **more):
    """Fill the form, read, tick what is asked and confirm. Returns the answer."""
    data = typed(enterprise, **more)
    shown = browser.post(address(enterprise, kind), {**data, "do": "look"})
    assert shown.status_code == 200, shown
    foresight = shown.context["foresight"]
    asked = [effect.question.key for effect in foresight.asks]
    known = {"confirmed": foresight.keys, "asked": asked, "do": "confirm"}
    return browser.post(address(enterprise, kind), {**data, **known})


def text(response) -> str:
    return response.content.decode()


def test_a_move_over_a_city_border_is_read_and_confirmed(cast, sign_in):
    province, there = sign_in(cast.province), cast.places["320571"]
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    shown = province.post(address(cast.enterprise, "move"), typed(cast.enterprise, county=there.pk, do="look"))
    assert "1 条待审核的，仍由原来的县（市、区）审核" in text(shown) and "还没有办理" in text(shown)
    cast.enterprise.refresh_from_db()
    assert cast.enterprise.county == cast.places["320115"]
    back = province.post(address(cast.enterprise, "move"), typed(cast.enterprise, county=there.pk, do="back"))
    assert "营业执照已变更。</textarea>" in text(back)
    done = confirmed(province, cast.enterprise, "move", county=there.pk)
    assert done.status_code == 302
    cast.enterprise.refresh_from_db()
    assert cast.enterprise.county == there
    detail = reverse("enterprises:detail", args=[cast.enterprise.pk])
    assert sign_in(cast.county).get(detail).status_code == 404
    assert sign_in(cast.neighbour_county).get(detail).status_code == 200
    assert sign_in(cast.clerk).get("/").status_code == 200


def test_a_city_office_is_offered_only_its_own_counties(cast, sign_in):
    refused = sign_in(cast.city).post(
        address(cast.enterprise, "move"), typed(cast.enterprise, county=cast.places["320571"].pk, do="look")
    )
    assert "迁到您管辖范围以外的，请由上级产改办办理" in text(refused)
    page = text(sign_in(cast.city).get(address(cast.enterprise, "move")))
    assert "南京市鼓楼区" in page and "苏州工业园区" not in page


def test_enterprises_of_two_cities_are_refused_with_the_cure(cast, sign_in):
    refused = sign_in(cast.province).post(
        address(cast.enterprise, "merge"),
        typed(cast.enterprise, successor=cast.neighbour_enterprise.credit_code, do="look"),
    )
    assert "不能跨市合并" in text(refused) and "迁移到苏州市，再合并" in text(refused)
    assert "营业执照已变更。</textarea>" in text(refused)


def test_closing_with_open_records_needs_a_tick_for_each(cast, sign_in):
    DutyRule.objects.create(kind=PARTY)
    filed(cast.clerk, cast.enterprise)
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="安全生产大家谈")
    county = sign_in(cast.county)
    shown = county.post(address(cast.enterprise, "close"), typed(cast.enterprise, do="look"))
    assert "安全生产大家谈" in text(shown) and text(shown).count("我已经知道，仍要办理") == 2
    foresight = shown.context["foresight"]
    asked = [effect.question.key for effect in foresight.asks]
    answer = {"confirmed": [key for key in foresight.keys if key not in asked], "asked": asked, "do": "confirm"}
    unticked = county.post(address(cast.enterprise, "close"), {**typed(cast.enterprise), **answer, "known": asked[:1]})
    assert "请在每一项后面勾选" in text(unticked)
    assert Enterprise.objects.get(pk=cast.enterprise.pk).is_active
    assert confirmed(county, cast.enterprise, "close").status_code == 302
    assert not Enterprise.objects.get(pk=cast.enterprise.pk).is_active


def test_a_closed_enterprise_stays_readable_and_breaks_nothing(cast, sign_in):
    draft = filed(cast.clerk, cast.enterprise)
    county, clerk = sign_in(cast.county), sign_in(cast.clerk)
    assert confirmed(county, cast.enterprise, "merge", successor=cast.second_enterprise.credit_code).status_code == 302
    for browser in (county, clerk, sign_in(cast.lead), sign_in(cast.auditor), sign_in(cast.province)):
        page = text(browser.get(reverse("enterprises:detail", args=[cast.enterprise.pk])))
        assert "已注销" in page and "并入：" in page and cast.second_enterprise.name in page
        assert browser.get("/").status_code == 200
        assert browser.get(reverse("records:list")).status_code == 200
    assert clerk.get(reverse("records:detail", args=[draft.pk])).status_code == 200
    assert clerk.get(reverse("records:edit", args=[draft.pk])).status_code == 403
    assert sign_in(cast.lead).get(reverse("enterprises:edit", args=[cast.enterprise.pk])).status_code == 403
    assert county.get("/dashboard/").status_code == 200
    enterprises = reverse("enterprises:list")
    assert cast.enterprise.name not in text(county.get(enterprises))
    assert cast.enterprise.name in text(county.get(enterprises, {"state": "closed"}))
    everything = text(county.get(enterprises, {"state": "all"}))
    assert cast.enterprise.name in everything and cast.second_enterprise.name in everything
    assert confirmed(county, cast.enterprise, "reopen").status_code == 302
    assert cast.enterprise.name in text(county.get(enterprises))


def test_a_former_name_is_found_in_the_list_and_shown(cast, sign_in):
    lead, old = sign_in(cast.lead), cast.enterprise.name
    assert confirmed(lead, cast.enterprise, "rename", name="江宁智造机械股份有限公司").status_code == 302
    assert "江宁智造机械股份有限公司" in text(sign_in(cast.county).get(reverse("enterprises:list"), {"q": old}))
    assert f"曾用名：{old}" in text(lead.get(reverse("enterprises:detail", args=[cast.enterprise.pk])))


def test_a_split_asks_for_the_new_entry_and_leads_to_it(db, sign_in):
    world = make_world()
    enterprise = world.cast.enterprise
    done = confirmed(
        sign_in(world.cast.county), enterprise, "split", **{**new_enterprise_form(world), "version": enterprise.version}
    )
    new = Enterprise.objects.get(name="江宁新示例公司")
    assert done["Location"] == reverse("enterprises:detail", args=[new.pk])


def test_the_history_names_every_change_with_before_and_after(cast, sign_in):
    city, lead = sign_in(cast.city), sign_in(cast.lead)
    entry = {
        "name": cast.enterprise.name,
        "credit_code": cast.enterprise.credit_code,
        "industry": "C",
        "ownership": "private",
        "size": "medium",
        "headcount": "210",
        "frontline_count": "120",
        "version": 1,
    }
    assert lead.post(reverse("enterprises:edit", args=[cast.enterprise.pk]), entry).status_code == 302
    confirmed(city, cast.enterprise, "move", county=cast.places["320106"].pk)
    confirmed(lead, cast.enterprise, "rename", name="江宁智造机械股份有限公司")
    for who in (cast.clerk, cast.other_county, cast.auditor):
        page = text(sign_in(who).get(reverse("enterprises:history", args=[cast.enterprise.pk])))
        for told in (
            "<del>200</del> → <ins>210</ins>",
            "南京市江宁区 → 南京市鼓楼区",
            "江宁示例机械有限公司 → 江宁智造机械股份有限公司",
            "李主席",
            "王市办",
            "营业执照已变更。",
            "企业迁入",
        ):
            assert told in page
    assert sign_in(cast.county).get(reverse("enterprises:history", args=[cast.enterprise.pk])).status_code == 404


def test_what_somebody_else_changed_meanwhile_is_said(cast, sign_in):
    data = typed(cast.enterprise, do="look")
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(version=5)
    answer = sign_in(cast.county).post(address(cast.enterprise, "close"), data)
    assert answer.status_code == 409 and "已被别人修改" in text(answer)


def test_the_list_behind_a_figure_shows_the_county_of_its_quarter(cast, sign_in):
    """An enterprise that moved since is shown where it was counted, and where it lies today."""
    province, here, there = sign_in(cast.province), cast.places["320115"], cast.places["320571"]
    confirmed(province, cast.enterprise, "move", county=there.pk)
    now = Quarter.current()
    moved = f"{here.full_name()}（现属{there.full_name()}）"

    def counties(quarter: Quarter, region: str) -> dict[int, str]:
        query = {"fact": "REG.enterprises", "region": region, "quarter": quarter.code}
        table = province.get(reverse("enterprises:list"), query).context["table"]
        return {row.record.pk: row.get_cell("county") for row in table.paginated_rows}

    assert counties(now.previous(), "320115")[cast.enterprise.pk] == moved
    assert counties(now.previous(), "320115")[cast.second_enterprise.pk] == here.full_name()
    assert counties(now.previous(), "32")[cast.enterprise.pk] == moved
    assert cast.enterprise.pk not in counties(now.previous(), "320571")
    assert counties(now, "320571")[cast.enterprise.pk] == there.full_name()
    assert moved not in text(province.get(reverse("enterprises:list"))), "the register shows today"


@pytest.mark.parametrize(
    ("fact", "column", "asked_for"), [("REG.headcount", "职工", ""), ("REG.frontline", "一线职工", "frontline_count")]
)
def test_the_list_behind_a_figure_shows_its_number_once(cast, sign_in, fact, column, asked_for):
    query = {"fact": fact, "region": "3201", "quarter": Quarter.current().code}
    if asked_for:
        query["columns"] = asked_for
    page = text(sign_in(cast.city).get(reverse("enterprises:list"), query))
    assert f'data-label="{column}人数（人）"' in page
    assert f'data-label="{column}（人）"' not in page
