"""Who may read the audit log, manage accounts and look at the tree of places."""

from collections.abc import Iterator
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import MANAGED_ROLES, OFFICE_ROLES, Grant, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import NOTHING, Scope
from foundation.accounts.models import SecurityPolicy, User
from foundation.audit.models import Entry
from foundation.labels import Label
from foundation.places.models import COUNTY_LEVELS, Level, Place

_OVERSEERS = (Role.AUDITOR, Role.ADMIN)


def at_the_top(scope: Scope, *roles: str) -> bool:
    """Holds one of the roles for the whole province: what lies nowhere in particular is theirs too."""
    return any(place.level == Level.PROVINCE for place in scope.places(*roles))


@register_rule
class ViewAudit(Rule[Entry]):
    """Auditors, administrators and offices read what happened in their place; the enterprises do not."""

    name = "audit.view"
    label = gettext_lazy("查看审计日志")
    roles = (*_OVERSEERS, *OFFICE_ROLES)
    model = "audit.entry"

    def where(self, scope: Scope) -> Q:
        condition = scope.q(self.roles)
        # A failed sign-in with a name nobody has lies nowhere; the province's overseers must still see it.
        return condition | Q(province__isnull=True) if at_the_top(scope, *_OVERSEERS) else condition

    def reasons(self, scope: Scope, obj: Entry) -> Iterator[str]:
        if obj.province_id is None and at_the_top(scope, *_OVERSEERS):
            return
        yield from super().reasons(scope, obj)


@register_rule
class ManageAccounts(Rule[User]):
    """An administrator manages the people whose every grant that has not ended lies in the administrator's own place; an office
    those of the levels below in its area. Whoever holds anything more belongs to the level above."""

    name = "accounts.manage"
    label = gettext_lazy("管理账号")
    roles = tuple(MANAGED_ROLES)
    model = "accounts.user"

    def where(self, scope: Scope) -> Q:
        # Asked of each account in turn: a page or a search looks at a few accounts, never at all grants.
        mine, held = scope.managed(), Grant.objects.filter(user_id=OuterRef("pk"))
        nothing_beyond = ~Exists(held.not_ended().exclude(mine))
        return Q(nothing_beyond) if at_the_top(scope, Role.ADMIN) else Q(nothing_beyond) & Q(Exists(held.filter(mine)))

    def reasons(self, scope: Scope, obj: User) -> Iterator[str]:
        grants = list(Grant.objects.filter(user_id=obj.pk).select_related("place"))
        lasting = {grant.pk for grant in grants if not grant.has_ended}
        inside = {grant.pk for grant in grants if scope.manages(grant.role, grant.place)}
        if lasting - inside:
            yield _("这个账号还有您管理范围以外的授权，只能由上级产改办或管理员管理。")
        elif not inside and not at_the_top(scope, Role.ADMIN):
            yield _("这个账号不在您的管理范围内。")


@register_rule
class SetSecurity(Rule[SecurityPolicy]):
    """What passwords and sign-ins must be is one for the whole province."""

    name = "accounts.set_security"
    label = gettext_lazy("设定登录安全要求")
    roles = (Role.ADMIN,)
    model = "accounts.securitypolicy"

    def where(self, scope: Scope) -> Q:
        return Q() if at_the_top(scope, *self.roles) else NOTHING

    def reasons(self, scope: Scope, obj: SecurityPolicy) -> Iterator[str]:
        if not at_the_top(scope, *self.roles):
            yield _("登录安全要求全省统一，只能由省级系统管理员设定。")


@register_rule
class ViewRoles(Rule[models.Model]):
    """What the roles may do is no secret among those who give them out or watch over them."""

    name = "accounts.view_roles"
    label = gettext_lazy("查看角色权限")
    roles = (*OFFICE_ROLES, *_OVERSEERS)


@register_rule
class ViewPlaces(Rule[Place]):
    """The tree of places is public knowledge; offices and overseers look codes up in it."""

    name = "places.view"
    label = gettext_lazy("查看区划与单位")
    roles = (*OFFICE_ROLES, *_OVERSEERS)
    model = "places.place"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        yield from ()


class _OpenPlaceRule(Rule[Place]):
    """About places of some levels that have not been closed."""

    model = "places.place"
    levels: ClassVar[tuple[str, ...]]
    wrong_level: ClassVar[Label]

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="") & Q(level__in=self.levels, closed_on__isnull=True)

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        if not scope.covers(obj, self.roles, enterprise=""):
            yield _("“%s”不在您的管辖范围内。") % obj
        if obj.level not in self.levels:
            yield str(self.wrong_level)
        if obj.is_closed:
            yield _("“%s”已经撤销，只能查看。") % obj


@register_rule
class KeepTownships(_OpenPlaceRule):
    """Asked of the county or zone: its office, and those above, keep its townships, streets and parks."""

    name = "places.keep_townships"
    label = gettext_lazy("维护乡镇（街道）和园区")
    roles = OFFICE_ROLES
    levels = COUNTY_LEVELS
    wrong_level = gettext_lazy("乡镇（街道）和园区设在县（市、区）或功能区之下。")


@register_rule
class Reorganise(_OpenPlaceRule):
    """The province follows what is decided about regions: names and mergers."""

    name = "places.reorganise"
    label = gettext_lazy("办理区划更名和撤并")
    roles = (Role.PROVINCE,)
    levels = (Level.CITY, *COUNTY_LEVELS)
    wrong_level = gettext_lazy("只有设区市、县（市、区）和功能区可以更名或撤并。")
