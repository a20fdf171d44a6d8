"""What enterprises owe."""

from django.db import models
from django.db.models import Count, Q

from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.scope import Scope
from foundation.calendar.periods import Year
from foundation.places.models import Place
from records.core.kinds import Rhythm, all_kinds
from records.core.models import Record, ReportingQuarter, Status
from records.duties.models import Duty

#: A record that stands against saying there was nothing: an event, unless rejected or taken back.
AGAINST_NIL = Q(period__isnull=True) & ~Q(status__in=[Status.REJECTED, Status.WITHDRAWN])


def yearly_returns(region: Place, year: Year) -> tuple[int, int]:
    """How many annual returns of the year are owed in a region, and how many of them were handed in. One query."""
    annual = [kind.slug for kind in all_kinds() if kind.rhythm is Rhythm.ANNUAL]
    level = "county" if region.is_county_level else str(region.level)
    owed = Duty.objects.filter(**{level: region.pk}, kind__in=annual, period=year.code).order_by()
    found = owed.aggregate(owed=Count("pk"), done=Count("fulfilled_at"))
    return found["owed"], found["done"]


def against_nil(records: models.QuerySet[Record]) -> models.QuerySet[Record]:
    return records.filter(AGAINST_NIL)


def open_duties(scope: Scope) -> models.QuerySet[Duty]:
    """What the person's enterprises still owe and can still file, by day due. A closed quarter takes nothing more."""
    still_open = ReportingQuarter.objects.filter(is_open=True).values("code")
    return (
        Duty.objects.filter(
            scope.q(ENTERPRISE_ROLES), fulfilled_at=None, quarter__in=still_open, enterprise__is_active=True
        )
        .select_related("enterprise")
        .order_by("due", "kind", "pk")
    )
