"""Text cut into paragraphs by its own numbering: the two documents that the portal ships, and odd ones."""

from pathlib import Path

import pytest
from django.conf import settings

from policies.cutting import OMITTED, Paragraph, ParagraphLevel, cut, heading_of, lines_of, remarks_on
from policies.parsing import read_2022, read_2025, sentences

FOLDER = Path(settings.BASE_DIR) / "data" / "policy"
PART, SECTION, MEASURE = ParagraphLevel.PART, ParagraphLevel.SECTION, ParagraphLevel.MEASURE
ITEM, TEXT, OUTSIDE = ParagraphLevel.ITEM, ParagraphLevel.TEXT, ParagraphLevel.OUTSIDE
REPEATED, FURNITURE = ParagraphLevel.REPEATED, ParagraphLevel.FURNITURE


def cut_text(text: str, *, title: str = "某意见", is_wrapped: bool = True, **said: str) -> list[Paragraph]:
    return cut(lines_of(text), title=title, is_wrapped=is_wrapped, **said)


def levels(text: str, **said) -> list[tuple[str, str]]:
    return [(one.level, one.text) for one in cut_text(text, **said)]


@pytest.fixture(scope="module")
def opinion() -> list[Paragraph]:
    source = (FOLDER / "2022-12-implementation-opinion.txt").read_text(encoding="utf-8")
    known = read_2022(source)
    return cut_text(source, title=known.title, number=known.number, issuer=known.issuer)


@pytest.fixture(scope="module")
def plan() -> list[Paragraph]:
    source = (FOLDER / "2025-08-14-plan-interpretation-part2.txt").read_text(encoding="utf-8")
    return cut_text(source, title=read_2025(source).title)


def texts(found: list[Paragraph], *wanted: str) -> list[str]:
    return [one.text for one in found if one.level in wanted]


def test_2022_has_the_parts_sections_and_measures_it_is_shipped_with(opinion: list[Paragraph]) -> None:
    known = read_2022((FOLDER / "2022-12-implementation-opinion.txt").read_text(encoding="utf-8"))
    assert texts(opinion, PART) == [f"{part.number}{part.title}" for part in known.parts]
    assert texts(opinion, SECTION) == [f"{one.number}{one.title}" for part in known.parts for one in part.children]
    titles = [heading_of(text)[1] for text in texts(opinion, MEASURE)]
    assert titles == [measure.title for part in known.walk() for measure in part.measures]
    assert len(titles) == 15


def test_2022_has_every_clause_it_is_shipped_with(opinion: list[Paragraph]) -> None:
    known = read_2022((FOLDER / "2022-12-implementation-opinion.txt").read_text(encoding="utf-8"))
    found = [sentence for text in texts(opinion, TEXT) for sentence in sentences(text)]
    # 一、总体要求 asks for nothing and is not cut in the shipped document; whoever corrects says so of its sentence.
    assert found[1:] == [clause.text for clause in known.clauses()]
    assert found[0].startswith("以习近平新时代中国特色社会主义思想为指导")


def test_2022_says_what_belongs_to_no_part(opinion: list[Paragraph]) -> None:
    assert texts(opinion, REPEATED)[1:] == [
        "苏产改办〔2022〕12号",
        "关于发挥企业主体作用 推进产业工人队伍建设改革的实施意见",
    ]
    outside = texts(opinion, OUTSIDE)
    assert [text[:6] for text in outside] == ["新时代江苏产", "为贯彻落实推", "新时代江苏产"]
    assert outside[-1].endswith("2022年8月15日印发")


def test_2025_has_its_parts_and_every_numbered_point(plan: list[Paragraph]) -> None:
    known = read_2025((FOLDER / "2025-08-14-plan-interpretation-part2.txt").read_text(encoding="utf-8"))
    assert texts(plan, PART) == [
        "四是实施暖心关爱行动,保障产业工人待遇。",
        "五是实施强基固本行动,壮大产业工人队伍。",
        "第七部分为加强组织领导,凝聚推动改革合力。",
    ]
    points = [f"{point.number}{point.text}" for part in known.parts for point in part.points]
    assert texts(plan, ITEM) == points
    assert len(points) == 16
    assert len(texts(plan, FURNITURE)) == 3


