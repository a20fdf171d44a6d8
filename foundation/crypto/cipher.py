"""Authenticated encryption of single values: AES-256-GCM with the value's place in the database as associated data.

A stored value reads ``number:token``: the number of its key, then nonce (12 bytes), ciphertext and tag (16 bytes) in
URL-safe base64. The context, ``table.column`` of a field, is authenticated and not stored, so that a value copied into
another column is refused as a changed one is.
"""

import base64
import binascii
import os
import re
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12
_STORED = re.compile(r"([1-9][0-9]*):([A-Za-z0-9_-]+=*)")


class UnreadableValue(Exception):
    """A stored value cannot be decrypted. The message names context, key number and cure, never the value."""


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(text: str, *, context: str) -> str:
    """``text`` as it may be stored, under the newest key; the same text gives another result each time."""
    number = max(settings.CRYPTO_KEYS)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(settings.CRYPTO_KEYS[number]).encrypt(nonce, text.encode(), context.encode())
    return f"{number}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, context: str) -> str:
    """The text behind a stored value. Raises ``UnreadableValue``; what stands there is never handed out as it is."""
    match = _STORED.fullmatch(stored)
    if match is None:
        raise UnreadableValue(f"{context}: a value there is not encrypted, it was written past the portal")
    number = int(match[1])
    key = settings.CRYPTO_KEYS.get(number)
    if key is None:
        raise UnreadableValue(
            f"{context}: a value there needs key number {number}, which is not in PORTAL_CRYPTO_KEYS "
            f"(or the file crypto-keys of the data folder); put the key back from the backup"
        )
    try:
        sealed = base64.b64decode(match[2], altchars=b"-_", validate=True)
        return _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as problem:
        raise UnreadableValue(
            f"{context}: a value there was changed, belongs to another column, or key number {number} is not the one "
            f"it was written with; compare PORTAL_CRYPTO_KEYS with the backup"
        ) from problem
