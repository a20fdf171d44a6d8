"""What a number of returns was, and became, where it was reported both times: the sums behind an honest comparison of two
quarters.

The total moves when more enterprises report it, though nothing changed in any of them. So beside the totals each region
keeps, for a quarter and the one before it (环比), and for a quarter and the same one of the year before (同比), the sums
over the enterprises that reported the fact in both, in the same county. One that moved between them is compared nowhere.

Both quarters move these sums: a quarter's own pairs, those of the next quarter and those of the quarter a year later.
Whoever counts a quarter brings them up to date holding a lock for the pairs of each of these quarters. The locks are
taken after the quarter's own and in the order of the quarters, so that two who count quarters that are compared see each
other's values and never wait for each other in a circle.
"""

import functools
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import FactSource, Nature, YearBasis, all_sources, declared_facts
from foundation.places.models import REGION_LEVELS, Place
from indicators.models import Against, FactValue, FillState, PairedTotal
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


#: {(region, fact, with which earlier quarter): pair}
Pairs = dict[tuple[int, str, Against], Pair]
BOTH = (Against.QUARTER, Against.YEAR)


def paired_facts(against: Against = Against.QUARTER) -> frozenset[str]:
    """What somebody reports every quarter: stocks, headcounts, and whatever a return tells. Of activities silence is zero, and
    what the portal counts by itself (how many enterprises are …) is known of all of them both times.

    What is said once a year of a whole year is compared with the year before, and never from quarter to quarter. How
    things stood when it was last said is compared with nothing: one and the same return may stand in both quarters."""
    return _paired_of(tuple(all_sources()), against)


@functools.lru_cache(maxsize=16)
def _paired_of(_sources: tuple[FactSource, ...], against: Against) -> frozenset[str]:
    """A page asks dozens of times, and what is declared stays as long as the sources are the same."""
    counted = {fact for seen, silent in witnesses().items() for fact in (seen, *silent)}
    bases = {None} if against is Against.QUARTER else {None, YearBasis.CLOSED_YEAR}
    reported = {
        code
        for code, fact in declared_facts().items()
        if (fact.nature is not Nature.FLOW or fact.of_return) and fact.year_basis in bases
    }
    return frozenset(reported - counted)


def _tree() -> dict[int, int | None]:
    """Each region with the one above it, the lowest first."""
    regions = Place.objects.filter(level__in=REGION_LEVELS)
    rank: dict[str, int] = {level: number for number, level in enumerate(REGION_LEVELS)}
    rows = sorted(regions.values_list("level", "pk", "parent_id"), key=lambda row: -rank[row[0]])
    return {pk: parent for _level, pk, parent in rows}


def counted_pairs(
    quarter: Quarter,
    facts: Collection[str],
    regions: Collection[int] | None = None,
    against: Collection[Against] = BOTH,
) -> Pairs:
    """The pairs of a quarter and those before it, of these regions (None: of all) and of all above them; of what lies
    beside them the stored ones are taken. All in one pass over the values."""
    tree = _tree()
    wanted = set(tree) if regions is None else with_those_above(regions)
    earlier = {one.before(quarter).code: one for one in against}
    is_pair = Q()
    for code, one in earlier.items():
        is_pair |= Q(place__fact_values__quarter=code, fact__in=paired_facts(one) & set(facts))
    rows = FactValue.objects.filter(
        is_pair,
        quarter=quarter.code,
        value__isnull=False,
        place__fact_values__fact=F("fact"),
        place__fact_values__region=F("region"),
        place__fact_values__value__isnull=False,
    )
    if regions is not None:
        rows = rows.filter(region__in=wanted)
    sums = rows.order_by().values_list("region_id", "fact", "place__fact_values__quarter")
    found: Pairs = {
        (region, fact, earlier[code]): Pair(exact(before), exact(value), number)
        for region, fact, code, before, value, number in sums.annotate(
            before=Sum("place__fact_values__value"), now=Sum("value"), n=Count("pk")
        )
    }
    if regions is not None:
        beside = {pk for pk, parent in tree.items() if parent in wanted} - wanted
        found.update(stored_pairs(quarter, facts, beside, against))
    for pk, parent in tree.items():
        if parent is None or parent not in wanted:
            continue
        for _place, fact, one in [key for key in found if key[0] == pk]:
            found[parent, fact, one] = found.get((parent, fact, one), Pair()).plus(found[pk, fact, one])
    return {key: pair for key, pair in found.items() if key[0] in wanted}


def stored_pairs(
    quarter: Quarter,
    facts: Collection[str],
    places: Collection[int] | None = None,
    against: Collection[Against] = BOTH,
) -> Pairs:
    rows = PairedTotal.objects.filter(quarter=quarter.code, fact__in=facts, against__in=against)
    if places is not None:
        rows = rows.filter(place__in=places)
    return {
        (place, fact, Against(one)): Pair(exact(before), exact(value), enterprises)
        for place, fact, one, before, value, enterprises in rows.values_list(
            "place_id", "fact", "against", "before", "value", "enterprises"
        )
    }


def _state(quarter: Quarter) -> str:
    return f"pairs {quarter.code}"


def quarters_without_pairs() -> list[Quarter]:
    """Quarters that were counted and whose pairs were never put together as a whole."""
    whole = dict(FillState.objects.values_list("name", "done_at"))
    counted = [Quarter.parse(name) for name in whole if name[:4].isdecimal()]
    return sorted(quarter for quarter in counted if whole.get(_state(quarter)) is None)


def _lock(quarter: Quarter) -> None:
    FillState.objects.get_or_create(name=_state(quarter))
    FillState.objects.select_for_update().get(name=_state(quarter))


def _store(
    quarter: Quarter, facts: Collection[str], regions: Collection[int] | None, against: Collection[Against]
) -> None:
    """Make the stored pairs of these facts, in these regions and all above them, what the values add up to. Call in the
    transaction that stored the values, for the earlier quarter first."""
    _lock(quarter)
    wanted = counted_pairs(quarter, facts, regions, against)
    stored = stored_pairs(quarter, facts, None if regions is None else with_those_above(regions), against)
    gone: dict[tuple[str, Against], list[int]] = defaultdict(list)
    for place, fact, one in stored.keys() - wanted.keys():
        gone[fact, one].append(place)
    for (fact, one), places in gone.items():
        PairedTotal.objects.filter(quarter=quarter.code, fact=fact, against=one, place__in=places).delete()
    PairedTotal.objects.bulk_create(
        [
            PairedTotal(place_id=place, quarter=quarter.code, fact=fact, against=one, **pair._asdict())
            for (place, fact, one), pair in wanted.items()
            if stored.get((place, fact, one)) != pair
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["place", "quarter", "fact", "against"],
        update_fields=["before", "value", "enterprises"],
    )


def store_whole(quarter: Quarter) -> None:
    """Put all pairs of a quarter together anew. Call in a transaction that holds no other pairs."""
    _store(quarter, paired_facts(Against.YEAR), None, BOTH)
    FillState.objects.filter(name=_state(quarter)).update(done_at=timezone.now())


def follow(
    quarter: Quarter,
    facts: Collection[str],
    regions: Collection[int] | None,
    *,
    moved: Collection[str] | None = None,
) -> None:
    """A quarter was counted: its own pairs of these facts, and of those whose values ``moved`` (None: all) the pairs of the
    quarter after it and of the quarter a year later."""
    if own := paired_facts(Against.YEAR) & set(facts):
        _store(quarter, own, regions, BOTH)
    for one in BOTH:
        if others := paired_facts(one) & set(facts if moved is None else moved):
            _store(one.after(quarter), others, regions, [one])
