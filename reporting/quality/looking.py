"""Looking for what may be wrong: one statement for each sort of finding, over the filled values and the records of a county.

Only what an enterprise reported itself is looked at: facts that sum a field of a record. What nobody said is no zero here
and takes no part. A quarter that still runs is not looked at: its sums grow from day to day.
"""

import datetime
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from enterprises.profiles.facts import fact_of_staff
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Nature, YearBasis
from foundation.places.models import Place
from indicators.totals import exact
from records.core.kinds import Rhythm, all_kinds, kind_by_slug, kind_of
from records.models import Record, RecordStep, ReportingQuarter, Status
from reporting.quality.models import QualityThresholds, Sort

#: How far back an enterprise's own history is read.
HISTORY = 8
#: Of fewer other enterprises nothing is said: a median of few tells what one of them reported.
FEWEST_PEERS = 5
#: A figure below this that never changes is natural.
SAME_FROM = 10
#: What each sort weighs at least; what differs by more stands before it among its own.
WEIGHTS = {
    Sort.PART: 700,
    Sort.DUPLICATE: 600,
    Sort.HISTORY: 500,
    Sort.JUMP: 400,
    Sort.PEERS: 300,
    Sort.LATE: 200,
    Sort.CONSTANT: 100,
}
#: Which of these sees a figure first speaks of it, and the others do not: nobody answers three times for one number.
OF_SIZE = (Sort.PART, Sort.HISTORY, Sort.JUMP, Sort.PEERS)
_STAFF = "REG.headcount"


class Alike(StrEnum):
    """By what two records of a kind look like one."""

    DAY_AND_TITLE = "day_and_title"
    DAY_AND_NUMBERS = "day_and_numbers"
    TITLE_AND_NUMBERS = "title_and_numbers"


def _alike(record: Record, twin: Record) -> Alike:
    if record.happened_on != twin.happened_on:
        return Alike.TITLE_AND_NUMBERS
    return Alike.DAY_AND_TITLE if record.title == twin.title else Alike.DAY_AND_NUMBERS


@dataclass(frozen=True)
class Found:
    """What a statement found; the columns are those of ``Finding``."""

    sort: Sort
    enterprise_id: int
    period: str
    subject: str
    seen: str
    held_by: str
    fact: str = ""
    record_id: int | None = None
    value: Decimal | None = None
    compared: Decimal | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, str, str, str]:
        """What makes it one row however often it is found."""
        return self.enterprise_id, self.period, self.sort, self.subject

    @property
    def weight(self) -> int:
        """By its sort, and within by how many times the values differ."""
        if not self.value or not self.compared:
            return WEIGHTS[self.sort]
        larger, smaller = max(self.value, self.compared), min(self.value, self.compared)
        return WEIGHTS[self.sort] + min(99, int(larger / smaller))


class Watched(NamedTuple):
    """The facts that are looked at, by code."""

    #: Of a quarter, and among these what is summed over it, and what is told in a return.
    quarterly: tuple[str, ...]
    flows: tuple[str, ...]
    returns: tuple[str, ...]
    #: Told once a year.
    yearly: tuple[str, ...]
    #: (part, whole): the whole is what the register says of the staff.
    parts: tuple[tuple[str, str], ...]
    #: The level of the office that has the last word on it.
    held_by: dict[str, str]
    #: Of one that counts some of another of the same record, that other.
    some_of: dict[str, str]


