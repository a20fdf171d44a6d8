"""Who may see and keep bodies, and who may read the names of those who belong to one."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Body
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope


class _BodyRule(Rule[Body]):
    model = "enterprises.body"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles)

    def reasons(self, scope: Scope, obj: Body) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("“%s”不在您的管辖或所属范围内，由它所属的产改办或企业登记和修改。") % obj


@register_rule
class ViewBodies(_BodyRule):
    """Offices and auditors see those of their region and of its enterprises; an enterprise sees its own."""

    name = "enterprises.view_bodies"
    label = gettext_lazy("查看组织与会议")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)


@register_rule
class ViewBodyMembers(_BodyRule):
    """Names are personal: auditors see how many."""

    name = "enterprises.view_body_members"
    label = gettext_lazy("查看组织成员名单")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES)


@register_rule
class KeepBodies(_BodyRule):
    """An office keeps those of its region and mends those of its enterprises; an enterprise keeps its own."""

    name = "enterprises.keep_bodies"
    label = gettext_lazy("登记组织与会议")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES)
