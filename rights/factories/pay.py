"""Sample returns on what industrial workers earn."""

from decimal import Decimal

import factory

from records.core.factories import RecordFactory, between, chance, register_factory
from rights.factories.employment import staff
from rights.models import Pay

#: A year's wages of a worker, in units of 0.01万元.
_LEAST, _MOST = 650, 1100


def _part(whole: Decimal, least: int, most: int) -> Decimal:
    """So many per cent of an amount."""
    return (whole * between(least, most) / 100).quantize(Decimal("0.01"))


@register_factory
class PayFactory(RecordFactory):
    class Meta:
        model = Pay

    industrial_wages = factory.LazyAttribute(lambda record: Decimal(staff(record) * between(_LEAST, _MOST)) / 100)
    industrial_median = factory.LazyFunction(lambda: None if chance(0.3) else between(_LEAST, _MOST) * 100)
    frontline_wages = factory.LazyAttribute(lambda record: _part(record.industrial_wages, 50, 80))
    value_added = factory.LazyAttribute(lambda record: _part(record.industrial_wages, 200, 300))
    compensation = factory.LazyAttribute(lambda record: _part(record.value_added, 40, 55))