@pytest.mark.parametrize("name", ["opinion", "plan"])
def test_nothing_is_lost_and_nothing_invented(name: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(name)
    source = next(FOLDER.glob("2022-12*" if name == "opinion" else "2025-08*")).read_text(encoding="utf-8")
    assert "".join("".join(one.text for one in found).split()) == "".join(source.split())


def test_chapters_and_articles() -> None:
    text = "第一章 总则\n第一条 为了规范管理，制定本办法。\n第二章 职责\n第一节 部门\n第二条 部门负责落实。\n（一）公布名单；\n（二）督促整改。"
    assert levels(text) == [
        (PART, "第一章 总则"),
        (MEASURE, "第一条"),
        (TEXT, "为了规范管理，制定本办法。"),
        (PART, "第二章 职责"),
        (SECTION, "第一节 部门"),
        (MEASURE, "第二条"),
        (TEXT, "部门负责落实。"),
        (ITEM, "（一）公布名单；"),
        (ITEM, "（二）督促整改。"),
    ]


def test_articles_alone_are_measures() -> None:
    assert levels("第一条 为了规范管理，制定本办法。\n第二条【范围】适用于本省。") == [
        (MEASURE, "第一条"),
        (TEXT, "为了规范管理，制定本办法。"),
        (MEASURE, "第二条"),
        (TEXT, "【范围】适用于本省。"),
    ]


STRAY = "第一条 为了规范管理。"
NOTICE = "一、目标\n（一）培训\n1.办学校\n办好学校。\n二、措施\n（一）待遇\n1.提工资\n提高工资。"


@pytest.mark.parametrize("where", [0, 4, 7, 10])
def test_a_lone_article_levels_nothing_anew_and_is_remarked_on(where: int) -> None:
    lines = NOTICE.splitlines()
    lines.insert(where, STRAY)
    found = cut_text("\n".join(lines))
    assert texts(found, PART, SECTION, MEASURE) == [one.text for one in cut_text(NOTICE) if one.level != TEXT]
    assert texts(found, OUTSIDE if where == 0 else TEXT).count(STRAY) == 1
    [remark] = remarks_on(found)
    assert "全文有两种不相配的编号：“一、目标”和“第一条 为了规范管理。”" in remark
    assert remarks_on(cut_text(NOTICE)) == []


def test_articles_below_numbers_that_lead_are_their_measures() -> None:
    found = cut_text(
        "一、总则\n第一条 为了规范管理。\n第二条 适用于本省。\n二、职责\n第三条 部门负责：\n（一）公布名单；"
    )
    assert texts(found, PART) == ["一、总则", "二、职责"]
    assert texts(found, MEASURE) == ["第一条 为了规范管理。"[:3], "第二条", "第三条"]
    assert texts(found, ITEM) == ["（一）公布名单；"]
    assert "“一、总则”和“第一条”" in remarks_on(found)[0]


@pytest.mark.parametrize(
    "mark", ["", "附件\n", "附件1\n", "附 件\n", "（此件公开发布）\n"], ids=["none", "annex", "first", "blank", "open"]
)
def test_an_annex_with_numbers_of_its_own_is_left_out_and_remarked_on(mark: str) -> None:
    annex = "某管理办法\n第一章 总则\n第一条 为了规范管理，制定本办法。\n第二条 适用于本省。"
    found = cut_text(f"{NOTICE}\n某办公室\n2026年1月5日\n{mark}{annex}")
    assert found[:8] == cut_text(NOTICE)
    assert texts(found, OUTSIDE)[:2] == ["某办公室", "2026年1月5日"]
    left_out = texts(found, ParagraphLevel.UNRELATED)
    assert left_out[-4:] == annex.splitlines()
    [remark] = remarks_on(found)
    assert f"起的 {len(left_out)} 段看来是附件" in remark and "另录成一个文件" in remark


def test_a_day_within_the_text_begins_no_annex() -> None:
    text = "一、目标\n提高待遇。\n执行到2026年1月5日\n二、措施\n办好。"
    assert texts(cut_text(text), PART) == ["一、目标", "二、措施"]


@pytest.mark.parametrize("name", ["opinion", "plan"])
def test_the_shipped_documents_need_no_remark(name: str, request: pytest.FixtureRequest) -> None:
    assert remarks_on(request.getfixturevalue(name)) == []


def test_numbers_that_jump_or_repeat_are_read_as_they_stand() -> None:
    text = "一、目标\n提高待遇。\n四、措施\n（二）加强培训。办好学校。\n（二）再加强培训。办好工厂。"
    assert texts(cut_text(text), PART, MEASURE) == ["一、目标", "四、措施", "（二）加强培训。", "（二）再加强培训。"]


def test_without_any_number_every_paragraph_is_text() -> None:
    assert levels("某意见\n各单位要加强培训。\n各企业要提高待遇。\n某办公室") == [
        (REPEATED, "某意见"),
        (TEXT, "各单位要加强培训。"),
        (TEXT, "各企业要提高待遇。"),
        (OUTSIDE, "某办公室"),
    ]
    assert levels("\n \u3000\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "一、目标\r\n（一）培训\r\n办好学校。\r\n（二）待遇\r\n提高工资。",
        "一、目标\r（一）培训\r办好学校。\r（二）待遇\r提高工资。",
        "\u3000\u3000一、目标\n\t（一）培训\n\u3000\u3000办好学校。\n \t（二）待遇\n提高工资。\n\n\n",
        "\ufeff一、目\0标\n\n（一）培训\n\n\u200b办好学校。\n\n（二）待遇\n\n提高工资。",
    ],
)
def test_line_ends_tabs_and_wide_blanks_are_no_matter(text: str) -> None:
    assert levels(text) == [
        (PART, "一、目标"),
        (MEASURE, "（一）培训"),
        (TEXT, "办好学校。"),
        (MEASURE, "（二）待遇"),
        (TEXT, "提高工资。"),
    ]


