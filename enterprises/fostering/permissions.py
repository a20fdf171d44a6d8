"""Who may see and keep the lists of fostered enterprises."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import FosteredEnterprise
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope


@register_rule
class ViewFostered(Rule[FosteredEnterprise]):
    """An enterprise sees what it is listed as; offices and auditors those of their place."""

    name = "enterprises.view_fostered"
    label = gettext_lazy("查看优质企业培育名单")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "enterprises.fosteredenterprise"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles)

    def reasons(self, scope: Scope, obj: FosteredEnterprise) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("这家企业不在您的管辖或所属范围内。")


@register_rule
class KeepFostered(Rule[FosteredEnterprise]):
    """The offices whose place the enterprise lies in."""

    name = "enterprises.keep_fostered"
    label = gettext_lazy("登记优质企业培育名单")
    roles = OFFICE_ROLES
    model = "enterprises.fosteredenterprise"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="")

    def reasons(self, scope: Scope, obj: FosteredEnterprise) -> Iterator[str]:
        if not scope.covers(obj, self.roles, enterprise=""):
            yield _("“%s”由企业所在地的产改办登记和修改。") % obj
