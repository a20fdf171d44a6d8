"""The regions a person may narrow lists to: of a province its cities and counties, of a city its counties."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.http import HttpRequest

from foundation.access.scope import scope_of
from foundation.places.models import Level, Place
from foundation.ui.regions import RegionGroup


def regions_below(request: HttpRequest) -> Sequence[RegionGroup]:
    """By city, for offices and auditors above counties. One query."""
    above = [place for place in scope_of(request.user).regions() if not place.is_county_level]
    if not above:
        return ()
    within = Q()
    for place in above:
        within |= Q(**{f"{place.scope_column()}_id": place.pk})
    found = Place.objects.regions().open().filter(within).exclude(level=Level.PROVINCE).order_by("code")
    cities: dict[int, str] = {}
    below: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for place in found:
        if place.level == Level.CITY:
            cities[place.pk] = place.name
            below[place.pk].insert(0, (place.code, place.name))
        elif place.city_id:
            below[place.city_id].append((place.code, place.name))
    if len(below) == 1:
        # Of one's own city only the counties narrow anything.
        own = {place.code for place in above}
        return [RegionGroup("", [row for rows in below.values() for row in rows if row[0] not in own])]
    return [RegionGroup(cities.get(city, ""), rows) for city, rows in below.items()]


def name_of_region(code: str) -> str:
    place = Place.objects.filter(code=code).select_related("city").first()
    return place.full_name() if place is not None else ""
