"""What a stock was, and became, where it was reported both times: the sums behind an honest comparison of two quarters.

The total of a stock moves when more enterprises report it, though nothing changed in any of them. So beside the totals
each region keeps, for a quarter and the one before it, the sums over the enterprises that reported the fact in both, in
the same county. One that moved between them is compared nowhere.

Both quarters move these sums. Whoever counts either of them brings them up to date holding a lock of their own, taken
after the quarter's own and in the order of the quarters, so that two who count neighbouring quarters see each other's
values and never wait for each other in a circle.
"""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Sum

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Nature, declared_facts
from foundation.places.models import REGION_LEVELS, Place
from indicators.models import FactValue, FillState, PairedTotal
from indicators.totals import BATCH, exact, with_those_above, witnesses


class Pair(NamedTuple):
    """See ``PairedTotal``."""

    before: Decimal = Decimal(0)
    value: Decimal = Decimal(0)
    enterprises: int = 0

    def plus(self, other: "Pair") -> "Pair":
        return Pair(
            exact(self.before + other.before), exact(self.value + other.value), self.enterprises + other.enterprises
        )


#: {(region, fact): pair}
Pairs = dict[tuple[int, str], Pair]


def paired_facts() -> set[str]:
    """Stocks and headcounts that somebody reports every quarter. What the portal counts by itself (how many enterprises are
    …) is known of all of them both times; what is said once a year is not compared from quarter to quarter."""
    counted = {fact for seen, silent in witnesses().items() for fact in (seen, *silent)}
    known = declared_facts()
    stocks = {code for code, fact in known.items() if fact.nature is not Nature.FLOW and fact.year_basis is None}
    return stocks - counted


def _tree() -> dict[int, int | None]:
    """Each region with the one above it, the lowest first."""
    regions = Place.objects.filter(level__in=REGION_LEVELS)
    rank: dict[str, int] = {level: number for number, level in enumerate(REGION_LEVELS)}
    rows = sorted(regions.values_list("level", "pk", "parent_id"), key=lambda row: -rank[row[0]])
    return {pk: parent for _level, pk, parent in rows}


def counted_pairs(quarter: Quarter, facts: Collection[str], regions: Collection[int] | None = None) -> Pairs:
    """The pairs of a quarter and the one before it, of these regions (None: of all) and of all above them; of what lies
    beside them the stored ones are taken."""
    tree = _tree()
    wanted = set(tree) if regions is None else with_those_above(regions)
    rows = FactValue.objects.filter(
        quarter=quarter.code,
        fact__in=facts,
        value__isnull=False,
        place__fact_values__quarter=quarter.previous().code,
        place__fact_values__fact=F("fact"),
        place__fact_values__region=F("region"),
        place__fact_values__value__isnull=False,
    )
    if regions is not None:
        rows = rows.filter(region__in=wanted)
    sums = rows.order_by().values_list("region_id", "fact")
    found: Pairs = {
        (region, fact): Pair(exact(before), exact(value), number)
        for region, fact, before, value, number in sums.annotate(
            before=Sum("place__fact_values__value"), now=Sum("value"), n=Count("pk")
        )
    }
    if regions is not None:
        beside = {pk for pk, parent in tree.items() if parent in wanted} - wanted
        found.update(stored_pairs(quarter, facts, beside))
    for pk, parent in tree.items():
        if parent is None or parent not in wanted:
            continue
        for fact in [fact for place, fact in found if place == pk]:
            found[parent, fact] = found.get((parent, fact), Pair()).plus(found[pk, fact])
    return {key: pair for key, pair in found.items() if key[0] in wanted}


def stored_pairs(quarter: Quarter, facts: Collection[str], places: Collection[int] | None = None) -> Pairs:
    rows = PairedTotal.objects.filter(quarter=quarter.code, fact__in=facts)
    if places is not None:
        rows = rows.filter(place__in=places)
    return {
        (place, fact): Pair(exact(before), exact(value), enterprises)
        for place, fact, before, value, enterprises in rows.values_list(
            "place_id", "fact", "before", "value", "enterprises"
        )
    }


def _state(quarter: Quarter) -> str:
    return f"pairs {quarter.code}"


def quarters_without_pairs() -> list[Quarter]:
    """Quarters that were counted and whose pairs never were."""
    names = set(FillState.objects.values_list("name", flat=True))
    counted = [Quarter.parse(name) for name in names if name[:4].isdecimal()]
    return sorted(quarter for quarter in counted if _state(quarter) not in names)


def store_pairs(quarter: Quarter, facts: Collection[str], regions: Collection[int] | None = None) -> None:
    """Make the stored pairs of these facts, in these regions and all above them, what the values add up to. Call in the
    transaction that stored the values, for the earlier quarter first."""
    FillState.objects.get_or_create(name=_state(quarter))
    FillState.objects.select_for_update().get(name=_state(quarter))
    wanted = counted_pairs(quarter, facts, regions)
    stored = stored_pairs(quarter, facts, None if regions is None else with_those_above(regions))
    if gone := [key for key in stored if key not in wanted]:
        for fact in {fact for _place, fact in gone}:
            places = [place for place, code in gone if code == fact]
            PairedTotal.objects.filter(quarter=quarter.code, fact=fact, place__in=places).delete()
    PairedTotal.objects.bulk_create(
        [
            PairedTotal(place_id=place, quarter=quarter.code, fact=fact, **pair._asdict())
            for (place, fact), pair in wanted.items()
            if stored.get((place, fact)) != pair
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["place", "quarter", "fact"],
        update_fields=["before", "value", "enterprises"],
    )


def follow(quarter: Quarter, facts: Collection[str], regions: Collection[int] | None) -> None:
    """The values of a quarter moved: its pairs with the quarter before, and those of the quarter after it with it."""
    moved = paired_facts() & set(facts)
    if moved:
        store_pairs(quarter, moved, regions)
        store_pairs(quarter.next(), moved, regions)
