"""Filling: the change feed marks what is stale, and what is stale is counted again.

Three promises. *Nothing half-counted*: marks are written in the transaction that moves the cursor, and deleted in the
one that writes the values they asked for, so a crash anywhere is made good by the next run. *One at a time*: who counts
a quarter holds its row of ``FillState``; nobody waits for it, what is locked is left for later. *A closed quarter
stands*: only ``indicators.closing`` counts it, when it closes or reopens.

The work is cut small, and what single places wait for goes before what whole regions wait for: a fresh approval is
counted within the time of one unit, also while the wave of a new quarter is worked off county by county.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import FactSource, all_sources, declared_facts, source_by_code, sources_moved_by
from foundation.facts.feed import read_changes
from foundation.facts.models import Change
from foundation.places.models import REGION_LEVELS, Level, Place
from foundation.refusals import Refused
from foundation.statistics import renew_statistics
from indicators import pairs, sets
from indicators.compliance.evaluating import store as store_compliance
from indicators.compliance.source import COMPLIANCE
from indicators.models import FactValue, FillState, PlaceTotal, StaleMark
from indicators.sets import Scope
from indicators.totals import note_scattered, store_totals, witnesses
from records.models import ReportingQuarter

logger = logging.getLogger(__name__)

#: How many places are counted in one transaction.
PLACES_AT_ONCE = 500
#: How many sources of a whole quarter are counted in one transaction.
SOURCES_AT_ONCE = 12
#: Up to so many enterprises a region is counted as a whole, above that by what lies below it.
WHOLE_UP_TO = 2000
#: The name under which filling reads the change feed and notes when it was last followed to its end.
READER = "figures"
#: The name under which it is noted when the rules of compliance were last asked for because a day had begun.
DAY = "compliance"


class Followed(NamedTuple):
    """How a run went: ``units`` counted again; not ``finished`` when something is left, because the time was up or
    another process holds it."""

    units: int
    finished: bool


def open_reporting_quarters() -> list[Quarter]:
    codes = ReportingQuarter.objects.filter(is_open=True).order_by("code").values_list("code", flat=True)
    return [Quarter.parse(code) for code in codes]


def lock_quarter(quarter: Quarter, *, wait: bool) -> bool:
    """Take the quarter's figures for the running transaction. False when somebody else has them and ``wait`` is not
    wanted. (On SQLite a transaction that writes is alone anyway.)"""
    FillState.objects.get_or_create(name=quarter.code)
    rows = FillState.objects.select_for_update(skip_locked=not wait).filter(name=quarter.code)
    return rows.first() is not None


def _stamp(name: str) -> None:
    FillState.objects.update_or_create(name=name, defaults={"done_at": timezone.now()})


# --- from changes to marks ----------------------------------------------------------------------


def _units_of(region: Place) -> list[Place]:
    """The region itself when it is small; else its parts, each with what is its own."""
    if region.is_county_level or Enterprise.objects.filter(county__in=_counties(region)).count() <= WHOLE_UP_TO:
        return [region]
    return list(Place.objects.filter(level__in=REGION_LEVELS).within(region).order_by("code"))


def _counties(region: Place) -> QuerySet[Place, Any]:
    return Place.objects.counties().within(region).order_by().values("pk")


def _regions_at(place_id: int) -> list[int]:
    """The regions whose values a mark on a region asks for: a county's, or of a small city or province all below."""
    place = Place.objects.get(pk=place_id)
    units = _units_of(place)
    if units == [place]:
        return list(Place.objects.filter(level__in=REGION_LEVELS).within(place).values_list("pk", flat=True))
    return [place_id]


