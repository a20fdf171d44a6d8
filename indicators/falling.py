"""Which figures fell two quarters running, like with like."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, declared_facts
from foundation.places.models import Place
from indicators.models import Against, PairedTotal
from indicators.pairs import paired_facts
from indicators.queries import Cells, region_cells


@dataclass(frozen=True)
class Fall:
    """A figure of a region that fell from the quarter before the last to the last, and from that to this one: each step
    with the value before and after it. Of what returns tell a step is over those that reported both of its quarters, so
    that the second need not begin where the first ended."""

    fact: Fact
    steps: tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]

    @property
    def share(self) -> Decimal:
        """How much was lost over both steps."""
        (first, second), (third, fourth) = self.steps
        return 1 - (second / first) * (fourth / third)


def quarters_of(quarter: Quarter) -> list[Quarter]:
    """The three quarters that two falls running take."""
    return [quarter.shift(-2), quarter.previous(), quarter]


def falls(
    places: Sequence[Place], codes: Collection[str], quarter: Quarter, cells: Cells | None = None
) -> dict[int, list[Fall]]:
    """By the key of each region, the largest fall first. Two queries, one where the caller has read the regions' ``cells`` of
    ``quarters_of(quarter)``. ``quarter`` must be over: what took place in a running one is no fall."""
    known = declared_facts()
    told_twice = paired_facts(Against.QUARTER)
    returned = [code for code in codes if code in told_twice]
    whole = [code for code in codes if code not in told_twice and known[code].nature is Nature.FLOW]
    found: dict[int, list[Fall]] = defaultdict(list)
    quarters = quarters_of(quarter)
    if cells is None:
        cells = region_cells([place.pk for place in places], quarters, whole)
    for place in places:
        for code in whole:
            told = [cells.get((place.pk, one.code, code)) for one in quarters]
            values = [cell[0] for cell in told if cell is not None]
            if len(values) == len(quarters) and values[0] > values[1] > values[2]:
                found[place.pk].append(Fall(known[code], ((values[0], values[1]), (values[1], values[2]))))
    pairs = {
        (place, fact, code): (before, value)
        for place, fact, code, before, value in PairedTotal.objects.filter(
            place__in=places,
            fact__in=returned,
            quarter__in=[one.code for one in quarters[1:]],
            against=Against.QUARTER,
        ).values_list("place_id", "fact", "quarter", "before", "value")
    }
    for place in places:
        for code in returned:
            former = pairs.get((place.pk, code, quarters[1].code))
            latter = pairs.get((place.pk, code, quarters[2].code))
            if former and latter and former[0] > former[1] and latter[0] > latter[1]:
                found[place.pk].append(Fall(known[code], (former, latter)))
    return {pk: sorted(one, key=lambda fall: fall.share, reverse=True) for pk, one in found.items()}
