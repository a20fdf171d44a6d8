"""Making many accounts at once, for people who do not sign in yet."""

from collections.abc import Sequence
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
