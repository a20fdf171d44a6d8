"""Sides beside each other as a workbook: the table, and a sheet that says what was chosen and how to read it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.ui.formats import moment
from foundation.ui.workbooks import as_bytes, plain_sheet, streamed_workbook
from indicators.queries import Freshness
from reporting.beside.content import Beside, Group, Row
from reporting.crosstable.content import Cell

register_event("reporting.beside_exported", gettext_lazy("导出对比表"))


def _value(cell: Cell | None) -> Any:
    if cell is None:
        return None
    return cell.text if cell.value is None else cell.value


def _row(group: Group, row: Row) -> list[Any]:
    found: list[Any] = [group.label, row.measure.label, row.measure.unit]
    for number, one in enumerate(row.told):
        found += [_value(one.cell), one.cell.detail, _value(one.rate)]
        if number:
            found.append(one.difference if one.is_unlike else one.than_first)
    return found


def export_beside(found: Beside, fresh: Freshness, *, acting_user: Actor) -> bytes:
    """What the page shows; the audit log keeps who took it along."""
    asked = found.asked
    headings = [(_("类别"), 24), (_("数据项或指标"), 40), (_("单位"), 8)]
    for number, head in enumerate(found.heads):
        headings += [
            (head.side.label, 18),
            (_("%s 覆盖") % head.side.label, 20),
            (_("%s 每千名职工") % head.side.label, 18),
        ]
        if number:
            headings.append((_("%s 比第一方") % head.side.label, 18))
    with streamed_workbook() as workbook:
        plain_sheet(workbook, _("对比"), headings, [_row(group, row) for group in found.groups for row in group.rows])
        said: list[tuple[str, Any]] = [
            (_("地区"), asked.region.full_name()),
            (_("季度"), asked.quarter.label),
            (_("数据截至"), moment(fresh.known) if fresh.known else _("还没有统计过")),
            (_("领域"), asked.area_label),
            *(
                (
                    _("第 %d 方") % number,
                    _("%(side)s：在册企业 %(count)s 家，职工 %(staff)s 人")
                    % {"side": head.side.label, "count": head.enterprises.text, "staff": head.headcount.text},
                )
                for number, head in enumerate(found.heads, start=1)
            ),
            *((_("怎样读"), note) for note in found.notes),
            (_("生成日期"), str(timezone.localdate())),
        ]
        plain_sheet(workbook, _("条件和说明"), [(_("项目"), 16), (_("内容"), 90)], said)
        log("reporting.beside_exported", by=acting_user, on=asked.region, note=found.title[:200], place=asked.region)
        return as_bytes(workbook)
