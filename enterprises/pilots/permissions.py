"""Who may see and keep pilots, parks and chains."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Cluster, Pilot, PilotTier
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope

#: Which tiers an office of each level gives and takes, in its own place.
KEPT_BY = {
    Role.COUNTY: (PilotTier.COUNTY, PilotTier.TOWNSHIP),
    Role.CITY: (PilotTier.CITY, PilotTier.COUNTY, PilotTier.TOWNSHIP),
    Role.PROVINCE: (
        PilotTier.NATIONAL,
        PilotTier.PROVINCIAL,
        PilotTier.CITY,
        PilotTier.COUNTY,
        PilotTier.TOWNSHIP,
    ),
}


def _within(scope: Scope, roles: tuple[str, ...]) -> Q:
    """Pilots whose subject lies in a place where one of the roles is held."""
    enterprises = scope.q(roles, prefix="enterprise__", enterprise="place")
    return enterprises | scope.q(roles, prefix="cluster__", enterprise="")


@register_rule
class ViewPilots(Rule[Pilot]):
    """An enterprise sees its own; offices and auditors those of their place."""

    name = "enterprises.view_pilots"
    label = gettext_lazy("查看试点")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "enterprises.pilot"

    def where(self, scope: Scope) -> Q:
        return _within(scope, self.roles)

    def reasons(self, scope: Scope, obj: Pilot) -> Iterator[str]:
        if not scope.covers(obj.subject, self.roles):
            yield _("这个试点不在您的管辖或所属范围内。")


@register_rule
class KeepPilots(Rule[Pilot]):
    """The office that covers the place, of a level that may give the tier: county tiers from the county up, city tiers
    from the city up, provincial and national ones by the province."""

    name = "enterprises.keep_pilots"
    label = gettext_lazy("设立和变更试点")
    roles = OFFICE_ROLES
    model = "enterprises.pilot"

    def where(self, scope: Scope) -> Q:
        condition = Q(pk__in=[])
        for role, tiers in KEPT_BY.items():
            condition |= _within(scope, (role,)) & Q(tier__in=tiers)
        return condition

    def reasons(self, scope: Scope, obj: Pilot) -> Iterator[str]:
        if not scope.covers(obj.subject, self.roles):
            yield _("这个试点不在您的管辖范围内。")
        elif not any(obj.tier in tiers and scope.covers(obj.subject, (role,)) for role, tiers in KEPT_BY.items()):
            keeper = _("市级") if obj.tier == PilotTier.CITY else _("省级")
            yield _("%(tier)s由%(office)s产改办设立和变更。请报上级办理。") % {
                "tier": obj.get_tier_display(),
                "office": keeper,
            }


class _ClusterRule(Rule[Cluster]):
    model = "enterprises.cluster"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="")

    def reasons(self, scope: Scope, obj: Cluster) -> Iterator[str]:
        if not scope.covers(obj, self.roles, enterprise=""):
            yield _("这个园区或产业链不在您的管辖范围内。")


@register_rule
class ViewClusters(_ClusterRule):
    name = "enterprises.view_clusters"
    label = gettext_lazy("查看产业园区和产业链")
    roles = (*OFFICE_ROLES, Role.AUDITOR)


@register_rule
class KeepClusters(_ClusterRule):
    """The office that covers the region a park or chain lies in."""

    name = "enterprises.keep_clusters"
    label = gettext_lazy("登记产业园区和产业链")
    roles = OFFICE_ROLES
