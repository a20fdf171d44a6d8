"""This room's menu entries."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item
from foundation.ui.sections import FIGURES, REPORTS

register_item(
    section=REPORTS,
    label=_("季度报告"),
    url_name="reporting:reports",
    icon="report-analytics",
    order=120,
    visible=lambda person: bool(verdict(person, "reporting.view")),
)

register_item(
    section=FIGURES,
    label=_("试点覆盖"),
    url_name="reporting:pilot_coverage",
    icon="target",
    order=32,
    visible=lambda person: bool(verdict(person, "reporting.dashboard")),
)

register_item(
    section=FIGURES,
    label=_("交叉表"),
    url_name="reporting:table",
    icon="layout-dashboard",
    order=34,
    visible=lambda person: bool(verdict(person, "reporting.dashboard")),
)

register_item(
    section=FIGURES,
    label=_("对比"),
    url_name="reporting:beside",
    icon="layout-dashboard",
    order=36,
    visible=lambda person: bool(verdict(person, "reporting.dashboard")),
    is_tab=False,
)
