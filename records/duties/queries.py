"""What enterprises owe."""

from django.db import models
from django.db.models import Count, Q

from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.scope import Scope
from foundation.calendar.periods import Year
from foundation.places.models import Place
from records.core.kinds import annual_slugs
from records.core.models import Record, ReportingQuarter, ReportingYear, Status
from records.duties.models import Duty

#: A record that stands against saying there was nothing: an event, unless rejected or taken back.
AGAINST_NIL = Q(period__isnull=True) & ~Q(status__in=[Status.REJECTED, Status.WITHDRAWN])


def yearly_returns(region: Place, year: Year) -> tuple[int, int]:
    """How many annual returns of the year are owed in a region, and how many of them were handed in. One query."""
    level = "county" if region.is_county_level else str(region.level)
    owed = Duty.objects.filter(**{level: region.pk}, kind__in=annual_slugs(), period=year.code).order_by()
    found = owed.aggregate(owed=Count("pk"), done=Count("fulfilled_at"))
    return found["owed"], found["done"]


def against_nil(records: models.QuerySet[Record]) -> models.QuerySet[Record]:
    return records.filter(AGAINST_NIL)


def unmet(duties: models.QuerySet[Duty]) -> models.QuerySet[Duty]:
    """Those that are not handed in and still can be: of a year that was closed nothing is taken any more."""
    closed = ReportingYear.objects.filter(is_open=False).values("code")
    return duties.filter(fulfilled_at=None).exclude(kind__in=annual_slugs(), period__in=closed)


def open_duties(scope: Scope) -> models.QuerySet[Duty]:
    """What the person's enterprises still owe and can still file, by day due. A closed quarter or year takes nothing more."""
    still_open = ReportingQuarter.objects.filter(is_open=True).values("code")
    return (
        unmet(Duty.objects.filter(scope.q(ENTERPRISE_ROLES), quarter__in=still_open, enterprise__is_active=True))
        .select_related("enterprise")
        .order_by("due", "kind", "pk")
    )
