"""Filling: the change feed marks what is stale, and what is stale is counted again.

Three promises. *Nothing half-counted*: marks are written in the transaction that moves the cursor, and deleted in the
one that writes the values they asked for, so a crash anywhere is made good by the next run. *One filler at a time*:
every transaction here first takes the row ``FillState("figures")`` (on SQLite, the write lock). *A closed quarter
stands*: only ``indicators.actions`` fills it, when it closes or reopens.
"""

import logging
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.facts.feed import read_changes
from foundation.facts.models import Change
from foundation.refusals import Refused
from foundation.statistics import renew_statistics
from indicators.counting import count_quarter
from indicators.models import FactValue, FillState, PlaceTotal, StaleMark
from indicators.storing import store_totals, store_values
from records.core.kinds import kind_by_slug
from records.models import ReportingQuarter

logger = logging.getLogger(__name__)

STALE_BATCH = 500
#: The name under which filling reads the change feed, and the row that is the lock.
READER = "figures"


def lock_filling() -> None:
    """Wait until nobody else fills. Call first thing inside a transaction."""
    FillState.objects.get_or_create(name=READER)
    FillState.objects.select_for_update().get(name=READER)


def open_reporting_quarters() -> list[Quarter]:
    codes = ReportingQuarter.objects.filter(is_open=True).order_by("code").values_list("code", flat=True)
    return [Quarter.parse(code) for code in codes]


def _touched(change: Change, open_codes: Collection[str]) -> list[str]:
    """Codes of the open quarters a change may move. A kind that no longer exists counts nowhere but in its quarter."""
    if not change.quarter:
        return list(open_codes)
    touched = [change.quarter]
    if "." in change.source:
        try:
            kind = kind_by_slug(change.source)
        except LookupError:
            logger.warning("change feed: unknown record kind %s", change.source)
        else:
            touched = [quarter.code for quarter in kind.quarters_touched(Quarter.parse(change.quarter))]
    return [code for code in touched if code in open_codes]


def _places(change: Change) -> Iterable[int]:
    """The enterprises whose figures a change may move."""
    if not change.is_below:
        return [change.place_id]
    return Enterprise.objects.filter(county_id=change.place_id).order_by("pk").values_list("pk", flat=True)


def _mark(pairs: Iterable[tuple[int, str]]) -> None:
    marks = [StaleMark(enterprise_id=enterprise, quarter=quarter) for enterprise, quarter in pairs]
    StaleMark.objects.bulk_create(marks, batch_size=1000, ignore_conflicts=True)


@transaction.atomic
def _take_feed() -> bool:
    """Read one batch of the feed and mark what it touches in open quarters. Returns whether there may be more."""
    lock_filling()
    open_codes = {quarter.code for quarter in open_reporting_quarters()}
    changes = read_changes(READER) or []
    pairs = {(place, code) for change in changes for code in _touched(change, open_codes) for place in _places(change)}
    _mark(sorted(pairs))
    return bool(changes)


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
    """Bring the figures of the open quarters up to the change feed. Returns how many batches were counted again."""
    while _take_feed():
        logger.info("change feed: read a batch")
    _begin_new_quarters()
    batches = 0
    while _refresh_stale():
        batches += 1
    _stamp(READER)
    return batches


def fill_locked(quarter: Quarter) -> int:
    """Count a whole quarter again, open or not. For callers that already hold the lock. Returns the values written."""
    StaleMark.objects.filter(quarter=quarter.code).delete()
    pairs = store_values(quarter, count_quarter(quarter), None)
    store_totals(quarter, None)
    _stamp(quarter.code)
    renew_statistics(FactValue, PlaceTotal, rows=len(pairs))
    return len(pairs)


@transaction.atomic
def fill(quarter: Quarter) -> int:
    """Count a whole open quarter again. Returns how many (county, fact) pairs changed. Raises ``Refused``."""
    lock_filling()
    row = ReportingQuarter.objects.filter(code=quarter.code).first()
    if row is not None and not row.is_open:
        raise Refused(_("%s已经关闭，数据不再重算。要更正，请先重新开放这个季度。") % quarter.label)
    return fill_locked(quarter)
