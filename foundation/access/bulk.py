"""Making many accounts at once, for people who do not sign in yet; and the grants of a place that changes its standing."""

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from foundation.access.actions import check_grantable
from foundation.access.models import Grant
from foundation.accounts.models import User
from foundation.audit.log import Noted, log_each
from foundation.places.models import Place

_BATCH = 500


class Newcomer(NamedTuple):
    """A person to be given an account with one role at one place."""

    username: str
    full_name: str
    role: str
    place: Place


@transaction.atomic
def create_accounts(*, acting_user: models.Model | None, newcomers: Sequence[Newcomer]) -> list[User]:
    """Accounts without a usable password: their people sign in once an administrator has set one. All or none.

    Raises ``ValidationError`` for a user name already taken, and what ``create_account`` raises for role and place."""
    taken: list[str] = []
    for start in range(0, len(newcomers), _BATCH):
        names = [newcomer.username for newcomer in newcomers[start : start + _BATCH]]
        taken.extend(User.objects.filter(username__in=names).values_list("username", flat=True))
    if taken:
        raise ValidationError(_("这些用户名已经有人使用：%s。请换用别的用户名。") % "、".join(sorted(taken)))
    for newcomer in newcomers:
        check_grantable(acting_user, role=newcomer.role, place=newcomer.place)
    users = User.objects.bulk_create(
        [User(username=one.username, full_name=one.full_name, password=make_password(None)) for one in newcomers],
        batch_size=_BATCH,
    )
    people = list(zip(users, newcomers, strict=True))
    Grant.objects.bulk_create(
        [Grant(user=user, role=one.role, place=one.place, granted_by=acting_user) for user, one in people],
        batch_size=_BATCH,
    )
    log_each("accounts.created", [Noted(user, str(one.place), one.place) for user, one in people], by=acting_user)
    return users


def _until(day: datetime.date | None) -> str:
    return day.isoformat() if day else _("长期有效")


def _noted(grant: Grant, before: str, after: str) -> Noted:
    return Noted(grant.user, "", grant.place, {str(grant): [before, after]})


@transaction.atomic
def limit_grants(*, acting_user: models.Model, place: Place, until: datetime.date) -> list[Grant]:
    """Let every grant at a place end on a day at the latest; the rule of the act that asks for it is the caller's.
    Returns the grants as they were."""
    found = Grant.objects.in_force().filter(place=place).select_related("user", "place").order_by("pk")
    longer = [grant for grant in found if grant.valid_until is None or grant.valid_until > until]
    Grant.objects.filter(pk__in=[grant.pk for grant in longer]).update(valid_until=until)
    noted = [_noted(grant, _until(grant.valid_until), _until(until)) for grant in longer]
    log_each("access.granted", noted, by=acting_user)
    return longer


@transaction.atomic
def lift_limit(*, acting_user: models.Model, limited: Mapping[int, datetime.date | None], until: datetime.date) -> int:
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
def grant_alike(*, acting_user: models.Model, source: Place, target: Place) -> int:
    """Whoever holds a role at one place gets it at the other, for as long; the rule of the act that asks for it is the
    caller's. Returns how many grants were given."""
    held = Grant.objects.in_force().filter(place=source, user__is_active=True).select_related("user").order_by("pk")
    have = set(Grant.objects.in_force().filter(place=target).values_list("user_id", "role"))
    given = [
        Grant(user=grant.user, role=grant.role, place=target, valid_until=grant.valid_until, granted_by=acting_user)
        for grant in held
        if (grant.user_id, grant.role) not in have
    ]
    # A grant that has run out would stand in the way of the new one.
    Grant.objects.filter(place=target, user__in=[grant.user_id for grant in given]).exclude(
        pk__in=Grant.objects.in_force().values("pk")
    ).delete()
    Grant.objects.bulk_create(given)
    log_each("access.granted", [_noted(grant, "", _until(grant.valid_until)) for grant in given], by=acting_user)
    return len(given)
