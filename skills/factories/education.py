"""Sample returns of schools and enterprises."""

from decimal import Decimal

import factory
from factory.fuzzy import FuzzyChoice

from records.core.factories import RecordFactory, between, chance, register_factory
from skills.factories.shares import known, share
from skills.models import Degree, Fusion, FusionStatus, Matching, MatchingForm, SchoolEvaluation, Vocational


def _amount(low: int, high: int) -> Decimal:
    """万元, with two decimals."""
    return Decimal(between(low * 100, high * 100)) / 100


def _half(amount: Decimal) -> Decimal:
    return (amount / 2).quantize(Decimal("0.01"))


@register_factory
class FusionFactory(RecordFactory):
    class Meta:
        model = Fusion

    identity = FuzzyChoice([FusionStatus.NONE, FusionStatus.NONE, FusionStatus.LISTED, FusionStatus.CERTIFIED])
    batch = factory.LazyAttribute(lambda record: "" if record.identity == FusionStatus.NONE else "省级第三批")
    investment = factory.LazyAttribute(
        lambda record: None if record.identity == FusionStatus.NONE or chance(0.4) else _amount(20, 300)
    )
    surcharges = factory.LazyAttribute(lambda record: None if record.investment is None else _amount(10, 120))
    interns = factory.LazyFunction(lambda: between(1, 60))
    cost = factory.LazyFunction(lambda: None if chance(0.2) else _amount(2, 80))
    applied = factory.LazyAttribute(lambda record: None if record.cost is None or chance(0.7) else _half(record.cost))
    received = factory.LazyAttribute(lambda record: None if record.applied is None else _half(record.applied))


@register_factory
class DegreeFactory(RecordFactory):
    class Meta:
        model = Degree

    studying = factory.LazyAttribute(lambda record: 1 + share(record, 0, 5))
    graduated = factory.LazyAttribute(lambda record: known(between(0, record.studying)))
    funding = factory.LazyFunction(lambda: None if chance(0.5) else _amount(1, 15))
    banked = factory.LazyAttribute(lambda record: known(share(record, 0, 8)))
    results = factory.LazyAttribute(lambda record: None if record.banked is None else record.banked * between(1, 2))
    converted = factory.LazyAttribute(lambda record: None if record.banked is None else between(0, record.banked))


@register_factory
class MatchingFactory(RecordFactory):
    class Meta:
        model = Matching

    form = FuzzyChoice(MatchingForm.values)
    title = factory.LazyAttribute(lambda record: f"{MatchingForm(record.form).label}：智能制造专场")
    schools = factory.LazyAttribute(lambda record: between(1, 8) if _is_held(record) else None)
    enterprises = factory.LazyAttribute(
        lambda record: between(5, 60) if _is_held(record) and record.enterprise is None else None
    )
    hired = factory.LazyAttribute(lambda record: between(1, 20) if _is_held(record) else None)
    graduates = factory.LazyAttribute(lambda record: between(0, record.hired) if _is_held(record) else None)
    projects = factory.LazyAttribute(lambda record: between(1, 3) if record.form == MatchingForm.PROJECT else None)


def _is_held(record: Matching) -> bool:
    return record.form not in (MatchingForm.PROJECT, MatchingForm.MECHANISM)


@register_factory
class SchoolEvaluationFactory(RecordFactory):
    class Meta:
        model = SchoolEvaluation

    schools = factory.LazyFunction(lambda: between(1, 12))
    students = factory.LazyAttribute(lambda record: record.schools * between(200, 900))
    certified = factory.LazyAttribute(lambda record: known(record.students * between(60, 95) // 100))
    senior = factory.LazyAttribute(
        lambda record: None if record.certified is None else record.certified * between(10, 40) // 100
    )


@register_factory
class VocationalFactory(RecordFactory):
    class Meta:
        model = Vocational

    colleges = factory.LazyFunction(lambda: between(1, 3))
    planned = factory.LazyFunction(lambda: known(between(0, 2)))
    college_students = factory.LazyAttribute(lambda record: known(record.colleges * between(3000, 9000)))
    programmes = factory.LazyFunction(lambda: known(between(2, 30)))
    programme_students = factory.LazyAttribute(
        lambda record: None if record.programmes is None else record.programmes * between(40, 90)
    )
    integrated = factory.LazyFunction(lambda: known(between(0, 8)))
    universities = factory.LazyFunction(lambda: known(between(1, 15)))
    worker_students = factory.LazyAttribute(
        lambda record: None if record.universities is None else record.universities * between(100, 900)
    )
