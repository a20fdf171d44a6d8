"""Every change of accounts and grants. An account is never deleted, it is suspended: its name stands in the log.

``acting_user`` is None only for the system itself (first administrator, demo data): then no one's rights are asked.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import MANAGED_ROLES, ROLE_LEVELS, Grant, Role
from foundation.access.rules import AccessDenied, require
from foundation.access.scope import any_place_in, forget_scope, scope_of
from foundation.access.signin import home_of
from foundation.access.tokens import end_tokens
from foundation.accounts.lockout import forget_failures, locks_of
from foundation.accounts.models import Actor, SecurityPolicy, User
from foundation.accounts.passwords import PASSWORD_FIELDS, set_one_time_password
from foundation.audit.log import log, register_event
from foundation.fields import label_of_field
from foundation.places.models import Level, Place

register_event("accounts.created", gettext_lazy("新建账号"))
register_event("accounts.password_reset", gettext_lazy("重置密码"))
register_event("accounts.unlocked", gettext_lazy("解除登录锁定"))
register_event("accounts.suspended", gettext_lazy("停用账号"))
register_event("accounts.reactivated", gettext_lazy("恢复账号"))
register_event("accounts.security_set", gettext_lazy("设定登录安全要求"))
register_event("access.granted", gettext_lazy("授权"))
register_event("access.revoked", gettext_lazy("收回授权"))
register_event("access.substitute_ended", gettext_lazy("结束代理"))


@transaction.atomic
def create_account(
    *,
    acting_user: Actor | None,
    username: str,
    full_name: str,
    role: str,
    place: Place,
    password: str | None = None,
) -> tuple[User, str]:
    """Make an account with its first grant. Returns the account and its password, which is kept nowhere in clear.

    A password somebody else knows is good for one sign-in: its person must change it then. One that is given here is the
    system's own affair (the first administrator chose it, the demonstration lists it)."""
    check_grantable(acting_user, role=role, place=place)
    user = get_user_model()(username=username.strip(), full_name=full_name.strip())
    if password is None:
        password = set_one_time_password(user)
    else:
        user.set_password(password)
        user.password_set_at = timezone.now()
    user.full_clean(exclude=["password"])
    user.save()
    log("accounts.created", by=acting_user, on=user, place=place, changes={_("用户名"): ["", user.username]})
    grant(acting_user=acting_user, user=user, role=role, place=place)
    return user, password


@transaction.atomic
def grant(
    *,
    acting_user: Actor | None,
    user: Actor,
    role: str,
    place: Place,
    valid_until: datetime.date | None = None,
) -> Grant:
    """Give a role at a place, or change how long an existing grant lasts. Idempotent."""
    check_grantable(acting_user, role=role, place=place)
    if acting_user is not None and acting_user.pk == user.pk:
        raise AccessDenied(_("不能给自己授权。请由上级产改办或另一位系统管理员操作。"))
    if acting_user is not None and Grant.objects.filter(user=user).exists():
        require(acting_user, "accounts.manage", user)
    if valid_until is not None and valid_until < timezone.localdate():
        raise ValidationError(
            {"valid_until": _("有效期至 %s 已经过去。请填今天或以后的日期，或留空表示长期有效。") % valid_until}
        )
    found = Grant.objects.own().select_for_update().filter(user=user, role=role, place=place).first()
    if found is not None and found.valid_until == valid_until:
        return found
    before = found.days_text() if found else ""
    if found is not None and valid_until is not None:
        _keep_an_administrator(found)
    given = found or Grant(user=user, role=role, place=place)
    given.valid_until = valid_until
    given.granted_by = acting_user
    given.save()
    forget_scope(user)
    log("access.granted", by=acting_user, on=user, place=place, changes={str(given): [before, given.days_text()]})
    return given


@transaction.atomic
def revoke(grant: Grant, *, acting_user: Actor | None) -> None:
    """Take a role back. Refused when it would leave a place without any administrator."""
    if acting_user is not None:
        require(acting_user, "accounts.manage", grant.user)
    _keep_an_administrator(grant)
    dismiss_substitutes(grant, by=acting_user)
    changes = {str(grant): [grant.days_text(), ""]}
    log("access.revoked", by=acting_user, on=grant.user, place=grant.place, changes=changes)
    grant.delete()
    forget_scope(grant.user)


def dismiss_substitutes(grant: Grant, *, by: Actor | None) -> None:
    """Whoever stood in for a person at a place does so no longer once the person's own role there ends."""
    if grant.standing_in_for_id is not None:
        return
    standing_in = Grant.objects.filter(role=grant.role, place=grant.place, standing_in_for=grant.user)
    for substitute in standing_in.select_related("user", "place", "standing_in_for"):
        changes = {str(substitute): [substitute.days_text(), ""]}
        log("access.substitute_ended", by=by, on=substitute.user, place=substitute.place, changes=changes)
        substitute.delete()


