"""The page of a city or county: its figures are those of its dashboard, its peers those of its level, and nobody beside it
sees it."""

import re
from decimal import Decimal
from html import unescape
from io import BytesIO
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from enterprises.profiles.facts import HEADCOUNT
from foundation.audit.models import Entry
from foundation.places.models import Place
from foundation.ratios import per
from indicators.closing import close_quarter
from indicators.models import Indicator, PlaceTotal
from indicators.queries import compared, figures, indicator_values
from records.models import ReportingQuarter
from reporting.overviews.content import overview_of
from tests.cast import make_enterprise
from tests.indicators.helpers import LAST, NOW

pytestmark = pytest.mark.django_db

SESSIONS, MEMBERS = "B01.sessions", "B03.members"


def overview(cast, code: str, quarter=LAST, who="province"):
    known = list(ReportingQuarter.objects.order_by("-code"))
    row = next((row for row in known if row.code == quarter.code), None)
    place = Place.objects.select_related("parent", "province", "city").get(code=code)
    return overview_of(place, quarter, cast.people[who], known, row)


def lines_of(found) -> dict:
    return {line.fact.code: line for area in found.areas for line in area.lines}


@pytest.mark.parametrize("code", ["32", "3201", "320115"])
def test_its_figures_are_those_of_its_dashboard(reported, code):
    found, place = overview(reported, code), reported.places[code]
    own, past = figures(place, LAST), compared(place, LAST)
    lines = lines_of(found)
    assert {fact for fact, one in own.items() if one.value is not None} <= set(lines)
    for fact, line in lines.items():
        assert line.value == own[fact].value and line.series[-1] == own[fact].value
        assert (line.over_quarter.comparison if line.over_quarter else None) == past.quarter.get(fact)
        assert (line.over_year.comparison if line.over_year else None) == past.year.get(fact)
    aimed = {one.value.code: one.value for one in found.aimed}
    said = {one.code: one for one in indicator_values(place, LAST) if one.mark and one.mark.way}
    assert said and {code: (one.value, one.mark) for code, one in aimed.items()} == {
        code: (one.value, one.mark) for code, one in said.items()
    }


def test_rates_are_held_against_five_regions_of_its_level_or_none(reported):
    assert lines_of(overview(reported, "3201"))[SESSIONS].peers is None, "two cities are no level to be held against"
    province = reported.places["32"]
    cities = [
        Place.objects.create(level="city", code=f"320{n}", name=f"示例{n}市", parent=province, province=province)
        for n in (2, 3, 4)
    ]
    for number, city in enumerate(cities, start=1):
        for fact, value in ((SESSIONS, number), (HEADCOUNT, 1000)):
            PlaceTotal.objects.create(place=city, quarter=LAST.code, fact=fact, value=value, reporting=1, witnessed=1)
    line = lines_of(overview(reported, "3201"))[SESSIONS]
    own = figures(reported.places["3201"], LAST)
    assert line.rate == per(1000, own[SESSIONS].value, own[HEADCOUNT].value) and line.rate_unit == "场/千人"
    suzhou = figures(reported.places["3205"], LAST)
    rates = [line.rate, per(1000, suzhou[SESSIONS].value, suzhou[HEADCOUNT].value), *map(Decimal, (1, 2, 3))]
    assert (line.peers.median, line.peers.units) == (median(rates), 5)
    assert overview(reported, "32").level == [], "nothing is beside the province"


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("city", "3201", 200),
        ("city", "320115", 200),
        ("county", "320115", 200),
        ("province", "320571", 200),
        ("auditor", "32", 200),
        ("city", "32", 404),
        ("city", "3205", 404),
        ("county", "3201", 404),
        ("county", "320106", 404),
        ("province", "999999", 404),
        ("clerk", "320115", 403),
        ("admin", "32", 403),
    ],
)
def test_who_sees_whose_page(reported, sign_in, who, code, status):
    browser = sign_in(reported.people[who])
    assert browser.get(reverse("reporting:overview", args=[code])).status_code == status
    assert browser.get(reverse("reporting:overview_export", args=[code])).status_code == status


