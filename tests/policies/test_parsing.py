"""The documents read whole: nothing lost, nothing invented, every number where the text has it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from policies.parsing import ParsedDocument, ParsedPart, joined_paragraphs, read_2022, read_2025, sentences

FOLDER = Path(settings.BASE_DIR) / "data" / "policy"
FILE_2022 = FOLDER / "2022-12-implementation-opinion.txt"
FILE_2025 = FOLDER / "2025-08-14-plan-interpretation-part2.txt"


def squeezed(text: str) -> str:
    """Without whitespace, brackets of one shape: what a reader reads."""
    return re.sub(r"\s", "", text).replace("(", "（").replace(")", "）")


@pytest.fixture(scope="module")
def opinion() -> ParsedDocument:
    return read_2022(FILE_2022.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def plan() -> ParsedDocument:
    return read_2025(FILE_2025.read_text(encoding="utf-8"))


def pieces(part: ParsedPart, *, with_heading: bool) -> list[str]:
    """Everything the part holds, in the order of the text."""
    found = [f"{part.number}{part.title}"] if with_heading else []
    found.append(part.text)
    for child in part.children:
        found += pieces(child, with_heading=with_heading)
    for measure in part.measures:
        stop = "。" if measure.number.endswith(".") else ""
        found += [f"{measure.number}{measure.title}{stop}"] if with_heading else []
        found.append(measure.text)
    if part.points:
        found += ["重点关注:", *(f"{point.number}{point.text}" for point in part.points)]
    return found


def test_2022_document_text_is_the_whole_source(opinion: ParsedDocument) -> None:
    assert squeezed(opinion.text) == squeezed(FILE_2022.read_text(encoding="utf-8"))


def test_2022_parts_measures_and_safeguards_make_up_the_whole_body(opinion: ParsedDocument) -> None:
    body = "".join(piece for part in opinion.parts for piece in pieces(part, with_heading=True))
    text = squeezed(opinion.text)
    begin, end = text.index("一、总体要求"), text.index("新时代江苏产业工人队伍建设改革联席会议办公室2022")
    assert squeezed(body) == text[begin:end]


def test_2025_document_text_is_the_source_without_the_site_navigation(plan: ParsedDocument) -> None:
    source = squeezed(FILE_2025.read_text(encoding="utf-8"))
    for furniture in ("首页>新闻动态>工会要闻", "发布时间:2025-08-14浏览次数:"):
        assert furniture in source
        source = source.replace(furniture, "")
    assert squeezed(plan.text) == source


def test_2025_parts_make_up_the_whole_body(plan: ParsedDocument) -> None:
    body = "".join(piece for part in plan.parts for piece in pieces(part, with_heading=False))
    text = squeezed(plan.text)
    assert squeezed(body) == text[text.index("四是实施") :]


@pytest.mark.parametrize("name", ["opinion", "plan"])
def test_clauses_make_up_their_measure(name: str, request: pytest.FixtureRequest) -> None:
    for part in request.getfixturevalue(name).walk():
        for measure in part.measures:
            assert squeezed("".join(clause.text for clause in measure.clauses)) == squeezed(measure.text), measure.code


def test_paragraphs_broken_across_pages_are_whole_again(opinion: ParsedDocument) -> None:
    assert "特别是致首届大国工匠创新交流大会贺信精神" in opinion.text
    assert "主题宣传教育和“劳模工匠进校园" in opinion.text
    assert "推行现代学徒制和新型学徒制" in opinion.text
    assert "推动厂务公开，研究制定" in opinion.text
    assert "确保任务有分工" in opinion.text


def test_2022_numbering(opinion: ParsedDocument) -> None:
    assert (opinion.number, opinion.issued_on.isoformat()) == ("苏产改办〔2022〕12号", "2022-08-15")
    assert [part.code for part in opinion.walk()] == [
        "2022-1",
        "2022-2",
        "2022-3",
        "2022-3.1",
        "2022-3.2",
        "2022-3.3",
        "2022-4",
    ]
    third, fourth = opinion.parts[2], opinion.parts[3]
    assert [[measure.code for measure in section.measures] for section in third.children] == [
        ["2022-m1", "2022-m2", "2022-m3"],
        ["2022-m4", "2022-m5", "2022-m6", "2022-m7"],
        ["2022-m8", "2022-m9", "2022-m10", "2022-m11"],
    ]
    assert [(m.code, m.number, m.title, m.is_safeguard) for m in fourth.measures] == [
        ("2022-s1", "（一）", "加强组织领导", True),
        ("2022-s2", "（二）", "推动“双向直达”", True),
        ("2022-s3", "（三）", "强化激励约束", True),
        ("2022-s4", "（四）", "营造良好氛围", True),
    ]


def test_2025_holds_what_the_text_holds_and_marks_the_rest_missing(plan: ParsedDocument) -> None:
    assert [(part.code, part.is_missing) for part in plan.parts] == [
        ("2025-a1-3", True),
        ("2025-a4", False),
        ("2025-a5", False),
        ("2025-p7", False),
    ]
    missing, fourth, fifth, seventh = plan.parts
    assert not (missing.text or missing.measures or missing.points or missing.children)
    assert [measure.title for measure in fourth.measures] == [
        "保障民主权利",
        "提高经济收入",
        "维护合法权益",
        "加强服务保障",
    ]
    assert [measure.title for measure in fifth.measures] == ["强化职业教育", "提供就业服务", "提供转型服务"]
    assert len(seventh.measures) == 3
    assert [point.code for point in fourth.points] == [f"2025-a4-f{number}" for number in range(1, 10)]
    assert [point.code for point in fifth.points] == [f"2025-a5-f{number}" for number in range(1, 8)]
    assert "不是方案原文" in plan.source


def test_codes_are_unique(opinion: ParsedDocument, plan: ParsedDocument) -> None:
    codes = [clause.code for document in (opinion, plan) for clause in document.clauses()]
    assert len(codes) == len(set(codes))


def test_sentences_close_at_full_stop_and_semicolon_and_keep_enumerations_whole() -> None:
    assert sentences("甲、乙、丙，都要做。先做丁；再做戊。余下") == [
        "甲、乙、丙，都要做。",
        "先做丁；",
        "再做戊。",
        "余下",
    ]


def test_headings_are_never_joined_to_what_stands_before() -> None:
    assert joined_paragraphs(["抬头", "一、部分", "断开的", "句子。", "（一）小节", "1.举措。", "二、余下"]) == [
        "抬头",
        "一、部分",
        "断开的句子。",
        "（一）小节",
        "1.举措。",
        "二、余下",
    ]
