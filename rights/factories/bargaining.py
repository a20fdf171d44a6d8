"""Sample returns on collective contracts and on what skill earns."""

import datetime

import factory
import factory.random
from factory.fuzzy import FuzzyChoice

from foundation.crud.factories import RegisterFactory, register_sample
from records.core.factories import RecordFactory, between, chance, register_factory
from records.core.several import joined
from rights.factories.employment import staff
from rights.loading import ITEMS
from rights.models import (
    ELEMENTS,
    Contract,
    ContractLine,
    ContractSort,
    Element,
    Incentive,
    IncentiveBasis,
    IncentiveItem,
    IncentiveLine,
)

_TERMS = {ContractSort.WAGES: 1}


def _agreements(record: Contract) -> list[ContractLine]:
    """Signed in the year before last spring at the earliest, filed within ten days, still in force."""
    if not record.covered:
        return []
    sorts = [ContractSort.GENERAL, ContractSort.WAGES]
    sorts += [sort for sort in ContractSort if sort not in sorts and chance(0.25)]
    found = []
    for sort in sorts:
        signed = datetime.date(int(str(record.period)) + 1, 1, 5) + datetime.timedelta(days=between(0, 40))
        years = _TERMS.get(sort, 3)
        if years > 1:
            signed = signed.replace(year=signed.year - 1)
        people = record.covered if sort in sorts[:2] else record.covered * between(20, 90) // 100
        ends = signed.replace(year=signed.year + years) - datetime.timedelta(days=1)
        filed = signed + datetime.timedelta(days=between(2, 9))
        found.append(
            ContractLine(sort=sort, signed_on=signed, ends_on=ends, people=people, filed_on=filed, discussed=True)
        )
    return found


@register_factory
class ContractFactory(RecordFactory):
    class Meta:
        model = Contract

    negotiated = factory.LazyFunction(lambda: chance(0.9))
    negotiated_on = factory.LazyAttribute(
        lambda record: datetime.date(int(record.period), between(2, 6), between(1, 28)) if record.negotiated else None
    )
    covered = factory.LazyAttribute(lambda record: staff(record) * between(85, 100) // 100)
    performance_reported = factory.LazyFunction(lambda: chance(0.9))
    agreements = factory.LazyAttribute(_agreements)


def _measures(record: Incentive) -> list[IncentiveLine]:
    found = []
    for code, _name in factory.random.randgen.sample(ITEMS, between(2, 6)):
        people = between(2, max(3, staff(record) // 4))
        skilled = None if chance(0.15) else between(0, people)
        basis = factory.random.randgen.choice(IncentiveBasis.values)
        found.append(IncentiveLine(item_id=code, people=people, skilled=skilled, basis=basis))
    return found


def _elements(record: Incentive) -> str:
    if not record.has_system:
        return ""
    return joined([element for element in ELEMENTS if chance(0.8)] or [Element.NONE])


@register_factory
class IncentiveFactory(RecordFactory):
    class Meta:
        model = Incentive

    has_system = factory.LazyFunction(lambda: chance(0.7))
    elements = factory.LazyAttribute(_elements)
    measures = factory.LazyAttribute(_measures)


@register_sample("rights.incentive_items")
class IncentiveItemFactory(RegisterFactory):
    class Meta:
        model = IncentiveItem

    code = factory.Sequence(lambda number: f"sample-{number + 1}")
    name = factory.Sequence(lambda number: f"示例项目{number + 1}")
    order = factory.Sequence(lambda number: 50 + number)
    is_settled = FuzzyChoice((True, False))
    is_active = True
