"""A policy document with what was done beside each measure, at the reader's own scope."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from foundation.audit.models import Entry
from foundation.ui.sparklines import sparkline
from indicators.compliance.declaring import rule_by_code
from indicators.fill import catch_up
from indicators.loading import load_indicators
from policies.actions import link_points
from policies.loading import load_policies
from policies.models import ClausePoint
from tests.indicators.helpers import LAST, lecture
from tests.policies.entered import published

pytestmark = pytest.mark.django_db

#: “开设‘职工大讲堂’” stands in it.
MEASURE = "2022-m1"


@pytest.fixture(autouse=True)
def documents() -> None:
    load_policies(Path(settings.BASE_DIR) / "data" / "policy")


def page(browser, document: str = "2022", **query) -> str:
    response = browser.get(reverse("policies:document", args=[document]), {"quarter": LAST.code, **query})
    assert response.status_code == 200
    return response.content.decode()


def box(html: str, measure: str = MEASURE) -> str:
    """What stands below the measure's heading."""
    section = html[html.index(f'<section id="{measure}"') :]
    return section[: section.index("</details>")]


def cells(html: str, label: str) -> list[str]:
    found = re.search(rf"<td>{label}（[^<]*</td>(.*?)</tr>", html, re.S)
    assert found, label
    return [re.sub(r"<[^>]+>|\s", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.S)]


def test_what_was_done_stands_beside_its_measure_and_opens_its_records(cast, sign_in):
    lecture(cast)
    catch_up()
    shown = box(page(sign_in(cast.city), region="3201"))
    value, so_far, _change, _year, units, _trend = cells(shown, "职工大讲堂场次")
    assert (value, so_far, units) == ("1", "1", "1")
    assert "个县（市、区）中1个今年报有开展" in shown and "江宁区" not in shown.partition("今年还没有报过开展情况的")[2]
    address = re.search(r'href="([^"]*fact=B01\.sessions[^"]*)"', shown)[1].replace("&amp;", "&")
    assert "班组安全一课" in sign_in(cast.city).get(address).content.decode()


def test_a_measure_that_nobody_carries_out_stands_out(cast, sign_in):
    lecture(cast)
    catch_up()
    html = page(sign_in(cast.province))
    idle = re.search(r'<div class="measures-idle">.*?</div>', html, re.S)[0]
    assert '"#2022-m4"' in idle and f'"#{MEASURE}"' not in idle
    assert "还没有填报" in box(html, "2022-m4")


def test_each_reader_sees_their_own_scope(cast, sign_in):
    lecture(cast)
    catch_up()
    assert cells(box(page(sign_in(cast.clerk))), "职工大讲堂场次")[0] == "1"
    assert cells(box(page(sign_in(cast.neighbour))), "职工大讲堂场次")[0] == "未填报"
    assert "fact=" not in box(page(sign_in(cast.clerk))), "the lists behind figures are the offices'"
    assert cells(box(page(sign_in(cast.neighbour_city))), "职工大讲堂场次")[0] == "未填报"
    address = reverse("policies:document", args=["2022"])
    assert sign_in(cast.neighbour_city).get(address, {"region": "3201"}).status_code == 404
    assert sign_in(cast.city).get(address, {"quarter": "2026Q9"}).status_code == 404


