"""Every change of the tree of places."""

import datetime
from collections.abc import Collection

from django.db import transaction

from foundation.places.models import COUNTY_LEVELS, FormerName, Level, Place, pinyin_initials


@transaction.atomic
def save_place(*, level: str, code: str, name: str, short_name: str = "", parent: Place | None = None) -> Place:
    """Create or update the place with this code; ancestors are derived from the parent. Idempotent."""
    place = Place.objects.filter(code=code).first() or Place(code=code)
    place.level, place.name, place.short_name = level, name, short_name or name
    place.parent = parent
    place.initials = pinyin_initials(name)
    place.province_id = parent.province_id if parent else None
    place.city_id = parent.city_id if parent else None
    place.county_id = parent.county_id if parent else None
    if place.pk is None:
        place.save()
    if level == Level.PROVINCE:
        place.province = place
    elif level == Level.CITY:
        place.city = place
    elif level in COUNTY_LEVELS:
        place.county = place
    place.save()
    return place


def put_under(place_ids: Collection[int], parent: Place) -> None:
    """Hang places without places of their own below (enterprises) under another parent, in one statement."""
    Place.objects.filter(pk__in=place_ids).update(
        parent=parent, province_id=parent.province_id, city_id=parent.city_id, county_id=parent.county_id
    )


@transaction.atomic
def rename_place(place: Place, *, name: str, short_name: str, on: datetime.date) -> None:
    """Give a place another name from a day on; the one it had is kept."""
    FormerName.objects.create(
        place=place, name=place.name, short_name=place.short_name, initials=place.initials, until=on
    )
    place.name, place.short_name, place.initials = name, short_name, pinyin_initials(name)
    place.save(update_fields=["name", "short_name", "name_key", "initials"])


def close_place(place: Place, *, on: datetime.date, into: Place | None = None) -> None:
    """It is offered for nothing new from that day on; what was filed there stays."""
    place.closed_on, place.merged_into = on, into
    place.save(update_fields=["closed_on", "merged_into"])