def _mark(marks: Iterable[tuple[int, bool, str, str]]) -> None:
    """Write marks of (place, is_below, quarter, source); one that is there is written again."""
    now = timezone.now()
    StaleMark.objects.bulk_create(
        [
            StaleMark(place_id=place, is_below=is_below, quarter=quarter, source=source, asked_at=now)
            for place, is_below, quarter, source in sorted(set(marks))
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["place", "is_below", "quarter", "source"],
        update_fields=["asked_at"],
    )


def _moved_by(change: Change, open_codes: Collection[str]) -> Iterable[tuple[str, str]]:
    """(quarter, source) of the open figures a change may move. A source that is gone moves nothing."""
    try:
        sources = list(sources_moved_by(change.source))
    except LookupError:
        logger.warning("change feed: unknown fact source %s", change.source)
        return
    for source in sources:
        codes = open_codes
        if change.quarter:
            codes = {quarter.code for quarter in source.quarters_touched(Quarter.parse(change.quarter))}
        for code in codes:
            if code in open_codes:
                yield code, source.code


@transaction.atomic
def _take_feed() -> bool:
    """Read one batch of the feed and mark what it touches in open quarters. Returns whether there may be more."""
    changes = read_changes(READER)
    if not changes:
        return False
    open_codes = {quarter.code for quarter in open_reporting_quarters()}
    marks: set[tuple[int, bool, str, str]] = set()
    for change in changes:
        places = [change.place_id]
        if change.is_below:
            places = [place.pk for place in _units_of(Place.objects.get(pk=change.place_id))]
        marks.update(
            (place, change.is_below, code, source) for code, source in _moved_by(change, open_codes) for place in places
        )
    _mark(marks)
    return True


def _all_units() -> list[int]:
    """A small province as a whole, and a large one county by county."""
    provinces = Place.objects.filter(level=Level.PROVINCE)
    return [unit.pk for province in provinces for unit in _units_of(province)]


def mark_everything(quarters: Iterable[Quarter]) -> None:
    """Mark everything of these quarters."""
    units = _all_units()
    codes = [quarter.code for quarter in quarters]
    _mark((unit, True, code, source.code) for code in codes for unit in units for source in all_sources())


@transaction.atomic
def _begin_new_quarters() -> None:
    """Mark everything in open quarters that were never counted."""
    begun = set(FillState.objects.values_list("name", flat=True))
    new = [quarter.code for quarter in open_reporting_quarters() if quarter.code not in begun]
    if not new:
        return
    mark_everything([Quarter.parse(code) for code in new])
    FillState.objects.bulk_create([FillState(name=code) for code in new], ignore_conflicts=True)


@transaction.atomic
def _begin_new_day() -> None:
    """Mark the compliance of every open quarter once a day: what was not due yesterday may be overdue today, and nothing
    in the change feed says so."""
    now = timezone.localdate()
    last = FillState.objects.filter(name=DAY).values_list("done_at", flat=True).first()
    if last is not None and timezone.localtime(last).date() >= now:
        return
    _mark((unit, True, quarter.code, COMPLIANCE) for quarter in open_reporting_quarters() for unit in _all_units())
    _stamp(DAY)


@transaction.atomic
def _pair(quarter: Quarter) -> None:
    """The pairs of a quarter that was counted before there were any of their kind."""
    pairs.store_whole(quarter)


# --- from marks to values -----------------------------------------------------------------------


def _count(quarter: Quarter, work: dict[str, Scope]) -> int:
    """Count these sources again, each within its scope, and add up what that moved; of a whole quarter everything, so that
    totals which drifted are mended too. Compliance is judged again in the same way. Returns the rows that changed."""
    changed = 0
    if COMPLIANCE in work:
        changed += store_compliance(quarter, work[COMPLIANCE])
    facts: set[str] = set()
    moved: set[str] = set()
    regions: set[int] | None = set()
    silent = witnesses()
    for code, scope in work.items():
        try:
            source = source_by_code(code)
        except LookupError:
            continue
        if not source.facts:
            continue
        values = scope.narrow(FactValue.objects.filter(quarter=quarter.code)).order_by()
        before = set() if scope.places is None else set(values.values_list("region", flat=True).distinct())
        rows = sets.store(source, quarter, scope)
        if not rows and scope != Scope():
            continue
        changed += rows
        mine = {fact.code for fact in source.facts}
        if rows:
            moved |= mine
        note_scattered(quarter, mine, None if scope == Scope() else values.values("place"))
        facts |= mine
        if seen := set().union(*(silent[fact] for fact in mine if fact in silent)):
            facts.update(values.filter(fact__in=seen).values_list("fact", flat=True).distinct())
        if scope == Scope():
            regions = None
        elif regions is not None:
            regions |= before | set(scope.regions or values.values_list("region", flat=True).distinct())
    if facts:
        store_totals(quarter, facts, regions)
        pairs.follow(quarter, facts, regions, moved=moved)
    return changed


def _next_marks(busy: set[str]) -> list[StaleMark]:
    """The marks to work off next, locked: of single places first, else all of one region. None in the list: nothing is
    left but in ``busy`` quarters, among which one is noted whose marks other hands hold."""
    while True:
        marks = StaleMark.objects.exclude(quarter__in=busy).order_by("pk")
        first = marks.filter(is_below=False).first()
        if first is not None:
            rows = marks.filter(is_below=False, quarter=first.quarter).select_for_update(skip_locked=True)
            found = list(rows[:PLACES_AT_ONCE])
        elif (first := marks.first()) is not None:
            rows = marks.filter(is_below=True, quarter=first.quarter, place=first.place_id)
            found = list(rows.select_for_update(skip_locked=True))
        else:
            return []
        if found:
            return found
        busy.add(first.quarter)


@transaction.atomic
def _count_next(busy: set[str]) -> int | None:
    """Count what some marks ask for, and delete them. Returns the number of marks; None when there is none but in
    ``busy`` quarters; 0 when their quarter is in other hands, which is noted there."""
    marks = _next_marks(busy)
    if not marks:
        return None
    quarter = Quarter.parse(marks[0].quarter)
    if not ReportingQuarter.objects.filter(code=quarter.code, is_open=True).exists():
        StaleMark.objects.filter(quarter=quarter.code).delete()
        return len(marks)
    if not lock_quarter(quarter, wait=False):
        busy.add(quarter.code)
        return 0
    work: dict[str, Scope] = {}
    if marks[0].is_below:
        scope = Scope(regions=_regions_at(marks[0].place_id))
        work = {mark.source: scope for mark in marks}
    else:
        by_source: dict[str, list[int]] = defaultdict(list)
        for mark in marks:
            by_source[mark.source].append(mark.place_id)
        work = {source: Scope(places=sorted(places)) for source, places in by_source.items()}
    _count(quarter, work)
    _stamp(quarter.code)
    StaleMark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def catch_up(*, seconds: float | None = None) -> Followed:
    """Bring the figures of the open quarters up to the change feed. ``seconds``: how long to go on at most. Between any
    two units the feed is read again."""
    until = None if seconds is None else time.monotonic() + seconds
    units = 0
    busy: set[str] = set()
    _begin_new_quarters()
    _begin_new_day()
    for quarter in pairs.quarters_without_pairs():
        _pair(quarter)
    while True:
        while _take_feed():
            logger.debug("change feed: read a batch")
        counted = _count_next(busy)
        if counted is None:
            break
        units += bool(counted)
        if until is not None and time.monotonic() > until:
            return Followed(units, finished=False)
    if not busy:
        # What is in other hands is not counted yet: the figures are not known up to now.
        _stamp(READER)
    return Followed(units, finished=not busy)


def count_source(quarter: Quarter, source: FactSource) -> int:
    """Count one source of a whole quarter again, open or not: the caller knows. Returns the rows that changed."""
    return count_sources(quarter, [source])


@transaction.atomic
def count_sources(quarter: Quarter, sources: Sequence[FactSource]) -> int:
    """``count_source`` for several in one transaction: what is added up over places is added up once for all of them."""
    lock_quarter(quarter, wait=True)
    codes = [source.code for source in sources]
    # Before counting: what is asked for from now on is marked again.
    StaleMark.objects.filter(quarter=quarter.code, source__in=codes).delete()
    changed = _count(quarter, dict.fromkeys(codes, Scope()))
    _stamp(quarter.code)
    renew_statistics(FactValue, PlaceTotal, rows=changed)
    return changed


def fill_at_once() -> None:
    """What ``catch_up`` does where nearly everything is new, as after a load: the feed is read to its end, and each open
    quarter is counted whole instead of place by place."""
    _begin_new_quarters()
    _begin_new_day()
    while _take_feed():
        logger.debug("change feed: read a batch")
    for quarter in open_reporting_quarters():
        fill(quarter)
    catch_up()


@transaction.atomic
def drop_undeclared(quarter: Quarter) -> int:
    """Delete the values and totals of facts that no source declares any more. Returns the number of values."""
    lock_quarter(quarter, wait=True)
    known = declared_facts(internal=True)
    PlaceTotal.objects.filter(quarter=quarter.code).exclude(fact__in=known).delete()
    return FactValue.objects.filter(quarter=quarter.code).exclude(fact__in=known).delete()[0]


def in_batches(sources: Sequence[FactSource]) -> list[Sequence[FactSource]]:
    """As many at once as a transaction is to count."""
    return [sources[start : start + SOURCES_AT_ONCE] for start in range(0, len(sources), SOURCES_AT_ONCE)]


def fill(quarter: Quarter) -> int:
    """Count a whole open quarter again. Returns how many values changed. Raises ``Refused``."""
    row = ReportingQuarter.objects.filter(code=quarter.code).first()
    if row is not None and not row.is_open:
        raise Refused(_("%s已经关闭，数据不再重算。要更正，请先重新开放这个季度。") % quarter.label)
    return drop_undeclared(quarter) + sum(count_sources(quarter, several) for several in in_batches(all_sources()))
