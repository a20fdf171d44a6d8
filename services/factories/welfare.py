"""Sample records of the kinds of welfare and care."""

from decimal import Decimal

import factory

from records.core.factories import RecordFactory, between, chance, register_factory
from records.models import Record
from services.models import Care, Pairing, Recuperation, RecuperationOrganiser

_GROUPS = ("一线职工疗休养", "技术能手疗休养", "优秀班组长疗休养", "劳模工匠疗休养", "高温岗位职工疗休养")
#: What is usually spent on one visit, in 元.
_A_VISIT = (300, 500, 800)


def _group(record: Record) -> int:
    """Of an enterprise's group no more than it has staff."""
    staff = record.enterprise.headcount if record.enterprise else None
    return between(6, max(8, min(staff or 60, 45)))


@register_factory
class RecuperationFactory(RecordFactory):
    class Meta:
        model = Recuperation

    title = factory.LazyFunction(lambda: f"{factory.random.randgen.choice(_GROUPS)}第{between(1, 6)}批")
    days = factory.LazyFunction(lambda: between(4, 8))
    organiser = RecuperationOrganiser.ENTERPRISE
    number_of_people = factory.LazyAttribute(_group)
    frontline_people = factory.LazyAttribute(
        lambda record: between(record.number_of_people // 2, record.number_of_people)
    )
    skilled_people = factory.LazyAttribute(
        lambda record: None if chance(0.2) else between(0, record.number_of_people // 2)
    )


def _visits(record: Care) -> int:
    counts = (record.wedding, record.birth, record.moving, record.hospital, record.funeral)
    return sum(count or 0 for count in counts)


@register_factory
class CareFactory(RecordFactory):
    class Meta:
        model = Care

    wedding = factory.LazyFunction(lambda: between(0, 6))
    birth = factory.LazyFunction(lambda: between(0, 5))
    moving = factory.LazyFunction(lambda: between(0, 2))
    hospital = factory.LazyFunction(lambda: between(1, 8))
    funeral = factory.LazyFunction(lambda: between(0, 3))
    spent = factory.LazyAttribute(lambda record: _visits(record) * factory.random.randgen.choice(_A_VISIT))
    counselled = factory.LazyFunction(lambda: None if chance(0.2) else between(0, 20))
    mental_lectures = factory.LazyFunction(lambda: None if chance(0.2) else between(0, 2))


@register_factory
class PairingFactory(RecordFactory):
    class Meta:
        model = Pairing

    pairs = factory.LazyFunction(lambda: between(2, 20))
    hardship_pairs = factory.LazyAttribute(lambda record: between(0, record.pairs))
    visits = factory.LazyAttribute(lambda record: record.pairs * between(1, 3))
    given = factory.LazyAttribute(lambda record: None if chance(0.2) else Decimal(record.visits * between(3, 9)) / 100)
