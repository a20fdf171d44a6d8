"""A figure is the same number wherever it is shown: on the page of figures, in its workbook, in the API, in the list it opens
and in the cross table; and so is how many told it."""

import io
import re
from collections.abc import Collection
from decimal import Decimal
from html import unescape

import factory.random
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from enterprises.models import Enterprise
from foundation.access.models import Role
from foundation.accounts.models import User
from foundation.facts.declaring import declared_facts, extent_facts, key_facts, source_of_fact
from foundation.places.models import Place
from foundation.ui.formats import amount
from indicators.fill import catch_up
from indicators.loading import load_indicators
from indicators.queries import board
from records.core.bulk import create_records, move_records
from records.core.factories import build_record
from records.core.kinds import RecordKind, all_kinds
from records.duties.actions import generate_duties, make_statement
from records.models import DutyRule
from reporting.crosstable.asking import INDICATOR, MOST_VALUES
from reporting.links import fact_url
from tests.cast import Cast, make_person
from tests.contracts.filing import filing
from tests.indicators.helpers import LAST

pytestmark = pytest.mark.django_db

#: Value and how many told it; None where a place does not say the one or the other.
Said = tuple[Decimal | None, int | None]


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """A record of every kind of three enterprises of three counties, and of offices; one said that there was nothing."""
    load_indicators()
    factory.random.reseed_random("everywhere")
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(LAST)
    for who, county, name in (
        ("clerk", "county", "enterprise"),
        ("second_clerk", "county", "second_enterprise"),
        ("neighbour", "neighbour_county", "neighbour_enterprise"),
    ):
        for kind in all_kinds():
            if kind.is_reported_by(cast.enterprises[name]):
                _file(kind, cast.enterprises[name], cast.people[who], cast.people[county])
    for kind in all_kinds():
        if not kind.is_retired and not kind.is_reported_by(cast.enterprise):
            by = filing(kind, cast)
            _file(kind, by.filer, by.by, by.deciding[0])
    clerk = make_person("gulou_clerk", "郭经办", Role.CLERK, cast.gulou_enterprise.place)
    make_statement(acting_user=clerk, enterprise=cast.gulou_enterprise, quarter=LAST, is_nil=True, asks=False)
    catch_up()
    return cast


def _file(kind: RecordKind, filer: Enterprise | Place, by: User, officer: User) -> None:
    """One of the factory's, handed in and approved."""
    draft = build_record(kind, enterprise=filer, day=LAST.last_day)
    (made,) = create_records(acting_user=by, kind=kind, drafts=[draft], origin="sample")
    for person, action in ((by, "submit"), (officer, "approve")):
        (outcome,) = move_records(acting_user=person, record_ids=[made.pk], action=action, asks=False)
        assert outcome.ok, outcome.message


def _number(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def _api(browser: Client, place: Place) -> tuple[dict[str, dict], dict[str, dict]]:
    """The figures and the indicators, by code."""
    sheet = browser.get(reverse("api:figures"), {"region": place.code, "quarter": LAST.code}).json()
    return {row["code"]: row for row in sheet["figures"]}, {row["code"]: row for row in sheet["indicators"]}


def _workbook(browser: Client, place: Place) -> tuple[dict[str, Said], dict[str, tuple[Decimal | None, str]]]:
    """Of each figure, by its code, and of each indicator, by its name: the value with how many told it, as a number or in
    words."""
    answer = browser.get(reverse("reporting:dashboard_export"), {"region": place.code, "quarter": LAST.code})
    book = load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content), read_only=True)
    told, measured = (list(book[name].iter_rows(values_only=True)) for name in ("全部数据", "指标"))
    code, value, reporting = (told[0].index(head) for head in ("编号", LAST.label, "已报单位（个）"))
    figures = {str(row[code]): (_number(row[value]), int(row[reporting])) for row in told[1:]}
    coverage = measured[0].index("覆盖")
    return figures, {str(row[1]): (_number(row[2]), row[coverage] or "") for row in measured[1:]}


def _table(browser: Client, place: Place, codes: Collection[str]) -> dict[str, tuple[Said, str] | None]:
    """The totals of the cross table, by code, with the text that stands in the cell; None where few persons are hidden."""
    found: dict[str, tuple[Said, str] | None] = {}
    asked = list(codes)
    for start in range(0, len(asked), MOST_VALUES):
        query = {
            "region": place.code,
            "rows": "county",
            "since": LAST.code,
            "quarter": LAST.code,
            "value": asked[start : start + MOST_VALUES],
        }
        table = browser.get(reverse("reporting:table"), query).context["table"]
        for cell in table.total.cells:
            said = (cell.value, cell.reporting)
            found[cell.measure.code] = None if cell.is_hidden else (said, cell.text)
    return found


