"""The lists an enterprise is on, on its own page."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, FosteredEnterprise
from foundation.accounts.requests import PortalRequest
from foundation.panels import Context, Panel, register_panel

#: How many lists the enterprise's page names.
NAMED = 10


def fostered_panel(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    found = FosteredEnterprise.objects.visible_to(request.user).filter(enterprise=enterprise)
    listed = list(found.order_by("pk")[:NAMED])
    return {"listed": listed} if listed else None


register_panel(
    "enterprises.detail", Panel(_("优质企业培育"), "enterprises/fostering/_panel.html", fostered_panel, order=7)
)
