"""Dashboards: an approval moves the figure, every figure opens what it counts, a gap is no zero."""

import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.loading import load_indicators
from indicators.models import Direction, Indicator, Target
from indicators.paths import Light
from indicators.queries import indicator_values
from records.duties.actions import ensure_quarter
from records.models import ReportingQuarter
from tests.cast import make_enterprise
from tests.contracts.world import filed
from tests.indicators.helpers import LAST, NOW, lecture, party
from tests.records.test_story import decide, file_lecture

pytestmark = pytest.mark.django_db


def dashboard(browser, region: str = "", **query) -> str:
    response = browser.get(reverse("reporting:dashboard"), {"region": region, **query})
    assert response.status_code == 200
    return response.content.decode()


def figure(page: str, label: str) -> str:
    """What stands under a key figure's label."""
    found = re.search(rf'stat-label">{label}</div>\s*<div class="stat-value">(.*?)</div>', page, re.S)
    assert found, label
    return re.sub(r"<[^>]+>|\s", "", found[1])


def test_approval_moves_the_citys_figure_and_only_approval_does(cast, sign_in):
    clerk, county, city = sign_in(cast.clerk), sign_in(cast.county), sign_in(cast.city)
    record = file_lecture(clerk)
    catch_up()
    assert figure(dashboard(city), "职工大讲堂参训人次") == "未填报"
    decide(county, record, "approve")
    catch_up()
    page = dashboard(city)
    assert figure(page, "职工大讲堂参训人次") == "60人次"
    assert figure(page, "职工大讲堂场次") == "1场"
    assert figure(dashboard(sign_in(cast.neighbour_city)), "职工大讲堂场次") == "未填报"


def test_every_figure_opens_the_records_it_counts(cast, sign_in):
    clerk, county, city = sign_in(cast.clerk), sign_in(cast.county), sign_in(cast.city)
    counted = file_lecture(clerk, title="算进去的")
    file_lecture(clerk, title="还没审的")
    decide(county, counted, "approve")
    catch_up()
    url = re.search(r'href="(/records/[^"]*fact=B01\.sessions[^"]*)"', dashboard(city))[1].replace("&amp;", "&")
    page = city.get(url).content.decode()
    assert "算进去的" in page and "还没审的" not in page
    assert "下面就是这个数由哪些记录得来" in page


def test_drill_down_and_the_way_back(cast, sign_in):
    province = sign_in(cast.province)
    page = dashboard(province)
    assert "南京市" in page and "苏州市" in page and "region=3201" in page
    county = dashboard(province, "320115")
    assert "江宁区" in county and "region=3201" in county and "江宁示例机械有限公司" in county


@pytest.mark.parametrize(
    ("who", "region", "status"),
    [
        ("city", "3201", 200),
        ("city", "320115", 200),
        ("city", "3205", 404),
        ("city", "320571", 404),
        ("city", "32", 404),
        ("county", "320115", 200),
        ("county", "320106", 404),
        ("province", "320571", 200),
        ("auditor", "3201", 200),
        ("clerk", "3201", 403),
        ("lead", "3201", 403),
        ("admin", "32", 403),
        ("province", "99", 404),
    ],
)
def test_who_sees_whose_dashboard(cast, sign_in, who, region, status):
    assert sign_in(cast.people[who]).get(reverse("reporting:dashboard"), {"region": region}).status_code == status


def test_unknown_quarter_is_not_found(cast, sign_in):
    assert sign_in(cast.city).get(reverse("reporting:dashboard"), {"quarter": "1999Q1"}).status_code == 404


def test_a_figure_that_cannot_be_chosen_is_named_with_what_is_shown_instead(cast, sign_in):
    city = sign_in(cast.city)
    said = "“NOPE.x”不在可选的范围内，现在显示的是“职工大讲堂场次”。请从列表中重新选择。"
    assert dashboard(city, fact="NOPE.x").count(said) == 1
    assert city.get(reverse("reporting:dashboard_units"), {"fact": "NOPE.x"}).content.decode().count(said) == 1
    for asked in ({}, {"fact": ""}, {"fact": "B01.attendances"}):
        assert "不在可选的范围内" not in dashboard(city, **asked)


