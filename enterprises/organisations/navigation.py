"""The menu entry of schools and institutions."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item

register_item(
    section=_("名录"),
    label=_("院校和机构"),
    url_name="enterprises:organisations",
    icon="school",
    order=44,
    visible=lambda request: bool(verdict(request.user, "enterprises.view_organisations")),
)
