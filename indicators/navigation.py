"""This room's menu entries besides its registers."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item
from foundation.ui.sections import FIGURES

register_item(
    section=FIGURES,
    label=_("目标进度表"),
    url_name="indicators:target_table",
    icon="layout-dashboard",
    order=36,
    visible=lambda person: bool(verdict(person, "indicators.view_targets")),
)
register_item(
    section=FIGURES,
    label=_("新设指标"),
    url_name="indicators:indicator_create",
    icon="plus",
    order=34,
    visible=lambda person: bool(verdict(person, "indicators.revise")),
    is_tab=False,
)
