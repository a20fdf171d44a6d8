"""The enterprise's pilots and its part in parks and chains, on its own page."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, Pilot
from enterprises.pilots.queries import parts_of
from enterprises.pilots.tables import state_badge
from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.panels import Context, Panel, register_panel


def pilot_panel(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    """What stands and what stood; offices may add to it."""
    pilots = Pilot.objects.visible_to(request.user).filter(enterprise=enterprise).order_by("-pk")
    parts = list(parts_of(enterprise))
    may_open = bool(verdict(request.user, "enterprises.keep_pilots"))
    rows = [(pilot, state_badge(pilot)) for pilot in pilots]
    if not (rows or parts or may_open):
        return None
    return {
        "enterprise": enterprise,
        "pilots": rows,
        "parts": parts,
        "may_open": may_open,
        "links_clusters": bool(verdict(request.user, "enterprises.view_clusters")),
    }


register_panel("enterprises.detail", Panel(_("试点"), "enterprises/pilots/_panel.html", pilot_panel, order=3))
