"""The register's menu entry."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item

register_item(
    section=_("名录"),
    label=_("企业名录"),
    url_name="enterprises:list",
    icon="building",
    order=40,
    visible=lambda request: bool(verdict(request.user, "enterprises.view")),
)
