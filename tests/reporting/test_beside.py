"""Units and groups side by side: each side says what dashboards and cross table say of it; a few persons are not told."""

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from foundation.audit.models import Entry
from foundation.ratios import per
from indicators.fill import catch_up
from indicators.models import Indicator
from indicators.queries import figures
from reporting.beside.asking import READY, BesideForm
from reporting.beside.content import Told, _is_same, build_beside
from reporting.crosstable.asking import TableForm
from reporting.crosstable.content import Cell, build_table
from tests.cast import make_enterprise
from tests.indicators.helpers import LAST, lecture, party

pytestmark = pytest.mark.django_db

SESSIONS, ATTENDANCES, MEMBERS = "B01.sessions", "B01.attendances", "B03.members"


def beside_of(region, query: str):
    form = BesideForm(QueryDict(query), region=region)
    assert form.is_valid(), form.errors
    return build_beside(form.asked())


def rows_of(found) -> dict:
    return {row.measure.code: row.told for group in found.groups for row in group.rows}


def test_places_say_what_their_dashboards_say(reported):
    found = beside_of(reported.places["32"], f"side=place:3201&side=place:3205&area=ideology&quarter={LAST.code}")
    rows = rows_of(found)
    assert SESSIONS in rows and any(code.startswith("indicator:") for code in rows)
    for number, place in enumerate((reported.places["3201"], reported.places["3205"])):
        own = figures(place, LAST)
        for code, told in rows.items():
            if code in own and not told[number].cell.is_hidden:
                assert told[number].cell.value == own[code].value, (place, code)
        assert found.heads[number].enterprises.value == own["REG.enterprises"].value
    first, second = rows[ATTENDANCES]
    assert second.than_first == second.rate.value - first.rate.value and second.word == "高"


@pytest.mark.parametrize("axis", ["ownership", "tier", "industry", "size"])
def test_groups_say_what_the_cross_table_says(reported, axis):
    province = reported.places["32"]
    form = TableForm(
        QueryDict(f"rows={axis}&value={ATTENDANCES}&value={MEMBERS}&show=per_thousand&quarter={LAST.code}"),
        region=province,
    )
    assert form.is_valid()
    lines = [line for line in build_table(form.spec()).lines if line.member.code != "office"]
    plain = TableForm(
        QueryDict(f"rows={axis}&value={ATTENDANCES}&value={MEMBERS}&quarter={LAST.code}"), region=province
    )
    assert plain.is_valid()
    values = {line.member.code: line.cells for line in build_table(plain.spec()).lines}
    seen = 0
    for line in lines:
        sides = f"side={axis}:{line.member.code}&side=place:32"
        rows = rows_of(beside_of(province, f"{sides}&area=ideology&quarter={LAST.code}"))
        for number, code in enumerate((ATTENDANCES, MEMBERS)):
            told = rows[code][0]
            assert (told.cell.value, told.cell.detail) == (
                values[line.member.code][number].value,
                values[line.member.code][number].detail,
            )
            assert told.rate.value == line.cells[number].value
            seen += told.cell.value is not None
    assert seen >= 2


def test_pilots_and_others_are_everybody(reported):
    rows = rows_of(beside_of(reported.places["32"], f"area=ideology&quarter={LAST.code}"))
    pilots, others = rows[SESSIONS]
    assert (pilots.cell.value or 0) + (others.cell.value or 0) == figures(reported.places["32"], LAST)[SESSIONS].value
    assert (pilots.label, others.label) == ("试点企业", "非试点企业")


def test_a_few_persons_are_not_told(cast):
    party(cast, new=3, front=1, total=40)
    party(cast, who="neighbour_enterprise", new=9, front=7, total=40)
    catch_up()
    query = f"side=place:3201&side=place:3205&area=ideology&quarter={LAST.code}"
    few, many = rows_of(beside_of(cast.places["32"], query))["B04.new_members"]
    assert few.cell.text == "不足 5 人" and few.cell.value is None and few.rate.value is None and few.url == ""
    assert many.cell.value == 9 and many.than_first is None, "the difference would tell it"


