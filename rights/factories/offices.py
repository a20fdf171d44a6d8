"""Sample returns of offices on legal aid and inspections."""

import datetime
from decimal import Decimal

import factory

from records.core.factories import RecordFactory, between, chance, register_factory
from rights.models import Inspection, LegalAid, RegionalContract, RegionalContractLine, RegionalSort


@register_factory
class LegalAidFactory(RecordFactory):
    class Meta:
        model = LegalAid

    cases = factory.LazyFunction(lambda: between(4, 40))
    online = factory.LazyAttribute(lambda record: between(0, record.cases // 2))
    cloud = factory.LazyAttribute(lambda record: between(0, record.cases // 3))
    helped = factory.LazyAttribute(lambda record: record.cases + between(0, 25))
    recovered = factory.LazyAttribute(
        lambda record: None if chance(0.2) else Decimal(record.helped * between(80, 300)) / 100
    )
    taken_up = factory.LazyFunction(lambda: between(5, 60))
    transferred = factory.LazyAttribute(lambda record: between(0, record.taken_up))
    settled = factory.LazyAttribute(lambda record: record.taken_up * between(50, 90) // 100)


@register_factory
class InspectionFactory(RecordFactory):
    class Meta:
        model = Inspection

    inspected = factory.LazyFunction(lambda: between(20, 150))
    with_problems = factory.LazyAttribute(lambda record: record.inspected * between(5, 25) // 100)
    orders = factory.LazyAttribute(lambda record: between(0, record.with_problems))
    corrected = factory.LazyAttribute(lambda record: record.orders * between(80, 100) // 100)
    paid = factory.LazyAttribute(lambda record: None if chance(0.1) else record.orders * between(0, 12))
    insured = factory.LazyAttribute(lambda record: None if chance(0.1) else record.orders * between(0, 8))


_SCOPES = (
    (RegionalSort.REGION, "示例街道", False),
    (RegionalSort.REGION, "示例产业园", False),
    (RegionalSort.TRADE, "快递行业", True),
    (RegionalSort.TRADE, "餐饮行业", False),
)


def _regional(record: RegionalContract) -> list[RegionalContractLine]:
    """Two-year contracts of last winter, filed within ten days."""
    found = []
    for sort, scope, is_courier in _SCOPES[: between(1, len(_SCOPES))]:
        signed = datetime.date(int(str(record.period)), 1, 5) + datetime.timedelta(days=between(0, 40))
        found.append(
            RegionalContractLine(
                sort=sort,
                scope=scope,
                signed_on=signed,
                ends_on=signed.replace(year=signed.year + 2) - datetime.timedelta(days=1),
                people=(record.covered or 0) * between(10, 40) // 100,
                filed_on=signed + datetime.timedelta(days=between(2, 9)),
                is_courier=is_courier,
            )
        )
    return found


@register_factory
class RegionalContractFactory(RecordFactory):
    class Meta:
        model = RegionalContract

    covered = factory.LazyFunction(lambda: between(800, 9000))
    agreements = factory.LazyAttribute(_regional)
