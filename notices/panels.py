"""What notices add to the workbench: what still has to be read, signed or answered."""

from django.utils.translation import gettext_lazy as _

from enterprises.profiles.queries import this_year
from foundation.access.rules import verdict
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.panels import Context, Panel, register_panel
from notices.queries import received

SHOWN = 5


def waiting(request: PortalRequest, user: Actor) -> Context | None:
    """None leaves the panel out: nothing waits."""
    found = list(received(user).to_do()[: SHOWN + 1])
    return {"deliveries": found[:SHOWN], "more": len(found) > SHOWN} if found else None


def profiles_to_urge(request: PortalRequest, user: Actor) -> Context | None:
    """Below the list of the running year's profiles, for whoever may urge."""
    of_this_year = request.GET.get("year", "") in {"", str(this_year())}
    return {"query": request.GET.urlencode()} if of_this_year and verdict(user, "notices.urge") else None


register_panel("backoffice.workbench", Panel(_("待签收通知"), "notices/_panel_waiting.html", waiting, order=10))
register_panel(
    "enterprises.profiles", Panel(_("催办"), "notices/_panel_urge_profiles.html", profiles_to_urge, order=10)
)
