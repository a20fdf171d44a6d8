"""The dashboards' menu entry, access rule and panel."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import declared_facts
from foundation.panels import Context, Panel, register_panel
from foundation.ui.navigation import register_item
from foundation.ui.sections import FIGURES
from indicators.queries import trend
from records.core.kinds import all_facts
from reporting.dashboards import permissions  # noqa: F401 -- registers the rule

register_item(
    section=FIGURES,
    label=_("统计看板"),
    url_name="reporting:dashboard",
    icon="chart-bar",
    order=30,
    visible=lambda person: bool(verdict(person, "reporting.dashboard")),
)


def enterprise_figures_panel(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    """The enterprise's own figures over the last four quarters; facts that never came to anything are left out."""
    quarters = Quarter.current().trailing(4)
    codes = [fact.code for _kind, fact in all_facts()]
    found = trend(enterprise.place, codes, quarters)
    known = declared_facts()
    rows = [(known[code], found[code]) for code in codes if any(found[code])]
    return {"quarters": quarters, "rows": rows}


register_panel(
    "enterprises.detail",
    Panel(_("近四个季度的数据"), "reporting/_panel_figures.html", enterprise_figures_panel, order=20, wide=True),
)
