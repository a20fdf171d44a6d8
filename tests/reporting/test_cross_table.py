"""The cross table: what it says is what the dashboards, the API and a recount of the values say, and nobody sees more in it
than on a dashboard."""

from collections import defaultdict
from decimal import Decimal
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from enterprises.models import Enterprise, Ownership
from enterprises.pilots.actions import change_stage, open_pilot
from foundation.audit.models import Entry
from foundation.facts.declaring import declared_facts, source_by_code
from foundation.places.models import Place
from indicators.closing import close_quarter
from indicators.fill import catch_up, count_source
from indicators.loading import load_indicators
from indicators.models import FactValue, FrozenEnterprise, PlaceTotal, QuarterClosing, ScatteredPlace
from indicators.queries import comparisons
from indicators.totals import store_totals
from records.core.periods import working_quarter
from records.duties.actions import ensure_quarter
from records.models import ReportingQuarter
from reporting.crosstable.asking import TableForm
from reporting.crosstable.content import TOTAL, build_table
from reporting.crosstable.models import SavedTable
from tests.cast import make_enterprise
from tests.indicators.helpers import LAST, NOW, lecture, party

pytestmark = pytest.mark.django_db

PAGE = "reporting:table"
SESSIONS, ATTENDANCES, MEMBERS = "B01.sessions", "B01.attendances", "B03.members"


def table_of(region: Place, query: str):
    form = TableForm(QueryDict(query), region=region)
    assert form.is_valid(), form.errors
    return build_table(form.spec())


def cells(table) -> dict[tuple[str, str], object]:
    """By the labels of row and column."""
    lines = [*table.lines, *([table.total] if table.total else [])]
    return {
        (line.member.label, column.sort): cell
        for line in lines
        for column, cell in zip(table.columns, line.cells, strict=True)
    }


def value(region: Place, query: str, row: str, column: str):
    return cells(table_of(region, query))[row, column].value


# --- the same everywhere --------------------------------------------------------------------------


def test_changes_are_those_of_the_dashboard(reported):
    nanjing = reported.places["3201"]
    query = f"rows=county&value={MEMBERS}&value=REG.enterprises&show=change&quarter={NOW.code}"
    found, said = cells(table_of(nanjing, query)), comparisons(nanjing, NOW)
    for code in (MEMBERS, "REG.enterprises"):
        assert found["合计", f"~{code}"].value == said[code].change
    members = found["合计", f"~{MEMBERS}"]
    assert members.detail == "60 → 70，可比 1 家" and (members.word, members.text) == ("升", "+10")


def test_api_pages_the_same_table(reported, sign_in):
    browser, query = sign_in(reported.province), f"rows=county&value={SESSIONS}&quarter={LAST.code}"
    rows, address = [], f"{reverse('api:table')}?{query}&page_size=2"
    while address:
        sheet = browser.get(address).json()
        rows, address = [*rows, *sheet["results"]], sheet["next"]
    table = table_of(reported.places["32"], query)
    assert [(row["label"], row["cells"][0]["value"]) for row in rows] == [
        (line.member.label, line.cells[0].value) for line in table.lines
    ]
    assert sheet["rows"] == 3 and sheet["total"]["cells"][0]["value"] == 4 and sheet["previous"]
    assert [column["value"] for column in sheet["columns"]] == [SESSIONS]


# --- a recount ------------------------------------------------------------------------------------


def recount(quarter, fact, key) -> dict[object, tuple[Decimal, int]]:
    """One value after the other: the sum and how many told it, by what ``key`` says of the enterprise and its county."""
    known = declared_facts(internal=True)[fact]
    rows = list(FactValue.objects.filter(quarter=quarter.code).select_related("place__enterprise", "region"))
    sums, told = defaultdict(Decimal), defaultdict(set)
    having = {row.place_id for row in rows if row.fact == fact}
    for row in rows:
        is_zero = row.fact == known.zero_with and row.place_id not in having
        if (row.fact == fact and row.value is not None) or is_zero:
            group = key(row.place.enterprise, row.region)
            sums[group] += 0 if is_zero else row.value
            told[group].add(row.place_id)
    return {group: (sums[group], len(told[group])) for group in sums}


