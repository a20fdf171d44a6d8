"""The back office's menu entries."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item


def _allowed(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(verdict(request.user, permission))


register_item(section="", label=_("工作台"), url_name="backoffice:workbench", icon="home", order=1)

for _label, _url, _icon, _order, _permission in (
    (_("角色权限"), "backoffice:roles", "lock", 825, "accounts.view_roles"),
    (_("填报季度"), "backoffice:quarters", "calendar", 830, "records.set_calendar"),
    (_("工作日表"), "backoffice:workdays", "calendar", 835, "backoffice.view_workdays"),
    (_("审计日志"), "backoffice:audit", "shield-check", 840, "audit.view"),
    (_("区划与单位"), "backoffice:places", "sitemap", 860, "places.view"),
):
    register_item(
        section=_("系统"),
        label=_label,
        url_name=_url,
        icon=_icon,
        order=_order,
        visible=_allowed(_permission),
    )
