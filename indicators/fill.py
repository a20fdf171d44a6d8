"""Filling: the change feeds mark what is stale, and what is stale is counted again.

Three promises. *Nothing half-counted*: marks are written in the transaction that moves the cursor, and deleted in the
one that writes the values they asked for, so a crash anywhere is made good by the next run. *One filler at a time*:
every transaction here first takes the row ``FillState("records")`` (on SQLite, the write lock). *A closed quarter
stands*: only ``indicators.actions`` fills it, when it closes or reopens.
"""

import datetime
import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, EnterpriseChange
from foundation.calendar.periods import Quarter
from indicators.counting import count_quarter
from indicators.models import FillState, StaleMark
from indicators.storing import store_totals, store_values
from records.core.kinds import kind_by_slug
from records.models import RecordChange, ReportingQuarter

logger = logging.getLogger(__name__)

FEED_BATCH = 5000
STALE_BATCH = 500
#: On PostgreSQL numbers are given before commit, so a lower one may appear after a higher one. The cursor stops before
#: a gap until what follows it is older than any transaction can be; what follows is counted meanwhile, and again.
GAP_PATIENCE = datetime.timedelta(minutes=10)

RECORDS, ENTERPRISES = "records", "enterprises"


class QuarterClosed(Exception):
    """The quarter is closed: its figures stand as frozen."""


def lock_filling() -> None:
    """Wait until nobody else fills. Call first thing inside a transaction."""
    FillState.objects.get_or_create(name=RECORDS)
    FillState.objects.select_for_update().get(name=RECORDS)


def open_reporting_quarters() -> list[Quarter]:
    codes = ReportingQuarter.objects.filter(is_open=True).order_by("code").values_list("code", flat=True)
    return [Quarter.parse(code) for code in codes]


def _touched(change: RecordChange) -> list[str]:
    """Codes of the quarters a change may move. A kind that no longer exists counts nowhere but in its quarter."""
    quarter = Quarter.parse(change.quarter)
    if not change.kind:
        return [quarter.code]
    try:
        return [touched.code for touched in kind_by_slug(change.kind).quarters_touched(quarter)]
    except LookupError:
        logger.warning("change feed: unknown record kind %s", change.kind)
        return [quarter.code]


def _safe_cursor(cursor: int, rows: list[Model], now: datetime.datetime) -> int:
    """How far the cursor may move over these rows, oldest first, without passing a gap that may still fill."""
    for row in rows:
        if row.pk != cursor + 1 and now - row.at < GAP_PATIENCE:
            break
        cursor = row.pk
    return cursor


def _read_feed(name: str, model: type[Model], after: int) -> list[Model]:
    """The next rows of a feed; the cursor moves with the transaction."""
    state, _created = FillState.objects.get_or_create(name=name)
    rows = list(model.objects.filter(pk__gt=max(state.cursor, after)).order_by("pk")[:FEED_BATCH])
    if rows:
        moved = _safe_cursor(state.cursor, rows, timezone.now()) if after <= state.cursor else state.cursor
        FillState.objects.filter(name=name).update(cursor=moved)
    return rows


def _mark(pairs: Iterable[tuple[int, str]]) -> None:
    marks = [StaleMark(enterprise_id=enterprise, quarter=quarter) for enterprise, quarter in pairs]
    StaleMark.objects.bulk_create(marks, batch_size=1000, ignore_conflicts=True)


@transaction.atomic
def _take_feeds(after: dict[str, int]) -> bool:
    """Read one batch of both feeds and mark what it touches in open quarters. Returns whether there may be more.

    ``after`` remembers how far this run has read: behind a gap that is further than the stored cursor.
    """
    lock_filling()
    open_codes = {quarter.code for quarter in open_reporting_quarters()}
    changes = _read_feed(RECORDS, RecordChange, after[RECORDS])
    moved = _read_feed(ENTERPRISES, EnterpriseChange, after[ENTERPRISES])
    pairs = {(row.enterprise_id, code) for row in changes for code in _touched(row) if code in open_codes}
    pairs |= {(row.enterprise_id, code) for row in moved for code in open_codes}
    _mark(sorted(pairs))
    for name, rows in ((RECORDS, changes), (ENTERPRISES, moved)):
        if rows:
            after[name] = rows[-1].pk
    return len(changes) == FEED_BATCH or len(moved) == FEED_BATCH


def _stamp(name: str) -> None:
    FillState.objects.update_or_create(name=name, defaults={"done_at": timezone.now()})


@transaction.atomic
def _refresh_stale() -> bool:
    """Count one batch of stale marks again, of one quarter. Returns whether there was one."""
    lock_filling()
    first = StaleMark.objects.order_by("quarter", "pk").first()
    if first is None:
        return False
    marks = list(StaleMark.objects.filter(quarter=first.quarter).order_by("pk")[:STALE_BATCH])
    quarter = Quarter.parse(first.quarter)
    if ReportingQuarter.objects.filter(code=quarter.code, is_open=True).exists():
        enterprise_ids = sorted({mark.enterprise_id for mark in marks})
        pairs = store_values(quarter, count_quarter(quarter, enterprise_ids), enterprise_ids)
        store_totals(quarter, pairs)
        _stamp(quarter.code)
    StaleMark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return True


@transaction.atomic
def _begin_new_quarters() -> None:
    """Mark every enterprise stale in open quarters never counted: they are then counted in short batches, so that a
    large register does not keep clerks from saving."""
    lock_filling()
    begun = set(FillState.objects.values_list("name", flat=True))
    for quarter in open_reporting_quarters():
        if quarter.code not in begun:
            _mark((pk, quarter.code) for pk in Enterprise.objects.order_by("pk").values_list("pk", flat=True))
            FillState.objects.create(name=quarter.code)


def catch_up() -> int:
    """Bring the figures of the open quarters up to the feeds. Returns how many batches were counted again."""
    after = {RECORDS: 0, ENTERPRISES: 0}
    while _take_feeds(after):
        logger.info("change feed: read up to %s", after)
    _begin_new_quarters()
    batches = 0
    while _refresh_stale():
        batches += 1
    _stamp(RECORDS)
    return batches


def fill_locked(quarter: Quarter) -> int:
    """Count a whole quarter again, open or not. For callers that already hold the lock. Returns the values written."""
    StaleMark.objects.filter(quarter=quarter.code).delete()
    pairs = store_values(quarter, count_quarter(quarter), None)
    store_totals(quarter, None)
    _stamp(quarter.code)
    return len(pairs)


@transaction.atomic
def fill(quarter: Quarter) -> int:
    """Count a whole open quarter again. Returns how many (county, fact) pairs changed. Raises ``QuarterClosed``."""
    lock_filling()
    row = ReportingQuarter.objects.filter(code=quarter.code).first()
    if row is not None and not row.is_open:
        raise QuarterClosed(_("%s已经关闭，数据不再重算。要更正，请先重新开放这个季度。") % quarter.label)
    return fill_locked(quarter)
