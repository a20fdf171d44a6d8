"""Figures on the page open what they count; charts say 未填报 instead of drawing zero."""

import re

import pytest

from reporting.charts import TILES, caption, ranking_option, tile_map_option, trend_option
from reporting.links import fact_url, with_links
from reporting.rendering import svg
from reporting.rendering.content import Edition, build_content
from tests.reporting import samples


def test_a_figure_opens_exactly_what_it_counts():
    assert (
        fact_url("B01.sessions", region="3201", quarter="2026Q3")
        == "/records/?fact=B01.sessions&region=3201&quarter=2026Q3"
    )
    assert (
        fact_url("REG.pilots", region="3201", quarter="2026Q3")
        == "/enterprises/?fact=REG.pilots&region=3201&quarter=2026Q3"
    )
    assert (
        fact_url("DUT.due", region="3201", quarter="2026Q3")
        == "/records/duties/?fact=DUT.due&region=3201&quarter=2026Q3"
    )


def test_every_known_figure_of_the_page_is_a_link_and_none_of_the_print_is():
    printed = build_content(samples.provincial(), Edition())
    shown = with_links(printed)
    pieces = [
        piece
        for section in shown.sections
        for part in (section, *section["groups"])
        for paragraph in part["paragraphs"]
        for piece in paragraph
        if isinstance(piece, dict)
    ]
    assert pieces
    assert all(piece["url"] for piece in pieces)
    assert shown.units.rows[0][3].url == "/records/?fact=B01.sessions&region=3201&quarter=2026Q3"
    assert shown.units.rows[-1][3].url == "", "nothing was reported, so there is nothing to open"
    lectures = next(row for row in shown.trend.rows if row[0].text == "职工大讲堂场次")
    assert lectures[3].url == "/records/?fact=B01.sessions&region=32&quarter=2026Q2"
    assert shown.units.total[3].url == "/records/?fact=B01.sessions&region=32&quarter=2026Q3"
    assert not any(cell.url for table in (printed.units, printed.trend) for row in table.rows for cell in row)


def test_the_tile_map_has_13_places_of_their_own():
    assert len(TILES) == len(set(TILES.values())) == 13


def test_an_unreported_city_is_grey_and_says_so():
    cities = [
        {"code": "3201", "name": "南京市", "value": 12, "text": "12", "band": 1, "url": "/x"},
        {"code": "3202", "name": "无锡市", "value": 3, "text": "3", "band": 0},
        {"code": "3205", "name": "苏州市", "value": None, "text": "未填报", "band": None},
    ]
    option = tile_map_option("职工大讲堂场次", "场", cities, ["较低 3", "较高 12"])
    nanjing, wuxi, suzhou = option["series"][0]["data"]
    assert nanjing["url"] == "/x" and suzhou["name"] == "苏州市：未填报"
    assert suzhou["itemStyle"]["borderType"] == "dashed" and "itemStyle" not in wuxi
    pieces = {piece["label"]: (piece["value"], piece["color"]) for piece in option["visualMap"][0]["pieces"]}
    assert list(pieces) == ["较低 3", "较高 12", "未填报、不显示或不可比"], "the legend is words"
    assert len({colour for _value, colour in pieces.values()}) == 3
    assert [one["value"][2] for one in (nanjing, wuxi, suzhou)] == [1, 0, -1]


def test_the_ranking_puts_the_largest_on_top_and_the_unknown_last():
    rows = [{"name": name, "value": value} for name, value in (("甲", 3), ("乙", None), ("丙", 9))]
    option = ranking_option("场次", "场", rows)
    assert option["yAxis"]["data"] == ["乙（未填报）", "甲", "丙"], "drawn from the bottom up"
    assert option["series"][0]["data"][0]["value"] is None


def test_a_gap_in_a_trend_stays_a_gap():
    option = trend_option("场次，截至2026年第三季度", "场", ["Q1", "Q2"], {"场次": [None, 4]})
    assert [one["value"] for one in option["series"][0]["data"]] == [None, 4]
    assert caption(option) == "场次，截至2026年第三季度（单位：场）"


@pytest.mark.parametrize("width", [290, 500, 640])
def test_every_quarter_of_a_trend_has_its_label(width):
    """On a telephone, in the PDF and beside another chart: the running one too, whose bar would read as a fall."""
    quarters = ["25年四季", "26年一季", "26年二季", "26年三季", "26年四季（未结束）"]
    for series in (
        {"人次": [120_000, 130_000, 140_000, 150_000, 20_000]},
        {"甲": [1, 2, 3, 4, 5], "乙": [5, 4, 3, 2, 1]},
    ):
        drawn = svg.draw(
            trend_option("人次", "人次", quarters, series), width=width, height=180, font_family="Portal Fang"
        )
        lines = [line for line in re.findall(r"<text[^>]*>([^<]*)</text>", drawn) if re.search("[年季（]", line)]
        assert sorted(lines) == sorted(["25年", *["26年"] * 4, *(f"{one}季" for one in "四一二三四"), "（未结束）"])


def test_every_chart_can_be_drawn_without_a_browser():
    cities = [{"code": code, "name": code, "value": 5, "text": "5", "band": 0} for code in TILES]
    options = (
        trend_option("多线", "场", ["Q1", "Q2"], {"甲": [1, 2], "乙": [None, 4]}),
        ranking_option("排名", "场", [{"name": "甲", "value": 3}]),
        tile_map_option("分布", "场", cities, ["有数 5"]),
    )
    for option in options:
        assert svg.draw(option, width=400, height=300, font_family="Portal Fang").startswith("<svg")
