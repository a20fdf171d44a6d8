"""Workbook and Word file: the same figures as the snapshot, and nothing that runs."""

import datetime
import io
import time

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import RGBColor
from openpyxl import load_workbook

from reporting.rendering.content import PRINTED_ROWS, TEXT_WIDTH, Edition, build_content
from reporting.rendering.docx import render_docx
from reporting.rendering.pdf import document_html
from reporting.rendering.xlsx import render_xlsx
from reporting.templatetags.reports import whole_numbers
from tests.reporting import samples


@pytest.fixture
def content():
    return build_content(samples.provincial(), Edition())


def test_the_workbook_holds_every_figure_as_a_number(content):
    book = load_workbook(io.BytesIO(render_xlsx(content)))
    assert book.sheetnames == ["总体", "分地区", "趋势", "指标", "说明"]
    rows = {row[0]: row for row in book["总体"].iter_rows(min_row=4, values_only=True)}
    for figure in content.snapshot["figures"]:
        assert rows[figure["code"]][3] == figure["value"], figure["code"]
    assert rows["A02.plan_reviewed"][4] == "未填报", "an unknown quarter is not zero"
    assert rows["B03.members"][5] == "—", "a headcount has no year to date"
    assert book["总体"].freeze_panes == "D4"
    assert book["总体"]["D4"].number_format == "#,##0"
    assert book["分地区"].page_setup.orientation == "landscape"


def test_the_workbook_lists_every_unit_and_every_fact(content):
    sheet = load_workbook(io.BytesIO(render_xlsx(content)))["分地区"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in rows] == [*samples.CITIES, "合计"]
    assert rows[0][4] == content.snapshot["units"][0]["values"]["B01.sessions"]
    assert rows[-2][4] == "未填报"
    assert rows[-1][2:5] == (812, 731, 1302), "the region's own figures, not the sum of the rows"


def test_text_is_never_a_formula():
    snapshot = samples.empty_county()
    snapshot["units"][0]["name"] = '=HYPERLINK("http://example.org","x")'
    sheet = load_workbook(io.BytesIO(render_xlsx(build_content(snapshot, Edition()))))["分地区"]
    assert sheet["B4"].data_type == "s"
    assert sheet["B4"].value.startswith("'=")


def test_the_same_data_gives_the_same_workbook(content, monkeypatch):
    first = render_xlsx(content)
    later = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: later)
    assert render_xlsx(content) == first
    assert render_xlsx(build_content(samples.provincial(), Edition(is_draft=False))) == first, "issuing changes no data"


