"""What the API asks for itself; everything else is the rules of the rooms below."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.places.models import REGION_LEVELS, Place


@register_rule
class ReadFigures(Rule):
    """Offices and auditors read the figures of their own region and of every region below it."""

    name = "api.read_figures"
    label = gettext_lazy("读取地区数据")
    roles = (*OFFICE_ROLES, Role.AUDITOR)
    model = "places.place"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="") & Q(level__in=REGION_LEVELS)

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        if not obj.is_region or not scope.covers(obj, self.roles, enterprise=""):
            yield _("“%s”不在您的管辖范围内，请选择本级或下级地区。") % obj
