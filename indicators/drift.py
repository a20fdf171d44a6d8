"""Comparing what is stored with what it must be. Writes nothing."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from indicators.counting import count_quarter, exact
from indicators.models import FactValue, FrozenValue, PlaceTotal, QuarterClosing
from indicators.register_facts import is_register_fact
from indicators.storing import LEVELS, sum_up


class Drift(NamedTuple):
    """A stored figure that is not what it must be. ``None``: there is no such figure."""

    quarter: str
    where: str
    fact: str
    stored: Decimal | None
    expected: Decimal | None

    def __str__(self) -> str:
        return f"{self.quarter} {self.where} {self.fact}: stored {self.stored}, expected {self.expected}"


def _differences(stored: dict, expected: dict) -> Iterator[tuple[int, str, Decimal | None, Decimal | None]]:
    for key in sorted({*stored, *expected}):
        if stored.get(key) != expected.get(key):
            yield *key, stored.get(key), expected.get(key)


def _stored_values(quarter: Quarter) -> dict[tuple[int, str], Decimal]:
    """{(enterprise, fact): value} over all counties it was filed in."""
    sums = (
        FactValue.objects.filter(quarter=quarter.code)
        .order_by()
        .values("enterprise_id", "fact")
        .annotate(total=Sum("value"))
    )
    return {(row["enterprise_id"], row["fact"]): exact(row["total"]) for row in sums}


def _live_values(quarter: Quarter) -> dict[tuple[int, str], Decimal]:
    """What the records say now."""
    values: dict[tuple[int, str], Decimal] = {}
    for row in count_quarter(quarter):
        key = (row.enterprise_id, row.fact)
        values[key] = values.get(key, exact(0)) + row.value
    return values


def _frozen_values(closing: QuarterClosing, stored: dict) -> dict[tuple[int, str], Decimal]:
    """What froze with the closing. A stored 0 has no record behind it, and needs none."""
    sums = (
        FrozenValue.objects.filter(closing=closing)
        .order_by()
        .values("enterprise_id", "fact")
        .annotate(total=Sum("value"))
    )
    frozen = {key: value for key, value in stored.items() if value == 0 and not is_register_fact(key[1])}
    return frozen | {(row["enterprise_id"], row["fact"]): exact(row["total"]) for row in sums}


def _total_drift(quarter: Quarter) -> Iterator[Drift]:
    expected: dict = {}
    for level in LEVELS:
        expected |= {key: total for key, (total, _reporting) in sum_up(quarter, level, None, None).items()}
    stored = {(row.place_id, row.fact): exact(row.value) for row in PlaceTotal.objects.filter(quarter=quarter.code)}
    found = list(_differences(stored, expected))
    names = dict(Place.objects.filter(pk__in={place for place, *_rest in found}).values_list("pk", "code"))
    for place, fact, have, want in found:
        yield Drift(quarter.code, names[place], fact, have, want)


def check(quarter: Quarter) -> list[Drift]:
    """Every stored figure of the quarter that is not what it must be: of an open quarter, by the records as they
    stand; of a closed one, by what was frozen; totals, in both, by the sums of the enterprises."""
    stored = _stored_values(quarter)
    closing = QuarterClosing.objects.filter(quarter=quarter.code, reopened_at__isnull=True).first()
    expected = _live_values(quarter) if closing is None else _frozen_values(closing, stored)
    found = list(_differences(stored, expected))
    codes = dict(Enterprise.objects.filter(pk__in={pk for pk, *_rest in found}).values_list("pk", "credit_code"))
    values = [Drift(quarter.code, codes[pk], fact, have, want) for pk, fact, have, want in found]
    return values + list(_total_drift(quarter))
