"""An enterprise's page as a workbook: its figures, what it can close, and what the numbers stand for."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.saying import filled
from foundation.ui.formats import moment
from foundation.ui.workbooks import as_bytes, plain_sheet, streamed_workbook
from indicators.medians import LEAST
from reporting.enterprise.content import Area, Compared, Figures, Line, too_few
from reporting.enterprise.steps import Step

register_event("reporting.enterprise_exported", gettext_lazy("导出企业数据"))


def _change(found: Compared) -> str:
    return found.change or found.why_not


def _row(area: Area, line: Line) -> list[Any]:
    peers = [
        value
        for group in (line.county, line.industry)
        for value in ((group.median, group.enterprises) if group else (too_few(), None))
    ]
    return [
        area.label,
        line.label,
        line.unit,
        line.value,
        line.before.value,
        _change(line.before),
        line.year_ago.value,
        _change(line.year_ago),
        *peers,
        line.waits or None,
        line.unsaid or None,
    ]


def _notes(figures: Figures, acting_user: Actor) -> list[tuple[str, str]]:
    enterprise = figures.enterprise
    stands = moment(figures.medians_known) if figures.medians_known else _("还没有计算")
    return [
        (_("企业"), f"{enterprise.name}（{enterprise.credit_code}）"),
        (_("季度"), figures.quarter.label),
        (_("导出"), _("%(who)s，%(when)s") % {"who": acting_user, "when": moment(timezone.now())}),
        (_("数字"), _("只统计已通过审核的记录；空白是没有填报，不是 0。")),
        *((_("比较"), sentence) for sentence in figures.not_yet_told),
        (_("中位数"), filled(_("按有数的企业计算，截至 %s。不足 %d 家的不计算、不显示。"), (stands, LEAST))),
    ]


def export_enterprise(figures: Figures, steps: Sequence[Step], *, acting_user: Actor) -> bytes:
    """What the page shows; the audit log keeps who took it along."""
    headings = [
        (_("领域"), 16),
        (_("数据项"), 34),
        (_("单位"), 8),
        (figures.quarter.label, 16),
        (figures.earlier.label, 16),
        (_("比上季度"), 18),
        (figures.year_ago.label, 16),
        (_("比去年同季"), 18),
        (figures.county_head, 18),
        (_("其中企业数（家）"), 12),
        (figures.section_head, 18),
        (_("其中企业数（家）"), 12),
        (_("待审核（条）"), 10),
        (_("没有填全的"), 28),
    ]
    rows = [_row(area, line) for area in figures.areas for line in area.lines]
    rows += [
        [
            area.label,
            owed.label,
            "",
            None,
            None,
            _("应报，%s 截止，还没有数字") % owed.due if owed.due else _("还没有已通过审核的数字"),
            *[None] * 6,
            owed.waits or None,
        ]
        for area in figures.areas
        for owed in area.owed
    ]
    with streamed_workbook() as workbook:
        plain_sheet(workbook, _("数据"), headings, rows)
        todo = [(_("要办的事"), 40), (_("说明"), 60), (_("截止日期"), 14), (_("状态"), 16)]
        plain_sheet(workbook, _("要办的事"), todo, [[one.title, one.why, one.due, one.state] for one in steps])
        plain_sheet(workbook, _("说明"), [(_("项目"), 14), (_("内容"), 80)], _notes(figures, acting_user))
        enterprise = figures.enterprise
        log(
            "reporting.enterprise_exported",
            by=acting_user,
            on=enterprise,
            note=figures.quarter.label,
            place=enterprise.place,
        )
        return as_bytes(workbook)
