"""What the factories of the room share: parts of the staff, and numbers nobody counted."""

from records.core.factories import between, chance
from records.models import Record


def staff(record: Record) -> int:
    """Of an office's own record: people of several enterprises."""
    return (record.enterprise.headcount or 60) if record.enterprise else 600


def share(record: Record, low: int, high: int) -> int:
    """Some of the staff, between two shares in per cent."""
    return staff(record) * between(low, high) // 100


def known(value: int) -> int | None:
    """Now and then nobody counted: empty, not zero."""
    return None if chance(0.12) else value