def test_the_open_page_notices_new_figures(cast, sign_in):
    clerk, county, city = sign_in(cast.clerk), sign_in(cast.county), sign_in(cast.city)
    catch_up()
    stamp = re.search(r"stamp/\?quarter=\w+&amp;stamp=([^\"]*)", dashboard(city))[1]
    url = f"{reverse('reporting:dashboard_stamp')}?quarter={Quarter.current().code}&stamp={stamp}"
    quiet = city.get(url)
    assert quiet.status_code == 204 and "HX-Trigger" not in quiet
    decide(county, file_lecture(clerk), "approve")
    catch_up()
    assert city.get(url)["HX-Trigger"] == "figures-changed"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(cast, sign_in, rows, django_assert_max_num_queries):
    clerk, county, city = sign_in(cast.clerk), sign_in(cast.county), sign_in(cast.city)
    load_indicators()
    for number in range(rows):
        decide(county, file_lecture(clerk, title=f"第{number}场"), "approve")
    catch_up()
    for browser in (clerk, county, city):
        browser.get("/")  # the first page of a minute also stamps the session
    province = sign_in(cast.province)
    province.get("/")
    Target.objects.create(
        indicator="B04",
        place=cast.places["32"],
        province=cast.places["32"],
        year=Quarter.current().year,
        value=90,
    )
    for quarter in (Quarter.current(), LAST):
        with django_assert_max_num_queries(15):
            dashboard(city, quarter=quarter.code)
        with django_assert_max_num_queries(15):
            dashboard(province, quarter=quarter.code)
        with django_assert_max_num_queries(20):
            dashboard(county, quarter=quarter.code)


def test_many_units_show_their_ends_and_lead_to_all(cast, sign_in):
    for number in range(60):
        make_enterprise(county=cast.places["320115"], name=f"江宁第{number}公司", code=f"9132011500001{number:04d}X")
    county = sign_in(cast.county)
    page = dashboard(county, "320115")
    units = re.findall(r'href="/dashboard/enterprise/\d+/', page.split('id="units"')[1])
    assert len(units) == len(set(units)) == 20 and "查看全部 62 个单位" in page
    address = re.search(r'href="(/dashboard/units/[^"]*)"', page)[1].replace("&amp;", "&")
    seen: list[str] = []
    for number in (1, 2, 3):
        listed = county.get(f"{address}&page={number}").content.decode()
        seen += re.findall(r'href="/dashboard/enterprise/\d+/', listed.split("<tbody>")[1].split("</tbody>")[0])
    assert len(seen) == len(set(seen)) == 62 and set(units) < set(seen)
    assert seen[:10] == units[:10] and seen[-10:] == units[-10:]


def test_few_units_are_all_shown(cast, sign_in):
    page = dashboard(sign_in(cast.county), "320115")
    assert "查看全部" not in page and page.count("江宁示例") >= 2


def test_an_enterprises_figures_stand_under_their_task_areas(cast, sign_in):
    quarter = Quarter.current()
    for title in ("安全生产大家谈", "数控加工入门"):
        filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "approve"), title=title)
    catch_up()
    page = sign_in(cast.clerk).get(f"/enterprises/{cast.enterprise.pk}/").content.decode()
    panel = page.split("近四个季度的数据")[1].split("</section>")[0]
    assert "<summary>思想引领" in panel and panel.index(quarter.short_label) < panel.index(
        quarter.previous().short_label
    )
    assert reverse("reporting:enterprise", args=[cast.enterprise.pk]) in panel
    assert "Q" not in panel.split("<thead>")[1].split("</thead>")[0], "no code of a quarter"
    assert "家）" not in panel, "how many enterprises have something says nothing of one"
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="还没审的")
    panel = sign_in(cast.clerk).get(f"/enterprises/{cast.enterprise.pk}/").content.decode().split("近四个季度的数据")[1]
    assert "另有 1 条待审核" in panel, "what is filed is not 未填报"


