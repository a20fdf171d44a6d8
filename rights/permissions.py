"""Who may keep the lists that enterprises choose from."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.crud.choice_lists import ChoiceRow


class _KeepList(Rule[ChoiceRow]):
    """One list for the whole province, so that figures of all cities speak of the same."""

    roles = (Role.PROVINCE,)

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: ChoiceRow) -> Iterator[str]:
        yield from ()


@register_rule
class KeepRiskGrades(_KeepList):
    name = "rights.risk_grades"
    label = _("设置用工风险评估等级")
    model = "rights.riskgrade"


@register_rule
class SettleIncentiveItems(_KeepList):
    name = "rights.incentive_items"
    label = _("设置激励与待遇项目")
    model = "rights.incentiveitem"
