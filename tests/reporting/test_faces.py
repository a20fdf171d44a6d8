"""Workbook and Word file: the same figures as the snapshot, and nothing that runs."""

import io
import time

import pytest
from docx import Document
from openpyxl import load_workbook

from reporting.rendering.content import Edition, build_content
from reporting.rendering.docx import render_docx
from reporting.rendering.xlsx import render_xlsx
from tests.reporting import samples


@pytest.fixture
def content():
    return build_content(samples.provincial(), Edition())


def test_the_workbook_holds_every_figure_as_a_number(content):
    book = load_workbook(io.BytesIO(render_xlsx(content)))
    assert book.sheetnames == ["总体", "分地区", "趋势", "说明"]
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
    snapshot["units"] = [{**snapshot["units"][0], "code": str(n)} for n in range(200)]
    content = build_content(snapshot, Edition())
    document = Document(io.BytesIO(render_docx(content)))
    assert max(len(table.rows) for table in document.tables) > 200
