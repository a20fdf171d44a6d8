"""Authenticated encryption of single values: AES-256-GCM with the value's place in the database as associated data.

A stored value reads ``number:token``: the number of its key, then nonce (12 bytes), ciphertext and tag (16 bytes) in
URL-safe base64; in a file (``encrypt_bytes``) they stand as they are. The context, ``table.column`` of a field, is
authenticated and not stored, so that a value copied into another column is refused as a changed one is.
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
    number, sealed = _sealed(text.encode(), context)
    return f"{number}:{base64.urlsafe_b64encode(sealed).decode()}"


def encrypt_bytes(content: bytes, *, context: str) -> bytes:
    """A file's content as it may be stored."""
    number, sealed = _sealed(content, context)
    return f"{number}:".encode() + sealed


def _sealed(content: bytes, context: str) -> tuple[int, bytes]:
    """Nonce, ciphertext and tag, with the number of the key."""
    number = max(settings.CRYPTO_KEYS)
    nonce = os.urandom(_NONCE_BYTES)
    return number, nonce + _cipher(settings.CRYPTO_KEYS[number]).encrypt(nonce, content, context.encode())


def decrypt(stored: str, *, context: str) -> str:
    """The text behind a stored value. Raises ``UnreadableValue``; what stands there is never handed out as it is."""
    match = _STORED.fullmatch(stored)
    if match is None:
        raise _not_encrypted(context)
    try:
        sealed = base64.b64decode(match[2], altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as problem:
        raise _changed(context, int(match[1])) from problem
    return _opened(int(match[1]), sealed, context).decode()


def decrypt_bytes(stored: bytes, *, context: str) -> bytes:
    """The content behind a stored file. Raises ``UnreadableValue``."""
    number, colon, sealed = stored.partition(b":")
    if not colon or not number.isdigit():
        raise _not_encrypted(context)
    return _opened(int(number), sealed, context)


def _opened(number: int, sealed: bytes, context: str) -> bytes:
    key = settings.CRYPTO_KEYS.get(number)
    if key is None:
        raise UnreadableValue(
            f"{context}: a value there needs key number {number}, which is not in PORTAL_CRYPTO_KEYS "
            f"(or the file crypto-keys of the data folder); put the key back from the backup"
        )
    try:
        return _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as problem:
        raise _changed(context, number) from problem


def _not_encrypted(context: str) -> UnreadableValue:
    return UnreadableValue(f"{context}: a value there is not encrypted, it was written past the portal")


def _changed(context: str, number: int) -> UnreadableValue:
    return UnreadableValue(
        f"{context}: a value there was changed, belongs to another column, or key number {number} is not the one "
        f"it was written with; compare PORTAL_CRYPTO_KEYS with the backup"
    )
