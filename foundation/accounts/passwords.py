"""Passwords the portal makes up itself."""

import secrets

from foundation.accounts.validators import character_classes

#: Without the characters people misread from paper (0 O, 1 l I).
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-+="


def random_password(length: int = 14) -> str:
    """A random password that meets the portal's own rule."""
    while True:
        password = "".join(secrets.choice(_ALPHABET) for _ in range(length))
        if password.isascii() and password[0].isalnum() and character_classes(password) >= 3:
            return password
