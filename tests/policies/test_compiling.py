"""Paragraphs put together as a document: whose clause is whose, codes that stay, and what stands in the way."""

from pathlib import Path

import pytest
from django.conf import settings

from policies.compiling import (
    Compiled,
    Decision,
    clauses_of,
    compile_document,
    decisions_for,
    lost_decisions,
    problems_in,
    proposed,
)
from policies.cutting import Paragraph, cut, lines_of
from policies.parsing import read_2022, read_2025, sentences

FOLDER = Path(settings.BASE_DIR) / "data" / "policy"


def rows(*said: tuple[str, str]) -> list[Paragraph]:
    return [Paragraph(level, text) for level, text in said]


BODY = rows(
    ("outside", "各市："),
    ("part", "一、目标"),
    ("text", "提高待遇。办好培训。"),
    ("part", "二、措施"),
    ("section", "（一）培训"),
    ("measure", "1.办学校。"),
    ("text", "每县一所。每乡一点；"),
    ("item", "（1）先选址。再开工。"),
    ("section", "（二）待遇"),
    ("text", "按时发薪。"),
    ("unrelated", "广告"),
    ("outside", "某办公室"),
)


def texts(made: Compiled) -> dict[str, str]:
    found = {}
    for top in made.parts:
        for part in top.walk():
            found |= {clause.code: clause.text for clause in part.sentences}
            found |= {clause.code: clause.text for measure in part.measures for clause in measure.clauses}
    return found


def test_clauses_belong_to_the_nearest_heading() -> None:
    made = compile_document("d7", BODY)
    assert texts(made) == {
        "d7-1-c1": "提高待遇。",
        "d7-1-c2": "办好培训。",
        "d7-m1-c1": "每县一所。",
        "d7-m1-c2": "每乡一点；",
        "d7-m1-c3": "先选址。再开工。",
        "d7-2.2-c1": "按时发薪。",
    }
    assert (made.opening, made.closing) == ("各市：", "某办公室")
    assert [(part.number, part.title) for top in made.parts for part in top.walk()] == [
        ("一、", "目标"),
        ("二、", "措施"),
        ("（一）", "培训"),
        ("（二）", "待遇"),
    ]
    measure = made.parts[1].children[0].measures[0]
    assert (measure.number, measure.title) == ("1.", "办学校")
    assert [clause.number for clause in measure.clauses] == ["第1句", "第2句", "（1）"]


def test_clause_codes_stand_in_the_order_of_the_text() -> None:
    made = compile_document("d7", BODY)
    assert [texts(made)[code] for code in made.clause_codes] == clauses_of(BODY)
    assert len(set(made.clause_codes)) == len(made.clause_codes)


def test_a_document_without_parts_is_one_part() -> None:
    made = compile_document("d7", rows(("text", "办好培训。"), ("measure", "1.待遇"), ("text", "发薪。")))
    assert [(part.number, part.title) for part in made.parts] == [("", "全文")]
    assert texts(made) == {"d7-1-c1": "办好培训。", "d7-m1-c1": "发薪。"}
    assert problems_in(rows(("text", "办好培训。")), [proposed("办好培训。")]) == []


def test_a_chapter_has_a_blank_before_its_title() -> None:
    made = compile_document("d7", rows(("part", "第一章 总则"), ("measure", "第一条"), ("text", "制定本办法。")))
    assert made.parts[0].number + made.parts[0].title == "第一章 总则"


def test_what_is_the_same_keeps_its_code_and_none_is_used_twice() -> None:
    first = compile_document("d7", BODY)
    changed = [
        *BODY[:5],
        Paragraph("measure", "1.办工厂。"),
        Paragraph("text", "每市一家。"),
        Paragraph("measure", "2.办学校。"),
        Paragraph("text", "每乡一点；每村一员。"),
        *BODY[8:],
    ]
    second = compile_document("d7", changed, first.codes, {one["code"] for one in first.codes})
    by_text = {text: code for code, text in texts(second).items()}
    assert by_text["每乡一点；"] == "d7-m1-c2", "its measure has another number and the same title"
    assert by_text["每村一员。"] == "d7-m1-c4", "codes 1 and 3 were of sentences that are gone"
    assert by_text["每市一家。"] == "d7-m2-c1"
    assert by_text["按时发薪。"] == "d7-2.2-c1"
    again = {one["code"] for one in first.codes} | {one["code"] for one in second.codes}
    third = compile_document("d7", BODY, second.codes, again)
    assert {text: code for code, text in texts(third).items()}["每县一所。"] == "d7-m1-c5"


def test_an_article_without_a_title_is_known_by_its_text() -> None:
    articles = rows(("measure", "第一条"), ("text", "为了规范。"), ("measure", "第二条"), ("text", "适用本省。"))
    first = compile_document("d7", articles)
    inserted = [
        *articles[:2],
        *rows(("measure", "第二条"), ("text", "新增一条。"), ("measure", "第三条"), ("text", "适用本省。")),
    ]
    second = compile_document("d7", inserted, first.codes, {one["code"] for one in first.codes})
    assert texts(second) == {
        "d7-m1-c1": "为了规范。",
        "d7-m3-c1": "新增一条。",
        "d7-m2-c1": "适用本省。",
    }


