"""Which figures fell two quarters running, like with like."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, declared_facts
from foundation.places.models import Place
from indicators.models import Against
from indicators.pairs import paired_facts
from indicators.queries import Cells, region_cells
from indicators.units import UnitPairs, Wanted, unit_pairs


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


def pairs_of_falls(codes: Collection[str], quarter: Quarter) -> Wanted:
    """The pairs that two falls running take of these facts."""
    return {(one, Against.QUARTER): codes for one in quarters_of(quarter)[1:]}


def falls(
    places: Sequence[Place],
    codes: Collection[str],
    quarter: Quarter,
    cells: Cells | None = None,
    pairs: UnitPairs | None = None,
) -> dict[int, list[Fall]]:
    """By the key of each region, the largest fall first. Two queries, less where the caller has read the regions' ``cells`` of
    ``quarters_of(quarter)`` or the ``pairs`` of ``pairs_of_falls``. ``quarter`` must be over: what took place in a running
    one is no fall."""
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
    if pairs is None:
        pairs = unit_pairs(places, pairs_of_falls(returned, quarter))
    for place in places:
        for code in returned:
            former, latter = (pairs.get((place.pk, one.code, Against.QUARTER, code)) for one in quarters[1:])
            if former and latter and former.before > former.value and latter.before > latter.value:
                steps = ((former.before, former.value), (latter.before, latter.value))
                found[place.pk].append(Fall(known[code], steps))
    return {pk: sorted(one, key=lambda fall: fall.share, reverse=True) for pk, one in found.items()}
