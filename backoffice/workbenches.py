"""What each role's workbench shows, as data: first what needs doing, then what is known."""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, Value, When, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from enterprises.profiles.queries import this_year, with_profile_state
from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.scope import Scope
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter, Year
from foundation.facts.declaring import Nature
from foundation.places.models import Level, Place
from foundation.ui.formats import up_to_most
from indicators.queries import (
    Coverage,
    Figure,
    UnitRow,
    coverage,
    coverage_by_unit,
    says_anything,
    silent_enterprises,
    told_figures,
)
from records.core.kinds import (
    RecordKind,
    all_facts,
    all_kinds,
    annual_slugs,
    area_label,
    enterprise_kinds,
    in_groups,
    kind_by_slug,
)
from records.core.queries import drafts_of, returned_and_waiting
from records.duties.progress import duties_in_state, duties_over
from records.duties.queries import against_nil, open_duties, years_past_their_day
from records.models import Duty, QuarterStatement, Record
from records.review.filters import due_q
from records.review.permissions import MakeAppeal
from records.review.queries import queue_for
from reporting.quality.queries import number_asked

SHOWN = 6
#: What came back and what is not handed in is counted up to here.
COUNTED = 99
#: What one person's enterprises have waiting is read up to here; few ever have a tenth of it.
WAITING_READ = 200
DUE_SOON_DAYS = 7
#: Enterprises that have not reported, on a county's workbench.
SILENT_SHOWN = 10
#: A person of more enterprises than this sees lists, not one card an enterprise.
ENTERPRISES_SHOWN = 5


@dataclass(frozen=True)
class DutyLine:
    """Something owed, with how near it is: ``bad`` overdue, ``soon`` within a week, ``quiet`` later. ``draft``: the return
    itself, where it lies there as a draft or was taken back."""

    duty: Duty
    kind: RecordKind
    days_left: int
    draft: Record | None = None

    @property
    def days_overdue(self) -> int:
        return -self.days_left

    @property
    def tone(self) -> str:
        if self.days_left < 0:
            return "bad"
        return "soon" if self.days_left <= DUE_SOON_DAYS else "quiet"


@dataclass(frozen=True)
class SittingLine:
    """Several returns of one enterprise that are owed with one quarter: filled in together."""

    enterprise: Enterprise
    quarter: Quarter
    lines: Sequence[DutyLine]
    #: How many of them lie there as drafts.
    begun: int = 0

    @property
    def count(self) -> int:
        """How many nobody has begun."""
        return len(self.lines) - self.begun

    @property
    def days_overdue(self) -> int:
        return max(line.days_overdue for line in self.lines)


#: Which return of whom: what a duty asks for, and a draft is of.
_Return = tuple[int | None, str, str | None]


def sittings_of(duties: Sequence[DutyLine], drafts: Sequence[Record] = ()) -> list[SittingLine]:
    """Where more than one return is owed with a quarter, the longest overdue first."""
    begun: set[_Return] = {(draft.enterprise_id, draft.kind, draft.period) for draft in drafts}
    found: dict[tuple[int, str], list[DutyLine]] = {}
    for line in duties:
        if line.kind.is_return:
            found.setdefault((line.duty.enterprise_id, line.duty.quarter), []).append(line)
    return [
        SittingLine(
            lines[0].duty.enterprise,
            Quarter.parse(quarter),
            lines,
            sum((line.duty.enterprise_id, line.duty.kind, line.duty.period) in begun for line in lines),
        )
        for (_enterprise, quarter), lines in found.items()
        if len(lines) > 1
    ]


@dataclass(frozen=True)
class StatementLine:
    """One enterprise's quarterly confirmation: made or still to make."""

    enterprise: Enterprise
    quarter: Quarter
    due: datetime.date
    statement: QuarterStatement | None
    #: Nothing was filed that would contradict a nil return.
    may_be_nil: bool
    #: Something of the quarter came back or is owed: what was said of it is not so any more.
    is_overtaken: bool

    @property
    def days_overdue(self) -> int:
        """Days since a statement that is still owed was due; nothing or less while there is time."""
        return 0 if self.statement else (timezone.localdate() - self.due).days


@dataclass(frozen=True)
class OwnFigures:
    enterprise: Enterprise
    quarter: Quarter
    #: (task area, its figures): what came to anything, or was reported as 0.
    areas: list[tuple[str, list[Figure]]]
    #: (kind, records of the quarter that wait): filed, and not among the figures yet.
    waiting: list[tuple[RecordKind, int]]


