"""Indicators as the province keeps them: set up, revised, retired, and tried before they are saved."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from indicators import queries
from indicators.actions import create_indicator, retire_indicator, revise_indicator
from indicators.catalogue import waiting_rows
from indicators.fill import catch_up
from indicators.formulas import formula_text, problems_of_formula
from indicators.loading import load_indicators
from indicators.models import Indicator, Target
from indicators.resources import TargetResource
from records.duties.actions import ensure_quarter
from records.models import ReportingQuarter
from tests.cast import Cast
from tests.indicators.helpers import LAST, NOW, lecture, party

VALUES: dict[str, Any] = {
    "name": "非一线新党员",
    "area": "思想引领",
    "unit": "人",
    "numerator": ["B04.new_members", "-B04.new_frontline"],
    "source": "示例",
}
FORM = {
    "code": "Z01",
    "name": "非一线新党员占比",
    "area": "思想引领",
    "unit": "%",
    "direction": "up",
    "period": "quarter",
    "added": ["B04.new_members"],
    "taken": ["B04.new_frontline"],
    "under_added": ["B04.new_members"],
    "scale": "100",
    "source": "示例",
    "order": "1",
    "valid_from": LAST.code,
}


@pytest.fixture(autouse=True)
def indicators(cast: Cast) -> None:
    load_indicators()


def value_of(cast: Cast, code: str, quarter=LAST) -> queries.IndicatorValue:
    return {one.code: one for one in queries.indicator_values(cast.places["32"], quarter)}[code]


def test_a_difference_is_measured_from_the_quarter_it_begins_in(cast: Cast) -> None:
    party(cast, new=9, front=4)
    catch_up()
    made = create_indicator(acting_user=cast.province, code="Z01", valid_from=LAST, values=VALUES)
    found = value_of(cast, "Z01")
    assert (made.version, found.value, found.numerator) == (1, 5, 5)
    assert found.numerator_facts == ("B04.new_members", "B04.new_frontline"), "both can be opened"
    assert "Z01" not in {one.code for one in queries.indicator_values(cast.places["32"], LAST.previous())}
    entry = Entry.objects.get(event="indicators.created")
    assert entry.changes["指标名称"] == ["", "非一线新党员"] and entry.note == LAST.label


def test_what_nobody_told_is_not_taken_off_as_zero(cast: Cast) -> None:
    lecture(cast)
    catch_up()
    values = {**VALUES, "unit": "条", "numerator": ["C03.raised", "-C03.adopted"]}
    create_indicator(acting_user=cast.province, code="Z02", valid_from=LAST, values=values)
    assert value_of(cast, "Z02").value is None


def test_per_thousand(cast: Cast) -> None:
    party(cast, new=9, front=4, total=50)
    catch_up()
    values = {**VALUES, "unit": "人/千人", "numerator": ["B04.new_members"], "denominator": ["B03.members"]}
    create_indicator(acting_user=cast.province, code="Z03", valid_from=LAST, values={**values, "scale": Decimal(1000)})
    assert value_of(cast, "Z03").value == 180


def test_who_may_and_what_is_refused(cast: Cast) -> None:
    create = partial(create_indicator, acting_user=cast.province, valid_from=NOW)
    for who in ("city", "county", "clerk", "auditor"):
        with pytest.raises(AccessDenied):
            create_indicator(acting_user=cast.people[who], code="Z01", valid_from=NOW, values=VALUES)
    with pytest.raises(ValidationError, match="已经用过"):
        create(code="B04", values=VALUES)
    with pytest.raises(ValidationError, match="大写英文字母"):
        create(code="指标一", values=VALUES)
    assert not Indicator.objects.filter(code="Z01").exists()


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "scale", "field", "says"),
    [
        ([], [], "人", 1, "numerator", "至少要有一个"),
        (["B99.none"], [], "人", 1, "numerator", "B99.none 不存在"),
        (["B01.sessions", "B01.attendances"], [], "场", 1, "numerator", "单位不同"),
        (["B04.new_members", "B03.members"], [], "人", 1, "numerator", "有的是年初起累计的数"),
        (["D07.to_title", "D01.skilled"], [], "人", 1, "numerator", "有的是上一整年的数"),
        (["B04.new_members", "-B04.new_members"], [], "人", 1, "numerator", "选了两次"),
        (["-B04.new_members"], [], "人", 1, "numerator", "全是减去"),
        (["B04.new_members"], ["B03.members"], "%", 100, "denominator", "可能超过 100%"),
        (["B01.attendances"], ["REG.headcount"], "%", 100, "denominator", "单位应相同"),
        (["B04.new_frontline"], ["B04.new_members"], "%", 1, "scale", "倍率应填 100"),
        (["B04.new_frontline"], [], "人", 0, "scale", "大于 0"),
    ],
)
def test_a_formula_that_cannot_be_measured(numerator, denominator, unit, scale, field, says) -> None:
    found = problems_of_formula(numerator, denominator, unit=unit, scale=Decimal(scale))
    assert list(found) == [field] and says in found[field]


def test_a_formula_in_words() -> None:
    def said(numerator: list[str], denominator: list[str], scale: int) -> str:
        return formula_text(numerator, denominator, Decimal(scale))

    assert said(["B04.new_frontline"], ["B04.new_members"], 100) == "新发展一线职工党员 ÷ 新发展党员 × 100"
    assert said(["B04.new_members", "-B04.new_frontline"], ["B03.members"], 1) == (
        "（新发展党员 － 新发展一线职工党员） ÷ 党员总数"
    )
    assert said(["B01.sessions"], [], 1) == "职工大讲堂场次"


def test_retired_and_in_force_again_with_a_third_version(cast: Cast) -> None:
    retired = retire_indicator(acting_user=cast.province, code="B04", last=LAST, reason="口径调整")
    assert retired.valid_to == LAST.code
    assert "B04" in {one.code for one in queries.indicator_values(cast.places["32"], LAST)}
    assert "B04" not in {one.code for one in queries.indicator_values(cast.places["32"], NOW)}
    assert Entry.objects.get(event="indicators.retired").note == "口径调整"
    with pytest.raises(LookupError):
        retire_indicator(acting_user=cast.province, code="B04", last=NOW, reason="再停一次")
    with pytest.raises(ValidationError, match="为止"):
        revise_indicator(acting_user=cast.province, code="B04", valid_from=LAST, values={})
    again = revise_indicator(acting_user=cast.province, code="B04", valid_from=NOW.next(), values={"owner": "组织处"})
    assert (again.version, again.valid_to) == (2, None)
    assert Indicator.objects.get(code="B04", version=1).valid_to == LAST.code, "the gap stays"


def test_retiring_needs_a_reason_and_touches_no_closed_quarter(cast: Cast) -> None:
    retire = partial(retire_indicator, acting_user=cast.province, code="B04")
    with pytest.raises(ValidationError, match="原因"):
        retire(last=LAST, reason=" ")
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=False)
    with pytest.raises(ValidationError, match="已关闭"):
        retire(last=LAST.previous(), reason="口径调整")
    with pytest.raises(ValidationError, match="已关闭"):
        create_indicator(acting_user=cast.province, code="Z01", valid_from=LAST, values=VALUES)
    assert retire(last=LAST, reason="口径调整").valid_to == LAST.code


def test_a_unit_does_not_change_beneath_targets(cast: Cast) -> None:
    values = {"indicator": "B01-1", "place": cast.places["320115"], "year": NOW.year, "value": Decimal(10)}
    TargetResource().save(acting_user=cast.city, values=values)
    with pytest.raises(ValidationError, match="已有 1 个目标按原来的单位下达"):
        revise_indicator(acting_user=cast.province, code="B01-1", valid_from=NOW, values={"unit": "百场"})
    assert revise_indicator(acting_user=cast.province, code="B01-1", valid_from=NOW, values={"owner": "宣传处"})
    assert Target.objects.count() == 1


def test_what_is_added_to_a_portal_at_work_measures_no_closed_quarter(cast: Cast) -> None:
    Indicator.objects.filter(code="C02").delete()
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=False)
    assert load_indicators() == 1
    assert Indicator.objects.get(code="C02").valid_from == NOW.code
    assert Indicator.objects.get(code="C01-1").valid_from == "2022Q3"


# --- pages ----------------------------------------------------------------------------------------------


def test_the_list_says_what_is_measured_and_what_waits_for_what(cast: Cast, sign_in) -> None:
    page = sign_in(cast.county).get(reverse("indicators:indicators"), {"q": "D02"}).content.decode()
    assert "高技能人才（高级工及以上） ÷ 技能人才（初级工及以上） × 100" in page and "新设指标" not in page
    whole = sign_in(cast.province).get(reverse("indicators:indicators")).content.decode()
    assert "新设指标" in whole
    for row in waiting_rows():
        assert row.waits_for in whole
    assert {"A03", "B03", "G08"} <= {row.code for row in waiting_rows() if not row.is_partly}


def test_the_province_sets_up_revises_and_retires_on_pages(cast: Cast, sign_in) -> None:
    party(cast, new=9, front=4)
    catch_up()
    browser = sign_in(cast.province)
    assert browser.post(reverse("indicators:indicator_create"), FORM).status_code == 302
    made = Indicator.objects.get(code="Z01")
    assert (made.numerator, made.denominator) == (["B04.new_members", "-B04.new_frontline"], ["B04.new_members"])
    assert value_of(cast, "Z01").value == Decimal("55.6")
    revised = {**FORM, "name": "新党员中非一线占比", "valid_from": NOW.code}
    assert browser.post(reverse("indicators:indicator_revise", args=["Z01"]), revised).status_code == 302
    page = browser.get(made.get_absolute_url()).content.decode()
    assert "第 1 版" in page and "第 2 版" in page and "非一线新党员占比" in page and "新党员中非一线占比" in page
    form = browser.get(reverse("indicators:indicator_revise", args=["Z01"])).context["form"]
    assert (form.initial["added"], form.initial["taken"]) == (["B04.new_members"], ["B04.new_frontline"])
    ended = browser.post(
        reverse("indicators:indicator_retire", args=["Z01"]), {"valid_to": NOW.code, "reason": "不再需要"}
    )
    assert ended.status_code == 302 and Indicator.objects.get(code="Z01", version=2).valid_to == NOW.code
    assert "已停用" in browser.get(made.get_absolute_url()).content.decode()
    assert sign_in(cast.city).get(reverse("indicators:indicator_create")).status_code == 403
    assert sign_in(cast.city).post(reverse("indicators:indicator_revise", args=["B04"]), revised).status_code == 403


def test_saved_without_a_change_is_no_new_version(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.province)
    address = reverse("indicators:indicator_revise", args=["B04"])
    form = browser.get(address).context["form"]
    same = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    for sent in (same, {**same, "scale": "100"}, {**same, "valid_from": NOW.next().code}):
        page = browser.post(address, sent)
        assert page.status_code == 200 and page.content.decode().count("没有改动，没有保存新版本") == 1
    assert Indicator.objects.get(code="B04").valid_to is None
    assert not Entry.objects.filter(event="indicators.revised").exists()
    assert browser.post(address, {**same, "owner": "组织处"}).status_code == 302
    assert Entry.objects.get(event="indicators.revised").changes == {"责任处室（单位）": ["", "组织处"]}


def test_what_is_required_can_be_reached(cast: Cast) -> None:
    for code, required, says in (("D02", 250, "最多 100%"), ("B05", -1, "不会小于 0")):
        with pytest.raises(ValidationError, match=says):
            revise_indicator(acting_user=cast.province, code=code, valid_from=NOW, values={"target": Decimal(required)})
        assert Indicator.objects.filter(code=code).count() == 1


def test_the_area_is_chosen_and_one_typed_before_stays(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.province)
    page = browser.post(reverse("indicators:indicator_create"), {**FORM, "area": "ideology"})
    assert "“ideology”不在可选的范围内" in str(page.context["form"].errors["area"])
    assert not Indicator.objects.filter(code="Z01").exists()
    offered = [value for value, _label in page.context["form"].fields["area"].choices]
    assert offered[:4] == ["", "组织领导", "思想引领", "建功立业"] and len(offered) == len(set(offered))
    Indicator.objects.filter(code="B04").update(area="旧领域")
    form = browser.get(reverse("indicators:indicator_revise", args=["B04"])).context["form"]
    assert form["area"].value() == "旧领域" and ("旧领域", "旧领域") in form.fields["area"].choices


def test_a_refused_form_keeps_what_was_typed_and_says_where(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.province)
    wrong = {**FORM, "under_added": ["B03.members"]}
    page = browser.post(reverse("indicators:indicator_create"), wrong)
    assert page.status_code == 200 and "可能超过 100%" in str(page.context["form"].errors["under_added"])
    assert "非一线新党员占比" in page.content.decode()
    used = browser.post(reverse("indicators:indicator_create"), {**FORM, "code": "B04"})
    assert "已经用过" in str(used.context["form"].errors["code"])


def test_the_live_check_shows_the_last_eight_quarters_or_why_there_is_nothing(cast: Cast, sign_in) -> None:
    party(cast, new=9, front=4)
    catch_up()
    browser = sign_in(cast.province)
    address = reverse("indicators:indicator_check")
    rows = browser.get(address, FORM).context["rows"]
    assert [quarter for quarter, _one, _why in rows] == [LAST, NOW], "the portal knows no earlier one"
    for quarter in NOW.trailing(8):
        ensure_quarter(quarter)
    rows = browser.get(address, FORM).context["rows"]
    assert [quarter for quarter, _one, _why in rows] == NOW.trailing(8)
    by_quarter = {quarter: (one, why) for quarter, one, why in rows}
    one, why = by_quarter[LAST]
    assert (one.value, one.numerator, one.denominator, one.coverage, why) == (
        Decimal("55.6"),
        5,
        9,
        "本季度 1 / 4 家已报",
        "",
    )
    assert by_quarter[LAST.previous()][1] == "分子没有人填报"
    assert not Indicator.objects.filter(code="Z01").exists(), "nothing is saved"
    refused = browser.get(address, {**FORM, "added": ["B01.sessions"]}).content.decode()
    assert "单位不同，不能相加减" in refused
    assert "选好分子后" in browser.get(address).content.decode()
    assert sign_in(cast.city).get(address, FORM).status_code == 403
