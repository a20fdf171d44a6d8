"""The back office's menu entries."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.accounts.models import Actor, SecurityPolicy
from foundation.ui.navigation import register_item
from foundation.ui.sections import SETTINGS, TOP_BAR, WORKBENCH


def _allowed(permission: str) -> Callable[[Actor], bool]:
    return lambda person: bool(verdict(person, permission))


register_item(WORKBENCH, _("工作台"), "backoffice:workbench", "home", order=1)

for _label, _url, _icon, _order, _permission in (
    (_("角色权限"), "backoffice:roles", "lock", 825, "accounts.view_roles"),
    (_("填报季度"), "backoffice:quarters", "calendar", 830, "records.set_calendar"),
    (_("工作日表"), "backoffice:workdays", "calendar", 835, "backoffice.view_workdays"),
    (_("审计日志"), "backoffice:audit", "shield-check", 840, "audit.view"),
    (_("区划与单位"), "backoffice:places", "sitemap", 860, "places.view"),
):
    register_item(
        section=SETTINGS,
        label=_label,
        url_name=_url,
        icon=_icon,
        order=_order,
        visible=_allowed(_permission),
    )

register_item(
    SETTINGS,
    _("登录安全设置"),
    "backoffice:security",
    "shield-check",
    order=823,
    visible=lambda person: bool(verdict(person, "accounts.set_security", SecurityPolicy(pk=1))),
)
register_item(
    SETTINGS,
    _("批量新建账号"),
    "backoffice:account_imports",
    "upload",
    order=822,
    visible=_allowed("accounts.manage"),
    is_tab=False,
)
register_item(TOP_BAR, _("我的账号"), "backoffice:me", "user", order=1)
register_item(TOP_BAR, _("修改密码"), "account_change_password", "key", order=900)
register_item(TOP_BAR, _("第二重验证"), "mfa_index", "lock", order=3, is_tab=False)
register_item(TOP_BAR, _("登录中的设备"), "usersessions_list", "login-2", order=4, is_tab=False)
