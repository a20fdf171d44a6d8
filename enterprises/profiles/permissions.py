"""Who may see and file the yearly profile."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise, YearlyProfile
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope


@register_rule
class ViewProfiles(Rule[YearlyProfile]):
    name = "enterprises.view_profiles"
    label = gettext_lazy("查看年度基本情况")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "enterprises.yearlyprofile"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, prefix="enterprise__", enterprise="place")

    def reasons(self, scope: Scope, obj: YearlyProfile) -> Iterator[str]:
        if not scope.covers(obj.enterprise, self.roles):
            yield _("这家企业不在您的管辖或所属范围内。")


@register_rule
class FileProfile(Rule[Enterprise]):
    """Whoever files for the enterprise, clerks included, and the offices above it. The rest of the entry stays with
    the lead: the profile is data of a year, the entry is what the enterprise is."""

    name = "enterprises.file_profile"
    label = gettext_lazy("填报年度基本情况")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES)
    model = "enterprises.enterprise"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="place") & Q(is_active=True)

    def reasons(self, scope: Scope, obj: Enterprise) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("这家企业不在您的管辖或所属范围内。")
        elif not obj.is_active:
            yield _("这家企业已不在册，不再填报年度基本情况。")
