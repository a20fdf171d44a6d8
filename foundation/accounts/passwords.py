"""Setting passwords: those the portal makes up, to be used once, and those people choose."""

import secrets
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from foundation.accounts.hashers import OneTimePasswordHasher
from foundation.accounts.models import PastPassword, SecurityPolicy, User
from foundation.accounts.validators import character_classes

#: Without the characters people misread from paper (0 O, 1 l I).
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-+="


def random_password(length: int = 14) -> str:
    """A random password that meets the portal's own rule."""
    while True:
        password = "".join(secrets.choice(_ALPHABET) for _ in range(length))
        if password.isascii() and password[0].isalnum() and character_classes(password) >= 3:
            return password


def set_one_time_password(user: User) -> str:
    """Give an unsaved or locked account a random password its person must change. Does not save the account."""
    password = random_password()
    user.password = make_password(password, hasher=OneTimePasswordHasher.algorithm)
    user.must_change_password, user.password_set_at = True, timezone.now()
    return password


#: What the functions here change on an account.
PASSWORD_FIELDS = ("password", "must_change_password", "password_set_at")


@transaction.atomic
def set_own_password(user: User, password: str) -> None:
    """The person's own choice. The hash it replaces is kept as long as it may not be chosen again."""
    if user.has_usable_password() and not user.must_change_password:
        PastPassword.objects.create(user=user, hash=user.password)
    user.set_password(password)
    user.must_change_password, user.password_set_at = False, timezone.now()
    user.save(update_fields=PASSWORD_FIELDS)
    kept = max(SecurityPolicy.current().passwords_remembered - 1, 0)
    PastPassword.objects.filter(pk__in=_numbers_after(user, kept)).delete()


def _numbers_after(user: User, kept: int) -> Iterable[int]:
    return list(user.past_passwords.values_list("pk", flat=True)[kept:])
