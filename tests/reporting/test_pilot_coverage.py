"""The reach of the pilots: every number opens exactly the enterprises it counts."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from enterprises.models import Enterprise, Industry
from enterprises.pilots.actions import open_pilot
from enterprises.pilots.resources import ClusterResource
from foundation.audit.models import Entry
from reporting.pilots.queries import pilot_reach
from tests.cast import make_enterprise

pytestmark = pytest.mark.django_db

PAGE = "reporting:pilot_coverage"


@pytest.fixture
def spread(cast):
    """Three counties of two cities: an enterprise of two tiers, one of none, one of another industry without a headcount."""
    open_pilot(acting_user=cast.province, subject=cast.enterprise, values={"tier": "provincial"})
    open_pilot(acting_user=cast.county, subject=cast.enterprise, values={"tier": "county"})
    Enterprise.objects.filter(pk=cast.second_enterprise.pk).update(pilot_tier="none")
    Industry.objects.create(code="I6513", level="class", name="应用软件开发")
    Industry.objects.create(code="I", level="section", name="信息传输、软件和信息技术服务业")
    Enterprise.objects.filter(pk=cast.gulou_enterprise.pk).update(
        industry_id="I6513", headcount=None, frontline_count=None
    )
    values = {"kind": "chain", "name": "示例链", "place": cast.places["3201"], "note": ""}
    chain = ClusterResource().save(acting_user=cast.city, values=values)
    open_pilot(acting_user=cast.city, subject=chain, values={"tier": "city"})
    return cast


def test_an_enterprise_of_two_tiers_is_counted_once(spread):
    reach = pilot_reach(spread.places["32"])
    assert (reach.total.enterprises, reach.total.pilots, reach.total.tiers["county"]) == (4, 3, 0)
    assert (reach.total.tiers["provincial"], reach.total.tiers["city"], reach.total.staff) == (1, 2, 400)
    cuts = {cut.title: {line.label: line for line in cut.lines} for cut in reach.cuts}
    assert {label: line.pilots for label, line in cuts["按地区"].items()} == {"南京市": 2, "苏州市": 1}
    assert cuts["按所有制"]["国有及国有控股"].enterprises == 1 and cuts["按所有制"]["国有及国有控股"].pilots == 0
    software = cuts["按行业门类"]["I 信息传输、软件和信息技术服务业"]
    assert (software.pilots, software.staff) == (1, None), "unknown is not zero"
    for lines in cuts.values():
        assert sum(line.enterprises for line in lines.values()) == 4
    assert [(label, [n for _t, n, _u in cells]) for label, cells in reach.clusters] == [
        ("产业园区", [0, 0, 0, 0, 0]),
        ("产业链", [0, 0, 1, 0, 0]),
    ]


def test_every_number_opens_the_enterprises_it_counts(spread, sign_in):
    city = sign_in(spread.city)
    reach = pilot_reach(spread.places["3201"])
    checked = 0
    for line in [reach.total, *(line for cut in reach.cuts for line in cut.lines)]:
        numbers = [(line.enterprises, line.enterprises_url), (line.pilots, line.pilots_url)]
        for number, url in [*numbers, *((number, url) for _tier, number, url in line.cells())]:
            assert len(city.get(url).context["table"].page.object_list) == number, url
            checked += number
    assert checked > 20
    (number, url) = next((number, url) for _label, cells in reach.clusters for _tier, number, url in cells if number)
    assert len(city.get(url).context["table"].page.object_list) == number


def test_an_office_drills_down_in_its_own_area_only(spread, sign_in):
    city, url = sign_in(spread.city), reverse(PAGE)
    page = city.get(url).content.decode()
    assert "南京市 · 试点覆盖" in page and "?region=320115" in page
    below = city.get(url, {"region": "320115"}).content.decode()
    assert "江宁区" in below and 'aria-label="上级地区"' in below and "按地区" not in below
    assert city.get(url, {"region": "3205"}).status_code == 404
    assert sign_in(spread.county).get(url, {"region": "3201"}).status_code == 404
    assert sign_in(spread.clerk).get(url).status_code == 403


def test_the_workbook_says_what_the_page_says(spread, sign_in):
    book = load_workbook(BytesIO(sign_in(spread.province).get(reverse("reporting:pilot_coverage_export")).content))
    assert book.sheetnames == ["按地区", "按所有制", "按行业门类", "园区和产业链试点", "说明"]
    rows = list(book["按地区"].iter_rows(values_only=True))
    assert rows[-1][:3] == ("合计", 4, 3) and rows[1][0] == "南京市"
    assert Entry.objects.filter(event="reporting.pilot_reach_exported").exists()


def test_more_enterprises_cost_no_more_queries(spread, sign_in):
    province = sign_in(spread.province)
    province.get(reverse(PAGE))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert province.get(reverse(PAGE)).status_code == 200
        return len(captured)

    few = queries()
    for number in range(3):
        make_enterprise(
            county=spread.places["320106"], name=f"鼓楼示例第{number}公司", code=f"9132010600000{number:04d}X"
        )
    assert queries() == few <= 8