def test_of_what_only_some_are_asked_the_others_are_not_missing(cast, sign_in):
    """Only state-owned enterprises tell how many teams have no party member."""
    page = dashboard(sign_in(cast.county), "320115")
    assert "0 家已报（只问部分企业）" in page and "0 / 2 家已登记" not in page


def test_a_trend_begins_with_the_portal(cast, sign_in):
    ReportingQuarter.objects.filter(code__lt=LAST.code).delete()
    board = sign_in(cast.county).get(reverse("reporting:dashboard"), {"quarter": LAST.code}).context["board"]
    assert [row[0] for row in board.trend.rows] == [LAST.label], "of quarters before nobody was asked"
    panel = sign_in(cast.clerk).get(f"/enterprises/{cast.enterprise.pk}/").content.decode().split("近四个季度的数据")[1]
    assert Quarter.current().short_label in panel or "还没有已通过审核的数据" in panel
    assert LAST.previous().short_label not in panel.split("</section>")[0]


def test_a_quarter_that_still_runs_is_named_in_the_trend(cast, sign_in):
    """Its point lies low because it is not over: under the chart and in the table beside it."""
    decide(sign_in(cast.county), file_lecture(sign_in(cast.clerk)), "approve")
    catch_up()
    browser, now = sign_in(cast.city), Quarter.current()
    running, short = f"{now.label}（未结束）", now.short_label.replace("年", r"年\n") + r"\n（未结束）"
    page = dashboard(browser, quarter=now.code)
    assert running in page and short in page
    assert "（未结束）" not in dashboard(browser, quarter=now.previous().code)


def test_the_workbook_says_what_the_page_says_and_is_on_record(cast, sign_in):
    clerk, county, city = sign_in(cast.clerk), sign_in(cast.county), sign_in(cast.city)
    decide(county, file_lecture(clerk), "approve")
    catch_up()
    response = city.get(reverse("reporting:dashboard_export"), {"region": "3201", "fact": "B01.attendances"})
    book = load_workbook(io.BytesIO(b"".join(response) if response.streaming else response.content))
    assert book.sheetnames == ["说明", "要处理的", "全部数据", "下级单位", "走势", "指标"]
    told = {row[0]: row[1] for row in book["说明"].iter_rows(min_row=2, values_only=True)}
    assert told["地区"] == "南京市" and told["下级单位比较的数据项"] == "职工大讲堂参训人次"
    figures = {row[0]: row for row in book["全部数据"].iter_rows(min_row=2, values_only=True)}
    assert figures["职工大讲堂参训人次"][2] == 60 and figures["新发展党员"][2] is None, (
        "what nobody told is empty, not 0"
    )
    units = {row[0]: row[1] for row in book["下级单位"].iter_rows(min_row=2, values_only=True)}
    assert units.pop("江宁区") == units.pop("合计") == 60 and set(units.values()) == {None}
    assert Entry.objects.filter(event="reporting.dashboard_exported", actor=cast.city).count() == 1
    assert (
        sign_in(cast.neighbour_city).get(reverse("reporting:dashboard_export"), {"region": "3201"}).status_code == 404
    )
    assert sign_in(cast.clerk).get(reverse("reporting:dashboard_export")).status_code == 403


# --- indicators ---------------------------------------------------------------------------------------


def _aim(place, code: str, value: int, start: int | None = None) -> None:
    Target.objects.create(
        indicator=code,
        place=place,
        province=place.province or place,
        city=place.city,
        year=LAST.year,
        value=value,
        start=start,
    )


