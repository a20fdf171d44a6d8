"""The dashboards' menu entry, access rule and panel."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, declared_facts
from foundation.panels import Context, Panel, register_panel
from foundation.ui.navigation import register_item
from foundation.ui.sections import FIGURES
from indicators.queries import says_anything, trend
from records.core.kinds import all_facts, area_label
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
    """The enterprise's own figures over the last four quarters, under the task areas; facts that never came to anything
    are left out, a 0 that was reported is not. A stock without an amount counts enterprises: it says something of many, nothing of one."""
    quarters = Quarter.current().trailing(4)
    wanted = [(kind, fact) for kind, fact in all_facts() if fact.amount or fact.nature is Nature.FLOW]
    found = trend(enterprise.place, [fact.code for _kind, fact in wanted], quarters)
    known = declared_facts()
    areas: dict[str, list[tuple[Fact, list[Decimal | None]]]] = {}
    for kind, fact in sorted(wanted, key=lambda pair: pair[0].area):
        if says_anything(kind, fact, found[fact.code]):
            areas.setdefault(area_label(kind.area), []).append((known[fact.code], found[fact.code]))
    return {"quarters": quarters, "areas": list(areas.items()), "columns": len(quarters) + 1}


register_panel(
    "enterprises.detail",
    Panel(_("近四个季度的数据"), "reporting/_panel_figures.html", enterprise_figures_panel, order=20, wide=True),
)
