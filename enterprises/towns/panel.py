"""Township and park on the enterprise's own page."""

from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from enterprises.towns.actions import small_places
from enterprises.towns.forms import TownForm
from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.panels import Context, Panel, register_panel


def town_panel(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    """Only where the county has any to belong to."""
    if not small_places(enterprise.county).exists():
        return None
    may_edit = bool(verdict(request.user, "enterprises.edit", enterprise))
    return {
        "enterprise": enterprise,
        "form": TownForm(enterprise=enterprise) if may_edit else None,
        "csrf_token": get_token(request),
    }


register_panel(
    "enterprises.detail", Panel(_("乡镇（街道）和园区"), "enterprises/towns/_panel.html", town_panel, order=4)
)