def test_half_and_full_width_numbers() -> None:
    text = "一．目标\n(一) 培训\n１．办好学校。每县一所。\n2、办好工厂\n（1）先办一所；\n①先选址；"
    assert levels(text) == [
        (PART, "一．目标"),
        (SECTION, "(一) 培训"),
        (MEASURE, "１．办好学校。"),
        (TEXT, "每县一所。"),
        (MEASURE, "2、办好工厂"),
        (ITEM, "（1）先办一所；"),
        (ITEM, "①先选址；"),
    ]


@pytest.mark.parametrize("line", ["1.5万元用于培训。", "2026年起执行。", "第三方机构参加。", "12.5%以上。"])
def test_figures_are_no_numbers_of_paragraphs(line: str) -> None:
    assert (TEXT, line) in levels(f"一、目标\n{line}")


def test_a_line_that_a_page_cut_off_is_made_whole_where_lines_may_be_cut() -> None:
    text = "一、目标\n各级工会要结合生产经营实际和产业工人队伍状况，推动\n落实。\n二、措施\n办好。"
    whole = "各级工会要结合生产经营实际和产业工人队伍状况，推动落实。"
    assert (TEXT, whole) in levels(text)
    assert (TEXT, "落实。") in levels(text, is_wrapped=False)


def test_a_lead_in_and_signature_stay_paragraphs_of_their_own() -> None:
    text = "一、目标\n主要措施如下：\n（一）培训\n办好学校。\n某某办公室\n2026年1月5日"
    found = levels(text)
    assert (TEXT, "主要措施如下：") in found
    assert found[-2:] == [(OUTSIDE, "某某办公室"), (OUTSIDE, "2026年1月5日")]


def test_names_of_annexes_are_no_measures() -> None:
    text = "一、目标\n（一）培训\n办好学校。\n附件：1．重点任务分工表\n2．联系人名单\n某办公室\n（此件公开发布）"
    assert [level for level, _text in levels(text)[3:]] == [OUTSIDE] * 4


def test_numbers_of_several_digits_stand_below_one() -> None:
    text = "1.总则\n1.1 目的\n规范工作。\n2.职责\n2.1 部门\n负责落实，补助 1.5 万元。"
    assert levels(text) == [
        (PART, "1.总则"),
        (MEASURE, "1.1 目的"),
        (TEXT, "规范工作。"),
        (PART, "2.职责"),
        (MEASURE, "2.1 部门"),
        (TEXT, "负责落实，补助 1.5 万元。"),
    ]


def test_who_carries_a_measure_out_is_part_of_it() -> None:
    assert levels("1、开展培训\n（责任单位：省人社厅）")[-1] == (TEXT, "（责任单位：省人社厅）")


def test_a_heading_of_a_sentence_keeps_its_number_and_loses_its_stop() -> None:
    assert heading_of("1.深化理想信念教育。") == ("1.", "深化理想信念教育")
    assert heading_of("第二条【范围】") == ("第二条", "范围")
    assert heading_of("没有编号") == ("", "没有编号")


def test_each_level_says_what_becomes_of_a_paragraph() -> None:
    assert all("不收入" in level.label for level in OMITTED)
