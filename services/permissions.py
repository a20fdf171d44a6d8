"""Who may settle which honours and which programmes of help are counted."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from services.models import AidProject, Honour


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


@register_rule
class SettleAidProjects(Rule[AidProject]):
    """One list for the whole province as well."""

    name = "services.aid_projects"
    label = _("设置困难帮扶项目")
    roles = (Role.PROVINCE,)
    model = "services.aidproject"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: AidProject) -> Iterator[str]:
        yield from ()
