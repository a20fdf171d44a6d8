"""The template of a kind, with the enterprises of whoever fills it."""

import copy
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Protection
from openpyxl.worksheet.worksheet import Worksheet
from stdnum.cn import uscc

from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.exchange.columns import NUMBER, SHEET, Column
from foundation.exchange.sheets import mark
from foundation.exchange.templates import add_lists, explain, explain_columns, fill_heads, protect
from foundation.ui.workbooks import as_bytes, for_paper
from records.core.kinds import RecordKind
from records.core.lines import Lines
from records.core.models import Record
from records.core.periods import period_choices
from records.exchange.lines import cells_of, columns_of, slug_of
from records.exchange.resources import CODE, ENTERPRISE, REFERENCE, STATUS, VERSION, resource_for

#: A code of the right form that is nobody's.
EXAMPLE_CODE = "91320000000000000" + uscc.calc_check_digit("91320000000000000")
#: Rows of an event template in which the enterprise stands already.
PREFILLED = 100
#: An office's template of a return names each enterprise, up to this many.
MANY = 1000


def _example(kind: RecordKind, user: Actor) -> tuple[dict[str, Any], Record]:
    """A complete record of the kind as cells, by column: made as sample records are, always the same, so that it keeps
    every rule and raises no question."""
    # A library that nothing else of a page needs.
    import factory.random  # noqa: PLC0415

    from records.core.factories import build_record  # noqa: PLC0415

    enterprise = Enterprise.objects.allowing(user, "records.create").order_by("pk").first() or Enterprise()
    # A size at which nothing of the example is unusual, whoever downloads it.
    enterprise.headcount, enterprise.frontline_count = enterprise.headcount or 200, enterprise.frontline_count or 120
    today = timezone.localdate()
    day = max(Quarter.of(today).first_day, today - datetime.timedelta(days=3))
    state = factory.random.get_random_state()
    try:
        factory.random.reseed_random(kind.slug)
        record = build_record(kind, enterprise=enterprise, day=day)
    finally:
        factory.random.set_random_state(state)
    if kind.is_return and (periods := period_choices(kind)):
        record.period = periods[0][0]
    kind.clear_hidden(record)
    resource = resource_for(kind.slug)
    own = {
        column.name: resource.fields[column.name].export(record) for column in resource.columns if not column.is_ours
    }
    return {
        **own,
        NUMBER: _("示例"),
        CODE: EXAMPLE_CODE,
        ENTERPRISE: _("某某机械有限公司"),
    }, record


def _enterprises(kind: RecordKind, user: Actor) -> list[Enterprise]:
    """Whose names the template carries: the person's own enterprise, or for a return everybody's who owes it."""
    mine = Enterprise.objects.allowing(user, "records.create").order_by("pk")
    found = list(mine[: MANY + 1])
    report_it = [enterprise for enterprise in found if kind.is_reported_by(enterprise)]
    if len(found) == 1:
        return report_it if kind.is_return else report_it * PREFILLED
    return report_it if kind.is_return and len(found) <= MANY else []


def _fill(
    sheet: Worksheet, kind: RecordKind, columns: Sequence[Column], user: Actor, example: Mapping[str, Any]
) -> None:
    fill_heads(sheet, columns, lambda column, number: example.get(column.name))
    position = {column.name: number for number, column in enumerate(columns, 1)}
    for row, enterprise in enumerate(_enterprises(kind, user), 3):
        for name, text in ((CODE, enterprise.credit_code), (ENTERPRISE, enterprise.name)):
            cell = sheet.cell(row, position[name], text)
            cell.number_format, cell.protection = "@", Protection(locked=False)
        if kind.lines:
            # Their sheets name the row by it.
            sheet.cell(row, position[NUMBER], row - 2).protection = Protection(locked=False)
    for_paper(sheet)
    sheet.freeze_panes = "D2"


def _add_lines(workbook: Workbook, lines: Lines, record: Record) -> None:
    """The sheet of the lines, with those of the example."""
    sheet, columns = workbook.create_sheet(str(lines.label)[:31]), columns_of(lines)
    rows = list(cells_of(record, lines, _("示例"))) or [[_("示例"), *[""] * len(lines.fields)]]
    fill_heads(sheet, columns, lambda column, number: rows[0][number - 1])
    for place, row in enumerate(rows[1:], 3):
        for number, value in enumerate(row, 1):
            cell = sheet.cell(place, number, value)
            cell.font, cell.protection = copy.copy(sheet.cell(2, number).font), Protection(locked=False)
            cell.number_format = sheet.cell(2, number).number_format
    add_lists(workbook, sheet, columns, first=2)
    protect(sheet)
    for_paper(sheet)
    sheet.freeze_panes = "B2"


def _explain(sheet: Worksheet, kind: RecordKind, columns: Sequence[Column]) -> None:
    lines: tuple[str, ...] = (
        str(kind.purpose),
        _("在“填报”表中一行填一条；黄色表头的列提交前必填；写着“示例”的行不会导入，可以删除。"),
        _("填好后在平台“批量导入”页上传。上传后先看检查结果，确认后才写入；同一个文件导入两次不会重复。"),
        _("没有统计的数字请留空，不要填 0；单元格里请填数值，不要用公式。"),
    )
    for rows in kind.lines:
        lines += (
            _("“%(label)s”表一行填一项，“序号”写“填报”表中那一条记录的序号；不填的可以空着。") % {"label": rows.label},
        )
    explain(sheet, _("%s填报说明") % kind.label, lines, columns)
    for rows in kind.lines:
        sheet.append([])
        sheet.append([_("“%s”表") % rows.label])
        explain_columns(sheet, columns_of(rows))


def template_for(kind: RecordKind, user: Actor) -> bytes:
    """The workbook a person downloads to fill."""
    left_out = {REFERENCE, VERSION, STATUS, *kind.left_out(None)}
    columns = [c for c in resource_for(kind.slug).columns if c.name not in left_out]
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet(SHEET)
    example, record = _example(kind, user)
    _fill(sheet, kind, columns, user, example)
    add_lists(workbook, sheet, columns, first=2)
    protect(sheet)
    for lines in kind.lines:
        _add_lines(workbook, lines, record)
    _explain(workbook.create_sheet("说明"), kind, columns)
    mark(workbook, [(SHEET, kind.slug), *((str(lines.label), slug_of(kind, lines)) for lines in kind.lines)])
    return as_bytes(workbook)
