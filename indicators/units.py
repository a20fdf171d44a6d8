"""Units beside each other: how a figure of each compares with its own past, read for all of them at once."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact
from foundation.places.models import Place
from indicators.models import Against, Indicator, PairedTotal
from indicators.pairs import Pair, paired_facts
from indicators.queries import Cells, Comparison, IndicatorValue, PlacePairs, is_compared, is_running, measured

#: The facts whose pairs are wanted, of a quarter and an earlier one.
Wanted = Mapping[tuple[Quarter, Against], Collection[str]]
#: {(region, quarter code, against, fact): pair}
UnitPairs = dict[tuple[int, str, Against, str], Pair]


def _wanted(*wanted: Wanted) -> Q:
    """An empty condition where nothing is wanted that could be paired."""
    condition = Q()
    for one in wanted:
        for (quarter, against), codes in one.items():
            if facts := paired_facts(against) & set(codes):
                condition |= Q(quarter=quarter.code, against=against, fact__in=facts)
    return condition


def unit_pairs(places: Sequence[Place], *wanted: Wanted, own: tuple[Place, Wanted] | None = None) -> UnitPairs:
    """What the facts were and became in each region, over those that reported them both times. ``own``: what is wanted of
    one region besides. One query."""
    condition = Q()
    if of_all := _wanted(*wanted):
        condition |= of_all & Q(place__in=[place.pk for place in places])
    if own and (of_one := _wanted(own[1])):
        condition |= of_one & Q(place=own[0].pk)
    if not condition:
        return {}
    rows = PairedTotal.objects.filter(condition)
    return {
        (place, quarter, Against(against), fact): Pair(before, value, enterprises)
        for place, quarter, against, fact, before, value, enterprises in rows.values_list(
            "place_id", "quarter", "against", "fact", "before", "value", "enterprises"
        )
    }


def pairs_of_place(pairs: UnitPairs, place: Place, quarter: Quarter) -> PlacePairs:
    """Those of one region and quarter."""
    return {
        (against, fact): Comparison(pair.value, pair.before, pair.enterprises, against)
        for (pk, code, against, fact), pair in pairs.items()
        if pk == place.pk and code == quarter.code
    }


def compared_fact(
    fact: Fact, unit: Place, quarter: Quarter, cells: Cells, pairs: UnitPairs
) -> dict[Against, Comparison]:
    """A fact of a region or enterprise beside the quarter before and the year before, as far as it can be compared: as a
    dashboard compares it."""
    found = compared_as_told(fact, unit.pk, quarter, cells)
    for against in Against if unit.is_region else ():
        if not is_compared(fact, against, is_running=is_running(quarter)) or fact.code not in paired_facts(against):
            continue
        found.pop(against, None)
        if pair := pairs.get((unit.pk, quarter.code, against, fact.code)):
            found[against] = Comparison(pair.value, pair.before, pair.enterprises, against)
    return found


def compared_as_told(fact: Fact, key: int, quarter: Quarter, cells: Cells) -> dict[Against, Comparison]:
    """A fact of whoever alone tells it, an enterprise or an office, beside its own earlier values; ``key``: the number under
    which ``cells`` holds it."""
    found = {}
    for against in Against:
        now, before = (cells.get((key, one.code, fact.code)) for one in (quarter, against.before(quarter)))
        if now is not None and before is not None and is_compared(fact, against, is_running=is_running(quarter)):
            found[against] = Comparison(now[0], before[0], against=against)
    return found


def compared_indicator(
    indicator: Indicator, value: IndicatorValue, unit: Place, quarter: Quarter, cells: Cells, judged: Collection[str]
) -> dict[Against, Comparison]:
    """An indicator beside what the same definition gives of the earlier quarters. What adds up from the year's beginning
    is larger in every quarter than in the one before, and in a running one not yet a whole quarter's."""
    found: dict[Against, Comparison] = {}
    if value.comparable is None or value.is_behind:
        return found
    grows = value.adds_up and not indicator.is_ratio
    for against in Against:
        if grows and (against is Against.QUARTER or is_running(quarter)):
            continue
        before = measured(indicator, cells, unit.pk, against.before(quarter), judged=judged)
        if before.comparable is not None and not before.is_behind:
            found[against] = Comparison(value.comparable, before.comparable, against=against)
    return found
