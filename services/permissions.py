"""Who may settle which honours are counted."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from services.models import Honour


@register_rule
class SettleHonours(Rule[Honour]):
    """One list for the whole province, so that figures of all cities speak of the same."""

    name = "services.honours"
    label = _("设置评选表彰奖项")
    roles = (Role.PROVINCE,)
    model = "services.honour"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: Honour) -> Iterator[str]:
        yield from ()