FACTS = (SESSIONS, ATTENDANCES, MEMBERS)
AMOUNT = st.sampled_from([None, Decimal(7), Decimal(30), Decimal("5.25")])
COUNTIES = ("320115", "320106", "320571")
#: An enterprise: where it lies, whose it was then and is now, its tier, whether it made its statement, and what it told.
TOLD = st.tuples(
    st.sampled_from(COUNTIES),
    st.sampled_from(Ownership.values),
    st.sampled_from(Ownership.values),
    st.sampled_from(["none", "city", "national"]),
    st.booleans(),
    st.dictionaries(st.sampled_from(FACTS), AMOUNT),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(TOLD, min_size=1, max_size=6), is_closed=st.booleans(), moves=st.booleans())
def test_it_equals_a_recount_by_whatever_it_is_cut(cast, told, is_closed, moves):
    """Whatever is told, zeros, empty answers and an enterprise that counts in three counties included, in an open quarter
    and in one that is frozen."""
    undo = transaction.savepoint()
    then = _tell(cast, told, is_closed=is_closed, moves=moves)
    keys = {
        "county": lambda enterprise, region: region.code,
        "city": lambda enterprise, region: region.city.code,
        "enterprise": lambda enterprise, region: enterprise.credit_code,
        "ownership": lambda enterprise, region: then[enterprise.pk] if is_closed else enterprise.ownership,
        "tier": lambda enterprise, region: enterprise.pilot_tier,
        "industry": lambda enterprise, region: enterprise.industry_id,
    }
    for rows, key in keys.items():
        asked = "&".join(f"value={code}" for code in FACTS)
        table = table_of(cast.places["32"], f"rows={rows}&quarter={LAST.code}&{asked}")
        narrowed = table_of(
            cast.places["32"], f"rows={rows}&quarter={LAST.code}&{asked}&tier=none&tier=city&tier=national"
        )
        for number, fact in enumerate(FACTS):
            for one in (table, narrowed):
                shown = {
                    line.member.code: (line.cells[number].value, line.cells[number].reporting)
                    for line in one.lines
                    if line.cells[number].value is not None
                }
                assert shown == recount(LAST, fact, key), (rows, fact)
                cell = one.total.cells[number]
                whole = recount(LAST, fact, lambda enterprise, region: "")
                assert (cell.value, cell.reporting) == whole.get("", (None, 0)), (rows, fact)
    transaction.savepoint_rollback(undo)


def _tell(cast, told, *, is_closed: bool, moves: bool) -> dict[int, str]:
    """Store the values with their totals; whose each enterprise was when the quarter was closed."""
    then, made = {}, []
    for number, (county, was, now, tier, said, values) in enumerate(told):
        region = cast.places[county]
        enterprise = make_enterprise(
            county=region,
            name=f"示例第{number}公司",
            code=f"91320115000001{number:03d}X",
            ownership=now,
            pilot_tier=tier,
        )
        then[enterprise.pk] = was
        made.append(enterprise)
        rows = {"REG.enterprises": Decimal(1), **({"STA.said": Decimal(1)} if said else {}), **values}
        FactValue.objects.bulk_create(
            FactValue(place=enterprise.place, region=region, quarter=LAST.code, fact=fact, value=amount)
            for fact, amount in rows.items()
        )
    if moves:
        for county in set(COUNTIES) - {told[0][0]}:
            FactValue.objects.create(
                place=made[0].place, region=cast.places[county], quarter=LAST.code, fact=SESSIONS, value=6
            )
        ScatteredPlace.objects.create(place=made[0].place, quarter=LAST.code)
    if is_closed:
        now = timezone.now()
        closing = QuarterClosing.objects.create(
            quarter=LAST.code, closed_at=now, frozen_at=now, closed_by=cast.province
        )
        FrozenEnterprise.objects.bulk_create(
            FrozenEnterprise(
                closing=closing,
                enterprise=one,
                tier=one.pilot_tier,
                ownership=then[one.pk],
                industry=one.industry_id,
                city_id=one.city_id,
                county_id=one.county_id,
                is_active=True,
            )
            for one in made
        )
    store_totals(LAST)
    return then