def test_nothing_said_is_no_zero(reported):
    query = f"side=place:320106&side=place:320115&area=ideology&quarter={LAST.code}"
    rows = rows_of(beside_of(reported.places["3201"], query))
    silent, told = rows[MEMBERS]
    assert silent.cell.text == "未填报" and told.cell.value == 90 and told.than_first is None


def test_an_indicator_that_is_a_sum_is_compared_as_large_as_the_sides_are(reported):
    Indicator.objects.create(
        code="T01",
        name="职工大讲堂场次",
        area="思想引领",
        unit="场",
        numerator=[SESSIONS],
        source="平台统计",
        valid_from="2022Q3",
    )
    query = f"side=place:3201&side=place:3205&area=ideology&quarter={LAST.code}"
    found = beside_of(reported.places["32"], query)
    told = rows_of(found)["indicator:T01"]
    for one, head in zip(told, found.heads, strict=True):
        assert one.rate.value == per(1000, one.cell.value, head.headcount.value) != one.cell.value
    assert told[1].than_first == told[1].rate.value - told[0].rate.value
    ratios = [
        row.told[0] for group in found.groups for row in group.rows if any(one.is_ratio for one in row.measure.versions)
    ]
    assert ratios and all(one.rate is None for one in ratios), "a ratio is compared as it is"


def page_of(browser, query: str) -> tuple[int, str]:
    response = browser.get(f"{reverse('reporting:beside')}?{query}")
    return response.status_code, response.content.decode()


def test_every_value_opens_enterprises_that_add_up_to_it(reported, sign_in):
    province = reported.places["32"]
    found = beside_of(province, f"side=ownership:private&side=place:3205&area=ideology&quarter={LAST.code}")
    for told in rows_of(found)[ATTENDANCES]:
        form = TableForm(
            QueryDict(told.url.split("?")[1]), region=province if "32&" in told.url else reported.places["3205"]
        )
        assert form.is_valid(), form.errors
        table = build_table(form.spec())
        assert sum((line.cells[0].value or Decimal(0) for line in table.lines), Decimal(0)) == told.cell.value
        assert sign_in(reported.province).get(told.url).status_code == 200


def test_the_address_holds_everything_and_the_front_page_leads_there(reported, sign_in):
    browser = sign_in(reported.province)
    query = f"region=32&side=place:3205&side=ownership:state&area=skills&quarter={LAST.code}"
    status, page = page_of(browser, query)
    assert status == 200 and "苏州市、国有及国有控股" in page
    export = unescape(re.search(r'href="([^"]*beside/export/[^"]*)"', page)[1])
    asked = QueryDict(export.split("?")[1])
    assert asked.getlist("side") == ["place:3205", "ownership:state"]
    assert (asked["area"], asked["quarter"], asked["region"]) == ("skills", LAST.code, "32")
    board = browser.get(reverse("reporting:dashboard"), {"quarter": LAST.code}).content.decode()
    assert f"{reverse('reporting:beside')}?region=32&amp;quarter={LAST.code}" in board
    ready = [unescape(one) for one in re.findall(r'class="view-chip" href="([^"]+)"', page)]
    assert len(ready) == len(READY) + 1
    for address in ready:
        assert browser.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("side=place:3201", "选了 1 方"),
        ("side=" + "&side=".join(["place:3201", "place:3205", "size:large", "size:small", "size:micro"]), "选了 5 方"),
        ("side=place:9999&side=place:3201", "“place:9999”不在可选的范围内"),
        ("area=nothing", "“nothing”不在可选的范围内"),
        ("quarter=1999Q1", "“1999Q1”不在可选的范围内"),
    ],
)
def test_what_cannot_be_shown_is_said(reported, sign_in, query, said):
    status, page = page_of(sign_in(reported.province), query)
    assert status == 400 and said in page


