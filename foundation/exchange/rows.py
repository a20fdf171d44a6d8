"""What a check says of a row, and how an import ends."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils import timezone

from foundation.exchange.models import SheetImport
from foundation.files.keeping import delete_on_commit

_CHUNK = 500


class Problem(NamedTuple):
    """What is wrong with a row: the column (its heading, or empty), why, and what to do."""

    name: str
    column: str
    reason: str
    cure: str


def chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Parts small enough for one ``IN`` of any database."""
    everything = list(items)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]


def end(batch: SheetImport, state: str) -> None:
    """The import is over: the files go, once that is certain."""
    batch.state, batch.finished_at = state, timezone.now()
    delete_on_commit(batch.upload, batch.rows)
    batch.upload = batch.rows = ""
    batch.save()
