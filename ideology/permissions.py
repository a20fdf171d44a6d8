"""Who may settle what the 三代表三委员 are."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from ideology.models import RepresentativeCategory


@register_rule
class SettleCategories(Rule[RepresentativeCategory]):
    """One list for the whole province, so that figures of all cities speak of the same."""

    name = "ideology.categories"
    label = _("设置三代表三委员类别")
    roles = (Role.PROVINCE,)
    model = "ideology.representativecategory"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: RepresentativeCategory) -> Iterator[str]:
        yield from ()
