"""Appending to the change feed, and reading it."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from foundation.facts.models import Change, FeedCursor

#: Sent after commit when changes were appended; only a wake-up, the rows make sure. Sender: ``Change``. No arguments.
changes_appended = Signal()

BATCH = 5000
#: How long a number that was passed over may still appear: longer than any transaction lasts.
GAP_PATIENCE = datetime.timedelta(minutes=10)


def append_changes(changes: Iterable[Change]) -> None:
    """Append unsaved changes. Call inside the transaction of what they tell of."""
    rows = list(changes)
    if rows:
        Change.objects.bulk_create(rows, batch_size=1000)
        _wake_on_commit()


def _wake() -> None:
    changes_appended.send(sender=Change)


def _wake_on_commit() -> None:
    """Once when the running transaction commits, however many changes it makes: a bulk load of thousands must not send
    thousands of messages."""
    waiting = transaction.get_connection().run_on_commit
    if not any(callback is _wake for _savepoints, callback, _robust in waiting):
        transaction.on_commit(_wake)


def read_changes(reader: str) -> list[Change] | None:
    """The next changes for a reader, oldest first, each exactly once; the cursor moves with the running transaction.

    An empty list: the end of the feed. None: another process reads for this reader just now. Call inside a transaction
    together with what is done about the changes.
    """
    FeedCursor.objects.get_or_create(reader=reader)
    cursor = FeedCursor.objects.select_for_update(skip_locked=True).filter(reader=reader).first()
    if cursor is None:
        return None
    late = _late(cursor)
    rows = list(Change.objects.filter(pk__gt=cursor.position).order_by("pk")[:BATCH])
    gaps = _patient(cursor, {row.pk for row in late}) + _new_gaps(cursor.position, rows)
    if rows or gaps != cursor.gaps:
        position = rows[-1].pk if rows else cursor.position
        FeedCursor.objects.filter(reader=reader).update(position=position, gaps=gaps)
    return late + rows


def _late(cursor: FeedCursor) -> list[Change]:
    """Rows that have appeared in the gaps."""
    found: list[Change] = []
    for first, last, _missed in cursor.gaps:
        found.extend(Change.objects.filter(pk__range=(first, last)).order_by("pk"))
    return found


def _patient(cursor: FeedCursor, seen: set[int]) -> list[list[Any]]:
    """The gaps still worth waiting for, without the numbers that have appeared."""
    now, kept = timezone.now(), []
    for first, last, missed in cursor.gaps:
        if now - datetime.datetime.fromisoformat(missed) > GAP_PATIENCE:
            continue
        if not any(first <= pk <= last for pk in seen):
            kept.append([first, last, missed])
            continue
        start = first
        for pk in [*sorted(pk for pk in seen if first <= pk <= last), last + 1]:
            if pk > start:
                kept.append([start, pk - 1, missed])
            start = pk + 1
    return kept


def _new_gaps(position: int, rows: Sequence[Change]) -> list[list[Any]]:
    now, found = timezone.now(), []
    for row in rows:
        if row.pk > position + 1:
            found.append([position + 1, row.pk - 1, now.isoformat()])
        position = row.pk
    return found


def forget_read_changes(older_than: datetime.timedelta = datetime.timedelta(days=30)) -> int:
    """Delete what every reader has read long ago. Returns how many rows."""
    positions = list(FeedCursor.objects.values_list("position", flat=True))
    if not positions:
        return 0
    old = Change.objects.filter(pk__lte=min(positions), at__lt=timezone.now() - older_than)
    return old.delete()[0]
