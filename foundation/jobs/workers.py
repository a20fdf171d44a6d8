"""Whether the processes that do background work are there: each says so every few seconds, for the queues it serves."""

import datetime
from collections.abc import Iterable

from django.core.cache import cache
from django.utils import timezone
from django.utils.dateparse import parse_datetime

#: Seconds between two signs of life, and after which a queue's worker counts as silent.
SIGN_EVERY, SILENT_AFTER = 10, 60
_KEEP_SECONDS = 30 * 24 * 3600


def _key(queue: str) -> str:
    return f"worker-sign:{queue}"


def sign_of_life(queues: Iterable[str]) -> None:
    """Said by a worker of these queues."""
    now = timezone.now().isoformat()
    cache.set_many({_key(queue): now for queue in queues}, _KEEP_SECONDS)


def last_signs(queues: Iterable[str]) -> dict[str, datetime.datetime | None]:
    """When the worker of each queue was last heard; None when never, as far as the cache remembers."""
    names = list(queues)
    found = cache.get_many([_key(queue) for queue in names])
    return {queue: parse_datetime(found[_key(queue)]) if _key(queue) in found else None for queue in names}


def is_silent(last_sign: datetime.datetime | None) -> bool:
    return last_sign is None or timezone.now() - last_sign > datetime.timedelta(seconds=SILENT_AFTER)


def silent_queues(queues: Iterable[str]) -> dict[str, datetime.datetime | None]:
    """Of these queues, those whose worker is not heard, with when it was."""
    return {queue: last_sign for queue, last_sign in last_signs(queues).items() if is_silent(last_sign)}
