"""The template of a kind: a sheet to fill, with drop-downs and notes, and a sheet that explains every column."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from enterprises.models import Enterprise
from foundation.calendar.quarters import Quarter
from foundation.ui.workbooks import as_bytes, for_paper, style_head
from records.exchange.resources import CODE, FIRM, NUMBER, REFERENCE, SHEET, STATUS, VERSION, Column, resource_for
from records.exchange.sheets import comment_of, mark, note_of, number_format, width_of
from records.kinds import RecordKind
from records.periods import period_choices

#: Rows with drop-downs and formats.
ROOM = 2000
#: Rows of an event template in which the enterprise stands already.
PREFILLED = 100
#: An office's template of a return names each enterprise, up to this many.
MANY = 1000
#: What Excel allows a list typed into a validation.
_INLINE_LIMIT = 250
_GREY = Font(italic=True, color="7A8694")


def _example(column: Column, kind: RecordKind, number: int) -> Any:
    """A likely value of the right sort."""
    shape = column.widget.shape
    if column.name == NUMBER:
        return _("示例")
    if column.name == CODE:
        return "91320115000000001X"[:18]
    if column.name == FIRM:
        return _("某某机械有限公司")
    if shape == "period":
        periods = period_choices(kind)
        return periods[0][1] if periods else column.widget.render(kind.period_of(Quarter.current()))
    if column.choices:
        return column.choices[0]
    if shape == "date":
        return timezone.localdate() - datetime.timedelta(days=30)
    if shape in ("integer", "decimal"):
        return 20 + number
    return _("%s（示例）") % column.heading


def _enterprises(kind: RecordKind, user: models.Model) -> list[Enterprise]:
    """Whose names the template carries: the person's own enterprise, or for a return everybody's who owes it."""
    mine = Enterprise.objects.allowing(user, "records.create").order_by("pk")
    found = list(mine[: MANY + 1])
    if len(found) == 1:
        return found if kind.is_return else found * PREFILLED
    if not kind.is_return or len(found) > MANY:
        return []
    return [enterprise for enterprise in found if kind.applies_to(enterprise)]


def _add_lists(workbook: Workbook, sheet: Worksheet, columns: Sequence[Column], first: int) -> None:
    """Drop-downs; a long list stands in a hidden sheet, because Excel takes only a short one in the rule itself."""
    lists = None
    for number, column in enumerate(columns, 1):
        if not column.choices:
            continue
        inline = ",".join(column.choices)
        if len(inline) <= _INLINE_LIMIT and not any("," in choice for choice in column.choices):
            source = f'"{inline}"'
        else:
            lists = lists or workbook.create_sheet("_lists")
            lists.sheet_state = "hidden"
            letter = get_column_letter(number)
            for row, choice in enumerate(column.choices, 1):
                lists.cell(row, number, choice)
            source = f"_lists!${letter}$1:${letter}${len(column.choices)}"
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = _("请从列表中选择"), _("这一列只能填列表中的内容，没有的请留空。")
        letter = get_column_letter(number)
        rule.add(f"{letter}{first}:{letter}{ROOM}")
        sheet.add_data_validation(rule)


def _protect(sheet: Worksheet) -> None:
    """Headings stay as they are; everything below may be filled, sorted, widened and removed. No password."""
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "formatCells", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)


def _fill(sheet: Worksheet, kind: RecordKind, columns: Sequence[Column], user: models.Model) -> None:
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        dimension = sheet.column_dimensions[letter]
        dimension.width = width_of(column)
        dimension.number_format = number_format(column)
        dimension.protection = Protection(locked=False)
        head = style_head(sheet.cell(1, number, column.heading + ("*" if column.needed else "")), needed=column.needed)
        head.comment = comment_of(column)
        example = sheet.cell(2, number, _example(column, kind, number))
        example.font, example.number_format = _GREY, number_format(column)
        example.protection = Protection(locked=False)
    position = {column.name: number for number, column in enumerate(columns, 1)}
    for row, enterprise in enumerate(_enterprises(kind, user), 3):
        for name, text in ((CODE, enterprise.credit_code), (FIRM, enterprise.name)):
            cell = sheet.cell(row, position[name], text)
            cell.number_format, cell.protection = "@", Protection(locked=False)
    for_paper(sheet)
    sheet.freeze_panes = "D2"


def _explain(sheet: Worksheet, kind: RecordKind, columns: Sequence[Column]) -> None:
    sheet.append([_("%s填报说明") % kind.label])
    sheet["A1"].font = Font(bold=True, size=14)
    for line in (
        str(kind.purpose),
        _("在“填报”表中一行填一条；黄色表头的列提交前必填；写着“示例”的行不会导入，可以删除。"),
        _("填好后在平台“批量导入”页上传。上传后先看检查结果，确认后才写入；同一个文件导入两次不会重复。"),
        _("没有统计的数字请留空，不要填 0；单元格里请填数值，不要用公式。"),
    ):
        sheet.append([line])
    sheet.append([])
    sheet.append([_("列"), _("是否必填"), _("填什么")])
    head = sheet.max_row
    for cell in sheet[head]:
        style_head(cell)
    for column in columns:
        sheet.append([column.heading, _("必填") if column.needed else _("选填"), note_of(column).replace("\n", " ")])
        sheet.cell(sheet.max_row, 3).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in (("A", 28), ("B", 12), ("C", 90)):
        sheet.column_dimensions[letter].width = width
    for_paper(sheet)


def template_for(kind: RecordKind, user: models.Model) -> bytes:
    """The workbook a person downloads to fill."""
    columns = [c for c in resource_for(kind.slug).columns if c.name not in (REFERENCE, VERSION, STATUS)]
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = SHEET
    _fill(sheet, kind, columns, user)
    _add_lists(workbook, sheet, columns, first=2)
    _protect(sheet)
    _explain(workbook.create_sheet("说明"), kind, columns)
    mark(workbook, [(SHEET, kind.slug)])
    return as_bytes(workbook)
