"""Units beside each other: by any fact or indicator, as count or rate, in any order; charts with their table and workbook."""

import re
from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from foundation.audit.models import Entry
from foundation.facts.declaring import declared_facts
from indicators.fill import catch_up
from indicators.models import Against, Target
from indicators.queries import board as read_board
from indicators.queries import compared, indicator_values
from indicators.targets import Wanted, set_targets
from records.duties.actions import ensure_quarter
from reporting.charts import band_colours
from reporting.crosstable.asking import Show, TableForm
from reporting.crosstable.content import CellMaker, build_table
from reporting.crosstable.figures import ALL, Sums
from reporting.dashboards.content import KeyFigure, build_dashboard
from reporting.dashboards.units import SORTS, bands_of
from tests.cast import make_enterprise
from tests.indicators.helpers import LAST, NOW, lecture

pytestmark = pytest.mark.django_db

SESSIONS, ATTENDANCES, MEMBERS = "B01.sessions", "B01.attendances", "B03.members"


def board(place, quarter=LAST, **asked):
    return build_dashboard(place, quarter, asked)


def by_name(board) -> dict:
    return {unit.name: unit for unit in [*board.ranked[:], board.ranked.total]}


def rows_of(page: str, place: str = "units") -> list[list[str]]:
    """The text of each cell of the table of units."""
    table = page.split(f'id="{place}"')[1].split("</table>")[0]
    return [
        [unescape(re.sub(r"<[^>]+>|\s", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.S)
    ]


def page_of(browser, **query) -> str:
    response = browser.get(reverse("reporting:dashboard"), query)
    assert response.status_code == 200
    return response.content.decode()


# --- what they say ------------------------------------------------------------------------------------


def test_a_part_says_how_much_of_its_whole_was_told_without_it(cast):
    """Two lectures, one of which left the part empty: nobody knows of its 40, and the sum says so."""
    ensure_quarter(LAST)
    lecture(cast, attendances=30, frontline_attendances=10)
    lecture(cast, title="第二场", attendances=40)
    catch_up()
    place = cast.places["3201"]
    found = by_name(board(place, fact="B01.frontline"))
    form = TableForm(QueryDict(f"value=B01.frontline&quarter={LAST.code}"), region=place)
    assert form.is_valid()
    table = build_table(form.spec())
    for cell in (found["江宁区"].cell, found["合计"].cell, table.total.cells[0]):
        assert (cell.text, cell.detail.split("，")[-1]) == ("10", "另有40人次未填这一项")
    assert "未填这一项" not in by_name(board(place, fact=ATTENDANCES))["合计"].cell.detail


def test_cards_and_pages_of_figures_say_it_beside_the_part_too(cast, sign_in):
    """The card of a figure, the page of a region and of the enterprise, and their workbooks."""
    ensure_quarter(LAST)
    lecture(cast, attendances=30, frontline_attendances=10)
    lecture(cast, title="第二场", attendances=40)
    catch_up()
    said, place, browser = "另有40人次未填这一项", cast.places["3201"], sign_in(cast.city)
    found = read_board(place, LAST)
    assert KeyFigure(found.figures["B01.frontline"], found.compared, 3, "").hint.endswith(said)
    assert said not in KeyFigure(found.figures[ATTENDANCES], found.compared, 3, "").hint
    asked = {"quarter": LAST.code}
    pages = {
        "overview": reverse("reporting:overview", args=[place.code]),
        "enterprise": reverse("reporting:enterprise", args=[cast.enterprise.pk]),
    }
    for name, address in pages.items():
        assert browser.get(address, asked).content.decode().count(said) == 1, name
    exports = (
        reverse("reporting:overview_export", args=[place.code]),
        reverse("reporting:enterprise_export", args=[cast.enterprise.pk]),
        reverse("reporting:dashboard_export"),
    )
    for address in exports:
        book = load_workbook(BytesIO(browser.get(address, {**asked, "region": "3201"}).content))
        cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
        assert any(said in str(cell) for cell in cells), address


@pytest.mark.parametrize(("whole", "said"), [(11, "另有不足5人未填这一项"), (18, "另有10人未填这一项")])
def test_a_few_persons_are_not_told_as_what_was_left_empty(cast, whole, said):
    """Six of eight were told, and three or ten more of the whole without the part."""
    form = TableForm(QueryDict(f"value=E09.fund&quarter={LAST.code}"), region=cast.places["32"])
    assert form.is_valid()
    spec, fund = form.spec(), declared_facts()["E09.fund"]
    told = {fund.code: (6, 1), fund.shared_part: (6, 1), fund.whole: (whole, 2), fund.shared_whole: (8, 1)}
    cells = {(1, LAST.code, code): (Decimal(value), count) for code, (value, count) in told.items()}
    maker = CellMaker(Sums(spec, cells, {(ALL, ALL): 1}, set(), is_by_enterprise=False))
    cell = maker.cell(maker.everything, maker.everything, spec.measures[0])
    assert (cell.text, cell.detail.split("，")[-1]) == ("6", said)


@pytest.mark.parametrize("region", ["32", "3201", "320115"])
@pytest.mark.parametrize("show", [Show.PLAIN, Show.PER_ENTERPRISE, Show.PER_THOUSAND, Show.SHARE])
def test_values_and_coverage_are_those_of_the_cross_table(reported, region, show):
    place = reported.places[region]
    seen = 0
    for code in (SESSIONS, ATTENDANCES, MEMBERS, "REG.headcount", "indicator:B04", "indicator:P01"):
        if code.startswith("indicator") and show is not Show.PLAIN:
            continue
        found = by_name(board(place, fact=code, show=show.value))
        form = TableForm(QueryDict(f"value={code}&show={show.value}&quarter={LAST.code}"), region=place)
        assert form.is_valid()
        table = build_table(form.spec())
        for line in table.lines:
            name = line.member.label if line.member.place is None else line.member.place.name
            cell, unit = line.cells[0], found[name]
            assert (unit.cell.value, unit.cell.text) == (cell.value, cell.text), (code, name)
            if not code.startswith("indicator"):
                assert unit.cell.detail == cell.detail, (code, name)
            seen += 1
    assert seen > 3


def test_every_fact_and_every_indicator_may_be_chosen(reported, sign_in):
    page = page_of(sign_in(reported.province), quarter=LAST.code)
    offered = set(re.findall(r'<option value="([^"]+)"', page.split('id="fact"')[1].split("</select>")[0]))
    codes = {f"indicator:{one.code}" for one in indicator_values(reported.places["32"], LAST)}
    assert codes and offered == codes | set(declared_facts())


def test_changes_are_those_of_the_units_own_dashboards(reported):
    for quarter in (LAST.year_before(), LAST.previous()):
        ensure_quarter(quarter)
    lecture(reported, day=LAST.year_before().first_day, attendances=10, number_of_people=10)
    lecture(reported, day=LAST.previous().first_day, attendances=20, number_of_people=20)
    catch_up()
    seen = 0
    for region in ("32", "3201"):
        for code in (ATTENDANCES, MEMBERS, "REG.enterprises"):
            for unit in board(reported.places[region], fact=code).ranked[:]:
                own = compared(unit.place, LAST)
                for against, sheet in ((Against.QUARTER, own.quarter), (Against.YEAR, own.year)):
                    delta = unit.compared.get(against)
                    assert (delta.comparison if delta else None) == sheet.get(code), (unit.name, code, against)
                    seen += delta is not None
    assert seen >= 8
    county = by_name(board(reported.places["320115"], fact=ATTENDANCES))[reported.enterprise.name]
    assert county.over_quarter.comparison.before == 20 and county.over_year.text == "+55（+550.0%）"


def test_a_running_quarter_is_compared_with_no_whole_one(reported):
    unit = by_name(board(reported.places["32"], NOW, fact=ATTENDANCES))["南京市"]
    assert unit.cell.value == 30 and not unit.compared


def test_an_indicator_stands_against_the_target_of_each_unit(reported):
    wanted = {(reported.places[code].pk, "B04"): Wanted(None, Decimal(50)) for code in ("3201", "3205")}
    set_targets(acting_user=reported.province, year=LAST.year, wanted=wanted)
    Target.objects.filter(place__code="3201").update(start=0)
    Target.objects.filter(place__code="3205").update(start=0, value=999)
    found = by_name(board(reported.places["32"], fact="indicator:B04"))
    assert found["南京市"].mark.label == "达到进度" and found["苏州市"].mark.label == "明显落后"
    for name, code in (("南京市", "3201"), ("苏州市", "3205")):
        own = next(one for one in indicator_values(reported.places[code], LAST) if one.code == "B04")
        assert (found[name].cell.value, found[name].mark) == (own.value, own.mark)


def test_nothing_said_is_unknown_and_a_few_persons_are_not_told(reported):
    found = by_name(board(reported.places["3201"], fact=MEMBERS))
    assert found["鼓楼区"].cell.text == "未填报" and found["鼓楼区"].band is None
    few = by_name(board(reported.places["32"], fact="B04.new_members"))
    assert {unit.cell.text for unit in few.values()}.isdisjoint({"1", "2", "3", "4"})


def test_bands_keep_equal_values_together_and_have_words():
    words = [[band.word for band in bands_of([Decimal(n) for n in values])] for values in ((), (5,), (1, 9), (4, 4, 4))]
    assert words == [[], ["有数"], ["较低", "较高"], ["有数"]]
    four = bands_of([Decimal(n) for n in (1, 2, 3, 4, 5, 6, 7, 80)])
    assert [band.label for band in four] == ["低 1–2", "较低 3–4", "较高 5–6", "高 7–80"]
    assert [len(set(band_colours(n))) for n in range(1, 5)] == [1, 2, 3, 4]


# --- the page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", sorted(SORTS))
@pytest.mark.parametrize("region", ["32", "320115"])
def test_each_column_sorts_both_ways_and_the_unknown_stands_last(reported, column, region):
    read = SORTS[column][1]
    for sort in (column, f"-{column}"):
        values = [read(unit) for unit in board(reported.places[region], fact=MEMBERS, sort=sort).ranked[:]]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=sort.startswith("-")), sort
        assert values == [*known, *[None] * (len(values) - len(known))]


def test_choice_and_order_are_in_the_address(reported, sign_in):
    browser = sign_in(reported.province)
    page = page_of(browser, quarter=LAST.code, fact=ATTENDANCES, show="per_thousand", sort="value")
    assert [row[0] for row in rows_of(page)] == ["南京市", "苏州市", "合计"]
    assert "人次/千人" in page and 'aria-sort="ascending"' in page
    heads = re.findall(r'<th scope="col"[^>]*><a href="([^"]+)"', page.split('id="units"')[1])
    assert len(heads) == len(SORTS)
    for address in heads:
        asked = QueryDict(unescape(address).split("?")[1].split("#")[0])
        assert (asked["fact"], asked["show"], asked["quarter"]) == (ATTENDANCES, "per_thousand", LAST.code)
    down = browser.get(unescape(heads[1])).content.decode()
    assert [row[0] for row in rows_of(down)] == ["苏州市", "南京市", "合计"]
    for form in re.findall(r"<form method=\"get\"[^>]*>(.*?)</form>", page.split("<main")[1], re.S):
        if 'name="quarter"' in form:
            assert 'name="sort" value="value"' in form, "another quarter or figure keeps the order"


def test_what_is_not_offered_is_not_taken(reported, sign_in):
    page = page_of(sign_in(reported.city), quarter=LAST.code, fact="X99.none", show="change", sort="password")
    assert "职工大讲堂场次（场）" in page and 'aria-sort="descending"' in page


def test_a_county_lists_its_enterprises_by_change_too(reported, sign_in):
    for number in range(40):
        make_enterprise(
            county=reported.places["320115"], name=f"江宁第{number}公司", code=f"9132011500001{number:04d}X"
        )
    browser = sign_in(reported.county)
    page = page_of(browser, region="320115", quarter=LAST.code, fact=ATTENDANCES, sort="-quarter")
    address = unescape(re.search(r'href="(/dashboard/units/[^"]*)"', page)[1])
    seen = []
    for number in (1, 2):
        seen += [row[0] for row in rows_of(browser.get(f"{address}&page={number}").content.decode())[:-1]]
    assert len(seen) == len(set(seen)) == 42


# --- charts -------------------------------------------------------------------------------------------


def sheets(response) -> dict[str, list]:
    book = load_workbook(BytesIO(b"".join(response) if response.streaming else response.content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_a_chart_takes_its_own_table_along(reported, sign_in):
    browser = sign_in(reported.province)
    page = page_of(browser, quarter=LAST.code, fact=ATTENDANCES, show="per_thousand")
    addresses = [unescape(one) for one in re.findall(r'href="([^"]+)" data-chart-excel', page)]
    assert [QueryDict(one.split("?")[1])["chart"] for one in addresses] == ["map", "ranking", "trend"]
    found = sheets(browser.get(addresses[0]))
    cities = {row[0]: row[1:] for row in found["数据"][1:]}
    unit = by_name(board(reported.places["32"], fact=ATTENDANCES, show="per_thousand"))["苏州市"]
    assert cities["苏州市"][:3] == [float(unit.cell.value), unit.cell.detail or None, "较高"]
    said = {row[0]: row[1] for row in found["条件和说明"]}
    assert said["地区"] == "江苏省" and said["季度"] == LAST.label and said["显示"] == "每千名职工"
    assert said["数据项或指标"] == "职工大讲堂参训人次" and "数据截至" in said
    trend = sheets(browser.get(addresses[2]))["数据"]
    assert [row[0] for row in trend[1:]] == [quarter.label for quarter in board(reported.places["32"]).read.quarters]
    assert Entry.objects.filter(event="reporting.chart_exported", actor=reported.province).count() == 2


def test_who_takes_a_chart_along(reported, sign_in):
    address = f"{reverse('reporting:dashboard_chart')}?chart=trend&region=3201"
    answers = {who: sign_in(reported.people[who]).get(address).status_code for who in ("city", "province", "auditor")}
    assert set(answers.values()) == {200}
    assert sign_in(reported.neighbour_city).get(address).status_code == 404
    assert sign_in(reported.clerk).get(address).status_code == 403
    assert sign_in(reported.city).get(f"{address}&chart=none").status_code == 404
    assert sign_in(reported.city).get(address.replace("trend", "map")).status_code == 404, "only the province has tiles"


def test_more_units_and_other_choices_cost_no_more_queries(reported, sign_in):
    province = sign_in(reported.province)
    province.get("/")

    def cost(**query) -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(province, quarter=LAST.code, **query)
        return len(seen)

    assert cost(fact=ATTENDANCES) <= 15
    assert cost(fact=MEMBERS, show="per_thousand", sort="-year") <= 15
    assert cost(fact="indicator:B04") <= 15

    def of_a_county(**query) -> int:
        county = reported.places["320115"]
        with CaptureQueriesContext(connection) as seen:
            board(county, **query).units  # noqa: B018 -- read
        return len(seen)

    before = [of_a_county(fact=MEMBERS), of_a_county(fact=MEMBERS, sort="quarter")]
    for number in range(3):
        make_enterprise(
            county=reported.places["320115"], name=f"江宁第{number}公司", code=f"9132011500001{number:04d}X"
        )
    assert [of_a_county(fact=MEMBERS), of_a_county(fact=MEMBERS, sort="quarter")] == before
