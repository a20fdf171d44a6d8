"""The menu's entry."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item

register_item(
    section="",
    label=_("通知"),
    url_name="notices:list",
    icon="speakerphone",
    order=2,
    visible=lambda request: bool(verdict(request.user, "notices.view")),
)
