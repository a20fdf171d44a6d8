"""The register as it stood on a day, made of its kept changes.

Moves, renames, closings, mergers, splits and reopenings are kept with their day (``EnterpriseEvent``), pilots and yearly profiles
have days and years of their own. Of everything else (size, unions, who is instructor) the register keeps no history:
there today's value stands. An entry without a recorded beginning counts as always there: the day it was typed in says
when the portal learnt of it, not since when the enterprise exists.
"""

import datetime
from collections.abc import Collection

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from enterprises.models import ChangeKind, Enterprise, EnterpriseEvent
from foundation.calendar.periods import Period
from foundation.places.models import SMALL_LEVELS, Level, Place

#: Before the first of these after a day an entry was in the register …
_ENDINGS = (ChangeKind.CLOSE, ChangeKind.MERGE)
#: … and before the first of these it was not.
_BEGINNINGS = (ChangeKind.REOPEN, ChangeKind.SPLIT_OFF)


def day_of(period: Period) -> datetime.date:
    """The day a period's figures of the register stand for: its last, or today while it runs."""
    return min(period.last_day, timezone.localdate())


def _is_past(day: datetime.date) -> bool:
    return day < timezone.localdate()


def county_on(day: datetime.date, *, enterprise: str = "pk", county: str = "county_id") -> Coalesce | F:
    """The key of the county an enterprise lay in on that day: an expression for rows on which ``enterprise`` leads to
    its key and ``county`` to where it lies today."""
    if not _is_past(day):
        return F(county)
    moves = EnterpriseEvent.objects.filter(
        enterprise=OuterRef(enterprise), kind=ChangeKind.MOVE, effective_on__gt=day
    ).order_by("effective_on", "pk")
    return Coalesce(Subquery(moves.values("from_county")[:1]), F(county), output_field=models.BigIntegerField())


def registered_on(day: datetime.date, *, enterprise: str = "pk", is_active: str = "is_active") -> Q:
    """The condition "was in the register on that day", on rows like those of ``county_on``."""
    if not _is_past(day):
        return Q(**{is_active: True})
    turns = EnterpriseEvent.objects.filter(kind__in=(*_ENDINGS, *_BEGINNINGS), effective_on__gt=day).order_by()
    earlier = Q(effective_on__lt=OuterRef("effective_on")) | Q(
        effective_on=OuterRef("effective_on"), pk__lt=OuterRef("pk")
    )
    first = turns.filter(~Exists(turns.filter(earlier, enterprise=OuterRef("enterprise"))))
    ended_later = first.filter(kind__in=_ENDINGS).values("enterprise")
    unturned = Q(**{is_active: True}) & ~Q(**{f"{enterprise}__in": turns.values("enterprise")})
    return unturned | Q(**{f"{enterprise}__in": ended_later})


def register_on(day: datetime.date) -> models.QuerySet[Enterprise]:
    """The entries in the register on that day, with ``county_then``: the key of the county they lay in."""
    return Enterprise.objects.filter(registered_on(day)).annotate(county_then=county_on(day)).order_by()


def lying_in(place: Place, *, enterprise: str = "pk") -> Q:
    """The condition "lay in this place", on rows with ``county_then`` on which ``enterprise`` leads to the enterprise. Of
    townships and parks no history is kept."""
    if place.level == Level.ENTERPRISE:
        return Q(**{enterprise: place.pk})
    if place.level in SMALL_LEVELS:
        assigned = Enterprise.objects.filter(**{str(place.level): place}).order_by()
        return Q(**{f"{enterprise}__in": assigned.values("pk")})
    return Q(county_then__in=Place.objects.counties().within(place).order_by().values("pk"))


def names_on(day: datetime.date, enterprises: Collection[int]) -> dict[int, str]:
    """What those of these enterprises that were renamed since were called on that day. One query."""
    renames = EnterpriseEvent.objects.filter(
        kind=ChangeKind.RENAME, effective_on__gt=day, enterprise__in=enterprises
    ).order_by("-effective_on", "-pk")
    # The first after the day says what was before: it is put in last.
    return dict(renames.values_list("enterprise_id", "old_name"))
