"""This room's menu entries."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item

register_item(
    section=_("系统"),
    label=_("三代表三委员类别"),
    url_name="ideology:categories",
    icon="list-details",
    order=880,
    visible=lambda request: bool(verdict(request.user, "ideology.categories")),
)
