"""Totals of counties, cities and provinces, added upwards: a county from its values, what lies above from those below.

Call with the quarter's lock held, after the values were stored.
"""

import functools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import FactSource, all_sources, declared_facts
from foundation.places.models import COUNTY_LEVELS, REGION_LEVELS, Level, Place
from indicators.models import FactValue, PlaceTotal, ScatteredPlace

BATCH = 1000
CENT = Decimal("0.01")
#: Lowest first: each is complete before what lies above it is added.
_UPWARDS = (tuple(COUNTY_LEVELS), (Level.CITY,), (Level.PROVINCE,))


def exact(value: Decimal | int | str) -> Decimal:
    """The value as it is stored: SQLite adds decimals as floats."""
    return Decimal(value).quantize(CENT)


class Total(NamedTuple):
    """See ``PlaceTotal``."""

    value: Decimal = Decimal(0)
    reporting: int = 0
    witnessed: int = 0

    def plus(self, other: "Total") -> "Total":
        return Total(
            exact(self.value + other.value), self.reporting + other.reporting, self.witnessed + other.witnessed
        )


#: {(region, fact): total}
Totals = dict[tuple[int, str], Total]


def witnesses() -> Mapping[str, frozenset[str]]:
    """The facts that others have their zeros with, each with those others."""
    return _witnesses_of(tuple(all_sources()))


@functools.lru_cache(maxsize=8)
def _witnesses_of(_sources: tuple[FactSource, ...]) -> Mapping[str, frozenset[str]]:
    """A page asks dozens of times, and what is declared stays as long as the sources are the same."""
    found: dict[str, set[str]] = defaultdict(set)
    for fact in declared_facts(internal=True).values():
        if fact.zero_with:
            found[fact.zero_with].add(fact.code)
    return {witness: frozenset(silent) for witness, silent in found.items()}


def _own(quarter: Quarter, facts: Collection[str] | None, regions: Collection[int] | None) -> Totals:
    """The sums of the values that add to these regions directly. Two queries and one for each witness."""
    values = FactValue.objects.filter(quarter=quarter.code).order_by()
    if facts is not None:
        values = values.filter(fact__in=facts)
    here = values if regions is None else values.filter(region__in=regions)
    sums: Totals = {
        (row["region_id"], row["fact"]): Total(exact(row["total"] or 0), row["reporting"])
        for row in here.values("region_id", "fact").annotate(total=Sum("value"), reporting=Count("value"))
    }
    for witness, silent in witnesses().items():
        seen = Q(place__fact_values__quarter=quarter.code, place__fact_values__fact=witness)
        if regions is not None:
            seen &= Q(place__fact_values__region__in=regions)
        wanted = silent if facts is None else silent & set(facts)
        if not wanted:
            continue
        rows = FactValue.objects.filter(seen, quarter=quarter.code, fact__in=wanted).order_by()
        counts = rows.values_list("place__fact_values__region_id", "fact").annotate(n=Count("place", distinct=True))
        for region, fact, number in counts:
            sums[region, fact] = sums.get((region, fact), Total())._replace(witnessed=number)
    return sums


def _counted_twice(quarter: Quarter, facts: Collection[str] | None) -> Totals:
    """What adding up counts too often: a place with a value in several regions below the same city or province."""
    values = FactValue.objects.filter(quarter=quarter.code, value__isnull=False)
    values = values.filter(place__in=ScatteredPlace.objects.filter(quarter=quarter.code).values("place"))
    if facts is not None:
        values = values.filter(fact__in=facts)
    regions: dict[tuple[int, str, int | None], set[int | None]] = defaultdict(set)
    for place, fact, region, city, province in values.values_list(
        "place_id", "fact", "region_id", "region__city_id", "region__province_id"
    ):
        regions[place, fact, city].add(region)
        regions[place, fact, province].add(city)
    twice: Totals = defaultdict(Total)
    for (_place, fact, above), below in regions.items():
        if above is not None and len(below) > 1:
            twice[above, fact] = twice[above, fact].plus(Total(reporting=1 - len(below)))
    return twice


