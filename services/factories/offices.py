"""Sample records of what offices report of themselves."""

import factory
from factory.fuzzy import FuzzyChoice

from records.core.factories import RecordFactory, between, chance, register_factory
from services.models import Research, ResearchMethod, ResearchOutcome

_STUDIES = (
    "制造业一线职工技能提升需求调研",
    "新就业形态劳动者权益保障调研",
    "中小企业职代会运行情况调研",
    "产业工人住房和子女入学需求调研",
)


@register_factory
class ResearchFactory(RecordFactory):
    class Meta:
        model = Research

    title = FuzzyChoice(_STUDIES)
    method = FuzzyChoice(ResearchMethod.values)
    enterprises = factory.LazyFunction(lambda: between(3, 15))
    attendances = factory.LazyAttribute(lambda record: record.enterprises * between(4, 10))
    problems = factory.LazyFunction(lambda: None if chance(0.1) else between(0, 12))
    outcome = FuzzyChoice(ResearchOutcome.values)
    adopted_in = factory.LazyAttribute(
        lambda record: "关于加强一线职工技能培训的若干措施" if record.outcome == ResearchOutcome.ADOPTED else ""
    )
