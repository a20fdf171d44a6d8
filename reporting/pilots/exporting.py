"""The reach of the pilots as a workbook: one sheet a cut."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models.pilot import TIERS
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.ui.workbooks import as_bytes, plain_sheet, streamed_workbook
from reporting.pilots.queries import Line, Reach

register_event("reporting.pilot_reach_exported", gettext_lazy("导出试点覆盖表"))


def _row(line: Line) -> list[Any]:
    return [line.label, line.enterprises, line.pilots, *line.tiers.values(), line.rate, line.staff]


def export_reach(reach: Reach, *, acting_user: Actor) -> bytes:
    """What the page shows, with totals; the audit log keeps who took it along."""
    tiers = [(_("%s（家）") % tier.label, 14) for tier in TIERS]
    with streamed_workbook() as workbook:
        for cut in reach.cuts:
            headings = [
                (cut.head, 28),
                (_("在册企业（家）"), 12),
                (_("试点企业（家）"), 12),
                *tiers,
                (_("试点占比（%）"), 12),
                (_("试点企业职工（人）"), 16),
            ]
            plain_sheet(workbook, cut.title, headings, [_row(line) for line in (*cut.lines, reach.total)])
        headings = [(_("类别"), 14), *((str(tier.label), 14) for tier in TIERS)]
        rows = [[label, *(number for _tier, number, _url in cells)] for label, cells in reach.clusters]
        plain_sheet(workbook, _("园区和产业链试点"), headings, rows)
        note = _("截至 %s") % timezone.localdate()
        said = [(_("地区"), reach.place.full_name()), (_("数据"), note), (_("导出人"), str(acting_user))]
        plain_sheet(workbook, _("说明"), [(_("项目"), 20), (_("内容"), 60)], said)
        log("reporting.pilot_reach_exported", by=acting_user, on=reach.place, note=note, place=reach.place)
        return as_bytes(workbook)
