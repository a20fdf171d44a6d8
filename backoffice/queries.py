"""The bigger reads of the back office."""

import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from backoffice.forms import AccountFilter, AuditFilter
from foundation.access.models import Grant
from foundation.accounts.models import ACCOUNT_NAMES, User
from foundation.audit.models import Entry
from foundation.places.models import COUNTY_LEVELS, PLACE_NAMES, SMALL_LEVELS, FormerName, Level, Place, PlaceQuerySet
from foundation.textsearch.indexes import IsOneOf

#: How long before its last day a grant is pointed out to who manages its person.
ENDING_SOON_DAYS = 30


def narrowed_accounts(accounts: QuerySet[User], filters: AccountFilter) -> QuerySet[User]:
    """The accounts that meet the filled fields of the filter."""
    if words := filters.wanted("q"):
        accounts = accounts.filter(ACCOUNT_NAMES.holding(str(words)))
    grants = Grant.objects.all()
    role, place = filters.wanted("role"), filters.wanted("place")
    if role:
        grants = grants.filter(role=role)
    if place:
        grants = grants.filter(place__in=Place.objects.within(place))
    if role or place:
        accounts = accounts.filter(pk__in=grants.values("user_id"))
    if state := filters.wanted("state"):
        accounts = accounts.filter(is_active=state != "suspended")
    if state == "waiting":
        accounts = accounts.filter(must_change_password=True)
    if state == "ending":
        accounts = accounts.filter(pk__in=Grant.objects.ending_within(ENDING_SOON_DAYS).values("user_id"))
    return accounts.prefetch_related("grants__place", "grants__standing_in_for")


def narrowed_entries(entries: QuerySet[Entry], filters: AuditFilter) -> QuerySet[Entry]:
    """The audit entries that meet the filled fields of the filter."""
    if words := filters.wanted("q"):
        entries = entries.filter(Q(label__icontains=words) | Q(target_id=words) | Q(request_id=words))
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
    """Provinces with their cities, and each city with its counties and zones and how many enterprises those have. What
    was closed stands last, because people look for it."""
    regions = list(
        places.regions().select_related("merged_into").order_by(F("closed_on").asc(nulls_first=True), "code")
    )
    enterprises = dict(
        places.filter(level=Level.ENTERPRISE).order_by().values_list("county_id").annotate(number=Count("pk"))
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
            row = {"place": place, "counties": below, "enterprises": sum(entry["enterprises"] for entry in below)}
            cities.setdefault(place.parent_id, []).append(row)
    return [{"place": place, "cities": cities.get(place.pk, [])} for place in regions if place.level == Level.PROVINCE]
