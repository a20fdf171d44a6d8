"""The menu's entry."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item
from foundation.ui.sections import REPORTS

register_item(
    section=REPORTS,
    label=_("通知"),
    url_name="notices:list",
    icon="speakerphone",
    order=200,
    visible=lambda person: bool(verdict(person, "notices.view")),
)
register_item(
    REPORTS,
    _("发通知"),
    "notices:create",
    "send",
    order=201,
    visible=lambda person: bool(verdict(person, "notices.edit")),
    is_tab=False,
)
register_item(
    REPORTS,
    _("发出的通知"),
    "notices:sent",
    "send",
    order=202,
    visible=lambda person: bool(verdict(person, "notices.view_sent")),
    is_tab=False,
)
