"""What the change feed is told of records."""

from collections.abc import Iterable

from foundation.facts.feed import append_changes
from foundation.facts.models import Change
from records.core.models import Record


def append_record_changes(moved: Iterable[tuple[Record, str]], action: str) -> None:
    """Records moved, each with the quarter it was in before: one that went to another quarter moves the figures of both.
    Call inside the transaction of the move."""
    append_changes(
        Change(source=record.kind, place_id=record.enterprise_id, quarter=quarter, subject=record.pk, action=action)
        for record, was_in in moved
        for quarter in sorted({record.quarter, was_in})
    )
