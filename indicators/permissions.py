"""Who may close quarters, change indicators and set targets."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from indicators.models import ComplianceResult, Target


class _WholeProvince(Rule[models.Model]):
    """Concerns the portal as a whole: whoever holds the role holds it for every row."""

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: models.Model) -> Iterator[str]:
        yield from ()


@register_rule
class ViewIndicator(_WholeProvince):
    """What is measured, and how, is open to everybody who is measured by it."""

    name = "indicators.view"
    label = gettext_lazy("查看指标")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "indicators.indicator"


@register_rule
class ReviseIndicator(_WholeProvince):
    name = "indicators.revise"
    label = gettext_lazy("设立、修订和停用指标")
    roles = (Role.PROVINCE,)
    model = "indicators.indicator"


@register_rule
class CloseQuarter(_WholeProvince):
    """Closing and reopening a quarter of the whole province."""

    name = "indicators.close_quarter"
    label = gettext_lazy("关闭或重新开放季度")
    roles = (Role.PROVINCE,)
    model = "records.reportingquarter"


@register_rule
class ViewTargets(Rule[Target]):
    """Offices and auditors see the targets of their place and of every region in it."""

    name = "indicators.view_targets"
    label = gettext_lazy("查看年度目标")
    roles = (*OFFICE_ROLES, Role.AUDITOR)
    model = "indicators.target"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="")

    def reasons(self, scope: Scope, obj: Target) -> Iterator[str]:
        if not scope.covers(obj, self.roles, enterprise=""):
            yield _("这个目标不在您的管辖范围内。")


@register_rule
class SetTargets(Rule[Target]):
    """The province sets those of the province and of its cities, a city those of its counties and zones: nobody sets its
    own, except the province, above which nobody does. A region has the columns of a row that lies there, so that this
    speaks of regions too."""

    name = "indicators.set_targets"
    label = gettext_lazy("下达年度目标")
    roles = (Role.PROVINCE, Role.CITY)
    model = "indicators.target"

    def where(self, scope: Scope) -> Q:
        of_cities = scope.q([Role.PROVINCE], enterprise="") & Q(county__isnull=True)
        of_counties = scope.q([Role.CITY], enterprise="") & Q(county__isnull=False)
        return of_cities | of_counties

    def reasons(self, scope: Scope, obj: Target) -> Iterator[str]:
        if obj.county_id is None:
            if not scope.covers(obj, [Role.PROVINCE], enterprise=""):
                yield _("全省和设区市的目标由省级产改办下达。")
        elif not scope.covers(obj, [Role.CITY], enterprise=""):
            yield _("县（市、区）和功能区的目标由所在设区市的产改办下达。")


@register_rule
class ViewCompliance(Rule[ComplianceResult]):
    """An enterprise's results are read by its own people, and by the offices and auditors above it."""

    name = "indicators.view_compliance"
    label = gettext_lazy("查看合规结果")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "indicators.complianceresult"
