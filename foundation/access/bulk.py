"""Making many accounts at once; and the grants of a place that changes its standing."""

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access import actions
from foundation.access.actions import check_grantable
from foundation.access.models import Grant
from foundation.accounts.models import Actor, User
from foundation.accounts.names import validate_username
from foundation.accounts.passwords import set_one_time_password
from foundation.audit.log import Noted, log, log_each, register_event
from foundation.places.models import Place
from foundation.saying import filled

register_event("accounts.bulk_created", gettext_lazy("批量新建账号"))

_BATCH = 500


class NewAccount(NamedTuple):
    """A person to be given an account with one role at one place. The same user name again: one person, more places."""

    username: str
    full_name: str
    role: str
    place: Place
    valid_until: datetime.date | None = None


class Admitted(NamedTuple):
    """An account that was made, with the password that is kept nowhere in clear, and its first grant."""

    user: User
    password: str
    grant: Grant


@transaction.atomic
def create_accounts(*, acting_user: Actor | None, account_import: Sequence[NewAccount]) -> list[User]:
    """Accounts without a usable password: their people sign in once somebody has set one. All or none.

    Raises ``ValidationError`` for a user name already taken, and what ``create_account`` raises for role and place."""
    users = {one.username: _unsaved(one) for one in account_import}
    return [held.user for held in _make(acting_user, users, account_import)]


@transaction.atomic
def admit(
    *, acting_user: Actor, account_import: Sequence[NewAccount], more: Sequence[tuple[User, NewAccount]]
) -> list[Admitted]:
    """Accounts with one-time passwords, and further grants for people who have one (``more``). All or none; raises what
    ``create_accounts`` and ``grant`` raise."""
    users = {one.username: _unsaved(one) for one in account_import}
    passwords = {username: set_one_time_password(user) for username, user in users.items()}
    first: dict[str, Grant] = {}
    for held in _make(acting_user, users, account_import):
        first.setdefault(held.user.username, held)
    for user, one in more:
        actions.grant(acting_user=acting_user, user=user, role=one.role, place=one.place, valid_until=one.valid_until)
    acting_in = acting_user.grants.in_force().select_related("place").first()
    log(
        "accounts.bulk_created",
        by=acting_user,
        note=filled(_("新建账号 %(new)d 个，已有账号增改授权 %(more)d 项"), {"new": len(users), "more": len(more)}),
        place=acting_in.place if acting_in else None,
    )
    return [Admitted(users[username], passwords[username], held) for username, held in first.items()]


def _unsaved(one: NewAccount) -> User:
    return User(username=one.username, full_name=one.full_name, password=make_password(None))


def _make(acting_user: Actor | None, users: dict[str, User], account_import: Sequence[NewAccount]) -> list[Grant]:
    """Save the accounts and their grants, and log each."""
    for username in users:
        validate_username(username)
    _refuse_taken(list(users))
    for one in account_import:
        check_grantable(acting_user, role=one.role, place=one.place)
    User.objects.bulk_create(users.values(), batch_size=_BATCH)
    grants = [
        Grant(
            user=users[one.username],
            role=one.role,
            place=one.place,
            valid_until=one.valid_until,
            granted_by=acting_user,
        )
        for one in account_import
    ]
    Grant.objects.bulk_create(grants, batch_size=_BATCH)
    first = {held.user.username: held for held in reversed(grants)}
    for event, logged in (
        ("accounts.created", list(first.values())),
        ("access.granted", [held for held in grants if first[held.user.username] is not held]),
    ):
        log_each(event, [Noted(held.user, str(held), held.place) for held in logged], by=acting_user)
    return grants


def _refuse_taken(usernames: Sequence[str]) -> None:
    taken: list[str] = []
    for start in range(0, len(usernames), _BATCH):
        names = usernames[start : start + _BATCH]
        taken.extend(User.objects.filter(username__in=names).values_list("username", flat=True))
    if taken:
        raise ValidationError(_("这些用户名已经有人使用：%s。请换用别的用户名。") % "、".join(sorted(taken)))


def _until(day: datetime.date | None) -> str:
    return day.isoformat() if day else _("长期有效")


def _noted(grant: Grant, before: str, after: str) -> Noted:
    return Noted(grant.user, "", grant.place, {str(grant): [before, after]})


@transaction.atomic
def limit_grants(*, acting_user: Actor, place: Place, until: datetime.date) -> list[Grant]:
    """Let every grant at a place end on a day at the latest; the rule of the act that asks for it is the caller's.
    Returns the grants as they were."""
    found = Grant.objects.in_force().filter(place=place).select_related("user", "place").order_by("pk")
    longer = [grant for grant in found if grant.valid_until is None or grant.valid_until > until]
    Grant.objects.filter(pk__in=[grant.pk for grant in longer]).update(valid_until=until)
    noted = [_noted(grant, _until(grant.valid_until), _until(until)) for grant in longer]
    log_each("access.granted", noted, by=acting_user)
    return longer


@transaction.atomic
def lift_limit(*, acting_user: Actor, limited: Mapping[int, datetime.date | None], until: datetime.date) -> int:
    """Give grants back the day they had before ``limit_grants``; one that an administrator has changed since stays.
    Returns how many."""
    still = Grant.objects.filter(pk__in=limited, valid_until=until).select_related("user", "place").order_by("pk")
    noted = []
    for grant in still:
        noted.append(_noted(grant, _until(until), _until(limited[grant.pk])))
        Grant.objects.filter(pk=grant.pk).update(valid_until=limited[grant.pk])
    log_each("access.granted", noted, by=acting_user)
    return len(noted)


@transaction.atomic
def grant_alike(*, acting_user: Actor, source: Place, target: Place) -> int:
    """Whoever holds a role at one place gets it at the other, for as long; the rule of the act that asks for it is the
    caller's. Returns how many grants were given."""
    held = Grant.objects.in_force().filter(place=source, user__is_active=True).select_related("user").order_by("pk")
    have = set(Grant.objects.in_force().filter(place=target).values_list("user_id", "role", "standing_in_for_id"))
    given = [
        Grant(
            user=grant.user,
            role=grant.role,
            place=target,
            valid_from=grant.valid_from,
            valid_until=grant.valid_until,
            standing_in_for=grant.standing_in_for,
            granted_by=acting_user,
        )
        for grant in held.select_related("standing_in_for")
        if (grant.user_id, grant.role, grant.standing_in_for_id) not in have
    ]
    # A grant that has run out would stand in the way of the new one.
    Grant.objects.filter(place=target, user__in=[grant.user_id for grant in given]).exclude(
        pk__in=Grant.objects.in_force().values("pk")
    ).delete()
    Grant.objects.bulk_create(given)
    log_each("access.granted", [_noted(grant, "", _until(grant.valid_until)) for grant in given], by=acting_user)
    return len(given)