@transaction.atomic
def reset_password(user: User, *, acting_user: Actor) -> str:
    """Set a one-time password and return it, to be shown once. All sessions of the account end; a lock-out ends, too."""
    require(acting_user, "accounts.manage", user)
    password = set_one_time_password(user)
    user.save(update_fields=PASSWORD_FIELDS)
    forget_failures(user)
    log("accounts.password_reset", by=acting_user, on=user, place=home_of(user))
    return password


@transaction.atomic
def unlock(user: User, *, acting_user: Actor) -> None:
    """Let somebody who was locked out try again at once."""
    require(acting_user, "accounts.manage", user)
    locks = locks_of(user)
    if not locks:
        return
    forget_failures(user)
    addresses = "、".join(lock.address for lock in locks)
    log("accounts.unlocked", by=acting_user, on=user, place=home_of(user), note=addresses)


@transaction.atomic
def suspend(user: User, *, acting_user: Actor | None, note: str = "") -> None:
    """Shut an account out at once: its sessions and tokens end for good, also when it is let in again later. Nobody suspends
    themselves, so one administrator always remains."""
    if acting_user is not None and acting_user.pk == user.pk:
        raise AccessDenied(_("不能停用自己的账号。请由上级产改办或另一位系统管理员操作。"))
    if acting_user is not None:
        require(acting_user, "accounts.manage", user)
    for held in Grant.objects.in_force().filter(user=user, role=Role.ADMIN).select_related("place"):
        _keep_an_administrator(held, whole_person=True)
    if not user.is_active:
        return
    user.is_active = False
    user.session_generation += 1
    user.save(update_fields=["is_active", "session_generation"])
    UserSession.objects.filter(user=user).delete()
    end_tokens(user.api_tokens.all(), user=user, by=acting_user)
    log("accounts.suspended", by=acting_user, on=user, place=home_of(user), note=note)


@transaction.atomic
def reactivate(user: User, *, acting_user: Actor | None) -> None:
    """Let a suspended account in again, with the grants it has."""
    if acting_user is not None:
        require(acting_user, "accounts.manage", user)
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    log("accounts.reactivated", by=acting_user, on=user, place=home_of(user))


@transaction.atomic
def set_security(*, acting_user: Actor, values: Mapping[str, Any]) -> SecurityPolicy:
    """Change what the portal asks of passwords and sign-ins. Whoever must have a second factor from now on sets it up
    within a minute, on the next page."""
    policy = SecurityPolicy.current()
    require(acting_user, "accounts.set_security", policy)
    changes = {}
    for name, value in values.items():
        before = getattr(policy, name)
        if before != value:
            changes[label_of_field(policy, name)] = [before, value]
            setattr(policy, name, value)
    policy.full_clean()
    if changes:
        policy.save()
        log("accounts.security_set", by=acting_user, on=policy, place=home_of(acting_user), changes=changes)
    return policy


def check_grantable(acting_user: Actor | None, *, role: str, place: Place) -> None:
    """The role fits the kind of place, the place lies in the giver's own, and the role is theirs to give."""
    if role not in ROLE_LEVELS:
        raise ValidationError({"role": _("没有“%s”这个角色。请从列表中选择。") % role})
    if place.level not in ROLE_LEVELS[role]:
        levels = "、".join(str(Level(level).label) for level in ROLE_LEVELS[role])
        raise ValidationError(
            {
                "place": _("“%(role)s”只能授予%(levels)s，而“%(place)s”是%(level)s。请另选单位或角色。")
                % {"role": Role(role).label, "levels": levels, "place": place, "level": place.get_level_display()}
            }
        )
    if place.is_closed:
        raise ValidationError({"place": _("“%s”已经撤销，不能再授予角色。请选择撤并后的单位。") % place})
    if acting_user is None:
        return
    require(acting_user, "accounts.manage")
    scope = scope_of(acting_user)
    if scope.manages(role, place):
        return
    if any_place_in(scope.places(*MANAGED_ROLES), place):
        raise AccessDenied(
            _(
                "“%s”不能由您授予：各级产改办只管理下级的账号，审计员和系统管理员由系统管理员授予。请联系上级产改办或管理员。"
            )
            % Role(role).label
        )
    raise AccessDenied(_("“%s”不在您的管理范围内，不能在那里授权。请联系上级产改办或管理员。") % place)


def _keep_an_administrator(held: Grant, *, whole_person: bool = False) -> None:
    """Refuse when, without this grant (or this whole person), nobody active would administer the place for good."""
    if held.role != Role.ADMIN:
        return
    place = held.place
    above = [pk for pk in (place.pk, place.province_id, place.city_id, place.county_id) if pk]
    others = Grant.objects.filter(
        role=Role.ADMIN, place_id__in=above, user__is_active=True, valid_until__isnull=True
    ).exclude(pk=held.pk)
    if whole_person:
        others = others.exclude(user_id=held.user_id)
    if not others.exists():
        raise AccessDenied(
            _("%(person)s是“%(place)s”最后一位系统管理员，不能停用或收回授权。请先为另一人授予系统管理员角色。")
            % {"person": held.user, "place": place}
        )