@dataclass
class EnterpriseBench:
    returned: list[Record] = field(default_factory=list)
    #: Rejected, and an appeal may still be made.
    rejected: list[Record] = field(default_factory=list)
    duties: list[DutyLine] = field(default_factory=list)
    drafts: list[Record] = field(default_factory=list)
    waiting: list[Record] = field(default_factory=list)
    #: Of so many at least: no more were read.
    has_more_waiting: bool = False
    statements: list[StatementLine] = field(default_factory=list)
    kind_groups: list[tuple[str, list[RecordKind]]] = field(default_factory=list)
    figures: list[OwnFigures] = field(default_factory=list)
    enterprises: int = 0
    #: The person's enterprise, where there is one only.
    only: Enterprise | None = None
    #: Questions of an office about what they reported that wait for an answer, of all their enterprises.
    asked: int = 0
    without_profile: Sequence[Enterprise] = field(default_factory=list)

    @property
    def has_more_duties(self) -> bool:
        """Of what is owed no more than these were read."""
        return len(self.duties) > SHOWN

    @cached_property
    def sittings(self) -> list[SittingLine]:
        return sittings_of(self.duties, self.drafts)

    @property
    def single_duties(self) -> list[DutyLine]:
        """What is owed and filled in by itself: nothing is told twice."""
        together = {line.duty.pk for sitting in self.sittings for line in sitting.lines}
        drafts = {(draft.enterprise_id, draft.kind, draft.period): draft for draft in self.drafts}
        return [
            replace(line, draft=drafts.get((line.duty.enterprise_id, line.duty.kind, line.duty.period)))
            for line in self.duties
            if line.duty.pk not in together
        ]

    @property
    def single_drafts(self) -> list[Record]:
        """Drafts that nothing owed on the page stands for: nothing is told twice."""
        owed: set[_Return] = {(line.duty.enterprise_id, line.duty.kind, line.duty.period) for line in self.duties}
        return [draft for draft in self.drafts if (draft.enterprise_id, draft.kind, draft.period) not in owed]

    @property
    def has_statement(self) -> bool:
        return any(line.statement for line in self.statements)

    @property
    def has_todo(self) -> bool:
        open_statements = any(line.statement is None for line in self.statements)
        told = (self.returned, self.rejected, self.duties, self.without_profile, self.drafts)
        return open_statements or bool(self.asked) or any(told)

    @property
    def is_late(self) -> bool:
        return any(line.days_left < 0 for line in self.duties)

    @property
    def is_pressing(self) -> bool:
        """Something came back or is overdue: that stands before everything else."""
        return bool(self.returned) or self.is_overdue

    @property
    def is_overdue(self) -> bool:
        """Something owed or a statement is past its day."""
        return self.is_late or any(line.days_overdue > 0 for line in self.statements)

    @property
    def shown_returned(self) -> str:
        return up_to_most(len(self.returned), COUNTED)

    @property
    def shown_duties(self) -> str:
        return f"{SHOWN}+" if self.has_more_duties else str(len(self.duties))

    @property
    def shown_drafts(self) -> str:
        return up_to_most(len(self.drafts), COUNTED)


@dataclass(frozen=True)
class OfficeBench:
    place: Place
    quarter: Quarter
    coverage: Coverage
    #: The units below by how far behind they are; of a county the first enterprises that have not reported.
    units: list[UnitRow]
    silent: list[Enterprise]
    silent_in_all: int


@dataclass(frozen=True)
class Overdue:
    """What is overdue of a quarter, or of a year's annual returns, which have a day of their own; and how much of it lies in
    each unit directly below, most first. ``url``: the list of exactly these."""

    label: str
    url: str
    count: int
    units: list[tuple[Place, int]]


@dataclass(frozen=True)
class QueueState:
    """How long the queue is, how much of it is overdue, and since when its oldest waits."""

    waiting: int
    overdue: int
    oldest: datetime.datetime | None
    first: int | None


def duty_lines(scope: Scope) -> list[DutyLine]:
    today = timezone.localdate()
    return [
        DutyLine(duty, kind_by_slug(duty.kind), (duty.due - today).days) for duty in open_duties(scope)[: SHOWN + 1]
    ]


