"""A chart as pages show it: the option that is drawn, the table behind it, and that table as a workbook of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.places.models import Place
from foundation.ui.workbooks import as_bytes, plain_sheet, streamed_workbook
from reporting.charts import Option, caption

register_event("reporting.chart_exported", gettext_lazy("导出图表数据"))


@dataclass(frozen=True)
class Chart:
    """An ECharts option, the ``head`` and ``rows`` of the table behind it, and what one must know to read it. The rows hold
    numbers as numbers; what is unknown is text. ``export_url`` opens the workbook."""

    option: Option
    head: list[str]
    rows: list[list[Any]]
    export_url: str
    notes: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return caption(self.option)


def export_chart(chart: Chart, said: Sequence[tuple[str, str]], *, place: Place, acting_user: Actor) -> bytes:
    """The table behind a chart as it is shown, and what was chosen (``said``); the audit log keeps who took it along."""
    with streamed_workbook() as workbook:
        plain_sheet(workbook, _("数据"), [(head, 24) for head in chart.head], chart.rows)
        rows = [(_("图表"), chart.label), *said, *((_("怎样读"), note) for note in chart.notes)]
        rows.append((_("生成日期"), str(timezone.localdate())))
        plain_sheet(workbook, _("条件和说明"), [(_("项目"), 16), (_("内容"), 90)], rows)
        log("reporting.chart_exported", by=acting_user, on=place, note=chart.label[:200], place=place)
        return as_bytes(workbook)
