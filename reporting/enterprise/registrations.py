"""The enterprise's page in the menu of its own people, and its main figures on the enterprise's entry."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, declared_facts
from foundation.panels import Context, Panel, register_panel
from foundation.ui.navigation import register_item
from foundation.ui.sections import FIGURES
from indicators.medians import says_of_one
from indicators.queries import says_anything, trend
from records.core.kinds import all_facts, area_label
from records.core.periods import first_quarter, since
from reporting.compliance.panel import compliance_panel
from reporting.enterprise import (
    broken,  # noqa: F401 -- registers its steps
    owed,  # noqa: F401 -- registers its steps
    permissions,  # noqa: F401 -- registers the rule
)
from reporting.enterprise.content import waiting_of
from reporting.sentences import AREAS

#: Quarters beside each other on the entry.
QUARTERS = 4

register_item(
    section=FIGURES,
    label=_("本企业数据"),
    url_name="reporting:own_enterprise",
    icon="chart-bar",
    order=28,
    visible=lambda person: bool(verdict(person, "reporting.own_figures")),
)


@dataclass(frozen=True)
class Row:
    """A fact with its values of the last quarters, the newest first, each with how many records wait beside it."""

    fact: Fact
    values: list[tuple[Decimal | None, int]]


def enterprise_figures_panel(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    """Of each kind the first figure that came to anything in the last four quarters, under the task areas; everything
    else stands on the page of its own. A 0 that was reported is something, one that nobody said is not."""
    quarters = since(first_quarter(), Quarter.current().trailing(QUARTERS)[::-1]) or [Quarter.current()]
    wanted = [(kind, fact) for kind, fact in all_facts() if says_of_one(fact)]
    found = trend(enterprise.place, [fact.code for _kind, fact in wanted], quarters)
    known, waiting = declared_facts(), waiting_of(enterprise, quarters)
    rank = {area: place for place, area in enumerate(AREAS)}
    areas: dict[str, list[Row]] = {}
    told: set[str] = set()
    for kind, fact in sorted(wanted, key=lambda pair: rank.get(pair[0].area, len(rank))):
        if kind.slug not in told and says_anything(kind, fact, found[fact.code]):
            told.add(kind.slug)
            waits = (waiting[kind.slug, quarter.code] for quarter in quarters)
            row = Row(known[fact.code], list(zip(found[fact.code], waits, strict=True)))
            areas.setdefault(area_label(kind.area), []).append(row)
    filed = {slug for slug, _code in waiting}
    for kind, fact in wanted:
        # Nothing of it is counted yet, but it was filed.
        if kind.slug in filed - told:
            told.add(kind.slug)
            waits = (waiting[kind.slug, quarter.code] for quarter in quarters)
            row = Row(known[fact.code], list(zip(found[fact.code], waits, strict=True)))
            areas.setdefault(area_label(kind.area), []).append(row)
    return {"enterprise": enterprise, "quarters": quarters, "areas": list(areas.items())}


register_panel(
    "enterprises.detail",
    Panel(_("近四个季度的数据"), "reporting/enterprise/_panel.html", enterprise_figures_panel, order=20, wide=True),
)
register_panel(
    "reporting.enterprise", Panel(_("合规"), "reporting/compliance/_panel.html", compliance_panel, wide=True)
)
