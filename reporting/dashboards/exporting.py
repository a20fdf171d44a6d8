"""A page of figures as a workbook: what it asks for, every figure with both comparisons, units, trend and indicators."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.facts.declaring import declared_facts
from foundation.ui.formats import moment
from foundation.ui.workbooks import as_bytes, plain_sheet, streamed_workbook
from indicators.queries import Comparison, Freshness
from records.core.kinds import all_facts
from reporting.attention.declaring import Attention
from reporting.dashboards.content import Dashboard
from reporting.dashboards.units import Choice, RankedUnits
from reporting.parts import left_empty_said

register_event("reporting.dashboard_exported", gettext_lazy("导出统计看板"))


def _change(comparison: Comparison | None) -> list[Decimal | int | None]:
    """Before, change, and over how many that reported both times."""
    return [None, None, None] if comparison is None else [comparison.before, comparison.change, comparison.enterprises]


def unit_heads(choice: Choice) -> list[tuple[str, int]]:
    return [
        (_("单位"), 28),
        (choice.heading, 28),
        (_("覆盖"), 22),
        (_("上季度（可比）"), 14),
        (_("比上季度"), 12),
        (_("可比企业（家）"), 14),
        (_("上年同期（可比）"), 16),
        (_("同比"), 12),
        (_("可比企业（家）"), 14),
        (_("目标"), 12),
        (_("进度"), 12),
        (_("已填报企业（家）"), 16),
        (_("在册企业（家）"), 14),
        (_("填报率（%）"), 12),
    ]


def unit_rows(ranked: RankedUnits) -> list[list[Any]]:
    """Every unit, what the region's own office reported, and all of them together."""
    return [
        [
            one.name,
            one.cell.text if one.cell.is_hidden else one.cell.value,
            one.cell.detail,
            *_change(one.over_quarter.comparison if one.over_quarter else None),
            *_change(one.over_year.comparison if one.over_year else None),
            one.mark.target if one.mark else None,
            one.mark.label if one.mark else None,
            *((None, None) if one is ranked.own else (one.reported, one.enterprises)),
            one.rate,
        ]
        for one in [*ranked[:], *ranked.last_rows]
    ]


def export_dashboard(board: Dashboard, lines: list[Attention], fresh: Freshness, *, acting_user: Actor) -> bytes:
    """All figures, not the key ones alone, and all units below; the audit log keeps who took it along."""
    place, quarter, found = board.place, board.quarter, board.read
    with streamed_workbook() as workbook:
        said = [
            [_("地区"), place.full_name()],
            [_("季度"), quarter.label],
            [_("数据截至"), moment(fresh.known) if fresh.known else _("还没有统计过")],
            [_("口径"), _("只统计已通过审核的记录；空格表示未填报，不是 0。")],
            [_("下级单位比较的数据项"), board.choice.label],
            *([_("怎样读"), note] for note in board.notes),
        ]
        plain_sheet(workbook, _("说明"), [(_("项目"), 24), (_("内容"), 80)], said)
        rows: list[list[Any]] = [
            [line.title, "、".join(f"{one.name} {one.note}".strip() for one in line.named), line.more] for line in lines
        ]
        headings = [(_("要处理的"), 60), (_("涉及"), 80), (_("另有（个）"), 12)]
        plain_sheet(workbook, _("要处理的"), headings, rows)
        headings = [
            (_("数据项"), 44),
            (_("单位"), 8),
            (quarter.label, 16),
            (_("本年累计"), 14),
            (_("已报单位（个）"), 12),
            (_("上季度（可比）"), 14),
            (_("比上季度"), 12),
            (_("可比企业（家）"), 14),
            (_("上年同期（可比）"), 16),
            (_("同比"), 12),
            (_("可比企业（家）"), 14),
            # Some labels say of what they are a part only beside the kind they belong to.
            (_("类别"), 28),
            (_("编号"), 18),
            (_("没有填全的"), 28),
        ]
        kinds = {fact.code: kind.label for kind, fact in all_facts()}
        flows = {code for code, fact in declared_facts().items() if fact.nature == "flow"}
        rows = [
            [
                figure.label,
                figure.unit,
                figure.value,
                figure.year_to_date if code in flows else None,
                figure.reporting,
                *_change(found.compared.quarter.get(code)),
                *_change(found.compared.year.get(code)),
                str(kinds.get(code, _("名录和平台统计"))),
                code,
                left_empty_said(code, figure.left_empty) or None,
            ]
            for code, figure in found.figures.items()
        ]
        plain_sheet(workbook, _("全部数据"), headings, rows)
        plain_sheet(workbook, _("下级单位"), unit_heads(board.choice), unit_rows(board.ranked))
        plain_sheet(workbook, _("走势"), [(head, 28) for head in board.trend.head], board.trend.rows)
        headings = [
            (_("领域"), 14),
            (_("指标"), 44),
            (_("数值"), 14),
            (_("单位"), 8),
            (_("分子"), 14),
            (_("分母"), 14),
            (_("目标"), 14),
            (_("进度"), 14),
            (_("覆盖"), 28),
            (_("来源"), 50),
        ]
        rows = [
            [
                one.area,
                one.label,
                one.value,
                one.unit,
                one.numerator,
                one.denominator,
                one.target,
                one.mark.label if one.mark else "",
                one.coverage,
                one.source,
            ]
            for one in found.indicators
        ]
        plain_sheet(workbook, _("指标"), headings, rows)
        log("reporting.dashboard_exported", by=acting_user, on=place, note=quarter.label, place=place)
        return as_bytes(workbook)
