"""Who may look at whose figures."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.places.models import REGION_LEVELS, Place


@register_rule
class ViewDashboard(Rule[Place]):
    """Offices and auditors see the figures of their region and of every region in it."""

    name = "reporting.dashboard"
    label = gettext_lazy("查看统计看板")
    roles = (*OFFICE_ROLES, Role.AUDITOR)
    model = "places.place"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="") & Q(level__in=REGION_LEVELS)

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        if not obj.is_region:
            yield _("看板只按省、设区市、县（市、区）或功能区汇总。")
        elif not scope.covers(obj, self.roles, enterprise=""):
            yield _("“%s”不在您的管辖范围内。") % obj