# --- what a cell stands for -----------------------------------------------------------------------


def test_people_are_not_added_over_quarters(reported):
    nanjing = reported.places["3201"]
    query = f"rows=county&columns=year&since={LAST.code}&quarter={NOW.code}&value={MEMBERS}&value={SESSIONS}"
    if LAST.year != NOW.year:
        pytest.skip("the two quarters lie in two years")
    table = table_of(nanjing, query)
    found = cells(table)
    assert found["江宁区", f"{NOW.year}~{MEMBERS}"].value == 70, "the last quarter's"
    assert found["江宁区", f"{NOW.year}~{SESSIONS}"].value == 4, "of what took place the sum"
    assert any("不能跨季度相加" in note for note in table.notes)


def test_rates_are_made_of_sums(reported):
    query = f"rows=ownership&value={ATTENDANCES}&quarter={LAST.code}"
    province = reported.places["32"]
    per_enterprise = cells(table_of(province, f"{query}&show=per_enterprise"))
    assert per_enterprise["私营及其他内资", f"~{ATTENDANCES}"].text == "77.5"
    assert per_enterprise["合计", f"~{ATTENDANCES}"].text == "55.7", "167 of three, not the mean of 77.5 and 12"
    hundred = cells(table_of(province, f"{query}&show=per_hundred"))
    assert hundred["私营及其他内资", f"~{ATTENDANCES}"].text == "25.8", "155 among the 600 of three enterprises"
    thousand = cells(table_of(province, f"{query}&show=per_thousand"))
    assert thousand["国有及国有控股", f"~{ATTENDANCES}"].text == "60.0"
    share = cells(table_of(province, f"{query}&show=share"))
    assert share["国有及国有控股", f"~{ATTENDANCES}"].text == "7.2%"


def test_a_ratio_of_sides_that_not_the_same_told_is_not_marked(reported):
    """Members are told by one of two enterprises of 江宁区 and staff by both: their ratio is held against no other."""
    FactValue.objects.filter(fact__in=["REG.headcount", "REG.union_members"]).delete()
    told = [
        (reported.enterprise, 100, 60),
        (reported.second_enterprise, 100, None),
        (reported.gulou_enterprise, 100, 90),
    ]
    for enterprise, staff, members in told:
        for fact, number in (("REG.headcount", staff), ("REG.union_members", members)):
            if number is not None:
                FactValue.objects.create(
                    place=enterprise.place, region=enterprise.county, quarter=LAST.code, fact=fact, value=number
                )
    store_totals(LAST)
    query = f"rows=county&value=indicator:H08&quarter={LAST.code}&mark=ends"
    found = cells(table_of(reported.places["3201"], query))
    cell = next(cell for (row, _column), cell in found.items() if row == reported.enterprise.county.name)
    assert cell.value is not None and cell.is_unlike and not cell.word
    assert cell.detail == "分子、分母的填报单位不一致"


def test_nothing_said_is_no_zero(reported):
    found = cells(table_of(reported.places["3201"], f"rows=county&value={MEMBERS}&quarter={LAST.code}"))
    assert (found["鼓楼区", f"~{MEMBERS}"].text, found["鼓楼区", f"~{MEMBERS}"].value) == ("未填报", None)
    assert found["合计", f"~{MEMBERS}"].detail == "2/3 家已报"


def test_a_closed_quarter_keeps_what_enterprises_were(reported):
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=True)
    close_quarter(acting_user=reported.province, quarter=LAST)
    Enterprise.objects.filter(pk=reported.second_enterprise.pk).update(ownership="private", industry_id="C")
    query = f"rows=ownership&columns=quarter&since={LAST.code}&quarter={NOW.code}&value=REG.enterprises"
    count_source(NOW, source_by_code("enterprises"))
    table = table_of(reported.places["32"], query)
    found = cells(table)
    assert found["国有及国有控股", f"{LAST.code}~REG.enterprises"].value == 1
    assert found["国有及国有控股", f"{NOW.code}~REG.enterprises"].value is None
    assert found["私营及其他内资", f"{NOW.code}~REG.enterprises"].value == 4
    assert any("按关闭时冻结的" in note for note in table.notes)
    assert any("按企业名录现在登记的" in note for note in table.notes)