def added_up(quarter: Quarter, facts: Collection[str] | None = None, regions: Collection[int] | None = None) -> Totals:
    """The totals of these regions and of all above them, from the stored values; of what lies beside them, from the
    stored totals. None: of all."""
    tree = {
        pk: (level, parent)
        for pk, level, parent in Place.objects.filter(level__in=REGION_LEVELS).values_list("pk", "level", "parent_id")
    }
    wanted = set(tree) if regions is None else set(regions)
    for pk in list(wanted):
        while (pk := tree[pk][1]) in tree:
            wanted.add(pk)
    found = _own(quarter, facts, None if regions is None else wanted)
    if regions is not None:
        for pk, fact, total in _stored(quarter, facts, {pk for pk in tree if tree[pk][1] in wanted} - wanted):
            found[pk, fact] = total
    twice = _counted_twice(quarter, facts)
    for levels in _UPWARDS:
        for key in [key for key in found if tree[key[0]][0] in levels]:
            if key in twice and key[0] in wanted:
                found[key] = found[key].plus(twice[key])
            above = (tree[key[0]][1], key[1])
            if above[0] in wanted:
                found[above] = found.get(above, Total()).plus(found[key])
    return {key: total for key, total in found.items() if key[0] in wanted}


def _stored(
    quarter: Quarter, facts: Collection[str] | None, places: Collection[int] | None
) -> Iterator[tuple[int, str, Total]]:
    totals = PlaceTotal.objects.filter(quarter=quarter.code)
    if facts is not None:
        totals = totals.filter(fact__in=facts)
    if places is not None:
        totals = totals.filter(place__in=places)
    for place, fact, value, reporting, witnessed in totals.values_list(
        "place_id", "fact", "value", "reporting", "witnessed"
    ):
        yield place, fact, Total(exact(value), reporting, witnessed)


def stored_totals(quarter: Quarter) -> Totals:
    return {(place, fact): total for place, fact, total in _stored(quarter, None, None)}


def note_scattered(
    quarter: Quarter, facts: Collection[str], places: QuerySet[FactValue, dict[str, int]] | None
) -> None:
    """Note which of these places (None: of all) have a value of these facts in more than one region. One that no longer
    has may stay noted: it is looked at once more, and counted once."""
    values = FactValue.objects.filter(quarter=quarter.code, fact__in=facts).order_by()
    if places is not None:
        values = values.filter(place__in=places)
    several = values.values("place").annotate(n=Count("region", distinct=True)).filter(n__gt=1)
    ScatteredPlace.objects.bulk_create(
        [ScatteredPlace(place_id=pk, quarter=quarter.code) for pk in several.values_list("place", flat=True)],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def store_totals(
    quarter: Quarter, facts: Collection[str] | None = None, regions: Collection[int] | None = None
) -> None:
    """Make the stored totals of these facts, in these regions and all above them, what their values add up to."""
    if (facts is not None and not facts) or (regions is not None and not regions):
        return
    wanted = added_up(quarter, facts, regions)
    places = None if regions is None else with_those_above(regions)
    gone = []
    for place, fact, total in _stored(quarter, facts, places):
        if (place, fact) not in wanted:
            gone.append((place, fact))
        elif wanted[place, fact] == total:
            del wanted[place, fact]
    by_fact: dict[str, list[int]] = defaultdict(list)
    for place, fact in gone:
        by_fact[fact].append(place)
    for fact, pks in by_fact.items():
        PlaceTotal.objects.filter(quarter=quarter.code, fact=fact, place__in=pks).delete()
    PlaceTotal.objects.bulk_create(
        [
            PlaceTotal(place_id=place, quarter=quarter.code, fact=fact, **total._asdict())
            for (place, fact), total in wanted.items()
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["place", "quarter", "fact"],
        update_fields=["value", "reporting", "witnessed"],
    )


def with_those_above(regions: Collection[int]) -> set[int]:
    found = set(regions)
    for city, province in Place.objects.filter(pk__in=regions).values_list("city_id", "province_id"):
        found |= {pk for pk in (city, province) if pk is not None}
    return found
