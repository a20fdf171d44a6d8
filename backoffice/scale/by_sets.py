"""A province's size in minutes: enterprises and records by INSERT … SELECT. PostgreSQL only.

Nothing passes through the actions, so what they guarantee is made here: places copied from the enterprise, one return for
each period, steps that lead to the status, days by which to decide, the change feed. A test holds the outcome to them.
All of it is one transaction: a seed that fails leaves nothing.
"""

from collections.abc import Callable, Sequence

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from backoffice.scale import filings, register
from backoffice.scale.pool import PooledKind, make_pool
from backoffice.scale.sql import without_indexes
from enterprises.models import Enterprise, Pilot, YearlyProfile
from foundation.access.models import Grant
from foundation.accounts.models import User
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from records.duties.actions import generate_duties

_REGISTER = (Place, Enterprise, Pilot, YearlyProfile, User, Grant, Entry)
#: Sorting and hashing millions of rows; the seed has the machine to itself. A crash loses the whole seed anyway.
_SETTINGS = (
    "SET LOCAL work_mem = '256MB'",
    "SET LOCAL maintenance_work_mem = '1GB'",
    "SET LOCAL temp_buffers = '256MB'",
    "SET LOCAL synchronous_commit = off",
    "SET LOCAL jit = off",
)

Report = Callable[[str], None]


def _begin(cursor: CursorWrapper, seed: int) -> None:
    for setting in _SETTINGS:
        cursor.execute(setting)
    cursor.execute("SELECT setseed(%s)", [seed / 1000])


@transaction.atomic
def seed_by_sets(
    *, enterprises: int, records: int, quarters: Sequence[Quarter], origin: str, seed: int, say: Report
) -> None:
    """Write that many enterprises and records over these open quarters, with their duties. Call ``tidy`` afterwards."""
    with connection.cursor() as cursor:
        _begin(cursor, seed)
        if enterprises:
            with without_indexes(cursor, (Entry,)):
                register.add_enterprises(cursor, enterprises, origin=origin, seed=seed)
                register.add_clerks(cursor)
            year = timezone.localdate().year
            register.add_profiles(cursor, [year - 1, year])
            for model in _REGISTER:
                cursor.execute(f'ANALYZE "{model._meta.db_table}"')
            say(f"enterprises: {enterprises}")
        if records:
            _add_records(cursor, quarters, records, origin, say)
        for quarter in quarters:
            say(f"duties of {quarter}: {generate_duties(quarter)}")


def _add_records(cursor: CursorWrapper, quarters: Sequence[Quarter], count: int, origin: str, say: Report) -> None:
    register.add_clerks(cursor)
    filings.make_enterprises(cursor)
    pooled = make_pool(cursor)
    planned = filings.plan_records(cursor, pooled, quarters, count)
    say(f"records: {planned} planned")
    with without_indexes(cursor, written(pooled)):
        filings.write_records(cursor, pooled, say)
        filings.write_trail(cursor, pooled, origin)
        say("records: change feed, statements, audit log")
    filings.write_review(cursor)
    for model in written(pooled):
        cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    say("records: indexes and keys, samples, appeals")


def written(pooled: Sequence[PooledKind]) -> list[type[models.Model]]:
    """The models whose tables a seed of records writes."""
    lines = [lines.model for entry in pooled for lines in entry.kind.lines]
    return [*filings.WRITTEN, *(entry.kind.model for entry in pooled), *lines]


def tidy() -> None:
    """Statistics, and where it is allowed (outside a transaction) the visibility map: bulk writes leave neither."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
