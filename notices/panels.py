"""What notices add to the workbench: what still has to be read, signed or answered."""

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.crud.panels import Panel, register_panel
from notices.queries import received

SHOWN = 5


def waiting(request: HttpRequest, user: models.Model) -> dict | None:
    """None leaves the panel out: nothing waits."""
    found = list(received(user).to_do()[: SHOWN + 1])
    return {"deliveries": found[:SHOWN], "more": len(found) > SHOWN} if found else None


register_panel("backoffice.workbench", Panel(_("待签收通知"), "notices/_panel_waiting.html", waiting, order=10))
