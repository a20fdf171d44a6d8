"""Who else has a record open for review. Lives in the cache only; losing it costs nothing."""

import time
from typing import NamedTuple

from django.core.cache import cache

from foundation.accounts.models import Actor

#: A page reports every 15 seconds; silent for longer than this, it is taken as closed.
_FORGET_AFTER = 45


class Colleague(NamedTuple):
    name: str
    since: float

    @property
    def minutes(self) -> int:
        return int((time.time() - self.since) // 60)


def _key(record_id: int) -> str:
    return f"review-presence:{record_id}"


def note_presence(record_id: int, user: Actor) -> list[Colleague]:
    """Note that this person has the record open; returns the others who do."""
    now = time.time()
    seen = {pk: entry for pk, entry in (cache.get(_key(record_id)) or {}).items() if now - entry[2] < _FORGET_AFTER}
    since = seen.get(user.pk, ("", now, now))[1]
    seen[user.pk] = (str(user), since, now)
    cache.set(_key(record_id), seen, _FORGET_AFTER)
    return [Colleague(name, since) for pk, (name, since, _last) in seen.items() if pk != user.pk]


def leave(record_id: int, user: Actor) -> None:
    seen = cache.get(_key(record_id)) or {}
    if seen.pop(user.pk, None):
        cache.set(_key(record_id), seen, _FORGET_AFTER)
