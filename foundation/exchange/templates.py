"""Templates: a sheet to fill, with drop-downs and notes, an example row, and a sheet that explains every column."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from foundation.exchange.columns import Column
from foundation.exchange.sheets import comment_of, note_of, number_format, width_of
from foundation.ui.workbooks import for_paper, style_head

#: Rows with drop-downs and formats.
ROOM = 2000
#: What Excel allows a list typed into a validation.
_INLINE_LIMIT = 250
_GREY = Font(italic=True, color="7A8694")


class ChoiceLists:
    """Drop-downs of one workbook; a long list stands in a hidden sheet, because Excel takes only a short one in the rule
    itself."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.sheet: Worksheet | None = None
        self.count = 0

    def rule(self, choices: Sequence[str]) -> DataValidation:
        """A rule that offers these words; the caller says for which cells."""
        inline = ",".join(choices)
        if len(inline) <= _INLINE_LIMIT and not any("," in choice for choice in choices):
            source = f'"{inline}"'
        else:
            if self.sheet is None:
                self.sheet = self.workbook.create_sheet("_lists")
                self.sheet.sheet_state = "hidden"
            self.count += 1
            letter = get_column_letter(self.count)
            for row, choice in enumerate(choices, 1):
                self.sheet.cell(row, self.count, choice)
            source = f"{self.sheet.title}!${letter}$1:${letter}${len(choices)}"
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = _("请从列表中选择"), _("这一格只能填列表中的内容。")
        return rule


def add_lists(workbook: Workbook, sheet: Worksheet, columns: Sequence[Column], first: int) -> None:
    """The drop-downs of a sheet with a row for each thing."""
    lists = ChoiceLists(workbook)
    for number, column in enumerate(columns, 1):
        if column.choices:
            rule, letter = lists.rule(column.choices), get_column_letter(number)
            rule.add(f"{letter}{first}:{letter}{ROOM}")
            sheet.add_data_validation(rule)


def protect(sheet: Worksheet) -> None:
    """Headings stay as they are; everything below may be filled, sorted, widened and removed. No password."""
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "formatCells", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)


def fill_heads(sheet: Worksheet, columns: Sequence[Column], example: Callable[[Column, int], Any]) -> None:
    """Headings with notes, formats for what will be typed, and in grey an example row."""
    for number, column in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = width_of(column)
        dimension.number_format = number_format(column)
        dimension.protection = Protection(locked=False)
        head = style_head(sheet.cell(1, number, column.heading + ("*" if column.needed else "")), needed=column.needed)
        head.comment = comment_of(column)
        cell = sheet.cell(2, number, example(column, number))
        cell.font, cell.number_format = _GREY, number_format(column)
        cell.protection = Protection(locked=False)


def explain(sheet: Worksheet, title: str, lines: Sequence[str], columns: Sequence[Column]) -> None:
    """A sheet that says what every column takes."""
    sheet.append([title])
    sheet["A1"].font = Font(bold=True, size=14)
    for line in lines:
        sheet.append([line])
    sheet.append([])
    sheet.append([_("列"), _("是否必填"), _("填什么")])
    head = sheet.max_row
    for cell in sheet[head]:
        style_head(cell)
    explain_columns(sheet, columns)
    for letter, width in (("A", 28), ("B", 12), ("C", 90)):
        sheet.column_dimensions[letter].width = width
    for_paper(sheet)


def explain_columns(sheet: Worksheet, columns: Sequence[Column]) -> None:
    for column in columns:
        sheet.append([column.heading, _("必填") if column.needed else _("选填"), note_of(column).replace("\n", " ")])
        sheet.cell(sheet.max_row, 3).alignment = Alignment(wrap_text=True, vertical="top")