def test_size_is_by_the_headcount_of_the_quarter_and_stage_by_the_pilots(reported):
    province = reported.places["32"]
    FactValue.objects.filter(place=reported.enterprise.place, quarter=LAST.code, fact="REG.headcount").update(
        value=1500
    )
    FactValue.objects.filter(place=reported.second_enterprise.place, quarter=LAST.code, fact="REG.headcount").delete()
    found = cells(table_of(province, f"rows=size&quarter={LAST.code}&value={ATTENDANCES}"))
    assert found["1,000 人及以上", f"~{ATTENDANCES}"].value == 65
    assert found["职工人数未填报", f"~{ATTENDANCES}"].value == 12
    assert found["20 至 299 人", f"~{ATTENDANCES}"].value == 90
    pilot = open_pilot(
        acting_user=reported.province,
        subject=reported.enterprise,
        values={"tier": "provincial", "stage": "introduction", "started_on": LAST.first_day},
    )
    change_stage(
        acting_user=reported.province,
        pilot_id=pilot.pk,
        version=pilot.version,
        stage="deepening",
        began_on=NOW.first_day,
    )
    query = f"rows=stage&columns=quarter&since={LAST.code}&quarter={NOW.code}&value={ATTENDANCES}"
    found = cells(table_of(province, query))
    assert found["改革导入期", f"{LAST.code}~{ATTENDANCES}"].value == 65
    assert found["改革深化期", f"{NOW.code}~{ATTENDANCES}"].value == 30
    assert found["不是试点或阶段未登记", f"{LAST.code}~{ATTENDANCES}"].value == 102


def test_areas_may_be_rows(reported):
    found = table_of(
        reported.places["32"],
        f"rows=area&columns=city&area=ideology&value={SESSIONS}&value={MEMBERS}&quarter={LAST.code}",
    )
    assert [(line.group, line.member.code) for line in found.lines] == [("思想引领", SESSIONS), ("思想引领", MEMBERS)]
    assert [cell.value for cell in found.lines[0].cells] == [3, 1, 4] and found.total is None
    every = table_of(reported.places["32"], f"rows=area&area=ideology&quarter={LAST.code}")
    assert len(every.lines) > 5 and {line.group for line in every.lines} == {"思想引领"}


def test_filters_narrow_rows_and_totals(reported):
    query = f"rows=county&value={ATTENDANCES}&quarter={LAST.code}&ownership=private&tier=city"
    found = cells(table_of(reported.places["32"], query))
    assert found["合计", f"~{ATTENDANCES}"].value == 155
    assert found["南京市江宁区", f"~{ATTENDANCES}"].value == 65


def test_sorting_the_first_few_and_marks(reported):
    query = f"rows=enterprise&value={ATTENDANCES}&quarter={LAST.code}&mark=ends"
    table = table_of(reported.places["32"], query)
    assert [line.cells[0].value for line in table.lines] == [90, 65, 12], "enterprises: the highest first"
    assert [line.cells[0].word for line in table.lines] == ["最高", "", "最低"]
    up = table_of(reported.places["32"], f"{query}&sort=~{ATTENDANCES}&top=2")
    assert [line.cells[0].value for line in up.lines] == [12, 65]
    assert up.total.cells[0].value == 167 and up.lines_listed == 3, "the total is that of all"


def _fell(cast, *amounts):
    """Attendances of 江宁 in the quarters up to the last that has ended."""
    quarters = LAST.trailing(len(amounts))
    FactValue.objects.filter(fact=ATTENDANCES).delete()
    for quarter, amount in zip(quarters, amounts, strict=True):
        ReportingQuarter.objects.get_or_create(code=quarter.code, defaults=ReportingQuarter.default_dates(quarter))
        for enterprise, region, value in (
            (cast.enterprise, "320115", amount),
            (cast.neighbour_enterprise, "320571", 50),
        ):
            FactValue.objects.create(
                place=enterprise.place, region=cast.places[region], quarter=quarter.code, fact=ATTENDANCES, value=value
            )
        store_totals(quarter)
    return f"rows=county&columns=quarter&since={quarters[0].code}&quarter={LAST.code}&value={ATTENDANCES}&only=fell"