def test_the_workbook_says_what_the_page_says_and_of_whom(cast, sign_in):
    lecture(cast)
    catch_up()
    city, address = sign_in(cast.city), reverse("reporting:measures_export", args=["2022"])
    assert address in page(city, region="3201")
    book = load_workbook(BytesIO(city.get(address, {"region": "3201", "quarter": LAST.code}).content))
    assert book.sheetnames == ["举措", "数据", "指标", "说明"]
    shown = cells(box(page(city, region="3201")), "职工大讲堂场次")
    rows = list(book["数据"].iter_rows(min_row=2, values_only=True))
    [row] = {row[1:7] for row in rows if row[2] == "职工大讲堂场次"}
    assert row == ("职工大讲堂", "职工大讲堂场次", "场", 1, 1, 1) and shown[0] == "1"
    assert {row[4] for row in rows if row[2] == "新发展党员"} == {None}, "what nobody told is empty, not 0"
    said = dict(book["说明"].iter_rows(min_row=2, values_only=True))
    assert (said["地区或企业"], said["季度"]) == ("南京市", LAST.label)
    assert Entry.objects.filter(event="reporting.measures_exported", actor=cast.city).count() == 1
    own = load_workbook(BytesIO(sign_in(cast.clerk).get(address, {"quarter": LAST.code}).content))
    assert dict(own["说明"].iter_rows(min_row=2, values_only=True))["地区或企业"] == cast.enterprise.name
    assert sign_in(cast.neighbour_city).get(address, {"region": "3201"}).status_code == 404
    assert city.get(reverse("reporting:measures_export", args=["none"])).status_code == 404


def test_the_text_is_shown_whole_beside_the_figures(cast, sign_in):
    lecture(cast)
    catch_up()
    html = page(sign_in(cast.county), "2025")
    assert "以社会保障卡为载体的产业工人电子档案" in html


def test_the_page_costs_the_same_however_much_was_done(cast, sign_in):
    browser = sign_in(cast.city)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page(browser, region="3201")
        return len(found)

    catch_up()
    page(browser)
    empty = queries()
    lecture(cast)
    lecture(cast, who="second_enterprise", title="第二家的一课")
    catch_up()
    assert queries() == empty


def test_what_a_point_of_an_entered_document_is_linked_to_stands_beside_its_measure(cast, sign_in):
    load_indicators()
    document = published(cast.province)
    first, second = ClausePoint.objects.filter(clause__measure=f"{document.pk}-m1").order_by("pk")
    names = {first.pk: "ideology.lecture", second.pk: "rule:R10"}
    link_points(acting_user=cast.province, document=document, added=names, removed=[])
    paid = ClausePoint.objects.get(clause__measure=f"{document.pk}-m2")
    link_points(acting_user=cast.province, document=document, added={paid.pk: "indicator:A05"}, removed=[])
    lecture(cast)
    catch_up()
    html = page(sign_in(cast.city), document.pk, region="3201")
    shown = box(html, f"{document.pk}-m1")
    assert cells(shown, "职工大讲堂场次")[:2] == ["1", "1"]
    assert rule_by_code("R10").citation in shown
    of_indicator = box(html, f"{document.pk}-m2")
    assert "指标：指导员、联络员、观察员配齐的企业占比" in of_indicator
    assert "已承载 3" in html and "待建 1" in html
    clause = html.partition(f'id="{document.pk}-m2-c1"')[2].partition("</details>")[0]
    assert f'href="{reverse("indicators:indicator", args=["A05"])}"' in clause


def test_indicators_that_answer_are_asked_for_once(cast, sign_in):
    load_indicators()
    document, browser = published(cast.province), sign_in(cast.province)
    points = list(ClausePoint.objects.filter(clause__part__document=document))
    found = []
    for count in (1, 3):
        added = {point.pk: f"indicator:A0{number}" for number, point in enumerate(points[:count], start=4)}
        link_points(acting_user=cast.province, document=document, added=added, removed=[])
        page(browser, document.pk)
        with CaptureQueriesContext(connection) as asked:
            page(browser, document.pk)
        found.append(len(asked))
    assert found[0] == found[1]


def test_a_sparkline_has_gaps_and_tells_its_values():
    drawn = sparkline([None, 1, 3, None, 2, 4], "一季度 未填报，二季度 1", is_open=True)
    assert drawn.count("<polyline") == 1 and 'class="open"' in drawn
    assert 'aria-label="一季度 未填报，二季度 1"' in drawn
    assert sparkline([None, None], "未填报") == ""
    assert "NaN" not in sparkline([0, 0], "0，0")
