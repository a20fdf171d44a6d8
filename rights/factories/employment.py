"""Sample returns on insurance, labour contracts, arrears and disputes."""

from decimal import Decimal

import factory

from records.core.factories import RecordFactory, between, chance, register_factory
from records.models import Record
from rights.models import Insurance, LabourContract, Relations


def staff(record: Record) -> int:
    """What the register says, or a small enterprise's."""
    return record.filing_enterprise.headcount or 60


def _insured(low: int) -> factory.LazyAttribute:
    """Everybody, or so many per cent and more."""
    return factory.LazyAttribute(
        lambda record: record.due if record.all_insured else record.due * between(low, 99) // 100
    )


@register_factory
class InsuranceFactory(RecordFactory):
    class Meta:
        model = Insurance

    due = factory.LazyAttribute(lambda record: max(1, staff(record) * between(92, 100) // 100))
    all_insured = factory.LazyFunction(lambda: chance(0.85))
    pension = _insured(90)
    medical = _insured(90)
    unemployment = _insured(88)
    injury = _insured(95)
    fund = _insured(70)
    has_supplement = factory.LazyFunction(lambda: chance(0.4))
    supplemented = factory.LazyAttribute(
        lambda record: between(record.due // 2, record.due) if record.has_supplement else 0
    )


@register_factory
class LabourContractFactory(RecordFactory):
    class Meta:
        model = LabourContract

    due = factory.LazyAttribute(staff)
    signed = factory.LazyAttribute(lambda record: record.due if chance(0.8) else record.due * between(95, 99) // 100)
    dispatched = factory.LazyAttribute(lambda record: None if chance(0.1) else record.due * between(0, 10) // 100)
    has_review = factory.LazyFunction(lambda: chance(0.8))
    has_supervision = factory.LazyFunction(lambda: chance(0.75))
    has_mediation = factory.LazyFunction(lambda: chance(0.85))
    found = factory.LazyAttribute(lambda record: between(0, 8) if record.has_supervision else None)
    rectified = factory.LazyAttribute(
        lambda record: None if record.found is None else record.found * between(70, 100) // 100
    )


@register_factory
class RelationsFactory(RecordFactory):
    """Most quarters there is nothing; where there was something, most of it was settled in time."""

    class Meta:
        model = Relations

    has_arrears = factory.LazyFunction(lambda: chance(0.04))
    in_arrears = factory.LazyAttribute(
        lambda record: between(1, max(1, staff(record) // 10)) if record.has_arrears else 0
    )
    arrears = factory.LazyAttribute(lambda record: Decimal(record.in_arrears * between(30, 120)) / 100)
    unpaid = factory.LazyAttribute(lambda record: record.arrears * between(0, 10) // 10)
    # At least one: a quarter without any dispute counts towards no figure but zeros.
    disputes = factory.LazyFunction(lambda: between(1, 4))
    taken_up = factory.LazyAttribute(lambda record: between(0, record.disputes))
    in_time = factory.LazyAttribute(lambda record: record.taken_up)
    succeeded = factory.LazyAttribute(lambda record: between(record.taken_up // 2, record.taken_up))
    referred = factory.LazyAttribute(lambda record: record.disputes - record.succeeded)
