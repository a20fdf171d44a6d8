"""同比 on the dashboard, in the API and in the report is one and the same comparison."""

import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from indicators import queries
from indicators.fill import catch_up
from indicators.models import FactValue
from indicators.pairs import follow
from indicators.totals import store_totals
from records.duties.actions import ensure_quarter
from reporting.rendering.content import Edition, build_content
from reporting.rendering.xlsx import render_xlsx
from reporting.snapshot import build_snapshot
from tests.api.conftest import Caller
from tests.cast import Cast
from tests.indicators.helpers import LAST, lecture, party

pytestmark = pytest.mark.django_db

THEN = LAST.year_before()
FACT = "B03.members"


@pytest.fixture
def reported(cast: Cast) -> Cast:
    ensure_quarter(THEN)
    party(cast, quarter=THEN, new=0, front=0, total=40)
    party(cast, quarter=LAST, new=0, front=0, total=30)
    party(cast, quarter=LAST, who="second_enterprise", new=0, front=0, total=100)
    lecture(cast)
    catch_up()
    return cast


def card(browser, region: str, label: str) -> list[str]:
    """The lines below a key figure's value."""
    address = reverse("reporting:dashboard")
    page = browser.get(address, {"region": region, "quarter": LAST.code}).content.decode()
    found = re.search(rf'stat-label">{label}</div>(.*?)(?:<div class="stat">|<div class="board-choose)', page, re.S)
    lines = re.findall(r'<div class="stat-(?:delta|hint)">(.*?)</div>', found[1], re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def of_api(cast: Cast, region: str) -> dict[str, dict]:
    sheet = Caller(cast.province).get("indicators/values/", region=region, quarter=LAST.code).json()
    return {figure["code"]: figure for figure in sheet["figures"]}


@pytest.mark.parametrize("region", ["32", "3201", "320115"])
def test_one_comparison_on_every_face(reported: Cast, sign_in, region: str) -> None:
    place = reported.places[region]
    found = queries.comparisons(place, LAST, queries.Against.YEAR)[FACT]
    assert (found.value, found.before, found.enterprises) == (30, 40, 1), "of 130 and 40 only one told it both years"
    assert (found.text, found.growth) == ("-10", None), "what one enterprise did is no share of a region"
    assert "可比企业 1 家，同比 -10" in card(sign_in(reported.province), region, "党员总数")
    answer = of_api(reported, region)[FACT]
    assert answer["over_year"] == {"value": 30, "before": 40, "change": -10, "growth": None, "enterprises": 1}
    assert (answer["over_quarter"], answer["no_year"], answer["value"]) == (None, "", 130)
    snapshot = build_snapshot(place, LAST)
    kept = next(one for one in snapshot["figures"] if one["code"] == FACT)
    assert kept["over_year"] == {"value": 30, "before": 40, "enterprises": 1}
    content = build_content(snapshot, Edition())
    row = next(row for row in content.trend.rows if row[0].text == "党员总数")
    assert [cell.text for cell in row[-2:]] == ["-10", "1"]
    sheet = load_workbook(io.BytesIO(render_xlsx(content)))["总体"]
    printed = next(line for line in sheet.iter_rows(min_row=4, values_only=True) if line[0] == FACT)
    assert printed[10:13] == (30, 40, 1)


def test_no_data_of_a_year_ago_is_said_everywhere(reported: Cast, sign_in) -> None:
    assert "上年同期没有数据" in card(sign_in(reported.city), "3201", "职工大讲堂场次")
    answer = of_api(reported, "3201")["B01.sessions"]
    assert (answer["over_year"], answer["no_year"]) == (None, "no_data")
    kept = next(
        one for one in build_snapshot(reported.places["3201"], LAST)["figures"] if one["code"] == "B01.sessions"
    )
    assert (kept["over_year"], kept["no_year"]) == (None, "no_data")
    nothing = of_api(reported, "320571")["B01.sessions"]
    assert (nothing["value"], nothing["over_year"], nothing["no_year"]) == (None, None, "")
    assert not any("上年" in line for line in card(sign_in(reported.province), "320571", "职工大讲堂场次"))


def test_a_report_that_was_made_keeps_what_it_compared(reported: Cast) -> None:
    """Whatever is told of the year before later: its snapshot says the same, in every face."""
    snapshot = build_snapshot(reported.places["3201"], LAST)
    before = render_xlsx(build_content(snapshot, Edition()))
    FactValue.objects.filter(place=reported.enterprise.place, quarter=THEN.code, fact=FACT).update(value=10)
    store_totals(THEN)
    follow(THEN, [FACT], None)
    assert queries.comparisons(reported.places["3201"], LAST, queries.Against.YEAR)[FACT].before == 10
    assert render_xlsx(build_content(snapshot, Edition())) == before