def test_a_heading_that_was_corrected_is_known_by_its_number() -> None:
    first = compile_document("d7", BODY)
    corrected = [Paragraph(one.level, one.text.replace("办学校", "兴办学校")) for one in BODY]
    second = compile_document("d7", corrected, first.codes, {one["code"] for one in first.codes})
    assert texts(second) == texts(first)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([("outside", "只有引言")], "还没有一段是正文或条目"),
        ([("text", "在前。"), ("part", "一、目标"), ("text", "在后。")], "第 1 段“在前。”在第一个部分标题之前"),
        ([("section", "（一）培训"), ("text", "办好。")], "第 1 段“（一）培训”是节标题，但全文没有部分标题"),
        ([("text", "甲。"), ("outside", "夹着"), ("text", "乙。")], "第 2 段“夹着”夹在正文中间"),
        ([("measure", "1.空的"), ("measure", "2.有的"), ("text", "甲。")], "第 1 段“1.空的”是举措标题，下面没有正文"),
        ([("text", "甲。"), ("measure", "1.空的")], "第 2 段“1.空的”是举措标题，下面没有正文"),
        ([("part", "一、" + "长" * 121), ("text", "甲。")], "作标题超过 120 字"),
    ],
)
def test_what_stands_in_the_way_is_named_with_its_paragraph(said: list[tuple[str, str]], message: str) -> None:
    paragraphs = rows(*said)
    found = problems_in(paragraphs, decisions_for(clauses_of(paragraphs), []))
    assert [problem.text for problem in found if message in problem.text]
    assert all(problem.text.endswith("。") for problem in found)


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        (Decision("办好。", True, " \n"), "第 1 条“办好。”还没有要点"),
        (Decision("办好。", False, ""), "第 1 条“办好。”是总述，还没有写明为什么"),
        (Decision("办好。", True, "长" * 501), "有一个要点超过 500 字"),
    ],
)
def test_a_clause_without_points_stands_in_the_way(decision: Decision, message: str) -> None:
    found = problems_in(rows(("text", "办好。")), [decision])
    assert [(message in problem.text, problem.of_clause) for problem in found] == [(True, True)]


def test_a_clause_is_proposed_as_its_own_point_and_a_lead_in_as_none() -> None:
    assert proposed("办好培训。") == Decision("办好培训。", True, "办好培训")
    assert proposed("主要措施如下：").asks is False


def test_what_was_decided_stays_with_its_text() -> None:
    made = [Decision("甲。", False, "总的说法"), Decision("乙。", True, "乙"), Decision("甲。", True, "第二个甲")]
    assert decisions_for(["丙。", "甲。", "甲。"], made) == [proposed("丙。"), made[0], made[2]]
    assert lost_decisions(["甲。"], made) == [made[2]], "of 乙 nobody had decided anything"


def test_the_shipped_opinion_put_together_has_the_clauses_it_ships_with() -> None:
    source = (FOLDER / "2022-12-implementation-opinion.txt").read_text(encoding="utf-8")
    known = read_2022(source)
    paragraphs = cut(lines_of(source), title=known.title, number=known.number, issuer=known.issuer, is_wrapped=True)
    assert problems_in(paragraphs, decisions_for(clauses_of(paragraphs), [])) == []
    made = compile_document("d7", paragraphs)
    ours = {code.removeprefix("d7-"): text for code, text in texts(made).items()}
    for clause in known.clauses():
        code = clause.code.removeprefix("2022-")
        if not code.startswith("s"):  # safeguards are measures 12 to 15 here
            assert ours[code] == clause.text
    assert list(ours.values())[1:] == [clause.text for clause in known.clauses()]
    assert sentences(made.parts[0].text) == [ours["1-c1"]]


def test_the_shipped_interpretation_corrected_by_hand_has_its_measures_and_clauses() -> None:
    """Its measures have no numbers: whoever corrects divides the running text where they begin and gives them titles."""
    source = (FOLDER / "2025-08-14-plan-interpretation-part2.txt").read_text(encoding="utf-8")
    known = read_2025(source)
    begins = {measure.text[:10]: measure.title for part in known.walk() for measure in part.measures}
    corrected: list[Paragraph] = []
    for one in cut(lines_of(source), title=known.title, is_wrapped=True):
        if one.level != "text" or "重点关注" in one.text:
            corrected.append(one)
            continue
        starts = sorted((one.text.index(begin), title) for begin, title in begins.items() if begin in one.text)
        corrected.append(Paragraph("text", one.text[: starts[0][0]]))
        for index, (start, title) in enumerate(starts):
            end = starts[index + 1][0] if index + 1 < len(starts) else None
            corrected += rows(("measure", title), ("text", one.text[start:end]))
    assert problems_in(corrected, decisions_for(clauses_of(corrected), [])) == []
    made = compile_document("d7", corrected)
    ours = {measure.title: measure for part in made.parts for measure in part.measures}
    assert list(ours) == [measure.title for part in known.walk() for measure in part.measures]
    for part in known.walk():
        for measure in part.measures:
            texts_of = [clause.text for clause in ours[measure.title].clauses]
            assert texts_of[: len(measure.clauses)] == [clause.text for clause in measure.clauses]
    points = [point.text for part in known.walk() for point in part.points]
    assert set(points) <= set(texts(made).values())
