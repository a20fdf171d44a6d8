"""What a region's office reports of itself, among the figures of the units below: who told it, and that it adds up."""

from io import BytesIO

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from indicators.fill import catch_up
from indicators.models import FactValue, PlaceTotal
from records.core.actions import act, file_record
from records.core.kinds import kind_by_slug
from reporting.crosstable.asking import TableForm
from reporting.crosstable.content import build_table
from reporting.dashboards.content import build_dashboard
from reporting.dashboards.exporting import unit_rows
from reporting.links import with_links
from reporting.rendering.content import Edition, build_content
from reporting.rendering.pdf import document_html
from reporting.rendering.xlsx import render_xlsx
from reporting.snapshot import build_snapshot
from tests.contracts.world import values_for
from tests.indicators.helpers import LAST, NOW
from tests.reporting import samples

pytestmark = pytest.mark.django_db
STUDIES, ENTERPRISES = "A12.studies", "A12.enterprises"


@pytest.fixture
def studied(cast):
    """A county and its city each looked into enterprises: ten and thirty."""
    kind = kind_by_slug("services.research")
    steps = (("320115", cast.county, cast.county_colleague, 10), ("3201", cast.city, cast.province, 30))
    for code, person, deciding, enterprises in steps:
        place = cast.places[code]
        values = values_for(kind.slug, place, enterprises=enterprises, outcome="report", adopted_in="")
        record = file_record(acting_user=person, kind=kind, filer=place, values=values, hand_in=True)
        act(acting_user=deciding, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    return cast


def test_what_offices_report_is_told_by_offices_not_of_so_many_enterprises(studied, sign_in):
    found = build_dashboard(studied.places["3201"], NOW, {"fact": ENTERPRISES})
    assert (found.ranked.total.cell.value, found.ranked.total.cell.detail) == (40, "2 个产改办已报")
    form = TableForm(QueryDict(f"rows=county&value={ENTERPRISES}&quarter={NOW.code}"), region=studied.places["3201"])
    assert form.is_valid()
    table = build_table(form.spec())
    assert table.total and table.total.cells[0].detail == "2 个产改办已报"
    page = sign_in(studied.city).get(reverse("reporting:dashboard"), {"region": "3201", "fact": ENTERPRISES})
    assert "2 个产改办已报" in page.content.decode()


@pytest.mark.parametrize(("region", "own"), [("3201", 30), ("320115", 10)])
def test_what_the_office_itself_reported_stands_in_a_row_so_that_the_rows_add_up(studied, sign_in, region, own):
    place = studied.places[region]
    found = build_dashboard(place, NOW, {"fact": ENTERPRISES})
    ranked, label = found.ranked, f"{place.name}本级"
    assert ranked.own and (ranked.own.name, ranked.own.cell.value) == (label, own)
    told = [unit.cell.value or 0 for unit in [*ranked[:], ranked.own]]
    assert sum(told) == ranked.total.cell.value
    assert [row[:2] for row in unit_rows(ranked)][-2:] == [[label, own], ["合计", ranked.total.cell.value]]
    assert found.ranking and [label, own] in [row[:2] for row in found.ranking.rows]
    browser = sign_in(studied.city)
    for name in ("dashboard", "dashboard_units"):
        page = browser.get(reverse(f"reporting:{name}"), {"region": region, "fact": ENTERPRISES}).content.decode()
        assert label in page and "0/0 家" not in page
    listed = browser.get(ranked.own.figure_url).context["table"].rows
    assert [row.record.office.code for row in listed] == [region], "it opens the office's records alone"


def test_the_row_of_the_office_itself_has_its_changes(cast):
    """Told by one office alone: beside its own earlier values, not over enterprises that reported twice; the region's totals
    of the same quarters stay out of it."""
    city = cast.places["3201"]
    for quarter, studies in ((LAST, 12), (LAST.previous(), 10), (LAST.year_before(), 16)):
        FactValue.objects.create(place=city, region=city, quarter=quarter.code, fact=STUDIES, value=studies)
        total = {"value": 900, "reporting": 9, "witnessed": 9}
        PlaceTotal.objects.create(place=city, quarter=quarter.code, fact=STUDIES, **total)
    own = build_dashboard(city, LAST, {"fact": STUDIES}).ranked.own
    assert own and own.over_quarter and own.over_year
    assert (own.cell.value, own.over_quarter.text, own.over_year.text) == (12, "+2（+20.0%）", "-4（-25.0%）")
    running = build_dashboard(city, NOW, {"fact": STUDIES}).ranked.own
    assert running is None, "nothing of this quarter yet"


def test_the_printed_table_of_units_adds_up():
    """What the office told stands in a row of its own below the units; a column of which it told nothing has a dash, and the
    row opens the office's own records."""
    snapshot = samples.provincial()
    told = sum(unit["values"]["B01.sessions"] or 0 for unit in snapshot["units"])
    snapshot["own"] = {"B01.sessions": 1302 - told, "A12.studies": 4}
    content = build_content(snapshot, Edition())
    place = [column.label for column in content.units.columns].index("讲堂场次")
    *units, own = content.units.rows
    assert [cell.text for cell in own[:3]] == ["江苏省本级", "—", "—"]
    assert content.units.total and sum(
        int(row[place].text.replace(",", "")) for row in content.units.rows if not row[place].is_missing
    ) == int(content.units.total[place].text.replace(",", ""))
    assert own[place + 1].text == "—" and own[place + 1].fact == ""
    linked = with_links(content).units.rows[-1][place].url
    assert "office=32" in linked and "office=" not in with_links(content).units.rows[0][place].url
    assert "江苏省本级" in document_html(content)
    snapshot["own"] = {"A12.studies": 4}
    assert len(build_content(snapshot, Edition()).units.rows) == len(units), "no row of dashes"


def test_the_report_s_workbook_has_the_row_too(studied):
    snapshot = build_snapshot(studied.places["3201"], NOW)
    sheet = load_workbook(BytesIO(render_xlsx(build_content(snapshot, Edition()))))["分地区"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (head,) = [row for row in rows if row[0] == "代码"]
    column = next(i for i, one in enumerate(snapshot["figures"], 4) if one["code"] == ENTERPRISES)
    assert head[1] == "单位" and rows[-2][1] == "南京市本级" and rows[-2][column] == 30
    numbers = [row[column] for row in rows[rows.index(head) + 1 : -1]]
    assert sum(n for n in numbers if isinstance(n, int)) == rows[-1][column] == 40
    older = {key: value for key, value in snapshot.items() if key != "own"}
    names = [row[1].value for row in load_workbook(BytesIO(render_xlsx(build_content(older, Edition()))))["分地区"]]
    assert "南京市本级" not in names


def test_without_anything_of_its_own_there_is_no_row_and_no_more_queries(studied):
    place = studied.places["3205"]
    ranked = build_dashboard(place, NOW, {"fact": ENTERPRISES}).ranked
    assert ranked.own is None and [unit.name for unit in ranked.last_rows] == ["合计"]
    with CaptureQueriesContext(connection) as plain:
        build_dashboard(studied.places["3201"], NOW, {"fact": "REG.enterprises"})
    with CaptureQueriesContext(connection) as told:
        build_dashboard(studied.places["3201"], NOW, {"fact": ENTERPRISES})
    assert len(told) <= len(plain) + 1