def _with_activity(enterprises: "models.QuerySet[Enterprise]", quarters: list[Any]) -> "models.QuerySet[Enterprise]":
    """Each enterprise with ``active_2026Q3``: whether it filed what stands against a nil return of the quarter."""
    mine = Record.objects.filter(enterprise=OuterRef("pk"))
    return enterprises.annotate(
        **{f"active_{row.code}": Exists(against_nil(mine.filter(quarter=row.code))) for row in quarters}
    )


def _statements(
    enterprises: Sequence[Enterprise], quarters: list[Any], unfinished: Collection[tuple[int, str]]
) -> list[StatementLine]:
    ids, codes = [enterprise.pk for enterprise in enterprises], [row.code for row in quarters]
    made = {
        (entry.enterprise_id, entry.quarter): entry
        for entry in QuarterStatement.objects.filter(enterprise__in=ids, quarter__in=codes)
    }
    return [
        StatementLine(
            enterprise,
            row.quarter,
            row.enterprise_due,
            made.get((enterprise.pk, row.code)),
            may_be_nil=not getattr(enterprise, f"active_{row.code}"),
            is_overtaken=(enterprise.pk, row.code) in unfinished,
        )
        for enterprise in enterprises
        # What is due first stands first.
        for row in sorted(quarters, key=attrgetter("enterprise_due"))
    ]


def _own_figures(
    enterprises: Sequence[Enterprise], quarters: list[Quarter], waiting: Sequence[Record]
) -> list[OwnFigures]:
    """What each enterprise has reported, under the task areas as on its page, and what of it waits."""
    waits = Counter((record.filer_id, record.quarter, record.kind) for record in waiting)
    # A stock without an amount counts enterprises: it says something of many, nothing of one.
    wanted = [(kind, fact) for kind, fact in all_facts() if fact.amount or fact.nature is Nature.FLOW]
    wanted.sort(key=lambda pair: pair[0].area)
    lines = []
    for quarter in quarters:
        found = told_figures([enterprise.pk for enterprise in enterprises], quarter)
        for enterprise in enterprises:
            figures = found[enterprise.pk]
            areas: dict[str, list[Figure]] = {}
            for kind, fact in wanted:
                if fact.code in figures and says_anything(kind, fact, [figures[fact.code].value]):
                    areas.setdefault(area_label(kind.area), []).append(figures[fact.code])
            still = [
                (kind, waits[enterprise.pk, quarter.code, kind.slug])
                for kind in all_kinds()
                if (enterprise.pk, quarter.code, kind.slug) in waits
            ]
            lines.append(OwnFigures(enterprise, quarter, list(areas.items()), still))
    return lines


def enterprise_bench(scope: Scope, open_rows: list[Any]) -> EnterpriseBench:
    """The workbench of clerk and lead. ``open_rows``: open reporting quarters that have begun, newest first."""
    ids = scope.enterprise_ids()
    mine = Enterprise.objects.filter(scope.q(ENTERPRISE_ROLES, enterprise="place")).active()
    known = with_profile_state(_with_activity(mine, open_rows), this_year()).annotate(asked=number_asked(scope))
    enterprises = list(known[: ENTERPRISES_SHOWN + 1])
    shown = enterprises if len(enterprises) <= ENTERPRISES_SHOWN else []
    most = WAITING_READ + 1
    returned, rejected, waiting = returned_and_waiting(scope, most, rejected=MakeAppeal().where(scope))
    has_more = len(returned) + len(rejected) + len(waiting) == most
    duties = duty_lines(scope)
    unfinished = {(record.filer_id, record.quarter) for record in returned}
    unfinished |= {(line.duty.enterprise_id, line.duty.quarter) for line in duties}
    return EnterpriseBench(
        returned=returned[: COUNTED + 1],
        rejected=rejected[:SHOWN],
        duties=duties,
        drafts=list(drafts_of(scope)[: COUNTED + 1]),
        # The last one read shows only that there are more than are told.
        waiting=waiting[:-1] if has_more else waiting,
        has_more_waiting=has_more,
        statements=_statements(shown, open_rows, unfinished),
        kind_groups=in_groups(
            # Of a kind that the province may ask for as a whole the list of records knows whether it does.
            kind
            for kind in enterprise_kinds()
            if "" not in kind.undecided and any(kind.applies_to(enterprise) for enterprise in enterprises)
        ),
        figures=_own_figures(shown, [row.quarter for row in open_rows[:1]], [] if has_more else waiting),
        enterprises=len(ids),
        only=enterprises[0] if len(enterprises) == 1 else None,
        asked=getattr(enterprises[0], "asked", 0) if enterprises else 0,
        without_profile=[enterprise for enterprise in enterprises if not enterprise.has_profile],
    )