def test_what_fell_twice_is_listed_with_the_reason(reported):
    query = _fell(reported, 90, 80, 70)
    table = table_of(reported.places["32"], query)
    assert [line.member.label for line in table.lines] == ["南京市江宁区"]
    assert table.lines[0].signs == ["连降两季：职工大讲堂参训人次"] and table.lines_in_all == 3
    assert any("另有 1 行" in note for note in table.notes), "鼓楼 said nothing: not judged"
    assert table_of(reported.places["32"], _fell(reported, 80, 90, 70)).lines == []


def test_a_few_persons_are_not_shown_nor_left_over(cast):
    load_indicators()
    party(cast, new=3, front=1, total=40)
    party(cast, who="second_enterprise", new=8, front=6, total=40)
    party(cast, who="neighbour_enterprise", new=9, front=7, total=40)
    catch_up()
    code = "B04.new_members"
    found = cells(table_of(cast.places["32"], f"rows=tier&columns=ownership&value={code}&quarter={LAST.code}"))
    assert found["市级试点", f"{TOTAL}~{code}"].value == 20
    by_owner = cells(table_of(cast.places["32"], f"rows=county&columns=ownership&value={code}&quarter={LAST.code}"))
    few = by_owner["南京市江宁区", f"private~{code}"]
    assert (few.text, few.value, few.plain) == ("不足 5 人", None, None)
    other = by_owner["南京市江宁区", f"state~{code}"]
    assert other.text == "不显示" and other.plain is None, "with the total of 11 it would tell the 3"
    assert by_owner["合计", f"{TOTAL}~{code}"].value == 20
    rate = cells(table_of(cast.places["320115"], f"rows=ownership&value=indicator:B04&quarter={LAST.code}"))
    assert rate["私营及其他内资", "~indicator:B04"].text == "不足 5 人"
    each = cells(table_of(cast.places["32"], f"rows=enterprise&value={code}&quarter={LAST.code}"))
    assert each["江宁示例机械有限公司", f"~{code}"].value == 3, (
        "a return of one enterprise, which the office has approved"
    )


