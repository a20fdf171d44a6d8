"""The sentences: figures as in the snapshot, comparisons only between known numbers, problems only from numbers."""

import re

import pytest

from reporting.canonical import plain
from reporting.narrative import sections
from reporting.numbers import percent, tabular
from tests.reporting import samples


def words(parts: list) -> str:
    return "".join(piece if isinstance(piece, str) else piece["text"] for piece in parts)


def text_of(found: list[dict]) -> str:
    lines = []
    for section in found:
        lines += [section["title"], *map(words, section["paragraphs"])]
        for group in section["groups"]:
            lines += [group["title"], *map(words, group["paragraphs"])]
    return "\n".join(lines)


def figure(snapshot: dict, code: str) -> dict:
    return next(one for one in snapshot["figures"] if one["code"] == code)


def test_every_figure_in_the_text_is_the_snapshot_s():
    snapshot = samples.provincial()
    values = {one["code"]: str(one["value"]) for one in snapshot["figures"]}
    pieces = [
        piece
        for section in snapshot["sections"]
        for part in (section, *section["groups"])
        for paragraph in part["paragraphs"]
        for piece in paragraph
        if isinstance(piece, dict)
    ]
    assert len(pieces) > 12
    for piece in pieces:
        assert piece["text"] == values[piece["fact"]]


def test_the_official_form():
    text = text_of(samples.provincial()["sections"])
    for heading in (
        "一、总体情况",
        "二、重点工作进展",
        "（一）思想引领",
        "（二）组织领导",
        "三、存在问题",
        "四、下一步打算",
    ):
        assert heading in text
    assert re.search("一是开展职工大讲堂。.*\n二是在产业工人中发展党员。.*\n三是解决国有企业党员空白班组问题。", text)


def test_comparison_with_the_quarter_before():
    text = text_of(samples.provincial()["sections"])
    assert "场次比上季度增加122场，增长10.3%" in text
    assert "新发展党员人数与上季度持平" in text
    assert "党员空白班组37个，比上季度末减少15个，下降28.8%" in text
    assert "占65.3%" in text


@pytest.mark.parametrize(
    ("value", "previous", "expected"), [(5, 0, "比上季度增加5场"), (0, 0, "与上季度持平"), (5, None, None)]
)
def test_nothing_is_divided_by_zero_or_by_the_unknown(value, previous, expected):
    snapshot = samples.provincial()
    figure(snapshot, "B01.sessions").update(value=value, previous=previous)
    text = text_of(sections(snapshot))
    assert (f"；场次{expected}；" in text) if expected else ("；场次" not in text)


def test_an_unknown_figure_drops_its_clause_and_nothing_else():
    snapshot = samples.provincial()
    figure(snapshot, "B01.frontline").update(value=None)
    text = text_of(sections(snapshot))
    assert "参训61475人次；场次" in text
    assert "未填报人次" not in text


def test_the_first_quarter_has_no_year_so_far():
    snapshot = {**samples.provincial(), "quarter": "2026Q1"}
    assert "今年以来" not in text_of(sections(snapshot))


def test_problems_are_facts():
    text = text_of(samples.provincial()["sections"])
    assert "本季度尚有81家企业未填报，其中宿迁市全部未填报。" in text
    assert "应报事项1624项中，234项未按时完成，占14.4%。" in text
    assert "国有企业仍有党员空白班组37个。" in text


def test_nothing_is_late_before_its_day():
    snapshot = {**samples.provincial(), "due_on": "2026-10-20"}
    assert "未按时完成" not in text_of(sections(snapshot))


def test_no_problem_is_invented():
    snapshot = samples.provincial()
    snapshot["coverage"] = {"enterprises": 812, "reported": 812, "nil": 0, "due": 10, "on_time": 10}
    snapshot["units"] = []
    figure(snapshot, "B05.empty_teams").update(value=0)
    assert "未见党员空白班组" in text_of(sections(snapshot))


def test_a_region_without_data_says_so():
    text = text_of(samples.empty_county()["sections"])
    assert "本季度未收到填报数据" in text
    assert "各项工作数据均为未填报" in text


def test_a_fact_without_a_sentence_still_speaks():
    """A kind added later is printed with label, value and unit until somebody writes a sentence for it."""
    snapshot = samples.provincial()
    from foundation.facts.declaring import Fact
    from records.core.kinds import kind_by_slug

    kind = kind_by_slug("ideology.lecture")
    kind.facts = (*type(kind).facts, Fact("B99.books", "赠阅图书", "册"))
    try:
        snapshot["figures"].append({**figure(snapshot, "B01.sessions"), "code": "B99.books", "value": 77})
        assert "赠阅图书77册" in text_of(sections(snapshot))
    finally:
        del kind.facts


def _with(snapshot: dict, **values: object) -> str:
    """The report's text with further facts, ``B09_sessions=3``."""
    more = [
        {**figure(snapshot, "B01.sessions"), "code": name.replace("_", ".", 1), "value": value, "previous": None}
        for name, value in values.items()
    ]
    return text_of(sections({**snapshot, "figures": [*snapshot["figures"], *more]}))


def test_each_kind_of_guidance_has_its_sentence():
    text = _with(
        samples.provincial(),
        B12_works=9,
        B12_videos=4,
        B12_stories=3,
        B12_lessons=2,
        B14_studios=12,
        B14_results=40,
        B14_benefit="1234.5",
        B06_congress=300,
        B06_congress_workers=150,
        F01_sessions=8,
        F01_delegates=400,
        F01_present=360,
        F13_reports=6,
    )
    assert "二是加强理想信念教育。创作微作品9件，其中微视频4件、微故事3件、微党课2件。" in text
    assert "劳模创新工作室12个；工作室本年度形成创新成果40项，创造经济效益1234.5万元。" in text
    assert "职代会代表300人，其中产业工人150人，占50.0%。" in text
    assert "坚持职代会制度。本季度召开职代会会议8次，应到代表400人次，实到360人次，出席率90.0%" in text
    assert "听取安全生产和职业健康专题报告6次。" in text


def test_what_did_not_take_place_is_passed_over():
    text = _with(samples.provincial(), B09_sessions=0, B09_attendances=0, B17_sessions=0)
    assert "职工文化" not in text and "素养" not in text


def test_numbers_are_written_one_way():
    assert tabular(1234567) == "1,234,567"
    assert tabular(None) == "未填报"
    assert tabular("12.5") == "12.5"
    assert percent(1, 0) is None
    assert percent(1, 3) == "33.3%"
    assert plain(None) is None
    assert plain("3.00") == 3
    assert plain("3.50") == "3.5"