def test_who_sees_whose_figures(reported, sign_in):
    address = reverse("reporting:beside")
    assert sign_in(reported.clerk).get(address).status_code == 403
    for route in ("reporting:beside", "reporting:beside_export"):
        assert sign_in(reported.city).get(reverse(route), {"region": "3205"}).status_code == 404
    status, page = page_of(sign_in(reported.city), "side=place:3205&side=place:3201")
    assert status == 400 and "苏州" not in page, "a neighbour is not offered and not named"


def test_the_workbook_says_what_the_page_says(reported, sign_in):
    query = f"side=place:3201&side=place:3205&area=ideology&quarter={LAST.code}"
    response = sign_in(reported.province).get(f"{reverse('reporting:beside_export')}?{query}")
    book = load_workbook(BytesIO(b"".join(response) if response.streaming else response.content))
    rows = {row[1]: row for row in book["对比"].iter_rows(min_row=2, values_only=True) if row[0] != "指标"}
    first, second = rows_of(beside_of(reported.places["32"], query))[ATTENDANCES]
    row = rows["职工大讲堂参训人次"]
    assert row[3:6] == (int(first.cell.value), first.cell.detail or None, float(first.rate.value))
    assert row[6] == int(second.cell.value) and row[9] == float(second.than_first)
    said = {one[0]: one[1] for one in book["条件和说明"].iter_rows(min_row=2, values_only=True)}
    assert said["地区"] == "江苏省" and said["领域"] == "思想引领" and said["第 2 方"].startswith("苏州市")
    assert Entry.objects.filter(event="reporting.beside_exported", actor=reported.province).count() == 1


def test_more_enterprises_cost_no_more_queries(reported, sign_in):
    browser = sign_in(reported.province)
    browser.get("/")
    query = f"side=pilot:yes&side=pilot:no&side=size:small&side=place:3201&area=ideology&quarter={LAST.code}"

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert page_of(browser, query)[0] == 200
        return len(seen)

    few = cost()
    for number in (1, 2):
        make_enterprise(county=reported.places["320115"], name=f"示例{number}公司", code=f"9132019{number}00000001X")
    lecture(reported, who="second_enterprise")
    catch_up()
    assert cost() == few <= 110


def test_a_difference_too_small_to_show_is_not_called_the_same():
    def told(value: int, rate: str, *, places: int | None = 1) -> Told:
        cell, of_thousand = (Cell(SimpleNamespace(), None, None, value=Decimal(number)) for number in (value, rate))
        return Told("", cell, of_thousand if places else None, places=places)

    def said(first: Told, other: Told) -> str:
        than = other.compared - first.compared
        return replace(other, than_first=than, is_same=_is_same(other, first)).difference

    assert said(told(1, "0.0"), told(0, "0.0")) == "相差不到 0.1", "one of 33,109 is not none"
    assert said(told(0, "0.0"), told(0, "0.0")) == "相同"
    assert said(told(31, "2.4"), told(12, "2.4")) == "相差不到 0.1"
    assert said(told(31, "2.4"), told(12, "2.5")) == "+0.1"


def test_what_few_of_one_side_told_is_not_held_against_what_all_of_the_other_told(reported):
    """Suzhou's one enterprise tells its members, of Nanjing's two one does."""
    make_enterprise(county=reported.places["320106"], name="南京示例铸造有限公司", code="91320106MA0000007X")
    catch_up()
    query = f"side=place:3201&side=place:3205&area=ideology&quarter={LAST.code}"
    rows = rows_of(beside_of(reported.places["32"], query))
    nanjing, suzhou = rows[MEMBERS]
    assert nanjing.cell.reporting < nanjing.cell.registered and suzhou.cell.reporting == suzhou.cell.registered
    assert suzhou.difference == "填报面不同" and suzhou.than_first is None and suzhou.word == ""
    assert rows[SESSIONS][1].than_first is not None, "who files no session held none"
