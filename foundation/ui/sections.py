"""The entries of the side menu. Few and the same for everybody: what a room adds becomes a tab inside one of them.

A person sees those in which there is a page for them, at most nine.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from foundation.labels import Label


@dataclass(frozen=True)
class Section:
    """One entry of the side menu. ``key`` names it in cookies."""

    key: str
    label: Label
    icon: str
    order: int


WORKBENCH = Section("workbench", _("工作台"), "home", 10)
FILING = Section("filing", _("填报"), "files", 20)
REVIEW = Section("review", _("审核"), "checks", 30)
REGISTERS = Section("registers", _("名录"), "building", 40)
FIGURES = Section("figures", _("统计"), "chart-bar", 50)
REPORTS = Section("reports", _("报告"), "report-analytics", 60)
POLICIES = Section("policies", _("政策"), "book-2", 70)
SETTINGS = Section("settings", _("设置"), "settings", 80)
#: Not in the side menu: what the top bar leads to.
TOP_BAR = Section("top_bar", _("账号菜单"), "user-circle", 90)