def _shown(page: str, label: str) -> str:
    """What stands under a label of the page's figures, without spaces."""
    head = rf'stat-label">(?:(?!</div>).)*?{re.escape(label)}(?:(?!</div>).)*</div>'
    found = re.search(head + r'\s*<div class="stat-value">(.*?)</div>', page, re.DOTALL)
    assert found, label
    return re.sub(r"<[^>]+>|\s", "", unescape(found[1]))


def _indicator_rows(page: str) -> dict[str, tuple[str, str]]:
    """By code and name: the number with its unit as the page writes it, and of how many it speaks."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        if len(cells) == 10:
            coverage = re.search(r'indicator-extent">(.*?)</div>', cells[1], re.DOTALL)
            number = re.sub(r'<div class="muted indicator-extent">.*?</div>|<[^>]+>|\s', "", cells[1], flags=re.DOTALL)
            name = re.sub(r"<[^>]+>", "", unescape(cells[0])).strip()
            found[name] = (number, unescape(coverage[1]) if coverage else "")
    return found


def _agree(browser: Client, place: Place, codes: Collection[str], opened: Collection[str]) -> None:
    """Of these figures, and of every indicator; ``opened`` names the figures whose lists are opened and that are asked for in
    the cross table."""
    facts = declared_facts()
    page = browser.get(reverse("reporting:dashboard"), {"region": place.code, "quarter": LAST.code})
    html, shown = page.content.decode(), page.context["board"].read.figures
    everything = board(place, LAST)
    figures, indicators = _api(browser, place)
    in_book, measured_in_book = _workbook(browser, place)
    asked = [*(code for code in codes if code in opened), *(f"{INDICATOR}{code}" for code in indicators)]
    in_table = _table(browser, place, asked)
    assert set(figures) == set(facts) == set(in_book)

    for fact in (*key_facts(), *extent_facts()):
        value = _number(figures[fact.code]["value"])
        expected = f"{amount(value)}{fact.unit}" if value is not None else amount(None)
        assert _shown(html, fact.label_in(LAST)) == expected, (place.code, fact.code)
    coverage = {code: figures[code]["value"] or 0 for code in ("REP.reported", "REG.enterprises", "STA.nil")}
    assert _shown(html, "已填报企业") == f"{coverage['REP.reported']}/{coverage['REG.enterprises']}家"
    assert _shown(html, "零报告") == f"{coverage['STA.nil']}家"
    assert _shown(html, "按期报送") == f"{figures['DUT.on_time']['value'] or 0}/{figures['DUT.due']['value'] or 0}项"

    for code in codes:
        said: Said = (_number(figures[code]["value"]), figures[code]["reporting"])
        where = (place.code, code)
        for read in (everything.figures, shown):
            assert code not in read or (read[code].value, read[code].reporting) == said, where
        assert in_book[code] == said, where
        if code not in opened:
            continue
        if (cell := in_table[code]) is not None:
            (value, reporting), text = cell
            assert (value, reporting) == said, where
            assert text == amount(value), where
        listed = browser.get(fact_url(code, region=place.code, quarter=LAST.code)).context
        assert (listed["opened"].total or 0) == (said[0] or 0), where
        assert bool(listed["opened"].count) >= bool(said[0]), where

    in_page: dict[str, tuple[str, str]] = {}
    asked_for = {"region": place.code, "quarter": LAST.code}
    for area in {one.area for one in everything.in_force}:
        listed = browser.get(reverse("reporting:dashboard_indicators"), {**asked_for, "area": area})
        in_page |= _indicator_rows(listed.content.decode())
    assert len(in_page) == len(everything.in_force)
    for one in everything.indicators:
        value = _number(indicators[one.code]["value"])
        where = (place.code, one.code)
        unit = one.unit.strip()
        written = f"{value:.1f}" if value is not None and unit == "%" else amount(value)
        assert in_page[f"{one.code} {one.label}"] == (f"{written}{unit if value is not None else ''}", one.coverage), (
            where
        )
        assert measured_in_book[one.label] == (value, one.coverage), where
        assert indicators[one.code]["coverage"] == one.coverage, where
        cell = in_table[f"{INDICATOR}{one.code}"]
        if cell is not None:
            assert cell[0][0] == value, where


def test_a_figure_is_the_same_wherever_it_is_shown(filled: Cast, sign_in) -> None:
    codes = list(declared_facts())
    few = {*(fact.code for fact in (*key_facts(), *extent_facts())), *codes[::15]}
    _agree(sign_in(filled.province), filled.places["3201"], sorted(few), few)


@pytest.mark.sweep
def test_every_figure_is_the_same_wherever_it_is_shown(filled: Cast, sign_in) -> None:
    """Each list is opened at one level, and one of every source at each: which rows are of a region is the source's to say. So
    it is with the totals of the cross table."""
    codes, levels = list(declared_facts()), ("320115", "3201", "32")
    first = set({source_of_fact(code).code: code for code in reversed(codes)}.values())
    for number, code in enumerate(levels):
        _agree(sign_in(filled.province), filled.places[code], codes, first.union(codes[number :: len(levels)]))
