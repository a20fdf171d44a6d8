"""Sample returns on people in new forms of employment."""

import factory

from records.core.factories import RecordFactory, between, register_factory
from rights.models import NewForm, NewFormLine, Trade


def _trades(record: NewForm) -> list[NewFormLine]:
    """A carrier has one trade, an office all of them."""
    found = []
    for trade in (Trade.COURIER,) if record.office is None else Trade:
        workers = between(30, 400)
        contracts, members, covered = (workers * between(low, 95) // 100 for low in (70, 40, 30))
        found.append(NewFormLine(trade=trade, workers=workers, contracts=contracts, members=members, covered=covered))
    return found


@register_factory
class NewFormFactory(RecordFactory):
    class Meta:
        model = NewForm

    services = factory.LazyFunction(lambda: between(1, 20))
    checks = factory.LazyAttribute(lambda record: None if record.office is None else between(0, 8))
    office = None
    trades = factory.LazyAttribute(_trades)