@functools.cache
def watched() -> Watched:
    quarterly, flows, returns, yearly, parts = [], [], [], [], []
    held_by: dict[str, str] = {}
    some_of: dict[str, str] = {}
    for kind in all_kinds():
        if not kind.is_for_enterprises:
            continue
        wholes = dict((*kind.model.parts, *kind.model.usual_parts))
        plain = {fact.amount: fact.code for fact in kind.facts if fact.amount and not fact.lines and not fact.only}
        within = dict(kind.model.parts_of_staff) if kind.is_return else {}
        for fact in kind.facts:
            if not fact.amount:
                continue
            held_by[fact.code] = kind.review_levels[-1]
            if plain.get(fact.amount) == fact.code and wholes.get(fact.amount, "") in plain:
                some_of[fact.code] = plain[wholes[fact.amount]]
            if fact.year_basis is None:
                quarterly.append(fact.code)
                if fact.nature is Nature.FLOW:
                    flows.append(fact.code)
                if kind.is_return:
                    returns.append(fact.code)
            else:
                yearly.append(fact.code)
            # Whoever was there in a whole year may be more than are there at a quarter's end.
            if fact.amount in within and not fact.lines and fact.year_basis is not YearBasis.CLOSED_YEAR:
                parts.append((fact.code, fact_of_staff(within[fact.amount])))
    return Watched(tuple(quarterly), tuple(flows), tuple(returns), tuple(yearly), tuple(parts), held_by, some_of)


def quarters_to_look_at() -> list[ReportingQuarter]:
    """The open quarters that have ended, oldest first. A closed one is frozen: nothing in it can be mended."""
    rows = ReportingQuarter.objects.filter(is_open=True).order_by("code")
    return [row for row in rows if row.quarter.last_day < timezone.localdate()]


