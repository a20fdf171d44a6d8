"""Sample records of the kinds of leadership."""

import datetime
from decimal import Decimal

import factory
from factory.fuzzy import FuzzyChoice

from enterprises.models import Size
from records.core.factories import RecordFactory, between, chance, register_factory
from records.core.several import joined
from services.models import Leadership, PlanTask, Responsibility

_POSTS = ("党委书记", "党委书记、董事长", "总经理", "党支部书记、总经理", "董事长")


def _year(record: Leadership) -> int:
    return int(str(record.period))


def _congress_day(record: Leadership) -> datetime.date | None:
    """The workers' congress meets before the plan is issued."""
    return datetime.date(_year(record), 1, between(5, 20)) if record.reviewed_by_congress else None


def _issue_day(record: Leadership) -> datetime.date | None:
    return datetime.date(_year(record), 1, between(21, 31)) if record.has_plan else None


_SPOKEN_OF = ((PlanTask.ACHIEVEMENT, 0.95), (PlanTask.SKILLS, 0.95), (PlanTask.STANDING, 0.7), (PlanTask.GROWTH, 0.6))


def _tasks(record: Leadership) -> str:
    """What the plan speaks of, where there is one."""
    if not record.has_plan:
        return ""
    return joined([task for task, probability in _SPOKEN_OF if chance(probability)] or [PlanTask.NONE])


@register_factory
class LeadershipFactory(RecordFactory):
    class Meta:
        model = Leadership

    has_leading_body = factory.LazyFunction(lambda: chance(0.9))
    led_by_principal = factory.LazyAttribute(lambda record: record.has_leading_body and chance(0.85))
    leader_post = factory.LazyAttribute(
        lambda record: _POSTS[between(0, len(_POSTS) - 1)] if record.led_by_principal else ""
    )
    has_plan = factory.LazyFunction(lambda: chance(0.85))
    reviewed_by_congress = factory.LazyAttribute(lambda record: record.has_plan and chance(0.75))
    congress_on = factory.LazyAttribute(_congress_day)
    plan_issued_on = factory.LazyAttribute(_issue_day)
    special_meetings = factory.LazyFunction(lambda: between(0, 4))
    tasks = factory.LazyAttribute(_tasks)
    same_plan = factory.LazyFunction(lambda: chance(0.8))
    union_led = factory.LazyFunction(lambda: chance(0.75))
    staff = factory.LazyFunction(lambda: between(1, 4))
    budget = factory.LazyFunction(lambda: None if chance(0.2) else Decimal(between(0, 60)) / 2)
    has_premises = factory.LazyFunction(lambda: None if chance(0.1) else chance(0.8))
    party_guidance = factory.LazyFunction(lambda: None if chance(0.2) else between(0, 4))


@register_factory
class ResponsibilityFactory(RecordFactory):
    """What this sort of enterprise is asked; large ones lead others."""

    class Meta:
        model = Responsibility

    is_assessed = factory.LazyAttribute(lambda record: chance(0.8) if record.filing_enterprise.is_state_owned else None)
    # Always published where it is asked: it may be the only figure of the return.
    has_report = factory.LazyAttribute(lambda record: None if record.filing_enterprise.is_state_owned else True)
    led_enterprises = factory.LazyAttribute(
        lambda record: between(1, 8) if record.filing_enterprise.size == Size.LARGE else None
    )
    times_shared = factory.LazyAttribute(lambda record: None if record.led_enterprises is None else between(0, 6))
    summary = FuzzyChoice(
        ("把产改任务列入年度责任书，季度督查、年终考核。", "向上下游企业开放实训基地，联合开展技能比武。", "")
    )
