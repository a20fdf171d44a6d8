"""What was done for each measure of a policy document as a workbook: the measures, the figures behind them, the indicators."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.ui.formats import moment
from foundation.ui.workbooks import as_bytes, plain_sheet, streamed_workbook
from policies.queries import DocumentReading
from reporting.measures.content import Carried, Overview

register_event("reporting.measures_exported", gettext_lazy("导出政策落实情况"))


def _state(one: Carried) -> str:
    if not one.is_counted:
        return _("平台没有数据项")
    if not one.is_reported:
        return _("还没有填报")
    return _("今年有开展或已有") if one.is_done else _("都填 0")


def _measure(one: Carried) -> list[Any]:
    units = one.units
    silent = "、".join(unit.name for unit in units.silent) if units else ""
    return [one.title, _state(one), units.sentence if units else "", silent, "；".join(one.citations)]


def _figures(one: Carried) -> list[list[Any]]:
    return [
        [
            one.title,
            group.label,
            row.figure.label,
            row.figure.unit,
            row.figure.value,
            row.so_far if row.is_flow else None,
            row.figure.reporting,
            row.before.change if row.before else None,
            row.year_before.change if row.year_before else None,
        ]
        for group in one.groups
        for row in group.rows
    ]


def _indicators(one: Carried) -> list[list[Any]]:
    return [[one.title, value.label, value.value, value.unit, value.coverage, value.source] for value in one.indicators]


def export_measures(found: Overview, reading: DocumentReading, *, acting_user: Actor) -> bytes:
    """What the page shows beside the text; the audit log keeps who took it along."""
    place, quarter, measures = found.place, found.quarter, list(found.by_code.values())
    with streamed_workbook() as workbook:
        said = [
            (_("文件"), reading.document.title),
            (_("地区或企业"), place.full_name()),
            (_("季度"), quarter.label),
            (_("今年"), _("这个季度所在年份的第一季度到这个季度。")),
            (_("口径"), _("只统计已通过审核的记录和平台的统计；空白是没有填报或不能比较，不是 0。")),
            (_("导出人"), str(acting_user)),
            (_("导出时间"), moment(timezone.now())),
        ]
        headings = [
            (_("举措"), 50),
            (_("情况"), 18),
            (_("开展的单位"), 36),
            (_("还没有的单位"), 50),
            (_("核对的规定"), 60),
        ]
        plain_sheet(workbook, _("举措"), headings, map(_measure, measures))
        headings = [
            (_("举措"), 50),
            (_("类型"), 24),
            (_("数据项"), 36),
            (_("单位"), 8),
            (quarter.label, 16),
            (_("今年累计"), 14),
            (_("已报单位（个）"), 12),
            (_("比上季度"), 12),
            (_("同比"), 12),
        ]
        plain_sheet(workbook, _("数据"), headings, [row for one in measures for row in _figures(one)])
        headings = [(_("举措"), 50), (_("指标"), 44), (_("数值"), 14), (_("单位"), 8), (_("覆盖"), 28), (_("来源"), 50)]
        plain_sheet(workbook, _("指标"), headings, [row for one in measures for row in _indicators(one)])
        plain_sheet(workbook, _("说明"), [(_("项目"), 20), (_("内容"), 60)], said)
        note = _("%(document)s，%(quarter)s") % {"document": reading.document.title, "quarter": quarter.label}
        log("reporting.measures_exported", by=acting_user, on=place, note=note, place=place)
        return as_bytes(workbook)
