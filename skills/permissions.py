"""Who may settle what training funds may be spent for."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from skills.models import SpendingPurpose


@register_rule
class SettlePurposes(Rule[SpendingPurpose]):
    """One list for the whole province, so that returns of all cities speak of the same."""

    name = "skills.spending_purposes"
    label = _("设置职工教育经费支出用途")
    roles = (Role.PROVINCE,)
    model = "skills.spendingpurpose"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: SpendingPurpose) -> Iterator[str]:
        yield from ()
