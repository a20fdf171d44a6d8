"""The register's menu entry."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item
from foundation.ui.sections import REGISTERS

register_item(
    section=REGISTERS,
    label=_("企业名录"),
    url_name="enterprises:list",
    icon="building",
    order=40,
    visible=lambda person: bool(verdict(person, "enterprises.view")),
)
for _label, _url, _icon in (
    (_("登记企业"), "enterprises:create", "plus"),
    (_("导入企业名录"), "enterprises:imports", "upload"),
):
    register_item(
        REGISTERS,
        _label,
        _url,
        _icon,
        order=40,
        visible=lambda person: bool(verdict(person, "enterprises.register")),
        is_tab=False,
    )
