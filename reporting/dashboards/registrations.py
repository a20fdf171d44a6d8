"""The dashboards' menu entry and access rule."""

from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.ui.navigation import register_item
from foundation.ui.sections import FIGURES
from reporting.dashboards import permissions  # noqa: F401 -- registers the rule

register_item(
    section=FIGURES,
    label=_("统计看板"),
    url_name="reporting:dashboard",
    icon="chart-bar",
    order=30,
    visible=lambda person: bool(verdict(person, "reporting.dashboard")),
)
