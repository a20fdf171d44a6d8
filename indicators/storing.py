"""Writing counted values and their totals: only what differs is written. Call with the filling lock held."""

from collections.abc import Collection, Iterable

from django.db.models import Count, Sum

from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from indicators.counting import exact
from indicators.models import FactValue, PlaceTotal
from indicators.register_facts import Counted, only_of

BATCH = 1000

#: (fact, county) pairs whose totals a change of values moves.
Pairs = set[tuple[str, int]]
LEVELS = ("county", "city", "province")


def store_values(quarter: Quarter, counted: Iterable[Counted], enterprise_ids: Collection[int] | None) -> Pairs:
    """Make the stored values of these enterprises (None: of all) equal to the counted ones."""
    wanted = {(row.enterprise_id, row.county_id, row.fact): row for row in counted}
    stored = FactValue.objects.filter(only_of(enterprise_ids), quarter=quarter.code)
    gone: list[int] = []
    touched: Pairs = set()
    for pk, enterprise, county, fact, value, records in stored.values_list(
        "pk", "enterprise_id", "county_id", "fact", "value", "records"
    ).iterator(BATCH * 10):
        row = wanted.get((enterprise, county, fact))
        if row is None:
            gone.append(pk)
        elif (exact(value), records) == (row.value, row.records):
            del wanted[enterprise, county, fact]
            continue
        touched.add((fact, county))
    for start in range(0, len(gone), BATCH):
        FactValue.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    FactValue.objects.bulk_create(
        (FactValue(quarter=quarter.code, **row._asdict()) for row in wanted.values()),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["enterprise", "quarter", "fact", "county"],
        update_fields=["value", "records", "city", "province"],
    )
    return touched | {(row.fact, row.county_id) for row in wanted.values()}


def sum_up(quarter: Quarter, level: str, facts: Collection[str] | None, place_ids: Collection[int] | None) -> dict:
    """{(place, fact): (value, reporting)} of one level, from the stored values."""
    values = FactValue.objects.filter(only_of(place_ids, f"{level}_id"), quarter=quarter.code)
    if facts is not None:
        values = values.filter(fact__in=facts)
    sums = (
        values.order_by()
        .values(f"{level}_id", "fact")
        .annotate(total=Sum("value"), reporting=Count("enterprise", distinct=True))
    )
    return {(row[f"{level}_id"], row["fact"]): (exact(row["total"]), row["reporting"]) for row in sums}


def _places_above(counties: Collection[int]) -> dict[str, set[int]]:
    """Ids of the counties and of the cities and provinces above them, by level."""
    found: dict[str, set[int]] = {level: set() for level in LEVELS}
    for row in Place.objects.filter(pk__in=counties).values("pk", "city_id", "province_id"):
        for level, name in (("county", "pk"), ("city", "city_id"), ("province", "province_id")):
            found[level].add(row[name])
    return found


def store_totals(quarter: Quarter, pairs: Pairs | None) -> None:
    """Sum again the totals that the changed (fact, county) pairs move; None: all of the quarter."""
    if pairs is not None and not pairs:
        return
    facts = None if pairs is None else {fact for fact, _county in pairs}
    places = None if pairs is None else _places_above({county for _fact, county in pairs})
    wanted: dict = {}
    for level in LEVELS:
        wanted |= sum_up(quarter, level, facts, None if places is None else places[level])
    stored = PlaceTotal.objects.filter(quarter=quarter.code)
    if pairs is not None:
        stored = stored.filter(fact__in=facts, place_id__in=set().union(*places.values()))
    gone = []
    for total in stored:
        key = (total.place_id, total.fact)
        if key not in wanted:
            gone.append(total.pk)
        elif (exact(total.value), total.reporting) == wanted[key]:
            del wanted[key]
    for start in range(0, len(gone), BATCH):
        PlaceTotal.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    PlaceTotal.objects.bulk_create(
        [
            PlaceTotal(place_id=place, quarter=quarter.code, fact=fact, value=value, reporting=reporting)
            for (place, fact), (value, reporting) in wanted.items()
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["place", "quarter", "fact"],
        update_fields=["value", "reporting"],
    )
