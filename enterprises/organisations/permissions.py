"""Who may see and keep the register of schools and institutions."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Organisation
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope


@register_rule
class ViewOrganisations(Rule[Organisation]):
    """All of them: a school works with enterprises of other counties as well, and nothing personal stands here."""

    name = "enterprises.view_organisations"
    label = gettext_lazy("查看院校和机构")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "enterprises.organisation"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: Organisation) -> Iterator[str]:
        yield from ()


@register_rule
class KeepOrganisations(Rule[Organisation]):
    """The office that covers the county it lies in."""

    name = "enterprises.keep_organisations"
    label = gettext_lazy("登记院校和机构")
    roles = OFFICE_ROLES
    model = "enterprises.organisation"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="")

    def reasons(self, scope: Scope, obj: Organisation) -> Iterator[str]:
        if not scope.covers(obj, self.roles, enterprise=""):
            yield _("“%s”不在您的管辖范围内，由所在地的产改办登记和修改。") % obj
