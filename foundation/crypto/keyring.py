"""The keys of encrypted values, numbered: each stored value names its key, so that keys can change while old values stay readable.

Pure Python without Django: the settings read the ring once, at start.
"""

import os
import secrets
from pathlib import Path

KEY_BYTES = 32

#: Number of the key to its bytes. New values are encrypted with the highest number.
Keyring = dict[int, bytes]


class BadKeyring(ValueError):
    """The keys as configured cannot be used; the message says which entry and what it must look like."""


def parse_keyring(text: str, source: str) -> Keyring:
    """Read ``number:key`` entries, separated by commas or line ends; a key is 64 hexadecimal digits (32 bytes).

    ``source`` names where the text is from, for the message of ``BadKeyring``. Keys are never part of a message.
    """
    ring: Keyring = {}
    entries = [entry.strip() for entry in text.replace("\n", ",").split(",")]
    for position, entry in enumerate([entry for entry in entries if entry], 1):
        number, _colon, key = entry.partition(":")
        try:
            key_number, key_bytes = int(number), bytes.fromhex(key)
        except ValueError:
            key_number, key_bytes = 0, b""
        if key_number < 1 or len(key_bytes) != KEY_BYTES:
            raise BadKeyring(
                f"{source}: entry {position} is not number:key with a number from 1 and a key of {KEY_BYTES * 2} "
                f"hexadecimal digits, as `openssl rand -hex {KEY_BYTES}` makes them"
            )
        if key_number in ring:
            raise BadKeyring(f"{source}: key number {key_number} stands there twice")
        ring[key_number] = key_bytes
    if not ring:
        raise BadKeyring(f"{source}: no key in it; restore it from the backup, encrypted values are unreadable without")
    return ring


def keyring_from_file(path: Path) -> Keyring:
    """The ring kept in a file, which is made with one key, readable by its owner only, when there is none.

    Made under another name and linked into place: of two processes that start at once one makes the key and both
    read the same, and nobody ever reads half a file.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                handle.write(f"1:{secrets.token_hex(KEY_BYTES)}\n")
                handle.flush()
                os.fsync(handle.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # another process was first; its key counts
        finally:
            draft.unlink(missing_ok=True)
    return parse_keyring(path.read_text(), str(path))
