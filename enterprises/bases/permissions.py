"""Who may see and keep bases, and who settles which sorts there are."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Base, BaseSort
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope


@register_rule
class SettleBaseSorts(Rule[BaseSort]):
    """One list for the whole province, so that figures of all cities speak of the same."""

    name = "enterprises.base_sorts"
    label = gettext_lazy("设置阵地种类")
    roles = (Role.PROVINCE,)
    model = "enterprises.basesort"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: BaseSort) -> Iterator[str]:
        yield from ()


@register_rule
class ViewBases(Rule[Base]):
    """An enterprise sees those it holds; offices and auditors those of their place."""

    name = "enterprises.view_bases"
    label = gettext_lazy("查看阵地与基地")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "enterprises.base"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles)

    def reasons(self, scope: Scope, obj: Base) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("这个阵地不在您的管辖或所属范围内。")


@register_rule
class KeepBases(Rule[Base]):
    """The office that covers the region it lies in."""

    name = "enterprises.keep_bases"
    label = gettext_lazy("登记阵地与基地")
    roles = OFFICE_ROLES
    model = "enterprises.base"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="")

    def reasons(self, scope: Scope, obj: Base) -> Iterator[str]:
        if not scope.covers(obj, self.roles, enterprise=""):
            yield _("“%s”由所在地的产改办登记和修改。内容有变化的，请告诉所在地的产改办。") % obj


@register_rule
class ReviewBases(Rule[Base]):
    """Whoever works for the enterprise that holds it, and the offices of its region."""

    name = "enterprises.review_bases"
    label = gettext_lazy("填报阵地年度情况")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES)
    model = "enterprises.base"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles)

    def reasons(self, scope: Scope, obj: Base) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("这个阵地由持有企业或所在地的产改办填报。")