def test_the_front_page_names_the_indicators_behind_or_worse_and_leads_to_all(cast, sign_in):
    """B04 is behind its target, and B01-1 is not."""
    load_indicators()
    party(cast, new=10, front=5)
    lecture(cast, attendances=40)
    catch_up()
    county = cast.places["320115"]
    _aim(county, "B04", 90, start=0)
    _aim(county, "B01-1", 1, start=0)
    Indicator.objects.update(target=None)
    values = {one.code: one for one in indicator_values(county, LAST)}
    assert values["B04"].mark.light in (Light.BEHIND, Light.FAR) and values["B01-1"].mark.light is Light.MET
    response = sign_in(cast.county).get(reverse("reporting:dashboard"), {"quarter": LAST.code})
    page, board = response.content.decode(), response.context["board"]
    card = page.split('id="indicators"')[1].split("</section>")[0]
    assert [one.value.code for one in board.watched] == ["B04"] and "B04 " in card and "B01-1 " not in card
    assert "有目标或要求值的 2 项：" in card and str(Light.MET.label) in card
    in_force = Indicator.objects.in_force(LAST).count()
    assert f"全部 {in_force} 项指标" in card
    counts = [int(number) for number in re.findall(r"&amp;area=[^\"]*\">\S+ (\d+)</a>", card)]
    assert sum(counts) == in_force, "every area is led to"


def test_what_became_worse_than_a_year_before_is_named_though_it_meets_its_target(cast, sign_in):
    load_indicators()
    year_before = LAST.year_before()
    ensure_quarter(year_before)
    party(cast, quarter=year_before, new=10, front=9)
    party(cast, new=10, front=6)
    catch_up()
    county = cast.places["320115"]
    Indicator.objects.update(target=None)
    _aim(county, "B04", 50, start=50)
    (one,) = sign_in(cast.county).get(reverse("reporting:dashboard"), {"quarter": LAST.code}).context["board"].watched
    assert one.is_worse and not one.is_off and one.value.mark.light is Light.MET
    Indicator.objects.filter(code="B04").update(direction=Direction.NONE)
    page = sign_in(cast.county).get(reverse("reporting:dashboard"), {"quarter": LAST.code})
    assert page.context["board"].watched == [], "of what is neither better nor worse nothing became worse"


def test_indicators_stand_area_by_area_with_both_comparisons(cast, sign_in):
    load_indicators()
    for quarter, front in ((LAST.year_before(), 9), (LAST.previous(), 8), (LAST, 6)):
        ensure_quarter(quarter)
        party(cast, quarter=quarter, new=10, front=front)
    catch_up()
    county = sign_in(cast.county)
    (area,) = Indicator.objects.in_force(LAST).filter(code="B04").values_list("area", flat=True)
    address = reverse("reporting:dashboard_indicators")
    found = county.get(address, {"quarter": LAST.code, "area": area})
    measured = {one.value.code: one for one in found.context["found"].measured}
    assert set(measured) == set(Indicator.objects.in_force(LAST).filter(area=area).values_list("code", flat=True))
    assert measured["B04"].over_year.comparison.before == 90 and measured["B04"].over_quarter is not None
    page = found.content.decode()
    assert "个百分点" in page and 'aria-current="page"' in page and "B04 " in page
    wrong = county.get(address, {"quarter": LAST.code, "area": "没有的"}).content.decode()
    assert wrong.count("没有“没有的”这个领域的指标，现在显示的是“") == 1
    assert county.get(address, {"quarter": NOW.code}).status_code == 200
    assert county.get(address, {"region": "3205"}).status_code == 404
    assert sign_in(cast.clerk).get(address).status_code == 403


def test_queries_of_the_indicators_do_not_grow(cast, sign_in, django_assert_max_num_queries):
    load_indicators()
    party(cast, new=10, front=6)
    catch_up()
    _aim(cast.places["320115"], "B04", 50)
    county = sign_in(cast.county)
    county.get("/")
    with django_assert_max_num_queries(10):
        county.get(reverse("reporting:dashboard_indicators"), {"quarter": LAST.code})
