"""The PDF: PDF/A-3a in the geometry of GB/T 9704, with the workbook and the snapshot inside it.

One report is one WeasyPrint document: joining documents afterwards loses tags, metadata and output intent.
"""

import base64
import datetime
import hashlib
from functools import cache
from pathlib import Path

import segno
from django.template.loader import render_to_string
from django.utils import timezone
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reporting.rendering import svg
from reporting.rendering.content import Content, chinese_date
from reporting.rendering.fonts import BODY_STACK, font_face_css, font_files
from reporting.rendering.glyphs import printable

_CSS_FILE = Path(__file__).with_name("print.css")
CHART_SIZE = (500, 180)


class ReportURLFetcher(URLFetcher):
    """Opens the report's own fonts and ``data:`` URIs, nothing else: no network, no other file."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data", "file"}, allow_redirects=False)
        self._fonts = {path.as_uri() for path in font_files().values()}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith("data:") and url not in self._fonts:
            raise ValueError(f"a report may not open {url}")
        return super().fetch(url, headers)


def _data_uri(svg_text: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg_text.encode()).decode()


@cache
def _watermark_css() -> str:
    """送审稿 across every page, behind the text. Drawn as outlines in the page's background: it is neither read aloud
    nor found among the text of the page."""
    font = TTFont(font_files()["Portal Hei"])
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    outlines = []
    for index, character in enumerate("送审稿"):
        pen = SVGPathPen(glyphs)
        glyphs[names[ord(character)]].draw(pen)
        outlines.append(f'<path transform="translate({index * 1000 - 1500} -380)" d="{pen.getCommands()}"/>')
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="210mm" height="297mm">'
        f'<g fill="#ececec" transform="translate(105 148) rotate(-35) scale(.05 -.05)">{"".join(outlines)}</g></svg>'
    )
    return f"@page {{ background: url('{_data_uri(picture)}') 0 0 / 210mm 297mm no-repeat }}"


@cache
def _base_css() -> str:
    return font_face_css() + _CSS_FILE.read_text(encoding="utf-8")


def chart_svg(content: Content) -> str:
    """The report's chart as SVG; empty when there is nothing to draw."""
    if not content.chart:
        return ""
    family = BODY_STACK.replace("'", "")
    return printable(svg.draw(content.chart, width=CHART_SIZE[0], height=CHART_SIZE[1], font_family=family))


def document_html(content: Content) -> str:
    """The HTML that is printed."""
    edition = content.edition
    chart = chart_svg(content)
    qr = segno.make(edition.verify_url, error="m") if edition.verify_url and not edition.is_draft else None
    by_enterprise = content.snapshot["units_are"] == "enterprise"
    return render_to_string(
        "reporting/report/document.html",
        {
            "content": content,
            "created": content.snapshot["data_as_of"] or "",
            "issued_on": chinese_date(edition.issued_on) if edition.issued_on else "",
            "units_style": "by-enterprise" if by_enterprise else "units",
            "chart_url": _data_uri(chart) if chart else "",
            "qr_url": qr.svg_data_uri(scale=4, border=2) if qr else "",
        },
    )


def html_to_pdf(
    html: str, *, extra_css: str = "", attachments: list[Attachment] | None = None, identifier: bytes = b""
) -> bytes:
    """Print HTML on the report's pages. ``identifier`` names the document; the same content keeps the same name."""
    fonts, fetcher = FontConfiguration(), ReportURLFetcher()
    sheets = [CSS(string=_base_css() + extra_css, font_config=fonts, url_fetcher=fetcher)]
    document = HTML(string=printable(html), url_fetcher=fetcher)
    printed: bytes = document.write_pdf(
        stylesheets=sheets,
        font_config=fonts,
        attachments=attachments or [],
        pdf_variant="pdf/a-3a",
        pdf_identifier=identifier or None,
        custom_metadata=False,
    )
    return printed


def render_pdf(content: Content, *, xlsx: bytes, snapshot_json: bytes) -> bytes:
    """The report as PDF/A-3a with workbook and snapshot embedded byte for byte."""
    at = _embedded_at(content)
    attachments = [
        Attachment(
            string=xlsx,
            name="report.xlsx",
            description="完整数据工作簿",
            relationship="Source",
            created=at,
            modified=at,
        ),
        Attachment(
            string=snapshot_json,
            name="snapshot.json",
            description="数据快照",
            relationship="Data",
            created=at,
            modified=at,
        ),
    ]
    css = _watermark_css() if content.edition.is_draft else ""
    identifier = hashlib.sha256(f"{content.edition}".encode()).digest()[:16]
    return html_to_pdf(document_html(content), extra_css=css, attachments=attachments, identifier=identifier)


def _embedded_at(content: Content) -> datetime.datetime:
    as_of = content.snapshot["data_as_of"]
    return datetime.datetime.fromisoformat(as_of) if as_of else timezone.localtime()
