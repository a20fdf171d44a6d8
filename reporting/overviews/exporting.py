"""The page of a region as a workbook: where it stands, every figure, indicators against targets, and how to read it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.ui.formats import moment
from foundation.ui.workbooks import as_bytes, plain_sheet, streamed_workbook
from indicators.queries import Freshness
from reporting.overviews.content import Aimed, Area, Line, Overview, notes_of

register_event("reporting.overview_exported", gettext_lazy("导出地区概况"))


def _row(area: Area, line: Line) -> list[Any]:
    peers = [line.peers.median, line.peers.units] if line.peers else [None, None]
    changes: list[Any] = []
    for delta in (line.over_quarter, line.over_year):
        changes += (
            [delta.comparison.before, delta.comparison.change, delta.comparison.enterprises] if delta else [None] * 3
        )
    return [
        area.label,
        line.label,
        str(line.fact.unit),
        line.value,
        line.coverage,
        *changes,
        line.rate,
        line.rate_unit,
        *peers,
    ]


def _aimed_row(one: Aimed) -> list[Any]:
    value, peers = one.value, one.peers
    mark = value.mark
    return [
        f"{value.code} {value.label}",
        value.unit,
        value.value,
        value.coverage,
        value.target,
        mark.label if mark else "",
        mark.reason if mark else "",
        peers.median if peers else None,
        peers.units if peers else None,
    ]


def export_overview(found: Overview, fresh: Freshness, *, acting_user: Actor) -> bytes:
    """What the page shows; the audit log keeps who took it along."""
    place, rules, coverage = found.place, found.rules, found.read.coverage
    with streamed_workbook() as workbook:
        said: list[list[Any]] = [
            [_("地区"), place.full_name()],
            [_("季度"), found.quarter.label],
            [_("数据截至"), moment(fresh.known) if fresh.known else _("还没有统计过")],
            [_("导出"), _("%(who)s，%(when)s") % {"who": acting_user, "when": moment(timezone.now())}],
            *([line.heading, line.value] for line in found.extent),
            [_("已填报企业（家）"), coverage.reported],
            [_("在册企业（家）"), coverage.enterprises],
            [_("应报事项（项）"), coverage.due],
            [_("已报（项）"), coverage.done],
            [_("按期（项）"), coverage.on_time],
            [_("合规检查：符合（处）"), rules.counts.holds],
            [_("合规检查：不符合（处）"), rules.counts.broken],
            [_("合规检查：本季度新出现的不符合（处）"), rules.newly_broken],
            [_("合规检查：未说明（处）"), rules.counts.not_stated],
            *([_("怎样读"), note] for note in notes_of(found)),
        ]
        plain_sheet(workbook, _("概况"), [(_("项目"), 36), (_("内容"), 80)], said)
        rows = [[line.title, "、".join(f"{one.name} {one.note}".strip() for one in line.named)] for line in found.lines]
        plain_sheet(workbook, _("要处理的"), [(_("要处理的"), 60), (_("涉及"), 80)], rows)
        headings = [
            (_("领域"), 16),
            (_("数据项"), 40),
            (_("单位"), 8),
            (found.quarter.label, 16),
            (_("覆盖"), 20),
            (_("上季度（可比）"), 14),
            (_("比上季度"), 12),
            (_("可比企业（家）"), 14),
            (_("上年同期（可比）"), 16),
            (_("同比"), 12),
            (_("可比企业（家）"), 14),
            (_("按规模"), 12),
            (_("按规模的单位"), 14),
            (_("同级中位数"), 12),
            (_("其中地区（个）"), 12),
        ]
        plain_sheet(workbook, _("数据"), headings, [_row(area, line) for area in found.areas for line in area.lines])
        headings = [
            (_("指标"), 44),
            (_("单位"), 8),
            (_("数值"), 14),
            (_("覆盖"), 28),
            (_("目标"), 14),
            (_("进度"), 12),
            (_("依据"), 40),
            (_("同级中位数"), 12),
            (_("其中地区（个）"), 12),
        ]
        plain_sheet(workbook, _("目标"), headings, [_aimed_row(one) for one in found.aimed])
        log("reporting.overview_exported", by=acting_user, on=place, note=found.quarter.label, place=place)
        return as_bytes(workbook)
