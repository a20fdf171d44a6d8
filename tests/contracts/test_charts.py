"""Every chart of every page has its table, its own workbook with the same figures, and its picture with a source."""

import re
from collections import Counter
from html import unescape
from io import BytesIO

import pytest
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from foundation.ui.formats import amount
from indicators.fill import catch_up
from tests.contracts.cases import Case
from tests.contracts.every_page import PAGES
from tests.contracts.test_hostile_input import _browser, _person
from tests.contracts.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

#: The pages with charts. A page that gets one is added here, so that the walk is known to have seen it.
WITH_CHARTS = {"reporting:dashboard", "reporting:report"}


def _texts(html: str, tag: str) -> list[str]:
    return [
        unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", html, re.S)
    ]


def _shown(value: object) -> str:
    """A cell of the workbook as the page writes it."""
    return "" if value is None else value if isinstance(value, str) else amount(str(value))


def _problem(browser, figure: str) -> str:
    label = _texts(figure, "figcaption")[0]
    if "单位：" not in label:
        return "its title says no unit"
    source = re.search(r'data-chart-save="([^"]*)"', figure)
    if (
        not source
        or "来源：" not in source[1]
        or not re.search(r"\d{4}-\d\d-\d\d|季度|还没有统计过", label + source[1])
    ):
        return "its picture says no source or no day"
    table = figure.split("<details")[1]
    head, body = _texts(table.split("<tbody>")[0], "th"), table.split("<tbody>")[1].split("</tbody>")[0]
    rows = [_texts(row, "t[dh]") for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]
    if not head or not rows:
        return "its table is empty"
    address = re.search(r'href="([^"]*)" data-chart-excel', figure)
    answer = browser.get(unescape(address[1])) if address else None
    if answer is None or answer.status_code != 200:
        return "it has no workbook"
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    found = [list(row) for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)]
    if [str(one) for one in found[0]] != head:
        return "its workbook has other columns than its table"
    if [[_shown(value) for value in row] for row in found[1:]] != rows:
        return "its workbook says something else than its table"
    return ""


class _Undo(Exception):
    """Takes back what looking left behind: an export is on record."""


def _look(world, case: Case) -> tuple[int, list[str]]:
    """How many charts a page has, and what is wrong with them."""
    browser = _browser(world, _person(case))
    query, path = case.query(world), reverse(case.route, args=case.args(world))
    response = browser.get(f"{path}?{query}" if query else path)
    if response.streaming:
        b"".join(response.streaming_content)  # to the end, so that its file is closed
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return 0, []
    page = response.content.decode()
    figures = re.findall(r'<figure class="chart-figure">(.*?)</figure>', page, re.S)
    problems = [f"{case}: {problem}" for figure in figures if (problem := _problem(browser, figure))]
    if page.count("data-chart=") != len(figures):
        problems.append(f"{case}: a chart without its figure")
    return len(figures), problems


def test_every_chart_has_its_table_its_workbook_and_its_picture():
    world, problems, met = make_world(), [], Counter()
    catch_up()
    for case in PAGES:
        if case.method != "GET" or case.status != 200 or case.writes or not case.may:
            continue
        try:
            with transaction.atomic():
                charts, found = _look(world, case)
                met[case.route] += charts
                problems += found
                raise _Undo
        except _Undo:
            continue
    assert not problems, "\n".join(problems)
    assert {route for route, charts in met.items() if charts} == WITH_CHARTS
