"""Workbooks in the house style: headings that stay in view, and text that can never become a formula."""

import contextlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RED_FILL = PatternFill("solid", fgColor="F8D7DA")
_LINE = Side(style="thin", color="BFC7D1")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FONT = Font(name="微软雅黑", bold=True, color="1F2D3D")
_HEAD_FILL = PatternFill("solid", fgColor="E8EEF5")
_NEEDED_FILL = PatternFill("solid", fgColor="FFF3CD")
_HEAD_ALIGNMENT = Alignment(horizontal="center", vertical="center", wrap_text=True)
#: XML 1.0 knows no control characters; openpyxl refuses them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: What a spreadsheet takes for the start of a formula, also after an edit of the cell.
_FORMULA_STARTS = ("=", "+", "-", "@")
#: What Excel allows in one cell.
_LONGEST = 32_767


def harmless(sheet: Worksheet, value: Any) -> Any:
    """The value; for text that looks like a formula a cell that is text for good, in this program and the next."""
    if not isinstance(value, str):
        return value
    value = _CONTROL.sub("", value)[:_LONGEST]
    if not value.startswith(_FORMULA_STARTS):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


class CellStyle:
    """One look for many cells of a write-only sheet. The style is worked out once: openpyxl compares and stores fonts,
    borders and fills at every assignment to a cell, which costs more than writing the cell."""

    def __init__(self, sheet: Worksheet, **looks: Any) -> None:
        """``looks``: what a cell takes, ``font``, ``fill``, ``border``, ``alignment``, ``number_format``."""
        self.sheet = sheet
        model = WriteOnlyCell(sheet)
        for name, look in looks.items():
            setattr(model, name, look)
        self._style = model._style  # type: ignore[attr-defined]  # openpyxl keeps a worked-out style here

    def cell(self, value: Any) -> Any:
        """A new cell of this look."""
        cell = WriteOnlyCell(self.sheet, value=value)
        cell._style = self._style  # type: ignore[attr-defined]  # openpyxl keeps a worked-out style here
        return cell

    def put_on(self, cell: Any) -> Any:
        """This look, on a cell that is there already and keeps only its quote prefix."""
        quoted = cell.quotePrefix
        cell._style = copy(self._style)
        if quoted:
            cell.quotePrefix = True
        return cell


def style_head(cell: Any, *, needed: bool = False) -> Any:
    """A heading; ``needed``: of a column that must be filled."""
    cell.font, cell.alignment, cell.border = _HEAD_FONT, _HEAD_ALIGNMENT, _BORDER
    cell.fill = _NEEDED_FILL if needed else _HEAD_FILL
    cell.protection = Protection(locked=True)
    return cell


def for_paper(sheet: Worksheet) -> None:
    """Printed, a sheet lies across, as wide as the page, with its headings on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = "1:1"
    sheet.row_dimensions[1].height = 36


def plain_sheet(
    workbook: Workbook, title: str, headings: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]
) -> Worksheet:
    """A sheet of a write-only workbook: (heading, width) and rows as they come."""
    sheet: Worksheet = workbook.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for_paper(sheet)
    for number, (_heading, width) in enumerate(headings, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([style_head(WriteOnlyCell(sheet, value=heading)) for heading, _width in headings])
    for row in rows:
        sheet.append([harmless(sheet, value) for value in row])
    return sheet


@contextlib.contextmanager
def streamed_workbook() -> Iterator[Workbook]:
    """A write-only workbook, whose rows go to a temporary file as they come. When the writing ends early (a cancelled job),
    that file goes at once: it holds what was exported."""
    workbook = Workbook(write_only=True)
    try:
        yield workbook
    except BaseException:
        sheets: list[Any] = workbook.worksheets
        for sheet in sheets:
            if sheet._writer is not None and not sheet.closed:
                with contextlib.suppress(Exception):
                    sheet.close()
                sheet._writer.cleanup()
        raise


def as_bytes(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def as_download(content: bytes, name: str) -> HttpResponse:
    """The workbook as a file to keep; ``name`` may be Chinese."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
