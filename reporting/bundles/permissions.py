"""Who may have a ledger made, and who may fetch it."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from reporting.bundles.models import Bundle

_READERS = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)


@register_rule
class CreateBundle(Rule[Enterprise]):
    """An enterprise for itself, offices and auditors for the enterprises in their place."""

    name = "reporting.create_bundle"
    label = gettext_lazy("生成企业台账")
    roles = _READERS
    model = "enterprises.enterprise"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="place")

    def reasons(self, scope: Scope, obj: Enterprise) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("“%s”不在您的管辖或所属范围内，不能生成它的台账。") % obj


@register_rule
class ViewBundle(Rule[Bundle]):
    """Whoever asked for it, while the enterprise is still in their scope: it was made of what that person may see."""

    name = "reporting.view_bundle"
    label = gettext_lazy("下载企业台账")
    roles = _READERS
    model = "reporting.bundle"

    def where(self, scope: Scope) -> Q:
        return super().where(scope) & Q(created_by_id=scope.user_id)

    def reasons(self, scope: Scope, obj: Bundle) -> Iterator[str]:
        if obj.created_by_id != scope.user_id:
            yield _("台账只有发起生成的人可以下载，请自己生成一份。")
        yield from super().reasons(scope, obj)
