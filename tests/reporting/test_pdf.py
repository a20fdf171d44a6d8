"""The printed report: geometry of GB/T 9704, archival markers, embedded files, and every character printed."""

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import ArrayObject

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import declared_facts
from reporting.canonical import canonical_bytes, snapshot_hash
from reporting.rendering.content import PRINTED_ROWS, Edition, build_content
from reporting.rendering.formats import Formats, render_formats
from reporting.rendering.pdf import ReportURLFetcher, chart_svg, html_to_pdf
from tests.reporting import samples

MM = 72 / 25.4
RARE = "玙嫄琋瞾溙贇䶮㛃𬭼"


@pytest.fixture(scope="module")
def draft() -> Formats:
    snapshot = samples.provincial()
    return render_formats(snapshot, Edition(snapshot_hash=snapshot_hash(snapshot)))


@pytest.fixture(scope="module")
def issued() -> Formats:
    edition = Edition(
        is_draft=False,
        number="苏产改办〔2026〕12号",
        issued_on=date(2026, 10, 20),
        verify_code="AB23CD45EF",
        verify_url="https://portal.example/verify/AB23CD45EF/",
        commentary={"plans": f"一是做好{RARE}的工作。"},
    )
    return render_formats(samples.provincial(), edition)


def reader(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    """All text, without the breaks of lines and pages."""
    return "".join("".join(page.extract_text().split()) for page in reader(data).pages)


def lines_of(page) -> dict[float, list[tuple[float, str]]]:
    """Pieces of text by the height of their baseline."""
    found: dict[float, list[tuple[float, str]]] = {}

    def visit(text, _cm, matrix, _font, _size):
        if text.strip():
            found.setdefault(round(matrix[5], 1), []).append((matrix[4], text.strip()))

    page.extract_text(visitor_text=visit)
    return found


def filled(count: int) -> bytes:
    return html_to_pdf(f'<html lang="zh-CN"><title>满页</title><p style="text-indent:0">{"字" * count}</p></html>')


def test_a_page_holds_exactly_22_lines_of_28_characters():
    full = reader(filled(22 * 28))
    assert len(full.pages) == 1
    lines = [line for line in full.pages[0].extract_text().splitlines() if set(line) == {"字"}]
    assert [len(line) for line in lines] == [28] * 22
    assert len(reader(filled(22 * 28 + 1)).pages) == 2


def test_paper_and_page_numbers(draft):
    pages = reader(draft.pdf).pages
    assert float(pages[0].mediabox.width) == pytest.approx(210 * MM, abs=0.5)
    assert float(pages[0].mediabox.height) == pytest.approx(297 * MM, abs=0.5)
    for number, page in enumerate(pages[:2], 1):
        text = page.extract_text()
        assert re.search(rf"—\s*{number}\s*—", text), text[-40:]
    right, left = (min(x for x, _text in pieces) for pieces in (_footer(pages[0]), _footer(pages[1])))
    assert right > 105 * MM, "odd pages carry the number on the right"
    assert left < 60 * MM, "even pages carry the number on the left"


def _footer(page) -> list[tuple[float, str]]:
    return next(pieces for pieces in lines_of(page).values() if any("—" in text for _x, text in pieces))


def test_it_is_a_tagged_archival_document(draft):
    pdf = reader(draft.pdf)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/OutputIntents"]
    assert root["/Lang"] == "zh-CN"
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part(>|=\")3", xmp)
    assert re.search(r"pdfaid:conformance(>|=\")A", xmp)
    assert pdf.metadata.title == "江苏省2026年第三季度产业工人队伍建设改革工作情况报告"


def test_workbook_and_snapshot_are_inside_byte_for_byte(draft):
    pdf = reader(draft.pdf)
    assert pdf.attachments["report.xlsx"] == [draft.xlsx]
    assert pdf.attachments["snapshot.json"] == [draft.json]
    assert draft.json == canonical_bytes(samples.provincial())
    associated = pdf.trailer["/Root"]["/AF"]
    assert isinstance(associated, ArrayObject)
    assert {str(one.get_object()["/AFRelationship"]) for one in associated} == {"/Source", "/Data"}


def test_chinese_text_can_be_read_back(draft):
    text = text_of(draft.pdf)
    for words in (
        "江苏省产业工人队伍建设改革",
        "一、总体情况",
        "（一）思想引领",
        "本季度举办职工大讲堂1302场",
        "宿迁市",
        "未填报",
    ):
        assert words in text
    assert "（由编制单位填写）" in text


def test_the_watermark_is_a_picture_and_on_drafts_only(draft, issued):
    assert "送审稿（第1稿）" in text_of(draft.pdf)
    assert "送审稿" not in text_of(issued.pdf)
    assert len(_background(draft)) > len(_background(issued)), "the draft's pages carry an additional picture"


def _background(faces: Formats) -> bytes:
    page = reader(faces.pdf).pages[1]
    forms = page["/Resources"].get("/XObject", {})
    return page.get_contents().get_data() + b"".join(form.get_object().get_data() for form in forms.values())


def test_an_issued_report_says_how_to_verify_it(issued):
    text = text_of(issued.pdf)
    for words in (
        "苏产改办〔2026〕12号",
        "2026年10月20日",
        "查验码：AB23CD45EF",
        "https://portal.example/verify/AB23CD45EF/",
    ):
        assert words in text


def test_rare_characters_are_printed_and_no_box_stands_for_any(issued):
    assert RARE in text_of(issued.pdf)
    fonts = set()
    for page in reader(issued.pdf).pages:
        fonts |= {str(font.get_object()["/BaseFont"]).split("+")[-1] for font in page["/Resources"]["/Font"].values()}
        shown = b"".join(re.findall(rb"<([0-9a-fA-F]+)>", page.get_contents().get_data()))
        glyphs = {shown[start : start + 4] for start in range(0, len(shown), 4)}
        assert b"0000" not in glyphs, "glyph 0 is .notdef, the empty box"
    assert all(font.startswith(("Fandol", "Portal", "Noto")) for font in fonts), fonts


def test_the_fetcher_opens_fonts_and_data_only():
    fetcher = ReportURLFetcher()
    for url in ("file:///etc/passwd", "http://127.0.0.1/", "https://example.org/x.png"):
        with pytest.raises(ValueError, match="may not open"):
            fetcher.fetch(url)


def test_the_chart_is_drawn_with_the_values_and_the_own_font():
    svg = chart_svg(build_content(samples.provincial(), Edition()))
    assert svg.startswith("<svg")
    assert "1,302" in svg
    assert "Portal Fang" in svg


def test_nothing_to_draw_is_said():
    content = build_content(samples.empty_county(), Edition())
    assert chart_svg(content) == ""
    assert content.chart_caption == "没有收到数据，不作图。"


def test_a_long_annex_says_how_much_it_prints():
    snapshot = samples.empty_county()
    snapshot["units"] = [
        {**snapshot["units"][0], "code": str(n), "name": f"样例企业{n}"} for n in range(PRINTED_ROWS + 1)
    ]
    table = build_content(snapshot, Edition()).units
    assert len(table.rows) == PRINTED_ROWS
    assert table.note == f"本表列出 {PRINTED_ROWS} 个单位（共 {PRINTED_ROWS + 1} 个），完整数据见随附工作簿。"


def test_the_annexes_of_a_city_that_tells_everything_are_short():
    """All four hundred and more figures and two hundred indicators are told, with both comparisons: on paper they take no more
    than nine pages."""
    snapshot = samples.with_year_before(samples.provincial())
    both = {"value": 1200, "before": 1000, "enterprises": 52}
    [aimed] = snapshot["indicators"]
    snapshot["figures"] = [
        {
            **snapshot["figures"][0],
            "code": code,
            "label": fact.label_in(Quarter(2026, 3)),
            "unit": str(fact.unit),
            "comparison": both,
            "over_year": both,
        }
        for code, fact in declared_facts().items()
    ]
    snapshot["trend"]["series"] = {code: [1000, 1100, 1150, 1000, 1200] for code in declared_facts()}
    for unit in snapshot["units"]:
        unit["values"] = dict.fromkeys(declared_facts(), 100)
    snapshot["indicators"] = [
        {**aimed, "name": f"职工教育经费用于一线职工比例{number}", "target": aimed["target"] if number < 20 else None}
        for number in range(200)
    ]
    snapshot["sections"] = []
    faces = render_formats(snapshot, Edition())
    pages = ["".join(page.extract_text().split()) for page in reader(faces.pdf).pages]
    [begin] = [number for number, text in enumerate(pages) if text.startswith("附件1")]
    assert len(pages) - begin <= 9
    sheets = load_workbook(io.BytesIO(faces.xlsx))
    assert sheets["趋势"].max_row == 3 + len(declared_facts()) and sheets["指标"].max_row == 3 + 200


def test_an_empty_report_is_a_proper_report():
    faces = render_formats(samples.empty_county(), Edition())
    text = text_of(faces.pdf)
    assert "本季度未收到填报数据" in text
    assert "样例企业1未填报未填报" in text


def test_who_printed_it_stands_at_the_foot_of_the_last_page(issued):
    """版记 is the lowest line of the type area, 35 mm above the paper's edge, however little stands above it. Heights are
    those of WeasyPrint's own grid: CSS pixels from the top."""
    edition = Edition(
        is_draft=False, number="苏产改办〔2026〕12号", issued_on=date(2026, 10, 20), red_head="江苏省产改办文件"
    )
    pages = reader(render_formats(samples.provincial(), edition).pdf).pages
    found = [
        (number, height)
        for number, page in enumerate(pages)
        for height, pieces in lines_of(page).items()
        if "印发" in "".join(text for _x, text in pieces)
    ]
    assert len(found) == 1 and found[0][0] == len(pages) - 1
    lowest = (297 - 35) / 25.4 * 96
    assert lowest - 30 < found[0][1] < lowest


def test_the_note_of_a_table_stands_with_its_last_rows():
    """However many rows the table has, the note never falls alone on a page."""
    counts = range(28, 40)
    annexes = "".join(
        f"<section class='annex'><h2>表</h2><table><tbody>{'<tr><td>某行</td></tr>' * count}</tbody></table>"
        f"<p class='note'>注解：{'累计类数据按全部企业。' * 6}</p></section>"
        for count in counts
    )
    pages = [page.extract_text() for page in reader(html_to_pdf(annexes)).pages]
    assert len(pages) > len(counts), "some of the tables run over their page"
    noted = [page for page in pages if "注解" in page]
    assert len(noted) == len(counts) and all("某行" in page for page in noted)
