"""Work changes hands: to a substitute for some days, to a successor for good."""

import datetime
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access import actions
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Grant
from foundation.access.rules import AccessDenied, require
from foundation.access.scope import forget_scope, standing_in
from foundation.access.signin import home_of
from foundation.accounts.models import Actor, User
from foundation.audit.log import log, register_event

register_event("access.substitute_named", gettext_lazy("指定代理"))
register_event("accounts.handed_over", gettext_lazy("工作交接"))

#: Whose work others may do for some days. What administrators and auditors may do is never lent.
LENT_ROLES = (*ENTERPRISE_ROLES, *OFFICE_ROLES)


def substitute_mark(by: Actor, columns: Mapping[str, int | None]) -> str:
    """``（代 张三）`` behind the name of who acts on a substitute's grant only."""
    names = dict.fromkeys(str(grant.standing_in_for) for grant in standing_in(by, columns))
    return _("（代 %s）") % "、".join(names) if names else ""


def colleagues(held: Sequence[Grant]) -> QuerySet[User]:
    """Who may stand in for the holder of these grants: people with work of their own at one of the places."""
    places = [grant.place_id for grant in held]
    there = Grant.objects.in_force().own().filter(place__in=places, role__in=LENT_ROLES)
    holders = {grant.user_id for grant in held}
    return User.objects.filter(pk__in=there.values("user_id"), is_active=True).exclude(pk__in=holders)


@transaction.atomic
def name_substitute(
    held: Grant,
    *,
    acting_user: Actor,
    substitute: User,
    first_day: datetime.date,
    last_day: datetime.date,
) -> Grant:
    """Give a colleague the role of somebody who is away, for a span of days. Named again, the span changes."""
    _require_charge(acting_user, held)
    if held.standing_in_for_id or held.role not in LENT_ROLES:
        raise AccessDenied(_("“%s”不能请人代理。代理来的身份、系统管理员和审计员的权限不能转托他人。") % held)
    if not colleagues([held]).filter(pk=substitute.pk).exists():
        raise ValidationError(
            {
                "substitute": _("%(who)s不是“%(place)s”的在用账号。请选同一单位的同事。")
                % {"who": substitute, "place": held.place}
            }
        )
    if acting_user.pk != held.user_id:
        require(acting_user, "accounts.manage", substitute)
    _check_span(held, first_day, last_day)
    given = Grant.objects.select_for_update().filter(
        user=substitute, role=held.role, place=held.place, standing_in_for=held.user
    ).first() or Grant(user=substitute, role=held.role, place=held.place, standing_in_for=held.user)
    before = given.days_text() if given.pk else ""
    given.valid_from, given.valid_until, given.granted_by = first_day, last_day, acting_user
    given.save()
    forget_scope(substitute)
    changes = {str(given): [before, given.days_text()]}
    log("access.substitute_named", by=acting_user, on=substitute, place=held.place, changes=changes)
    return given


@transaction.atomic
def end_substitute(given: Grant, *, acting_user: Actor) -> None:
    """Before its last day: by who is back, by the substitute, or by who manages them."""
    if acting_user.pk not in (given.user_id, given.standing_in_for_id):
        require(acting_user, "accounts.manage", given.user)
    changes = {str(given): [given.days_text(), ""]}
    log("access.substitute_ended", by=acting_user, on=given.user, place=given.place, changes=changes)
    given.delete()
    forget_scope(given.user)


@transaction.atomic
def hand_over(user: User, *, acting_user: Actor, successor: User, suspend: bool = True) -> list[Grant]:
    """Give everything somebody may do to a successor. The work itself stays where it is: records and drafts belong to the
    enterprise or office. Returns the successor's new grants."""
    require(acting_user, "accounts.manage", user)
    if successor.pk == user.pk:
        raise ValidationError({"successor": _("接手人就是本人。请填另一个人的用户名。")})
    if not successor.is_active:
        raise ValidationError({"successor": _("%s的账号已停用。请先恢复，或换一个人。") % successor})
    held = list(user.grants.not_ended().select_related("user", "place", "standing_in_for"))
    own = [grant for grant in held if grant.standing_in_for_id is None]
    if not own:
        raise ValidationError({"successor": _("%s没有可以交接的授权。") % user})
    given = [
        actions.grant(
            acting_user=acting_user, user=successor, role=grant.role, place=grant.place, valid_until=grant.valid_until
        )
        for grant in own
    ]
    log("accounts.handed_over", by=acting_user, on=user, place=home_of(user), note=_("接手人：%s") % successor)
    if suspend:
        actions.suspend(user, acting_user=acting_user)
    for grant in held:
        _end(grant, by=acting_user)
    forget_scope(user)
    return given


def _end(grant: Grant, *, by: Actor) -> None:
    """As of yesterday: the grant stays to be seen, and its person with whoever managed them."""
    actions.dismiss_substitutes(grant, by=by)
    if grant.standing_in_for_id is not None:
        end_substitute(grant, acting_user=by)
        return
    before = grant.days_text()
    grant.valid_until = timezone.localdate() - datetime.timedelta(days=1)
    grant.valid_from = None
    grant.save(update_fields=["valid_from", "valid_until"])
    log("access.revoked", by=by, on=grant.user, place=grant.place, changes={str(grant): [before, grant.days_text()]})


def _require_charge(acting_user: Actor, held: Grant) -> None:
    """One's own work, or that of people one manages."""
    if acting_user.pk == held.user_id:
        return
    require(acting_user, "accounts.manage", held.user)
    actions.check_grantable(acting_user, role=held.role, place=held.place)


def _check_span(held: Grant, first_day: datetime.date, last_day: datetime.date) -> None:
    if last_day < first_day:
        raise ValidationError({"last_day": _("结束日早于开始日。请对调或改正其中一个。")})
    if last_day < timezone.localdate():
        raise ValidationError({"last_day": _("结束日已经过去。请填今天或以后的日期。")})
    if held.valid_until is not None and last_day > held.valid_until:
        raise ValidationError({"last_day": _("本人的授权只到 %s，代理不能更长。请改早结束日。") % held.valid_until})
