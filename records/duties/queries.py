"""What enterprises owe."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Count, F, Max, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.scope import Scope
from foundation.calendar.periods import Quarter, Year
from foundation.places.models import Level, Place
from records.core.kinds import annual_slugs
from records.core.models import Record, ReportingQuarter, ReportingYear, Status
from records.duties.models import Duty

#: A record that stands against saying there was nothing: an event, unless rejected or taken back.
AGAINST_NIL = Q(period__isnull=True) & ~Q(status__in=[Status.REJECTED, Status.WITHDRAWN])


@dataclass(frozen=True)
class YearlyReturns:
    """The annual returns of a year that are owed in a region: ``done`` were handed in, ``late`` of these after their day;
    ``overdue`` were not, and their day has passed.

    ``with_quarter``: how many are owed with the quarter asked about, and so stand among its duties too. ``owed_with``: the
    last quarter that any of them is owed with. ``overdue_in``, ``late_in``: by the unit directly below, of a county by enterprise."""

    owed: int = 0
    done: int = 0
    late: int = 0
    overdue: int = 0
    with_quarter: int = 0
    owed_with: str = ""
    overdue_in: Mapping[int, int] = field(default_factory=dict)
    late_in: Mapping[int, int] = field(default_factory=dict)


def yearly_returns(
    region: Place, year: Year, quarter: Quarter | None = None, *, at: datetime.datetime | None = None
) -> YearlyReturns:
    """How the annual returns of a year stand in a region today, or stood ``at`` that moment. One query."""
    then = at or timezone.now()
    level = "county" if region.is_county_level else str(region.level)
    unit = {Level.PROVINCE.value: "city_id", Level.CITY.value: "county_id"}.get(level, "enterprise_id")
    handed_in = Q(fulfilled_at__lte=then)
    # Later than the moment is not yet.
    missing = Q(fulfilled_at=None) | Q(fulfilled_at__gt=then)
    owed = Duty.objects.filter(**{level: region.pk}, kind__in=annual_slugs(), period=year.code).order_by()
    rows = (
        owed.annotate(done_on=TruncDate("fulfilled_at"))
        .values_list(unit)
        .annotate(
            owed=Count("pk"),
            done=Count("pk", filter=handed_in),
            late=Count("pk", filter=handed_in & Q(done_on__gt=F("due"))),
            overdue=Count("pk", filter=missing & Q(due__lt=timezone.localtime(then).date())),
            here=Count("pk", filter=Q(quarter=quarter.code) if quarter else Q(pk__in=[])),
            last=Max("quarter"),
        )
    )
    found = list(rows)
    owed_in_all, done, late_in_all, overdue, here = (sum(row[column] for row in found) for column in range(1, 6))
    return YearlyReturns(
        owed_in_all,
        done,
        late_in_all,
        overdue,
        with_quarter=here,
        owed_with=max((row[6] for row in found), default=""),
        overdue_in={row[0]: row[4] for row in found if row[4]},
        late_in={row[0]: row[3] for row in found if row[3]},
    )


def years_past_their_day() -> dict[Year, Quarter]:
    """The years of which annual returns are taken and whose day has passed, each with the quarter its returns are owed with:
    that quarter may be closed, and they are overdue all the same. One query."""
    rows = ReportingYear.objects.filter(is_open=True, enterprise_due__lt=timezone.localdate()).order_by("-code")
    return {row.year: Quarter.of(row.enterprise_due) for row in rows}


def against_nil(records: models.QuerySet[Record]) -> models.QuerySet[Record]:
    return records.filter(AGAINST_NIL)


def unmet(duties: models.QuerySet[Duty]) -> models.QuerySet[Duty]:
    """Those that are not handed in and still can be: of a year that was closed nothing is taken any more."""
    closed = ReportingYear.objects.filter(is_open=False).values("code")
    return duties.filter(fulfilled_at=None).exclude(kind__in=annual_slugs(), period__in=closed)


def to_file(duties: models.QuerySet[Duty]) -> models.QuerySet[Duty]:
    """Those that are not handed in and can be filed now. A closed quarter or year takes nothing more; an annual return is taken
    while its year is open, whatever became of the quarter it is owed with."""
    open_quarters = ReportingQuarter.objects.filter(is_open=True).values("code")
    return unmet(duties).filter(Q(quarter__in=open_quarters) | Q(kind__in=annual_slugs()))


def open_duties(scope: Scope) -> models.QuerySet[Duty]:
    """What the person's enterprises still owe and can still file, by day due."""
    mine = Duty.objects.filter(scope.q(ENTERPRISE_ROLES), enterprise__is_active=True)
    return to_file(mine).select_related("enterprise").order_by("due", "kind", "pk")