def queue_state(user: Actor) -> QueueState:
    """One query: the record that waits longest, and beside it what is counted over all of them."""
    first = (
        queue_for(user)
        .annotate(
            all_of_them=Window(Count("pk")),
            overdue=Window(Count("pk", filter=due_q("overdue"))),
            oldest=Window(Min("submitted_at")),
        )
        .values_list("all_of_them", "overdue", "oldest", "pk")
        .first()
    )
    return QueueState(*first) if first else QueueState(0, 0, None, None)


def overdue_duties(user: Actor, place: Place, quarters: Sequence[Quarter], known: Mapping[int, Place]) -> list[Overdue]:
    """How many duties are overdue in each of these quarters, and how many annual returns of each year that still is taken,
    apart, as the list of duties shows them, and in which of the units directly below the office's place; none where nothing
    is. ``known``: places that were read already, by key. Two queries, of a province three."""
    years = {year.code: owed_with for year, owed_with in years_past_their_day().items()}
    asked = sorted({*quarters, *years.values()}, reverse=True)
    if not asked:
        return []
    is_annual = Q(kind__in=annual_slugs())
    wanted = (is_annual & Q(period__in=years)) | (~is_annual & Q(quarter__in=[one.code for one in quarters]))
    late = duties_in_state(duties_over(asked, Duty.objects.visible_to(user)), "DUT.overdue").filter(wanted)
    of_year = Case(When(is_annual, then=F("period")), default=Value(""))
    rows = late.order_by().annotate(there=F("county_then"), of_year=of_year)
    found = rows.values_list("quarter", "of_year", "there").annotate(n=Count("pk"))
    counts: dict[tuple[str, str], Counter[int]] = {}
    for code, year, county, count in found:
        counts.setdefault((code, year), Counter())[county] += count
    units = _units_of_counties(place, {county for one in counts.values() for county in one}, known)
    lines = []
    for code, year in sorted(counts, reverse=True):
        below: Counter[Place] = Counter()
        for county, count in counts[code, year].items():
            if unit := units.get(county):
                below[unit] += count
        ranked = sorted(below.items(), key=lambda item: (-item[1], item[0].code))
        query = {"quarter": code, "fact": "DUT.overdue", "rhythm": "annual" if year else "other"}
        lines.append(
            Overdue(
                label=_("%s报表") % Year.parse(year).label if year else Quarter.parse(code).label,
                url=f"{reverse('records:duties')}?{urlencode(query)}",
                count=counts[code, year].total(),
                units=ranked,
            )
        )
    return lines


def _units_of_counties(place: Place, counties: AbstractSet[int], known: Mapping[int, Place]) -> dict[int, Place]:
    """Each county with the unit directly below the place that it is, or lies in: of a province its city."""
    if place.is_county_level or not counties:
        return {}
    if counties <= known.keys():
        return {pk: known[pk] for pk in counties}
    if place.level == Level.PROVINCE and known:
        # Keys alone, for the cities were read: two hundred places would cost the page a tenth.
        cities = dict(Place.objects.filter(pk__in=counties).values_list("pk", "city_id"))
        if known.keys() >= set(cities.values()):
            return {pk: known[city] for pk, city in cities.items() if city is not None}
    rows = Place.objects.filter(pk__in=counties).select_related("city")
    return {row.pk: row.city if place.level == Level.PROVINCE and row.city else row for row in rows}


def office_bench(place: Place, quarter: Quarter) -> OfficeBench:
    """How complete the quarter is in the office's area, and in each unit directly below. At most six queries.

    Units furthest behind come first; a county's list names only the enterprises that have not reported.
    """
    if place.is_county_level:
        found = coverage(place, quarter)
        return OfficeBench(place, quarter, found, [], *silent_enterprises(place, quarter, SILENT_SHOWN))
    found, units = coverage_by_unit(place, quarter)
    units.sort(key=lambda unit: (unit.reported / unit.enterprises if unit.enterprises else 2, unit.place.code))
    return OfficeBench(place, quarter, found, units, [], 0)