def wages_told(cast, *, away: int) -> None:
    """Two enterprises of 江宁 and ``away`` of 鼓楼 told their wages and what they spent on training."""
    load_indicators()
    codes = [f"91320106{number:09d}" for number in range(60, 60 + away)]
    told = [(cast.enterprise, "320115", 1000), (cast.second_enterprise, "320115", 300)]
    told += [
        (make_enterprise(county=cast.places["320106"], name=f"示例{code}", code=f"{code}0"[:18]), "320106", 100)
        for code in codes
    ]
    for enterprise, region, wages in told:
        for fact, value in (("D08.wages", wages), ("D08.of_told", wages // 50)):
            FactValue.objects.create(
                place=enterprise.place, region=cast.places[region], quarter=LAST.code, fact=fact, value=value
            )
    store_totals(LAST)


def test_wages_of_few_enterprises_are_not_shown_nor_left_over(cast):
    wages_told(cast, away=6)
    query = f"rows=county&quarter={LAST.code}&value=D08.wages&value=indicator:D08&value=D08.of_told"
    table = table_of(cast.places["3201"], query)
    found = cells(table)
    few = found["江宁区", "~D08.wages"]
    assert (few.text, few.value, few.plain, few.detail) == ("不足 5 家", None, None, "")
    rate = found["江宁区", "~indicator:D08"]
    assert (rate.text, rate.value, rate.detail) == ("不足 5 家", None, ""), (
        "spent is known, so the rate tells the wages"
    )
    assert found["鼓楼区", "~indicator:D08"].value == 2
    left = found["鼓楼区", "~D08.wages"]
    assert (left.text, left.plain) == ("不显示", None), "with the total it would tell those of 江宁"
    assert found["合计", "~D08.wages"].value == 1900
    assert found["江宁区", "~D08.of_told"].value == 26, "what was spent is no wages"
    assert any("填报不足 5 家的不显示" in note for note in table.notes)
    shared = cells(table_of(cast.places["3201"], f"{query}&show=share"))
    assert shared["江宁区", "~D08.wages"].text == "不足 5 家"
    each = cells(table_of(cast.places["3201"], f"rows=enterprise&value=D08.wages&quarter={LAST.code}"))
    assert each["江宁示例机械有限公司", "~D08.wages"].value == 1000, "a return the office has read"


@pytest.mark.parametrize(("away", "told"), [(2, "不足 5 家"), (3, "1,600")])
def test_five_enterprises_together_tell_no_wages_of_one(cast, away, told):
    wages_told(cast, away=away)
    found = cells(table_of(cast.places["3201"], f"rows=area&quarter={LAST.code}&value=D08.wages"))
    [cell] = [cell for (label, _column), cell in found.items() if "工资总额" in label]
    assert cell.text == told


# --- the page -------------------------------------------------------------------------------------


def test_every_cell_opens_what_adds_up_to_it(reported, sign_in):
    browser = sign_in(reported.province)
    query = {"rows": "ownership", "value": [ATTENDANCES, "indicator:B04"], "quarter": LAST.code, "tier": "city"}
    table = browser.get(reverse(PAGE), query).context["table"]
    opened = 0
    for line in [*table.lines, table.total]:
        for cell in line.cells:
            if not cell.url:
                assert cell.value is None, line.member.label
                continue
            below = browser.get(cell.url).context["table"]
            column = next(c for c in below.columns if c.measure.code == cell.measure.code)
            assert cells(below)["合计", column.sort].value == cell.value
            opened += 1
            if cell.measure.fact:
                assert sum(one.cells[0].value or 0 for one in below.lines) == cell.value
                records = browser.get(below.lines[0].cells[0].url)
                assert records.status_code == 200 and "下面就是这个数由哪些记录得来" in records.content.decode()
    assert opened >= 4
    counties = browser.get(reverse(PAGE), {"rows": "county", "value": SESSIONS, "quarter": LAST.code}).context["table"]
    address = cells(counties)["南京市江宁区", f"~{SESSIONS}"].url
    assert address.startswith("/records/") and len(browser.get(address).context["table"].page.object_list) == 3


def test_the_address_holds_everything(reported, sign_in):
    browser = sign_in(reported.province)
    address = (
        f"{reverse(PAGE)}?region=3201&rows=ownership&columns=county&value={SESSIONS}&value={MEMBERS}&show=share"
        f"&quarter={LAST.code}&tier=city&mark=ends&top=3&sort=-{TOTAL}~{SESSIONS}"
    )
    page = browser.get(address)
    spec = page.context["spec"]
    assert dict(parse_qsl(spec.query())) == dict(parse_qsl(urlsplit(address).query))
    again = browser.get(f"{reverse(PAGE)}?{spec.query()}")
    assert [[c.text for c in line.cells] for line in again.context["table"].lines] == [
        [c.text for c in line.cells] for line in page.context["table"].lines
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("rows=planet", "“planet”不在可选的范围内"),
        ("value=X99.none", "“X99.none”不在可选的范围内"),
        ("rows=county&columns=county", "行和列都是“县（市、区）”"),
        ("rows=city&columns=county", "行和列都是地区"),
        ("rows=quarter&columns=year", "行和列都是时间"),
        ("since=1999Q9", "“1999Q9”不在可选的范围内"),
        (f"since={NOW.code}&quarter={LAST.code}", "晚于截至季度"),
        ("columns=year&show=change", "逐季度比较"),
        ("only=fell", "逐季度判断"),
        ("top=0", "最少是 1"),
        ("top=many", "应是 1 至 1000 的整数"),
        ("ownership=mine", "“mine”不在可选的范围内"),
        (f"area=rights&value={SESSIONS}", "都不在选中的领域里"),
    ],
)
def test_what_cannot_be_shown_is_said(cast, sign_in, query, said):
    page = sign_in(cast.province).get(f"{reverse(PAGE)}?{query}")
    assert page.status_code == 400 and said in page.content.decode()
    problem = sign_in(cast.province).get(f"{reverse('api:table')}?{query}")
    assert problem.status_code == 400 and said in problem.json()["errors"][0]["reason"]
    assert problem.json()["errors"][0]["cure"]


@pytest.mark.parametrize(
    ("who", "region", "status"),
    [
        ("province", "32", 200),
        ("city", "3201", 200),
        ("city", "320115", 200),
        ("city", "3205", 404),
        ("county", "320115", 200),
        ("county", "320106", 404),
        ("county", "3201", 404),
        ("auditor", "32", 200),
        ("clerk", "320115", 403),
        ("lead", "320115", 403),
        ("admin", "32", 403),
    ],
)
def test_who_sees_whose_figures(cast, sign_in, who, region, status):
    browser = sign_in(cast.people[who])
    assert browser.get(reverse(PAGE), {"region": region}).status_code == status
    assert browser.get(reverse("api:table"), {"region": region}).status_code == status


def test_a_county_sees_its_own_places_only(reported, sign_in):
    page = sign_in(reported.county).get(
        reverse(PAGE), {"rows": "enterprise", "value": ATTENDANCES, "quarter": LAST.code}
    )
    labels = {line.member.label for line in page.context["table"].lines}
    assert labels == {"江宁示例机械有限公司", "江宁示例电气有限公司"}
    assert page.context["table"].total.cells[0].value == 77


@pytest.mark.parametrize(
    "query",
    [
        f"rows=county&columns=quarter&since={LAST.code}&quarter={NOW.code}&value={SESSIONS}&value={MEMBERS}",
        f"rows=enterprise&value={SESSIONS}&quarter={LAST.code}",
        f"rows=ownership&columns=size&value={SESSIONS}&quarter={LAST.code}&show=per_hundred&tier=city",
        f"rows=stage&columns=quarter&value={MEMBERS}&show=change&quarter={NOW.code}",
    ],
)
def test_more_rows_cost_no_more_queries(cast, sign_in, query):
    province = sign_in(cast.province)
    lecture(cast)
    catch_up()
    province.get(reverse(PAGE))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert province.get(f"{reverse(PAGE)}?{query}").status_code == 200
        return len(captured)

    few = queries()
    lecture(cast, who="second_enterprise")
    lecture(cast, who="neighbour_enterprise")
    party(cast)
    catch_up()
    assert queries() == few <= 30


# --- workbook, saved tables, questions ------------------------------------------------------------


def test_the_workbook_says_what_the_page_says_and_what_was_asked(reported, sign_in):
    browser = sign_in(reported.city)
    query = f"rows=county&value={ATTENDANCES}&quarter={LAST.code}&ownership=private&ownership=state"
    answer = browser.get(f"{reverse('reporting:table_export')}?{query}")
    book = load_workbook(BytesIO(answer.content))
    rows = list(book["交叉表"].iter_rows(values_only=True))
    assert rows[0][:2] == ("县（市、区）", "职工大讲堂参训人次（人次）")
    assert ("江宁区", 77, 2) in rows and ("鼓楼区", "未填报", None) in rows and rows[-1] == ("合计", 77, 2)
    said = dict(row[:2] for row in book["条件和说明"].iter_rows(values_only=True))
    assert (
        said["地区"] == "南京市" and said["所有制"] == "私营及其他内资、国有及国有控股" and said["季度"] == LAST.label
    )
    assert Entry.objects.filter(event="reporting.table_exported").exists()


def save(browser, name="各县场次", shared=False, query=f"region=3201&rows=county&value={SESSIONS}"):
    return browser.post(
        reverse("reporting:table_save"), {"name": name, "query": query, **({"shared": "1"} if shared else {})}
    )


def test_a_table_is_kept_shared_renamed_and_deleted(cast, sign_in):
    city, colleague = sign_in(cast.city), sign_in(cast.neighbour_city)
    assert save(city).status_code == 302
    kept = SavedTable.objects.get()
    assert (kept.place, kept.is_shared) == (cast.places["3201"], False)
    assert "各县场次" in city.get(reverse(PAGE)).content.decode()
    other = sign_in(cast.county)
    save(other, name="本区自用", query=f"rows=enterprise&value={SESSIONS}")
    save(other, name="本区共用", shared=True, query=f"rows=enterprise&value={SESSIONS}")
    shown = sign_in(cast.county_colleague).get(reverse(PAGE)).content.decode()
    assert "本区共用" in shown and "本区自用" not in shown
    assert "本区共用" not in city.get(reverse(PAGE)).content.decode(), "another office"
    change = reverse("reporting:table_change", args=[kept.pk])
    assert colleague.post(change, {"name": "改"}).status_code == 404
    city.post(change, {"name": "各县讲堂", "shared": "1"})
    kept.refresh_from_db()
    assert (kept.name, kept.is_shared) == ("各县讲堂", True)
    shared = SavedTable.objects.get(name="本区共用")
    refused = sign_in(cast.county_colleague).post(reverse("reporting:table_delete", args=[shared.pk]))
    assert refused.status_code == 403 and SavedTable.objects.filter(pk=shared.pk).exists()
    assert city.post(reverse("reporting:table_delete", args=[kept.pk])).status_code == 302
    assert not SavedTable.objects.filter(pk=kept.pk).exists()
    events = set(Entry.objects.filter(event__startswith="reporting.table_").values_list("event", flat=True))
    assert events == {"reporting.table_saved", "reporting.table_changed", "reporting.table_deleted"}


def test_a_name_is_asked_for_and_used_once(cast, sign_in):
    city = sign_in(cast.city)
    address = reverse("reporting:table_save")
    assert (
        "请给这张表起个名字" in city.post(address, {"name": " ", "query": "rows=county"}, follow=True).content.decode()
    )
    save(city, name="甲")
    save(city, name="乙")
    again = SavedTable.objects.get(name="乙")
    answer = city.post(reverse("reporting:table_change", args=[again.pk]), {"name": "甲"}, follow=True)
    assert "您已经有一张叫“甲”的表" in answer.content.decode()


def test_the_questions_are_addresses_that_answer(reported, sign_in):
    browser = sign_in(reported.province)
    questions = browser.get(reverse(PAGE)).context["questions"]
    assert len(questions) >= 4
    for title, url in questions:
        page = browser.get(url)
        assert page.status_code in (200, 400), title
        assert page.status_code == 200 or "至少要三个季度" in page.content.decode(), "this portal has two"


def test_a_question_is_asked_of_the_newest_quarter_that_answers_it(cast, sign_in):
    """The quarter is named; of what nobody ever told the table says that there is nothing, and counts no first lines."""
    city, region = sign_in(cast.city), cast.places["3201"]

    def question() -> tuple[str, str]:
        return next(
            (title, url) for title, url in city.get(reverse(PAGE)).context["questions"] if "前十家企业" in title
        )

    title, url = question()
    page = city.get(url)
    assert title == "职工创新成果经济效益前十家企业" and not page.context["table"].lines
    assert "没有可列的行" in page.content.decode() and "共 0 行" not in page.content.decode()
    told = working_quarter().shift(-2)
    ensure_quarter(told)
    FactValue.objects.create(
        place=cast.enterprise.place,
        region=cast.enterprise.county,
        quarter=told.code,
        fact="C04.benefit",
        value=300,
    )
    PlaceTotal.objects.create(place=region, quarter=told.code, fact="C04.benefit", value=300, reporting=1)
    title, url = question()
    assert title == f"职工创新成果经济效益前十家企业（{told.label}）"
    page = city.get(url)
    assert [line.member.label for line in page.context["table"].lines][:1] == [cast.enterprise.name]
    assert dict(page.context["said"])["只列前几行"].endswith("全部列出")


def test_the_dashboard_leads_to_it(cast, sign_in):
    page = sign_in(cast.city).get(reverse("reporting:dashboard")).content.decode()
    assert f'href="{reverse(PAGE)}?region=3201&amp;quarter=' in page
    assert f'href="{reverse(PAGE)}"' in page, "a tab beside it"
