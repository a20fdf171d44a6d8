"""What findings add to the menu and to the workbench."""

from django.utils.translation import gettext_lazy as _

from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.panels import Context, Panel, register_panel
from foundation.ui.navigation import register_item
from foundation.ui.paging import count_up_to
from foundation.ui.sections import FIGURES, FILING
from records.core.kinds import enterprise_kinds
from reporting.quality.queries import waiting_for_office

#: So many are counted; of more the workbench says so.
MOST = 999


def _is_above(person: Actor) -> bool:
    return scope_of(person).has_role(*OFFICE_ROLES, Role.AUDITOR)


register_item(FIGURES, _("数据质量"), "reporting:findings", "alert-triangle", order=34, visible=_is_above)
register_item(
    FILING,
    _("数据核实"),
    "reporting:findings",
    "message",
    order=24,
    visible=lambda person: not _is_above(person) and bool(verdict(person, "reporting.answer_finding")),
)


def findings(request: PortalRequest, user: Actor) -> Context | None:
    """To an office that reviews something how many findings wait for it. One query; none for others. What an enterprise was
    asked stands among what it has to do."""
    deciding = {kind.review_levels[-1] for kind in enterprise_kinds()}
    if not scope_of(user).has_role(*deciding.intersection((Role.COUNTY, Role.CITY))):
        return None
    count = count_up_to(waiting_for_office(user), MOST)
    return {"count": count, "most": MOST} if count else None


register_panel("backoffice.workbench", Panel(_("数据质量"), "reporting/quality/_panel.html", findings, order=17))
