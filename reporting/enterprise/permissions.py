"""Whose menu has the page of their own enterprise. The page itself is seen by whoever sees the enterprise."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope


@register_rule
class OwnFigures(Rule[Enterprise]):
    """Asked of the enterprise by its own people: what is to be done there is theirs to do."""

    name = "reporting.own_figures"
    label = gettext_lazy("查看本企业数据")
    roles = ENTERPRISE_ROLES
    model = "enterprises.enterprise"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="place")

    def reasons(self, scope: Scope, obj: Enterprise) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("“%s”不是您的企业。") % obj
