"""Who may see and change the register of enterprises."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.places.models import Place


class _EnterpriseRule(Rule[Enterprise]):
    model = "enterprises.enterprise"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="place")

    def reasons(self, scope: Scope, obj: Enterprise) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("这家企业不在您的管辖或所属范围内。")


@register_rule
class ViewEnterprise(_EnterpriseRule):
    name = "enterprises.view"
    label = gettext_lazy("查看企业")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)


@register_rule
class EditEnterprise(_EnterpriseRule):
    """The enterprise's own lead and the offices above it keep its entry up to date."""

    name = "enterprises.edit"
    label = gettext_lazy("修改企业信息")
    roles = (Role.LEAD, *OFFICE_ROLES)

    def where(self, scope: Scope) -> Q:
        return super().where(scope) & Q(is_active=True)

    def reasons(self, scope: Scope, obj: Enterprise) -> Iterator[str]:
        yield from super().reasons(scope, obj)
        if not obj.is_active:
            yield _("这家企业已经注销，信息只能查看。要修改，请先由产改办恢复在册。")


@register_rule
class ChangeEnterprise(_EnterpriseRule):
    """Offices merge, split, close and reopen the enterprises of their place."""

    name = "enterprises.change"
    label = gettext_lazy("办理企业变更")
    roles = OFFICE_ROLES


@register_rule
class MoveEnterprise(_EnterpriseRule):
    """Only an office above both ends may move: a city between its counties, the province between cities. The other
    end is asked for as ``enterprises.register``."""

    name = "enterprises.move"
    label = gettext_lazy("迁移企业")
    roles = (Role.CITY, Role.PROVINCE)


@register_rule
class RegisterEnterprise(Rule[Place]):
    """Asked of the county or zone in which an enterprise is to be registered."""

    name = "enterprises.register"
    label = gettext_lazy("登记企业")
    roles = OFFICE_ROLES
    model = "places.place"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="") & Q(level__in=["county", "zone"], closed_on__isnull=True)

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        if not scope.covers(obj, self.roles, enterprise=""):
            yield _("%s不在您的管辖范围内，不能在那里登记企业。") % obj
        if not obj.is_county_level:
            yield _("企业要登记在县（市、区）或功能区。")
        if obj.is_closed:
            yield _("%s已经撤销，企业要登记在撤并后的县（市、区）或功能区。") % obj
