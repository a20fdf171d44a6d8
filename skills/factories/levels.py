"""Sample returns of levels of skill."""

import factory
from factory.fuzzy import FuzzyChoice

from records.core.factories import RecordFactory, between, chance, register_factory
from skills.factories.shares import known, share
from skills.models import (
    AssessmentWay,
    Certificates,
    Crossing,
    Evaluation,
    Ladder,
    SkillLevel,
    Standard,
    StandardLevel,
    StandardRole,
)


@register_factory
class LadderFactory(RecordFactory):
    class Meta:
        model = Ladder

    learners = factory.LazyAttribute(lambda record: known(share(record, 1, 5)))
    junior = factory.LazyAttribute(lambda record: 1 + share(record, 8, 16))
    intermediate = factory.LazyAttribute(lambda record: share(record, 10, 18))
    senior = factory.LazyAttribute(lambda record: share(record, 5, 12))
    technician = factory.LazyAttribute(lambda record: share(record, 1, 4))
    senior_technician = factory.LazyAttribute(lambda record: share(record, 0, 2))
    has_top_posts = factory.LazyFunction(lambda: chance(0.3))
    special_posts = factory.LazyAttribute(lambda record: between(1, 3) if record.has_top_posts else None)
    special_technician = factory.LazyAttribute(
        lambda record: between(0, record.special_posts) if record.has_top_posts else None
    )
    chief_posts = factory.LazyAttribute(lambda record: between(0, 2) if record.has_top_posts else None)
    chief_technician = factory.LazyAttribute(
        lambda record: between(0, record.chief_posts) if record.has_top_posts else None
    )
    filed_for_assessment = factory.LazyFunction(lambda: None if chance(0.1) else chance(0.35))


@register_factory
class StandardFactory(RecordFactory):
    class Meta:
        model = Standard

    trade = FuzzyChoice(("工业机器人系统运维员", "焊工", "装配钳工", "增材制造设备操作员"))
    title = factory.LazyAttribute(lambda record: f"{record.trade}职业技能等级认定技术规范")
    role = FuzzyChoice(StandardRole.values)
    level = FuzzyChoice([*StandardLevel.values, ""])
    number = factory.LazyFunction(lambda: "" if chance(0.4) else f"T/JSSL {between(1, 99):03d}—2026")
    adopters = factory.LazyFunction(lambda: known(between(1, 12)))


@register_factory
class CrossingFactory(RecordFactory):
    class Meta:
        model = Crossing

    has_system = factory.LazyFunction(lambda: chance(0.5))
    to_title = factory.LazyFunction(lambda: between(1, 4))
    to_skill = factory.LazyFunction(lambda: known(between(0, 5)))
    to_management = factory.LazyFunction(lambda: known(between(0, 4)))
    by_patents = factory.LazyFunction(lambda: known(between(0, 2)))
    first_place = factory.LazyFunction(lambda: known(between(0, 1)))


_TRADES = ("焊工", "电工", "装配钳工", "数控车工", "工业机器人系统操作员")
_WAYS = {
    AssessmentWay.OWN: "企业自主评价",
    AssessmentWay.SOCIAL: "社会评价",
    AssessmentWay.CONTEST: "技能竞赛晋升",
    AssessmentWay.DIRECT: "直接认定",
}


def _certificates(record: Evaluation) -> list[Certificates]:
    """A trade or two, each with one or two of the common levels."""
    first = between(0, len(_TRADES) - 2)
    return [
        Certificates(level=level, trade=trade, people=between(2, 25))
        for trade in _TRADES[first : first + between(1, 2)]
        for level in (SkillLevel.INTERMEDIATE, SkillLevel.SENIOR)[between(0, 1) :]
    ]


@register_factory
class EvaluationFactory(RecordFactory):
    class Meta:
        model = Evaluation

    way = FuzzyChoice([AssessmentWay.OWN, *AssessmentWay.values])
    title = factory.LazyAttribute(lambda record: f"第{between(1, 9)}批{_WAYS[AssessmentWay(record.way)]}")
    certificates = factory.LazyAttribute(_certificates)
    promoted = factory.LazyAttribute(lambda record: known(between(0, sum(line.people for line in record.certificates))))
    of_key_posts = factory.LazyFunction(lambda: None if chance(0.2) else chance(0.4))
    contest_name = factory.LazyAttribute(
        lambda record: "焊工技术比武" if record.way == AssessmentWay.CONTEST and chance(0.8) else ""
    )
