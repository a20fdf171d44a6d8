"""The bigger reads of the back office."""

import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from backoffice.forms import AuditFilter
from foundation.access.scope import scope_of
from foundation.accounts.models import User
from foundation.audit.models import Entry
from foundation.places.models import COUNTY_LEVELS, PLACE_NAMES, SMALL_LEVELS, FormerName, Level, PlaceQuerySet
from foundation.textsearch.indexes import IsOneOf

#: Rooms whose objects are the running of the portal itself: an administrator reads what they are called.
_ADMINISTRATIVE = ("accounts.", "access.", "places.")


def is_administrative(entry: Entry) -> bool:
    """About people, their roles or the tree of places; an entry about nothing in particular says nothing of business."""
    return not entry.target_type or entry.target_type.startswith(_ADMINISTRATIVE)


def narrowed_entries(entries: QuerySet[Entry], filters: AuditFilter, viewer: User) -> QuerySet[Entry]:
    """The audit entries that meet the filled fields of the filter. Only names that the person sees are searched."""
    if text := filters.wanted("q"):
        named = Q(label__icontains=text)
        if scope_of(viewer).only_administers:
            named &= reduce(or_, (Q(target_type__startswith=room) for room in _ADMINISTRATIVE), Q(target_type=""))
        entries = entries.filter(named | Q(target_id=text) | Q(request_id=text))
    if event := filters.wanted("event"):
        entries = entries.filter(event=event)
    if actor := filters.wanted("actor"):
        entries = entries.filter(actor_label__icontains=actor)
    if place := filters.wanted("place"):
        column = place.scope_column()
        entries = entries.filter(
            **{f"enterprise__enterprise__{column}" if place.level in SMALL_LEVELS else f"{column}_id": place.pk}
        )
    if since := filters.wanted("since"):
        entries = entries.filter(at__gte=_midnight(since))
    if until := filters.wanted("until"):
        entries = entries.filter(at__lt=_midnight(until) + datetime.timedelta(days=1))
    return entries.select_related("province", "city", "county", "enterprise")


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def found_places(places: PlaceQuerySet, words: str) -> PlaceQuerySet:
    """By part of the name or a former one, beginning of their initials, or beginning of the code."""
    words = words.strip()
    former = FormerName.objects.filter(Q(name__icontains=words) | Q(initials__startswith=words.lower())).values("place")
    beginning = Q(initials__startswith=words.lower()), Q(code__istartswith=words)
    return places.filter(PLACE_NAMES.holding(words, *beginning, Q(IsOneOf("pk", former))))


def region_tree(places: PlaceQuerySet) -> list[dict[str, object]]:
    """Provinces with their cities, and each city with its counties and zones and how many enterprises those have in the
    register today. What was closed stands last, because people look for it, and is not counted."""
    regions = list(
        places.regions().select_related("merged_into").order_by(F("closed_on").asc(nulls_first=True), "code")
    )
    enterprises = dict(
        places.filter(level=Level.ENTERPRISE, enterprise__is_active=True)
        .order_by()
        .values_list("county_id")
        .annotate(number=Count("pk"))
    )
    counties: dict[int | None, list[dict[str, Any]]] = {}
    for place in regions:
        if place.level in COUNTY_LEVELS:
            row = {"place": place, "enterprises": enterprises.get(place.pk, 0)}
            counties.setdefault(place.parent_id, []).append(row)
    cities: dict[int | None, list[dict[str, Any]]] = {}
    for place in regions:
        if place.level == Level.CITY:
            below = counties.get(place.pk, [])
            row = {
                "place": place,
                "counties": below,
                "open_counties": sum(not entry["place"].is_closed for entry in below),
                "enterprises": sum(entry["enterprises"] for entry in below),
            }
            cities.setdefault(place.parent_id, []).append(row)
    return [{"place": place, "cities": cities.get(place.pk, [])} for place in regions if place.level == Level.PROVINCE]
