"""A cross table as a workbook: the table, and a sheet that says what it shows and how to read it."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.saying import filled
from foundation.ui.workbooks import as_bytes, plain_sheet, streamed_workbook
from reporting.crosstable.asking import Axis, TableForm
from reporting.crosstable.content import Cell, Line, Table

register_event("reporting.table_exported", gettext_lazy("导出交叉表"))


def said_of(table: Table, form: TableForm) -> list[tuple[str, str]]:
    """What the table shows, in words: for the workbook, and above the table on paper."""
    spec = table.spec
    found = [
        (_("地区"), spec.region.full_name()),
        (_("行"), str(spec.rows.label)),
        (_("列"), str(spec.columns.label) if spec.columns else _("只列数据项")),
        (_("季度"), _("、").join(quarter.label for quarter in spec.quarters)),
        (_("显示"), str(spec.show.label)),
        *form.chosen(),
    ]
    if spec.top is not None:
        found.append((_("只列前几行"), _first_lines(table.lines_listed, spec.top)))
    return found


def _first_lines(count: int, top: int) -> str:
    if not count:
        return filled(_("前 %d 行，没有可列的行"), top)
    if count <= top:
        return filled(_("前 %(top)d 行，共 %(all)d 行，全部列出"), {"all": count, "top": top})
    return filled(_("共 %(all)d 行，列出前 %(top)d 行"), {"all": count, "top": top})


def _cells(cell: Cell) -> Iterator[Any]:
    yield cell.text if cell.value is None else cell.value
    yield cell.reporting if cell.plain is not None else None


def _row(table: Table, line: Line) -> list[Any]:
    lead = [line.group] if table.spec.rows is Axis.AREA else []
    signs = ["；".join(line.signs)] if table.spec.listed else []
    numbers = [value for cell in line.cells for value in _cells(cell)]
    marks = ["；".join(dict.fromkeys(cell.word for cell in line.cells if cell.word))] if _is_marked(table) else []
    return [*lead, line.member.label, *signs, *numbers, *marks]


def _is_marked(table: Table) -> bool:
    return any(cell.word for line in table.lines for cell in line.cells)


def export_table(table: Table, form: TableForm, *, acting_user: Actor) -> bytes:
    """Every line, with the numbers as numbers, how many enterprises told each, and what was asked; the audit log keeps
    who took it along."""
    spec = table.spec
    headings = [(_("领域"), 14)] if spec.rows is Axis.AREA else []
    headings.append((str(spec.rows.label), 28))
    headings += [(_("说明"), 24)] if spec.listed else []
    for column in table.columns:
        headings += [(column.heading, 18), (_("%s 已报家数") % column.heading, 12)]
    headings += [(_("标记"), 14)] if _is_marked(table) else []
    lines = [*table.lines, *([table.total] if table.total else [])]
    with streamed_workbook() as workbook:
        plain_sheet(workbook, _("交叉表"), headings, (_row(table, line) for line in lines))
        said = [*said_of(table, form), (_("生成日期"), str(timezone.localdate()))]
        notes = [(_("怎样读"), note) for note in table.notes]
        plain_sheet(workbook, _("条件和说明"), [(_("项目"), 16), (_("内容"), 90)], [*said, *notes])
        log("reporting.table_exported", by=acting_user, on=spec.region, note=table.title[:200], place=spec.region)
        return as_bytes(workbook)
