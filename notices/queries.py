"""The bigger reads: what waits for a person, and how far the units of a notice are."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q

from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.places.models import Place
from notices.models import Delivery, DeliveryQuerySet, Notice
from notices.permissions import own_places


def received(user: Actor) -> DeliveryQuerySet:
    """What came to the units this person acts for, the newest first."""
    mine = Delivery.objects.visible_to(user).filter(place_id__in=own_places(scope_of(user)))
    return mine.select_related("notice__office__city", "place").order_by("-notice__sent_at", "-pk")


@dataclass(frozen=True)
class Progress:
    """How far units are."""

    units: int
    read: int
    receipted: int
    answered: int


@dataclass(frozen=True)
class UnitProgress:
    place: Place
    progress: Progress


_COUNTS = {
    "units": Count("pk"),
    "read": Count("pk", filter=Q(read_at__isnull=False)),
    "receipted": Count("pk", filter=Q(receipted_at__isnull=False)),
    "answered": Count("pk", filter=Q(answered_at__isnull=False)),
}


def progress_of(deliveries: models.QuerySet[Delivery]) -> Progress:
    return Progress(**deliveries.order_by().aggregate(**_COUNTS))


def progress_by_region(deliveries: models.QuerySet[Delivery], notice: Notice) -> list[UnitProgress]:
    """By city for the province, by county for a city; nothing to divide for a county."""
    if notice.office.is_county_level:
        return []
    column = "city_id" if notice.office.level == "province" else "county_id"
    rows = list(
        deliveries.filter(**{f"{column}__isnull": False}).order_by().values(column).annotate(**_COUNTS).order_by(column)
    )
    places = Place.objects.select_related("city").in_bulk([row[column] for row in rows])
    found = [UnitProgress(places[row.pop(column)], Progress(**row)) for row in rows]
    return sorted(found, key=lambda unit: unit.place.code)
