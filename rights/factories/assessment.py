"""Sample assessments of the risks of employment, and of their grades."""

import datetime

import factory
from factory.fuzzy import FuzzyChoice

from foundation.crud.factories import RegisterFactory, register_sample
from records.core.factories import RecordFactory, between, chance, register_factory
from rights.models import AssessmentWay, RiskAssessment, RiskGrade


@register_factory
class RiskAssessmentFactory(RecordFactory):
    class Meta:
        model = RiskAssessment

    assessed_on = factory.LazyAttribute(
        lambda record: datetime.date(int(record.period), 1, 1) + datetime.timedelta(days=between(0, 364))
    )
    way = FuzzyChoice(AssessmentWay.values)
    assessor = factory.LazyAttribute(
        lambda record: "" if record.way == AssessmentWay.SELF else "区总工会、区人社局联合服务队"
    )
    points = factory.LazyFunction(lambda: None if chance(0.1) else between(0, 15))
    rectified = factory.LazyAttribute(
        lambda record: None if record.points is None else record.points * between(60, 100) // 100
    )


@register_sample("rights.risk_grades")
class RiskGradeFactory(RegisterFactory):
    class Meta:
        model = RiskGrade

    code = factory.Sequence(lambda number: f"sample-{number + 1}")
    name = factory.Sequence(lambda number: f"示例等级{number + 1}")
    order = factory.Sequence(lambda number: number + 1)
    is_active = True
