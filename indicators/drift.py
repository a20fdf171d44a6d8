"""Comparing what is stored with what it must be. Writes nothing; only what differs leaves the database."""

from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum
from django.db.models.functions import Round

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import all_sources, declared_facts
from foundation.places.models import Place
from indicators import sets
from indicators.compliance.evaluating import differences
from indicators.compliance.source import COMPLIANCE
from indicators.models import Against, FactValue, FrozenValue, QuarterClosing
from indicators.pairs import BOTH, counted_pairs, paired_facts, stored_pairs
from indicators.totals import Total, added_up, exact, stored_totals

#: Of each source at most so many values are named that differ: where everything does, a list of it helps nobody.
NAMED = 5000


class Drift(NamedTuple):
    """A stored figure, or finding of a rule (``compliance R03``), that is not what it must be. ``None``: there is none."""

    quarter: str
    where: str
    fact: str
    stored: Decimal | str | None
    expected: Decimal | str | None

    def __str__(self) -> str:
        return f"{self.quarter} {self.where} {self.fact}: stored {self.stored}, expected {self.expected}"


#: {(place, fact): (stored, expected)}
Found = dict[tuple[int, str], tuple[Decimal | None, Decimal | None]]


def _live_drift(quarter: Quarter) -> Found:
    """Where the stored values differ from what the sources count now, and values that no source declares."""
    found: Found = {}
    for source in all_sources():
        if not source.facts:
            continue
        stored, expected = sets.differences(source, quarter, limit=NAMED)
        values: dict[tuple[int, str], list[Decimal | None]] = defaultdict(lambda: [None, None])
        for side, rows in enumerate((stored, expected)):
            for row in rows:
                if row.value is not None:
                    key = (row.place_id, row.fact)
                    values[key][side] = exact(row.value) + (values[key][side] or 0)
                else:
                    values.setdefault((row.place_id, row.fact), [None, None])
        found.update({key: (have, want) for key, (have, want) in values.items()})
    undeclared = FactValue.objects.filter(quarter=quarter.code).exclude(fact__in=declared_facts(internal=True))
    for place, fact, value in undeclared.values_list("place_id", "fact", "value")[:NAMED]:
        found[place, fact] = (value, None)
    return found


def frozen_drift(quarter: Quarter, closing: QuarterClosing) -> Found:
    """Where the stored values differ from what froze with the closing. A stored 0 has no record behind it, and needs
    none."""
    stored: QuerySet[Any, tuple[int, str, Decimal]] = (
        FactValue.objects.filter(quarter=quarter.code)
        .order_by()
        .values_list("place_id", "fact")
        .annotate(total=Round(Sum("value"), 2))
        .exclude(total=0)
        .exclude(total=None)
    )
    frozen: QuerySet[Any, tuple[int, str, Decimal]] = (
        FrozenValue.objects.filter(closing=closing)
        .order_by()
        .values_list("place_id", "fact")
        .annotate(total=Round(Sum("value"), 2))
        .exclude(total=0)
    )
    found: Found = {}
    for place, fact, total in stored.difference(frozen)[:NAMED]:
        found[place, fact] = (exact(total), None)
    for place, fact, total in frozen.difference(stored)[:NAMED]:
        have, _want = found.get((place, fact), (None, None))
        found[place, fact] = (have, exact(total))
    return found


def total_drift(quarter: Quarter) -> Found:
    """Where the totals differ from the sums of the values."""
    stored, expected = stored_totals(quarter), added_up(quarter)
    found: Found = {}
    for key in sorted({*stored, *expected}):
        have, want = stored.get(key), expected.get(key)
        if have != want:
            found[key] = (_shown(have), _shown(want))
    return found


def pair_drift(quarter: Quarter) -> list[Found]:
    """Where the sums over those that reported twice differ from the values of both quarters: against the quarter before,
    and against that of the year before."""
    facts = paired_facts(Against.YEAR)
    stored, expected = stored_pairs(quarter, facts), counted_pairs(quarter, facts)
    found: dict[Against, Found] = {one: {} for one in BOTH}
    for key in sorted({*stored, *expected}):
        place, fact, one = key
        have, want = stored.get(key), expected.get(key)
        if have != want:
            found[one][place, fact] = (have and have.value - have.before, want and want.value - want.before)
    return list(found.values())


def _shown(total: Total | None) -> Decimal | None:
    return None if total is None or not total.reporting else total.value


def check(quarter: Quarter) -> list[Drift]:
    """Every stored figure of the quarter that is not what it must be: of an open quarter, by the sources as they
    stand; of a closed one, by what was frozen; totals and pairs, in both, by the values."""
    closing = QuarterClosing.objects.filter(quarter=quarter.code, reopened_at=None, frozen_at__isnull=False).first()
    values = _live_drift(quarter) if closing is None else frozen_drift(quarter, closing)
    drift: list[Drift] = []
    for found in (values, total_drift(quarter), *pair_drift(quarter)):
        places = {place for place, _fact in found}
        codes = dict(Place.objects.filter(pk__in=places).values_list("pk", "code"))
        drift += [
            Drift(quarter.code, codes[place], fact, *sides)
            for (place, fact), sides in sorted(found.items(), key=lambda item: item[0])
        ]
    if closing is None:
        drift += _compliance_drift(quarter)
    return drift


def _compliance_drift(quarter: Quarter) -> list[Drift]:
    """Of an open quarter only: a closed one keeps what was found when it was closed."""
    found = differences(quarter, limit=NAMED)
    codes = dict(Place.objects.filter(pk__in={one.enterprise for one in found}).values_list("pk", "code"))
    return [
        Drift(quarter.code, codes[one.enterprise], f"{COMPLIANCE} {one.rule}", one.stored, one.expected)
        for one in found
    ]
