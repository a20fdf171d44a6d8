"""Sample records of the kinds of ideological guidance."""

import datetime

import factory
from factory.fuzzy import FuzzyChoice

from enterprises.factories import person_name
from foundation.calendar.quarters import Quarter
from ideology.models import Lecture, LectureForm, PartyDevelopment, SpeakerKind
from records.factories import RecordFactory, between, chance, register_factory

_TOPICS = (
    "劳模精神、劳动精神、工匠精神宣讲",
    "新质生产力与产业工人成长",
    "我身边的工匠故事",
    "班组安全生产微课堂",
    "从学徒到技师：一名一线工人的十年",
    "职工权益与集体协商知识讲座",
    "党的创新理论进车间",
    "设备点检与降本增效经验分享",
    "数字化车间操作技能讲堂",
    "合理化建议怎样提、怎样用",
    "女职工素质提升专题讲座",
    "新进员工入职第一课",
)
_VENUES = ("职工之家", "一号车间", "多功能会议室", "培训中心", "劳模创新工作室", "党群服务中心")
_SUMMARIES = (
    "结合岗位实际讲解操作要领和典型案例，现场答疑，参加职工反响良好。",
    "主讲人回顾成长经历，分享技术攻关体会，鼓励青年职工钻研技能。",
    "围绕企业年度重点任务组织学习讨论，收集意见建议若干条并转有关部门研究。",
    "",
)
_PLANS = (
    "在一线骨干中培养入党积极分子，每个空白班组至少确定一名培养对象。",
    "通过组织调配和发展党员相结合，优先在生产一线班组发展党员。",
)


def _people(record: Lecture) -> int:
    staff = record.enterprise.headcount or 60
    return min(staff, between(12, max(20, min(staff // 3, 160))))


def _frontline(record: Lecture) -> int | None:
    """Now and then nobody counted them: empty, not zero."""
    return None if chance(0.08) else between(record.attendances // 2, record.attendances)


@register_factory
class LectureFactory(RecordFactory):
    class Meta:
        model = Lecture

    title = FuzzyChoice(_TOPICS)
    speaker = factory.LazyFunction(person_name)
    speaker_kind = FuzzyChoice(SpeakerKind.values)
    form = FuzzyChoice(LectureForm.values)
    venue = FuzzyChoice(_VENUES)
    number_of_people = factory.LazyAttribute(_people)
    attendances = factory.LazyAttribute(lambda record: record.number_of_people + (between(1, 30) if chance(0.2) else 0))
    frontline_attendances = factory.LazyAttribute(_frontline)
    summary = FuzzyChoice(_SUMMARIES)


def _members(record: PartyDevelopment) -> int:
    return (record.new_members or 0) + max(3, (record.enterprise.headcount or 60) * between(6, 14) // 100)


def _plan(record: PartyDevelopment) -> str:
    return _PLANS[between(0, 1)] if record.teams_without_members else ""


def _due(record: PartyDevelopment) -> datetime.date | None:
    """Half a year after the quarter."""
    return Quarter.parse(record.period).shift(2).last_day if record.teams_without_members else None


@register_factory
class PartyDevelopmentFactory(RecordFactory):
    class Meta:
        model = PartyDevelopment

    new_members = factory.LazyFunction(lambda: between(0, 3))
    new_frontline_members = factory.LazyAttribute(lambda record: between(0, record.new_members))
    total_members = factory.LazyAttribute(_members)
    teams_without_members = factory.LazyAttribute(
        lambda record: between(0, 3) if record.enterprise.is_state_owned else None
    )
    clearing_plan = factory.LazyAttribute(_plan)
    clearing_due = factory.LazyAttribute(_due)
