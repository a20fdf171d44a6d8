"""Dashboards: an approval moves the figure, every figure opens what it counts, a gap is no zero."""

import re

import pytest
from django.urls import reverse

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from tests.cast import make_enterprise
from tests.contracts.world import filed
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
    url = re.search(r'href="([^"]*fact=B01\.sessions[^"]*)"', dashboard(city))[1].replace("&amp;", "&")
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
    for number in range(rows):
        decide(county, file_lecture(clerk, title=f"第{number}场"), "approve")
    catch_up()
    for browser in (clerk, county, city):
        browser.get("/")  # the first page of a minute also stamps the session
    with django_assert_max_num_queries(14):
        dashboard(city, quarter=Quarter.current().code)
    with django_assert_max_num_queries(17):
        dashboard(county, quarter=Quarter.current().code)


def test_many_units_show_their_ends_and_lead_to_all(cast, sign_in):
    for number in range(60):
        make_enterprise(county=cast.places["320115"], name=f"江宁第{number}公司", code=f"9132011500001{number:04d}X")
    county = sign_in(cast.county)
    page = dashboard(county, "320115")
    units = re.findall(r'href="/enterprises/\d+/"', page.split('id="units"')[1])
    assert len(units) == len(set(units)) == 20 and "查看全部 62 个单位" in page
    address = re.search(r'href="(/dashboard/units/[^"]*)"', page)[1].replace("&amp;", "&")
    seen: list[str] = []
    for number in (1, 2, 3):
        listed = county.get(f"{address}&page={number}").content.decode()
        seen += re.findall(r'href="/enterprises/\d+/"', listed.split("<tbody>")[1].split("</tbody>")[0])
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
    assert '<th scope="rowgroup" colspan="5">思想引领</th>' in panel and quarter.short_label in panel
    assert "Q" not in panel.split("<thead>")[1].split("</thead>")[0], "no code of a quarter"
    assert "家）" not in panel, "how many enterprises have something says nothing of one"