def test_the_word_file_says_the_same(content):
    document = Document(io.BytesIO(render_docx(content)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "送审稿（第1稿）" in text
    assert "本季度举办职工大讲堂1302场" in text
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 1"][:2] == [
        "一、总体情况",
        "二、重点工作进展",
    ]
    cells = [cell.text for cell in document.tables[0].rows[1].cells]
    assert cells[:4] == ["南京市", "62", "55", "100"]
    assert round(document.sections[0].top_margin.mm) == 37


def test_a_long_table_is_written_whole():
    snapshot = samples.provincial()
    snapshot["units"] = [{**snapshot["units"][0], "code": str(n)} for n in range(PRINTED_ROWS)]
    content = build_content(snapshot, Edition())
    document = Document(io.BytesIO(render_docx(content)))
    assert max(len(table.rows) for table in document.tables) > PRINTED_ROWS


HEAD = "南京市产业工人队伍建设改革工作领导小组办公室文件"


def issued_with_red_head(**more: str) -> Edition:
    return Edition(
        is_draft=False, number="宁产改办〔2026〕12号", issued_on=datetime.date(2026, 10, 20), red_head=HEAD, **more
    )


def test_a_red_head_is_the_same_on_every_face():
    """Head, number, who signs and who printed it: in the print as in the Word file, the head in one line."""
    content = build_content(samples.provincial(), issued_with_red_head())
    assert content.office == HEAD.removesuffix("文件") and content.compiler == "江苏省产改办"
    assert content.head_lines == [HEAD] and content.head_size * len(HEAD) <= TEXT_WIDTH
    document = Document(io.BytesIO(render_docx(content)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == HEAD and texts[2] == "宁产改办〔2026〕12号"
    assert document.paragraphs[0].runs[0].font.color.rgb == RGBColor(0xC8, 0x10, 0x2E)
    assert content.office in texts and texts[-1] == f"{content.office}\t2026年10月20日印发"
    assert document.paragraphs[-1]._p.pPr.find(qn("w:framePr")).get(qn("w:yAlign")) == "bottom"
    html = document_html(content)
    assert (
        html.index(HEAD)
        < html.index("宁产改办〔2026〕12号")
        < html.index(f"<p>{content.office}</p>")
        < html.index("印发")
    )


def test_a_head_in_two_lines_breaks_where_it_was_typed():
    content = build_content(samples.provincial(), Edition(red_head="江苏省总工会 江苏省产业工人队伍建设改革办公室文件"))
    assert content.head_lines == ["江苏省总工会", "江苏省产业工人队伍建设改革办公室文件"]
    assert content.imprint == [], "a draft is printed by nobody"


def test_without_a_red_head_the_office_of_the_region_signs():
    content = build_content(samples.provincial(), Edition())
    assert content.office == content.compiler == "江苏省产改办" and not content.head_lines and not content.imprint


def test_nothing_is_printed_before_the_first_figures():
    """Two quarters before anybody reported: no columns of them, in no face."""
    content = build_content(samples.provincial(), Edition())
    assert [column.label for column in content.trend.columns[2:5]] == [
        "26年一季",
        "26年二季",
        "26年三季",
    ]
    heads = next(
        load_workbook(io.BytesIO(render_xlsx(content)))["趋势"].iter_rows(min_row=3, max_row=3, values_only=True)
    )
    assert heads[3:] == ("2026年第一季度", "2026年第二季度", "2026年第三季度")


def test_a_quarter_that_was_not_over_is_named_in_every_face():
    """Its column is lower than the others because its days are not over."""
    snapshot = {**samples.provincial(), "data_as_of": "2026-09-30T09:30:00+08:00"}
    content = build_content(snapshot, Edition())
    assert [column.label for column in content.trend.columns[3:5]] == ["26年二季", "26年三季（未结束）"]
    assert "2026年第三季度（未结束）" in content.chart_text
    assert content.chart["xAxis"]["data"][-2:] == ["26年\n二季", "26年\n三季\n（未结束）"]
    heads = next(
        load_workbook(io.BytesIO(render_xlsx(content)))["趋势"].iter_rows(min_row=3, max_row=3, values_only=True)
    )
    assert heads[4:] == ("2026年第二季度", "2026年第三季度（未结束）")


def test_parts_stand_under_what_they_are_parts_of_and_say_over_how_many():
    rows = {
        row[0].text: [cell.text for cell in row[1:]]
        for row in build_content(samples.provincial(), Edition()).trend.rows
    }
    labels = list(rows)
    assert labels.index("　其中：一线职工党员") == labels.index("新发展党员") + 1
    assert rows["国企党员空白班组"][-3:] == ["731", "-4（-10.0%）", "700"]
    assert rows["职工大讲堂场次"][-3:] == ["731", "+122（+10.3%）", "全部"]
    assert rows["方案经职代会审议的企业"][-2:] == ["—", "—"]


def test_paper_has_the_main_figures_and_the_workbook_all_of_them():
    """What each item opens with, and what is declared as a key figure, is printed; of the rest it is said how much there is and
    where it stands."""
    snapshot = samples.provincial()
    content = build_content(snapshot, Edition())
    printed = {row[0].text for row in content.trend.rows}
    assert {"职工大讲堂场次", "专题研究产改会议", "　其中：一线职工党员", "国企党员空白班组"} <= printed
    assert "其中一线职工人次" not in "".join(printed) and "已报领导机构情况的企业" not in printed
    assert f"其余{len(samples.FACTS) - len(printed)}项见随附工作簿的“总体”和“趋势”" in content.trend.note
    sheet = load_workbook(io.BytesIO(render_xlsx(content)))["趋势"]
    assert {row[0] for row in sheet.iter_rows(min_row=4, values_only=True)} == {code for code, *_rest in samples.FACTS}
    for text in (
        document_html(content),
        "".join(p.text for p in Document(io.BytesIO(render_docx(content))).paragraphs),
    ):
        assert "见随附工作簿的“总体”和“趋势”" in text


def test_paper_has_the_indicators_with_something_to_reach_and_the_workbook_all():
    snapshot = samples.provincial()
    [aimed] = snapshot["indicators"]
    snapshot["indicators"] += [
        {**aimed, "code": "X1", "name": "没有目标的指标", "target": None},
        {**aimed, "code": "X2", "name": "没有数据的指标", "value": None, "numerator": None, "denominator": None},
    ]
    content = build_content(snapshot, Edition())
    assert content.indicators and [row[0].text for row in content.indicators.rows] == [aimed["name"]]
    assert "还没有数据的指标：没有数据的指标。" in content.indicators.note
    assert "没有目标或要求值的1项指标不在本表列出，数值见随附工作簿的“指标”。" in content.indicators.note
    sheet = load_workbook(io.BytesIO(render_xlsx(content)))["指标"]
    rows = {row[0]: row[5:] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert rows == {
        "A01": (83.2, 610, 733, 100),
        "X1": (83.2, 610, 733, "—"),
        "X2": ("未填报", "未填报", "未填报", 100),
    }


def test_a_column_that_nobody_tells_is_left_out_and_named():
    snapshot = samples.provincial()
    for one in snapshot["figures"]:
        if one["code"] == "B05.empty_teams":
            one["value"] = None
    for unit in snapshot["units"]:
        unit["values"]["B05.empty_teams"] = None
    table = build_content(snapshot, Edition()).units
    assert "党员空白班组" not in [column.label for column in table.columns]
    assert "没有单位填报的不列：国企党员空白班组。" in table.note
    silent = build_content(samples.empty_county(), Edition()).units
    assert "讲堂场次" in [column.label for column in silent.columns], "where nobody tells anything the table shows that"


def test_a_part_says_what_was_left_empty_in_annex_and_workbook():
    """Beside the figure itself, on every face; a few persons are told as few."""
    snapshot = samples.provincial()
    figures = {one["code"]: one for one in snapshot["figures"]}
    new = {**figures["B01.sessions"], "comparison": None, "year_to_date": None, "previous": None}
    people = {**new, "code": "E09.due", "label": "应参保职工", "unit": "人", "nature": "headcount", "value": 40}
    told = {**people, "code": "E09.fund", "label": "其中缴存住房公积金", "value": 30, "share": [30, 38]}
    wisdom = {**new, "code": "C11.wisdom", "label": "智力型竞赛", "value": 3, "share": [3, 5]}
    contests = {**new, "code": "C01.sessions", "label": "竞赛", "value": 9}
    snapshot["figures"] += [people, told, wisdom, contests]
    for one in snapshot["figures"][-4:]:
        snapshot["trend"]["series"][one["code"]] = [None, None, None, None, one["value"]]
    for unit in snapshot["units"]:
        unit["values"] |= dict.fromkeys(("E09.due", "E09.fund", "C11.wisdom", "C01.sessions"))
    content = build_content(snapshot, Edition())
    said = "　其中：智力型竞赛（另有4场未填这一项）"
    assert said in [row[0].text for row in content.trend.rows] and said in document_html(content)
    assert said in [cell.text for cell in Document(io.BytesIO(render_docx(content))).tables[1].column_cells(0)]
    sheet = load_workbook(io.BytesIO(render_xlsx(content)))["总体"]
    heads = [cell.value for cell in sheet[3]]
    rows = {row[0]: row[-1] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert heads[-1] == "没有填全的" and rows["C11.wisdom"] == "另有4场未填这一项"
    assert (rows["E09.fund"], rows["B01.sessions"]) == ("另有不足5人未填这一项", "—")
    text = "".join(map(str, samples.narrative.sections(snapshot)))
    assert "另有4场未填这一项" in text


def test_the_year_before_stands_beside_the_quarter_before():
    """In the table on paper and in the workbook; where nothing was known of it, that is said and no zero."""
    content = build_content(samples.with_year_before(samples.provincial()), Edition())
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in content.trend.rows}
    assert [column.label.replace("\n", "") for column in content.trend.columns[-4:]] == [
        "比上季度",
        "可比",
        "比上年同期",
        "可比",
    ]
    assert rows["国企党员空白班组"][-4:] == ["-4\n-10.0%", "700", "持平", "550"]
    assert rows["职工大讲堂场次"][-4:] == ["+122\n+10.3%", "全部", "+102\n+8.5%", "全部"]
    assert rows["职工大讲堂参训人次"][-2:] == ["无数据", "—"]
    assert "“无数据”表示上年同期没有数据" in content.trend.note
    assert 'class="wide trend over-year"' in document_html(content)
    sheet = load_workbook(io.BytesIO(render_xlsx(content)))["总体"]
    heads = [cell.value for cell in sheet[3]]
    assert heads[10:] == [
        "同比可比：本期",
        "同比可比：上年同期",
        "同比可比企业数（家）",
        "本年累计同比：本期",
        "本年累计同比：上年同期",
    ]
    found = {row[0]: row[10:] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert found["B05.empty_teams"] == (30, 30, 550, "—", "—")
    assert found["B01.sessions"] == (1302, 1200, "—", 3120, 2000)
    assert found["B01.attendances"] == ("—", "没有数据", "—", "—", "—")
    text = "\n".join(cell.text for cell in Document(io.BytesIO(render_docx(content))).tables[1]._cells)
    assert "比上年同期" in text and "+102\n+8.5%" in text


def test_a_report_of_the_second_format_prints_as_it_was():
    """No column of the year before, and no word of it: its numbers stand as they were issued."""
    content = build_content(samples.provincial(), Edition())
    assert [column.label for column in content.trend.columns[-3:]] == ["已报", "可比\n增减", "可比"]
    assert "上年" not in document_html(content)
    sheet = load_workbook(io.BytesIO(render_xlsx(content)))["总体"]
    assert sheet.max_column == 10


def test_without_any_data_of_a_year_ago_one_sentence_says_so():
    snapshot = samples.with_year_before(samples.provincial())
    for figure in snapshot["figures"]:
        figure.update(over_year=None, to_date_over_year=None, no_year="no_data")
    content = build_content(snapshot, Edition())
    assert "上年同期没有可比的数据，没有同比。" in content.trend.note
    assert [column.label for column in content.trend.columns[-3:]] == ["已报", "可比\n增减", "可比"]


def test_a_report_of_the_first_format_still_shows():
    """Issued ones keep their snapshot for good."""
    snapshot = samples.provincial()
    for figure in snapshot["figures"]:
        del figure["comparison"]
    for name in ("done", "waiting", "overdue_reviews"):
        del snapshot["coverage"][name]
    snapshot["format"] = 1
    content = build_content(snapshot, Edition())
    assert render_xlsx(content) and document_html(content)
    assert {row[-1].text for row in content.trend.rows} == {"—"}


def test_no_line_breaks_inside_a_number():
    assert whole_numbers("占65.3%，<b>12</b>") == (
        '占<span class="whole">65.3%</span>，&lt;b&gt;<span class="whole">12</span>&lt;/b&gt;'
    )
    assert whole_numbers("'") == "&#x27;"


def test_what_nobody_reported_in_any_printed_quarter_is_counted_and_left_out():
    snapshot = samples.provincial()
    code = "A04.meetings"
    label = next(one["label"] for one in snapshot["figures"] if one["code"] == code)
    whole = build_content(snapshot, Edition()).trend
    snapshot["trend"]["series"][code] = [None] * len(snapshot["trend"]["quarters"])
    printed = build_content(snapshot, Edition()).trend
    assert len(printed.rows) == len(whole.rows) - 1
    assert not any(row[0].text.endswith(label.removeprefix("其中")) for row in printed.rows)
    assert "没有任何单位填报，没有列出" in printed.note