def test_the_page_leads_up_and_down_and_says_what_is_exceptional(reported, sign_in):
    address = reverse("reporting:overview", args=["3201"])
    page = sign_in(reported.province).get(address, {"quarter": LAST.code}).content.decode()
    links = [unescape(one) for one in re.findall(r'href="([^"]+)"', page)]
    for code in ("32", "320115", "320106"):
        assert f"{reverse('reporting:overview', args=[code])}?quarter={LAST.code}" in links
    assert f"/dashboard/?region=3201&quarter={LAST.code}" in links
    assert "要处理的" in page and 'id="state"' in page and "应报事项" in page and "合规检查" in page
    city = sign_in(reported.city).get(address, {"quarter": LAST.code}).content.decode()
    assert reverse("reporting:overview", args=["32"]) not in city, "what one may not see is not offered"
    board = sign_in(reported.city).get(reverse("reporting:dashboard"), {"quarter": LAST.code}).content.decode()
    assert f"{address}?quarter={LAST.code}" in board


def test_the_workbook_says_what_the_page_says(reported, sign_in):
    response = sign_in(reported.city).get(reverse("reporting:overview_export", args=["3201"]), {"quarter": LAST.code})
    book = load_workbook(BytesIO(b"".join(response) if response.streaming else response.content))
    rows = {row[1]: row for row in book["数据"].iter_rows(min_row=2, values_only=True)}
    lines = {line.label: line for line in lines_of(overview(reported, "3201")).values()}
    assert set(rows) == set(lines)
    assert rows["党员总数"][3:5] == (90, "2/3 家已报")
    said = {row[0]: row[1] for row in book["概况"].iter_rows(min_row=2, values_only=True)}
    assert said["地区"] == "南京市" and said["季度"] == LAST.label and said["在册企业（家）"] == 3
    assert Entry.objects.filter(event="reporting.overview_exported", actor=reported.city).count() == 1


def test_a_frozen_quarter_says_so_and_keeps_its_figures(reported, sign_in):
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=True)
    close_quarter(acting_user=reported.province, quarter=LAST)
    before = {code: line.value for code, line in lines_of(overview(reported, "320115")).items()}
    make_enterprise(county=reported.places["320115"], name="江宁后来公司", code="91320115000019999X")
    assert {code: line.value for code, line in lines_of(overview(reported, "320115")).items()} == before
    page = sign_in(reported.county).get(reverse("reporting:overview", args=["320115"]), {"quarter": LAST.code})
    assert "本季度已关闭，数字已冻结" in page.content.decode()


def test_more_units_cost_no_more_queries(reported, sign_in):
    browser = sign_in(reported.province)
    browser.get("/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            browser.get(reverse("reporting:overview", args=["3201"]), {"quarter": NOW.code})
        return len(seen)

    few = cost()
    nanjing = reported.places["3201"]
    for number in (1, 2):
        county = Place.objects.create(
            level="county",
            code=f"32019{number}",
            name=f"示例{number}区",
            parent=nanjing,
            city=nanjing,
            province=nanjing.province,
        )
        make_enterprise(county=county, name=f"示例{number}公司", code=f"9132019{number}00000001X")
    assert cost() == few <= 28


def test_a_percentage_is_written_with_its_decimal(reported, sign_in):
    """100.0 on the dashboard is no 100 here."""
    place = reported.places["3201"]
    whole = next(
        one
        for one in indicator_values(place, LAST)
        if one.unit == "%" and one.value is not None and one.value == one.value.to_integral_value()
    )
    Indicator.objects.filter(code=whole.code).update(target=1)
    said = sign_in(reported.province).get(reverse("reporting:overview", args=["3201"]), {"quarter": LAST.code})
    assert f"{whole.value:.1f} %" in said.content.decode()
    assert not re.search(r">\s*[\d,]+ %", said.content.decode())