@dataclass(frozen=True)
class Looking:
    """One look at what counts in a county in a quarter. ``with_years``: at yearly figures as well, which stand in all
    quarters of a year and are looked at in the last of them."""

    county: Place
    row: ReportingQuarter
    thresholds: QualityThresholds
    with_years: bool

    @property
    def quarter(self) -> Quarter:
        return self.row.quarter

    def everything(self) -> list[Found]:
        """Each figure found by the first of ``OF_SIZE`` only, and none of which it is said of the whole already."""
        found = [*self.parts(), *self.history(), *self.jumps(), *self.peers(), *self.constants()]
        spoken: set[tuple[int, str]] = set()
        seen = {(one.enterprise_id, one.sort, one.fact) for one in found}
        told: list[Found] = []
        for one in found:
            if (one.enterprise_id, one.sort, watched().some_of.get(one.fact)) in seen:
                continue
            if one.sort in OF_SIZE:
                if (one.enterprise_id, one.fact) in spoken:
                    continue
                spoken.add((one.enterprise_id, one.fact))
            told.append(one)
        return [*told, *self.late_edits(), *self.duplicates()]

    # --- values ---------------------------------------------------------------------------------------

    def _here(self, codes: Sequence[str]) -> tuple[str, list[Any]]:
        """``here(place_id, fact, value)``: what enterprises of the register said, as it counts in the county. Who moved
        within the quarter has half of it elsewhere, and is left out."""
        return (
            "here AS (SELECT v.place_id, v.fact, v.value FROM indicators_factvalue v"  # noqa: S608 -- marks only
            " JOIN enterprises_enterprise e ON e.place_id = v.place_id AND e.is_active"
            f" WHERE v.quarter = %s AND v.region_id = %s AND v.fact IN ({_marks(codes)}) AND v.value IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM indicators_scatteredplace s"
            " WHERE s.quarter = %s AND s.place_id = v.place_id))",
            [self.quarter.code, self.county.pk, *codes, self.quarter.code],
        )

    def _past(self, quarters: Sequence[Quarter]) -> tuple[str, list[Any]]:
        """``past(place_id, fact, quarter, value)``: what the same said of the same in these quarters, wherever it counted,
        where it came to anything."""
        return (
            "past AS (SELECT v.place_id, v.fact, v.quarter, SUM(v.value) AS value FROM indicators_factvalue v"  # noqa: S608
            " JOIN here ON here.place_id = v.place_id AND here.fact = v.fact"
            f" WHERE v.quarter IN ({_marks(quarters)}) AND v.value > 0 GROUP BY v.place_id, v.fact, v.quarter)",
            [quarter.code for quarter in quarters],
        )

    def _of_fact(self, sort: Sort, row: Sequence[Any], **details: Any) -> Found:
        place, fact, value, compared = row[:4]
        value = exact(value)
        is_yearly = fact in watched().yearly
        return Found(
            sort,
            place,
            str(self.quarter.year) if is_yearly else self.quarter.code,
            fact,
            f"{value}",
            watched().held_by[fact],
            fact=fact,
            value=value,
            compared=None if compared is None else exact(compared),
            details=details,
        )

    def parts(self) -> Iterator[Found]:
        """A part above the whole that another return tells: more of some sort of people than the staff that the enterprise
        had at the quarter's end."""
        pairs = [pair for pair in watched().parts if self.with_years or pair[0] not in watched().yearly]
        if not pairs:
            return
        here, parameters = self._here([part for part, _whole in pairs])
        values = ", ".join(["(CAST(%s AS varchar(40)), CAST(%s AS varchar(40)))"] * len(pairs))
        wholes = sorted({whole for _part, whole in pairs})
        statement = (
            f"WITH {here}, pairs(part, whole) AS (VALUES {values}),"  # noqa: S608 -- marks only
            " staff AS (SELECT v.place_id, v.fact, SUM(v.value) AS value FROM indicators_factvalue v"
            f" WHERE v.quarter = %s AND v.fact IN ({_marks(wholes)}) AND v.value IS NOT NULL"
            " AND v.place_id IN (SELECT place_id FROM here) GROUP BY v.place_id, v.fact)"
            " SELECT here.place_id, here.fact, here.value, staff.value, staff.fact FROM here"
            " JOIN pairs ON pairs.part = here.fact"
            " JOIN staff ON staff.place_id = here.place_id AND staff.fact = pairs.whole"
            " WHERE here.value > staff.value ORDER BY here.place_id, here.fact"
        )
        flat = [code for pair in pairs for code in pair]
        for row in _rows(statement, [*parameters, *flat, self.quarter.code, *wholes]):
            yield self._of_fact(Sort.PART, row, whole=row[4])

    def history(self) -> Iterator[Found]:
        """Many times the median of the enterprise's own earlier quarters, or, of a return, a small part of it. What is
        filed as it happens may have been less: a smaller sum of events is no mistake."""
        marks = self.thresholds
        here, parameters = self._here(watched().quarterly)
        past, more = self._past(self.quarter.previous().trailing(HISTORY))
        low, extra = self._far_below("middle.median")
        statement = (
            f"WITH {here}, {past}, {_RANKED.format(table='past', within='place_id, fact')},"  # noqa: S608 -- marks only
            f" {_MIDDLE.format(within='place_id, fact')}"
            " SELECT here.place_id, here.fact, here.value, middle.median, middle.number FROM here"
            " JOIN middle ON middle.place_id = here.place_id AND middle.fact = here.fact"
            " WHERE middle.number >= %s AND middle.median > 0"
            f" AND ((here.value >= %s AND here.value > %s * middle.median) OR {low})"
            " ORDER BY here.place_id, here.fact"
        )
        sizes = [marks.fewest_quarters, marks.worth, float(marks.times), *extra]
        for row in _rows(statement, [*parameters, *more, *sizes]):
            yield self._of_fact(Sort.HISTORY, row, quarters=row[4])

    def jumps(self) -> Iterator[Found]:
        """Of returns: many times what was said of the quarter before, or of yearly figures of the same quarter a year ago,
        or a small part of it. How much takes place differs from quarter to quarter: events have their history alone."""
        yield from self._jumps(watched().returns, self.quarter.previous())
        if self.with_years:
            yield from self._jumps(watched().yearly, self.quarter.year_before())

    def _jumps(self, codes: Sequence[str], before: Quarter) -> Iterator[Found]:
        here, parameters = self._here(codes)
        past, more = self._past([before])
        low, extra = self._far_below("past.value")
        statement = (
            f"WITH {here}, {past} SELECT here.place_id, here.fact, here.value, past.value FROM here"  # noqa: S608
            " JOIN past ON past.place_id = here.place_id AND past.fact = here.fact"
            " WHERE past.value > 0"
            f" AND ((here.value >= %s AND here.value > %s * past.value) OR {low})"
            " ORDER BY here.place_id, here.fact"
        )
        marks = self.thresholds
        for row in _rows(statement, [*parameters, *more, marks.worth, float(marks.times), *extra]):
            yield self._of_fact(Sort.JUMP, row, before=before.code)

    def _far_below(self, column: str) -> tuple[str, list[Any]]:
        """Of a return: so much less that it is as unusual as so many times more."""
        codes = (*watched().returns, *watched().yearly)
        condition = f"(here.fact IN ({_marks(codes)}) AND {column} >= %s AND here.value * %s < {column})"
        return condition, [*codes, self.thresholds.worth, float(self.thresholds.times)]

    def peers(self) -> Iterator[Found]:
        """Per hundred workers many times the median of the county's enterprises of the same section of industry."""
        marks = self.thresholds
        here, parameters = self._here(watched().quarterly)
        statement = (
            f"WITH {here}, staff AS (SELECT v.place_id, SUM(v.value) AS people FROM indicators_factvalue v"  # noqa: S608
            " WHERE v.quarter = %s AND v.fact = %s AND v.place_id IN (SELECT place_id FROM here)"
            " GROUP BY v.place_id),"
            " rates AS (SELECT here.place_id, here.fact, SUBSTR(e.industry_id, 1, 1) AS section, here.value AS amount,"
            " here.value * 100.0 / staff.people AS value FROM here"
            " JOIN staff ON staff.place_id = here.place_id AND staff.people > 0"
            " JOIN enterprises_enterprise e ON e.place_id = here.place_id),"
            f" {_RANKED.format(table='rates', within='section, fact')}, {_MIDDLE.format(within='section, fact')}"
            " SELECT rates.place_id, rates.fact, rates.amount, middle.median, middle.number, rates.value FROM rates"
            " JOIN middle ON middle.section = rates.section AND middle.fact = rates.fact"
            " WHERE middle.number > %s AND middle.median > 0 AND rates.amount >= %s"
            " AND rates.value > %s * middle.median ORDER BY rates.place_id, rates.fact"
        )
        sizes = [FEWEST_PEERS, marks.worth, float(marks.peer_times)]
        for row in _rows(statement, [*parameters, self.quarter.code, _STAFF, *sizes]):
            rate = f"{Decimal(str(row[5])):.1f}"
            yield self._of_fact(Sort.PEERS, row, enterprises=row[4], rate=rate)

    def constants(self) -> Iterator[Found]:
        """What is summed over a quarter and came to the very same again and again: copied, perhaps, from the last time."""
        marks = self.thresholds
        here, parameters = self._here(watched().flows)
        before = self.quarter.previous().trailing(marks.same_quarters - 1)
        past, more = self._past(before)
        statement = (
            f"WITH {here}, {past}, same AS (SELECT place_id, fact, MIN(value) AS least, MAX(value) AS most,"  # noqa: S608
            " COUNT(*) AS number FROM past GROUP BY place_id, fact)"
            " SELECT here.place_id, here.fact, here.value, here.value, same.number + 1 FROM here"
            " JOIN same ON same.place_id = here.place_id AND same.fact = here.fact"
            " WHERE same.number = %s AND same.least = here.value AND same.most = here.value AND here.value >= %s"
            " ORDER BY here.place_id, here.fact"
        )
        for row in _rows(statement, [*parameters, *more, len(before), SAME_FROM]):
            yield self._of_fact(Sort.CONSTANT, row, quarters=row[4])

    # --- records --------------------------------------------------------------------------------------

    def _records(self) -> Any:
        """The approved records of enterprises that lie here and count in the quarter, yearly returns aside: these have a
        day of their own."""
        yearly = [kind.slug for kind in all_kinds() if kind.rhythm is Rhythm.ANNUAL]
        return (
            Record.objects.filter(
                quarter=self.quarter.code, county=self.county, status=Status.APPROVED, enterprise__is_active=True
            )
            .exclude(kind__in=yearly)
            .order_by("pk")
        )

    def late_edits(self) -> Iterator[Found]:
        """Approved, reopened, and approved again with other values, shortly before the day of review or after it."""
        since = self.thresholds.late_from(self.row.review_due)
        moment = timezone.make_aware(datetime.datetime.combine(since, datetime.time.min))
        of_record = RecordStep.objects.filter(record=OuterRef("record")).order_by("-pk")
        again = (
            RecordStep.objects.filter(action="approve", record__in=self._records().values("pk"))
            .annotate(
                reopened=Subquery(of_record.filter(action="reopen", pk__lt=OuterRef("pk")).values("pk")[:1]),
            )
            .annotate(first=Subquery(of_record.filter(action="approve", pk__lt=OuterRef("reopened")).values("pk")[:1]))
            .filter(reopened__isnull=False, first__isnull=False, at__gte=moment)
            .annotate(
                changed=Exists(RecordStep.objects.filter(pk=OuterRef("first")).exclude(values=OuterRef("values")))
            )
            .filter(changed=True)
            .order_by("record", "pk")
            .values_list("record", "pk", "first", "at", "record__enterprise", "record__kind", "version")
        )
        latest = {row[0]: row for row in again}
        for record, step, first, at, enterprise, kind, version in latest.values():
            yield Found(
                Sort.LATE,
                enterprise,
                self.quarter.code,
                f"record {record}",
                f"version {version}",
                kind_by_slug(kind).review_levels[-1],
                record_id=record,
                details={
                    "before": first,
                    "after": step,
                    "day": timezone.localtime(at).date().isoformat(),
                    "due": self.row.review_due.isoformat(),
                },
            )

    def duplicates(self) -> Iterator[Found]:
        """Two events of an enterprise that look like one filed twice: of one kind and day with the same title, or with the
        same numbers; or of one title with the same numbers on another day. Found is the later filed."""
        stepped = [kind.slug for kind in all_kinds() if kind.steps is not None]
        same_numbers = Q(number_of_people=OuterRef("number_of_people"), attendances=OuterRef("attendances"))
        same_day, same_title = Q(happened_on=OuterRef("happened_on")), Q(title=OuterRef("title"))
        events = self._records().filter(period__isnull=True, happened_on__isnull=False)
        earlier = events.filter(
            (same_day & same_title) | (same_day & same_numbers) | (same_title & same_numbers & ~Q(kind__in=stepped)),
            enterprise=OuterRef("enterprise"),
            kind=OuterRef("kind"),
            pk__lt=OuterRef("pk"),
        )
        later = list(events.annotate(twin=Subquery(earlier.order_by("pk").values("pk")[:1])).filter(twin__isnull=False))
        twins = Record.objects.in_bulk({record.twin for record in later})
        for record in later:
            twin = twins[record.twin]
            yield Found(
                Sort.DUPLICATE,
                record.filer_id,
                self.quarter.code,
                f"record {record.pk}",
                f"twin {twin.pk}",
                kind_of(record).review_levels[-1],
                record_id=record.pk,
                value=None if record.attendances is None else Decimal(record.attendances),
                details={
                    "twin": twin.pk,
                    "day": f"{twin.happened_on}",
                    "title": twin.title,
                    "alike": _alike(record, twin),
                },
            )


#: The rows of a table in the order of their value, numbered within each group; and the middle one, or the mean of two.
_RANKED = (
    "ranked AS (SELECT {within}, value, ROW_NUMBER() OVER (PARTITION BY {within} ORDER BY value) AS place_in_order,"
    " COUNT(*) OVER (PARTITION BY {within}) AS number FROM {table})"
)
_MIDDLE = (
    "middle AS (SELECT {within}, number, AVG(value) AS median FROM ranked"
    " WHERE place_in_order IN ((number + 1) / 2, (number + 2) / 2) GROUP BY {within}, number)"
)


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values)) or "NULL"


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
