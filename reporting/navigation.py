"""This room's menu entries."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item

register_item(
    section=_("统计"),
    label=_("季度报告"),
    url_name="reporting:reports",
    icon="report-analytics",
    order=120,
    visible=lambda request: bool(verdict(request.user, "reporting.view")),
)

register_item(
    section=_("统计"),
    label=_("试点覆盖"),
    url_name="reporting:pilot_coverage",
    icon="target",
    order=32,
    visible=lambda request: bool(verdict(request.user, "reporting.dashboard")),
)
