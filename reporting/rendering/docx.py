"""The editable Word file: the same words and tables, for offices that pass a report on or work it into another."""

import copy
import io
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reporting.rendering.content import Content, Table, chinese_date

#: Formats a Word user has; Word substitutes by itself where one is missing.
_FANG, _HEI, _KAI, _SONG = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
_BODY = Pt(16)
_LINE = Pt(28.95)


def render_docx(content: Content) -> bytes:
    """The Word file's bytes."""
    document = Document()
    _page(document)
    _styles(document)
    document.core_properties.title = content.title
    document.core_properties.author = content.office
    document.core_properties.language = "zh-CN"
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = timezone.now()
    edition = content.edition
    if edition.is_draft:
        _plain(document, _("送审稿（第%d稿）") % edition.draft_number)
    if content.head_lines:
        _red_head(document, content)
    elif edition.number:
        _plain(document, edition.number, WD_ALIGN_PARAGRAPH.RIGHT)
    for line in content.title_lines:
        document.add_paragraph(line, style="Title")
    document.add_paragraph(content.lead)
    _sections(document, content)
    _closing(document, content)
    _annex(document, _("附件1"), content.units)
    _annex(document, _("附件2"), content.trend)
    if content.indicators:
        _annex(document, "", content.indicators)
    if content.breaches:
        _annex(document, "", content.breaches)
    document.add_paragraph(_("编制说明"), style="Heading 1")
    for index, note in enumerate(content.notes, 1):
        _plain(document, f"{index}. {note}").runs[0].font.size = Pt(10.5)
    if edition.verify_code and not edition.is_draft:
        text = _("查验码：%(code)s；查验网址：%(url)s")
        code = _plain(document, text % {"code": edition.verify_code, "url": edition.verify_url})
        code.runs[0].font.size = Pt(10.5)
    _imprint(document, content)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _red_head(document: DocumentType, content: Content) -> None:
    """发文机关标志 in red over its line, the number between them."""
    for line in content.head_lines:
        paragraph = _plain(document, "", WD_ALIGN_PARAGRAPH.CENTER)
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        run = paragraph.add_run(line)
        run.font.size, run.font.name, run.font.color.rgb = Pt(content.head_size), _SONG, RGBColor(0xC8, 0x10, 0x2E)
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _SONG)
    _plain(document, "")
    _ruled(_plain(document, content.edition.number, WD_ALIGN_PARAGRAPH.CENTER), "bottom", "C8102E", eighths=12)


def _imprint(document: DocumentType, content: Content) -> None:
    """版记 between two lines at the foot of its page: who printed it at the left, when at the right."""
    if not content.imprint:
        return
    paragraph = _plain(document, "\t".join(content.imprint))
    paragraph.runs[0].font.size = Pt(14)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.paragraph_format.space_before = _LINE
    _ruled(paragraph, "top", "000000", eighths=6)
    _ruled(paragraph, "bottom", "000000", eighths=6)
    frame = OxmlElement("w:framePr")
    width = str(round(Mm(156).twips))
    for name, value in (
        ("w", width),
        ("wrap", "around"),
        ("vAnchor", "margin"),
        ("hAnchor", "margin"),
        ("yAlign", "bottom"),
    ):
        frame.set(qn(f"w:{name}"), value)
    paragraph._p.get_or_add_pPr().insert_element_before(frame, "w:widowControl", "w:pBdr", "w:tabs", "w:spacing")


def _ruled(paragraph: Paragraph, side: str, colour: str, *, eighths: int) -> None:
    """A line above or below a paragraph, its width in eighths of a point."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


def _page(document: DocumentType) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin = Mm(37), Mm(26)
    section.bottom_margin, section.left_margin = Mm(35), Mm(28)
    section.footer_distance = Mm(25)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.paragraph_format.first_line_indent = Pt(0)
    footer.add_run("— ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = footer.add_run()
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._r.append(mark)
    footer.add_run(" —")


def _styles(document: DocumentType) -> None:
    normal = document.styles["Normal"]
    _face(normal, _FANG, _BODY)
    spacing = normal.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.first_line_indent = _BODY * 2
    for name, face in (("Heading 1", _HEI), ("Heading 2", _KAI)):
        _face(document.styles[name], face, _BODY)
        document.styles[name].paragraph_format.space_before = Pt(0)
    title = document.styles["Title"]
    _face(title, _SONG, Pt(22))
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.first_line_indent = Pt(0)
    title.paragraph_format.space_after = Pt(0)
    for border in title.element.findall(".//" + qn("w:pBdr")):
        border.getparent().remove(border)


def _face(style: ParagraphStyle, face: str, size: int) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = face, size, False, False
    style.font.color.rgb = None
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), face)
    for colour in properties.findall(qn("w:color")):
        properties.remove(colour)


def _text_of(paragraph: list[Any]) -> str:
    return "".join(piece["text"] if isinstance(piece, dict) else piece for piece in paragraph)


def _plain(document: DocumentType, text: str, alignment: WD_ALIGN_PARAGRAPH | None = None) -> Paragraph:
    paragraph = document.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Pt(0)
    if alignment is not None:
        paragraph.alignment = alignment
    return paragraph


def _sections(document: DocumentType, content: Content) -> None:
    for section in content.sections:
        document.add_paragraph(section["title"], style="Heading 1")
        for paragraph in section["paragraphs"]:
            document.add_paragraph(_text_of(paragraph))
        for group in section["groups"]:
            document.add_paragraph(group["title"], style="Heading 2")
            for paragraph in group["paragraphs"]:
                document.add_paragraph(_text_of(paragraph))
        for paragraph in section["commentary"]:
            document.add_paragraph(_text_of(paragraph))


def _closing(document: DocumentType, content: Content) -> None:
    document.add_paragraph("")
    document.add_paragraph(_("附件：1．%s") % content.units.title)
    document.add_paragraph(_("　　　2．%s") % content.trend.title)
    document.add_paragraph("")
    issued_on = content.edition.issued_on
    for text in (content.office, chinese_date(issued_on) if issued_on else _("（未签发）")):
        paragraph = _plain(document, text, WD_ALIGN_PARAGRAPH.RIGHT)
        paragraph.paragraph_format.right_indent = _BODY * 4


def _annex(document: DocumentType, mark: str, table: Table) -> None:
    if mark:
        document.add_page_break()
        _plain(document, mark)
    document.add_paragraph(table.title, style="Title").runs[0].font.size = Pt(18)
    grid = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    heads = [f"{one.label}（{one.unit}）" if one.unit else one.label.replace("\n", "") for one in table.columns]
    _row(grid.rows[0], heads, set())
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    pattern = None
    for cells in [*table.rows, *([table.total] if table.total else [])]:
        texts = [cell.text for cell in cells]
        if pattern is None:
            row = grid.add_row()
            _row(row, texts, table.number_columns)
            pattern = row._tr
        else:
            grid._tbl.append(_like(pattern, texts))
    if table.note:
        _plain(document, table.note).runs[0].font.size = Pt(10.5)


def _like(pattern: Any, texts: list[str]) -> Any:
    """A further row of the table, formatted as the first: copying costs a tenth of formatting cell by cell."""
    row = copy.deepcopy(pattern)
    for run, text in zip(row.iter(qn("w:r")), texts, strict=True):
        Run(run, None).text = text  # type: ignore[arg-type]  # a run of no paragraph: only its text is written
    return row


def _row(row: Any, texts: list[str], number_columns: set[int]) -> None:
    for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.add_run(text).font.size = Pt(9)
        if index in number_columns:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
