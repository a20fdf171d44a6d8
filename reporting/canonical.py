"""The one spelling of a snapshot: the same data always gives the same bytes and so the same hash.

Numbers are ints where integral and decimal text otherwise (never floats); ``None`` means "not reported".
"""

import hashlib
import json
from decimal import Decimal
from typing import Any

Snapshot = dict[str, Any]


def plain(value: Decimal | int | None) -> int | str | None:
    """A number as canonical JSON holds it."""
    if value is None:
        return None
    number = Decimal(value)
    return int(number) if number == number.to_integral_value() else format(number.normalize(), "f")


def canonical_bytes(snapshot: Snapshot) -> bytes:
    """The one spelling of a snapshot: sorted keys, no spaces, UTF-8."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def snapshot_hash(snapshot: Snapshot) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(snapshot)).hexdigest()
