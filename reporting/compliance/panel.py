"""Compliance in the menu and on an enterprise's page."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.panels import Context, Panel, register_panel
from foundation.ui.navigation import register_item
from foundation.ui.sections import FIGURES
from indicators.compliance.findings import Finding
from records.core.periods import working_quarter
from reporting.compliance.content import own_list
from reporting.compliance.links import enterprise_url

#: So many of what is not in order stand on the enterprise's page; all of them one click away.
SHOWN = 5


def _may_read(person: Actor) -> bool:
    return bool(verdict(person, "indicators.view_compliance"))


register_item(
    section=FIGURES, label=_("合规"), url_name="reporting:compliance", icon="checks", order=33, visible=_may_read
)
register_item(
    section=FIGURES,
    label=_("合规清单"),
    url_name="reporting:compliance_results",
    icon="checks",
    visible=_may_read,
    is_tab=False,
)
register_item(
    section=FIGURES,
    label=_("企业合规情况"),
    url_name="reporting:compliance_enterprises",
    icon="checks",
    visible=_may_read,
    is_tab=False,
)


def compliance_panel(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    """What the rules found in the quarter that is worked on; left out where nothing was judged."""
    if not verdict(request.user, "indicators.view_compliance"):
        return None
    quarter = working_quarter()
    own = own_list(request.user, enterprise, quarter)
    if not own.groups:
        return None
    broken = next((lines for finding, _tone, lines in own.groups if finding is Finding.BROKEN), [])
    return {
        "own": own,
        "broken": broken[:SHOWN],
        "more": len(broken) - SHOWN,
        "url": enterprise_url(enterprise.pk, quarter),
    }


register_panel(
    "enterprises.detail", Panel(_("合规"), "reporting/compliance/_panel.html", compliance_panel, order=15, wide=True)
)
