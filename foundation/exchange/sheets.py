"""Sheets: headings with notes, numbers as numbers, the mark that says what they are of; and the bad rows back."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from foundation.exchange.columns import FORMAT, NUMBER, REASON, SHEET, Column, SheetResource
from foundation.exchange.widgets import NumberWidget
from foundation.saying import filled
from foundation.ui.workbooks import RED_FILL, CellStyle, as_bytes, for_paper, harmless, streamed_workbook, style_head

MARK_SHEET = "_portal"
_WIDTHS = {"integer": 12, "decimal": 14, "date": 13, "yes_no": 12, "choice": 16, "period": 18, "code": 22, "text": 24}
_FORMATS = {"date": "yyyy-mm-dd", "code": "@", "text": "@", "decimal": "0.00", "period": "@"}


def number_format(column: Column) -> str:
    return _FORMATS.get(column.widget.shape, "General")


def width_of(column: Column) -> int:
    if column.name == NUMBER:
        return 8
    return max(_WIDTHS[column.widget.shape], min(2 * len(column.heading) + 2, 30))


def note_of(column: Column) -> str:
    """What a column means and takes, in a few lines."""
    lines = [_("提交前必填。") if column.needed else "", column.note]
    if column.choices:
        lines.append(_("可填：%s。") % "、".join(column.choices))
    if column.widget.shape == "date":
        lines.append(_("例如 2026-09-30。"))
    if column.max_length and not column.is_ours:
        lines.append(filled(_("最多 %d 个字。"), column.max_length))
    return "\n".join(line for line in lines if line)


def comment_of(column: Column) -> Comment | None:
    text = note_of(column)
    return Comment(text, _("填报说明"), height=120, width=280) if text else None


def _headed(
    workbook: Workbook, title: str, columns: Sequence[Column], extra: Sequence[tuple[str, int]] = ()
) -> Worksheet:
    """A sheet of a write-only workbook with its headings, which stay in view."""
    sheet: Worksheet = workbook.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for_paper(sheet)
    widths = [*(width_of(column) for column in columns), *(width for _heading, width in extra)]
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    heads = []
    for column in columns:
        cell = style_head(WriteOnlyCell(sheet, value=column.heading), needed=column.needed)
        cell.comment = comment_of(column)
        heads.append(cell)
    sheet.append([*heads, *(style_head(WriteOnlyCell(sheet, value=heading)) for heading, _width in extra)])
    return sheet


def add_sheet(
    workbook: Workbook,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    extra: Sequence[tuple[str, int]] = (),
) -> None:
    """A sheet of rows: numbers as numbers, days as days, text as text. ``extra``: headings and widths of what stands behind the
    columns."""
    sheet = _headed(workbook, title, columns, extra)
    dated = [number for number, column in enumerate(columns) if column.widget.shape == "date"]
    day = CellStyle(sheet, number_format=_FORMATS["date"])
    for row in rows:
        cells = [harmless(sheet, value) for value in row]
        for number in dated:
            if cells[number]:
                cells[number] = day.cell(cells[number])
        sheet.append(cells)


def mark(workbook: Workbook, sheets: Iterable[Sequence[str | int]]) -> None:
    """The hidden sheet that says what each sheet is of (title, slug, and what else its reader wants to know), and in which
    version of the format."""
    hidden = workbook.create_sheet(MARK_SHEET)
    hidden.sheet_state = "hidden"
    for title, slug, *more in sheets:
        hidden.append([str(title)[:31], slug, FORMAT, *more])


def _cell_back(column: Column | None, text: str) -> Any:
    """A cell as it stood; numbers as numbers and days as days again."""
    if column is not None and isinstance(column.widget, NumberWidget):
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text
    if column is not None and column.widget.shape == "date":
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return text
    return text


def bad_rows(
    resource: SheetResource,
    columns: Sequence[Mapping[str, str]],
    problems: Iterable[Mapping[str, Any]],
    *,
    had_formulas: bool = False,
) -> bytes:
    """The rows that did not go in, as they stood, red where something is wrong, with the reason in the last column.
    Mended, it can be imported as it is. ``columns`` and ``problems`` are as a check kept them.

    A formula is not kept: in its new row it would reckon with other cells. Its result stands for it, and where the file held
    none its text, which reckons nothing; both are said (``had_formulas``: the file had some with results)."""
    known = {column.name: column for column in resource.columns}
    told = list(problems)
    shown = [known[entry["name"]] for entry in columns if entry["name"] in known]

    def rows(sheet: Worksheet) -> Iterable[list[Any]]:
        red, day = CellStyle(sheet, fill=RED_FILL), CellStyle(sheet, number_format=_FORMATS["date"])
        red_day = CellStyle(sheet, fill=RED_FILL, number_format=_FORMATS["date"])
        for problem in told:
            wrong = {error["name"] for error in problem["errors"]}
            cells = []
            for column in shown:
                value = harmless(sheet, _cell_back(column, problem["cells"].get(column.name, "")))
                if isinstance(value, datetime.date):
                    value = (red_day if column.name in wrong else day).cell(value)
                elif column.name in wrong:
                    value = red.put_on(value) if isinstance(value, Cell) else red.cell(value)
                cells.append(value)
            said = [_reason(error) for error in problem["errors"]]
            if any(str(problem["cells"].get(name, "")).startswith("=") for name in wrong):
                said.append(_("公式换了行不能照用，这里按文字保留，不会计算。"))
            elif had_formulas:
                said.append(_("原表中的公式，这里是它算好的值。"))
            why = "\n".join(said)
            cells.append(harmless(sheet, _("原表第 %(row)d 行：%(why)s") % {"row": problem["row"], "why": why}))
            yield cells

    with streamed_workbook() as workbook:
        sheet = _headed(workbook, SHEET, shown, extra=[(REASON, 80)])
        for cells in rows(sheet):
            sheet.append(cells)
        beside = resource.sheets_back(told)
        for title, _slug, its_columns, its_rows in beside:
            add_sheet(
                workbook,
                title,
                its_columns,
                (
                    [_cell_back(column, str(cell)) for column, cell in zip(its_columns, row, strict=True)]
                    for row in its_rows
                ),
            )
        mark(workbook, [(SHEET, resource.slug), *((one.title, one.slug) for one in beside)])
        return as_bytes(workbook)


def _reason(error: dict[str, str]) -> str:
    column = f"“{error['column']}”" if error["column"] else ""
    return f"{column}{error['reason']}{error['cure']}"
