"""Sample sessions of the workers' congress."""

import datetime
from collections.abc import Sequence

import factory
import factory.random
from django.utils import timezone

from records.core.factories import RecordFactory, between, chance, register_factory
from rights.business_rules.congress import CONGRESS_FROM, majority, quorum
from rights.models import CongressForm, CongressSession, CongressTopic, SessionSort, TopicResult, TopicSort


def _delegates(record: CongressSession) -> int:
    """A twentieth of the staff and thirty at least; everybody at a general meeting."""
    staff = record.filing_enterprise.headcount or 60
    return staff if record.form == CongressForm.GENERAL else max(30, -(-staff // 20)) + between(0, 15)


_APPROVED = ("综合集体合同草案", "工资专项集体合同草案", "劳动安全卫生专项集体合同草案", "职工奖惩办法")
_ADVISED = ("年度生产经营计划", "职工培训计划", "劳动规章制度修订方案")
_OVERSEEN = ("集体合同履行情况报告", "职工教育经费使用情况报告", "社会保险费缴纳情况报告")


#: What the year's regular session deals with, and other returns refer to.
_YEARLY = (("产业工人队伍建设改革实施方案", *_APPROVED[:2]), _OVERSEEN[:2])


def _topics(record: CongressSession) -> list[CongressTopic]:
    """One or two matters to approve, usually, and some that are considered."""
    draw = factory.random.randgen.sample
    approved = draw(_APPROVED, between(1, 2)) if chance(0.8) else []
    considered = [(topic, TopicSort.ADVICE) for topic in draw(_ADVISED, between(1, 2))]
    considered += [(topic, TopicSort.OVERSIGHT) for topic in draw(_OVERSEEN, between(0, 2))]
    return _agenda(record, approved, considered)


def _years_topics(record: CongressSession) -> list[CongressTopic]:
    approved, overseen = _YEARLY
    return _agenda(record, approved, [(topic, TopicSort.OVERSIGHT) for topic in overseen])


def _agenda(
    record: CongressSession, approved: Sequence[str], considered: Sequence[tuple[str, TopicSort]]
) -> list[CongressTopic]:
    return [
        *(
            CongressTopic(
                topic=topic,
                sort=TopicSort.APPROVAL,
                votes_for=between(majority(record.representatives or 0), record.present or 0),
                result=TopicResult.PASSED,
            )
            for topic in approved
        ),
        *(CongressTopic(topic=topic, sort=sort, result=TopicResult.CONSIDERED) for topic, sort in considered),
    ]


def _has_votes(record: CongressSession) -> bool:
    return any(topic.result == TopicResult.PASSED for topic in record.agenda)


@register_factory
class CongressSessionFactory(RecordFactory):
    class Meta:
        model = CongressSession

    class Params:
        #: The regular session of a year, with all that is put before it once a year.
        is_yearly = factory.Trait(agenda=factory.LazyAttribute(_years_topics))

    title = factory.LazyFunction(lambda: f"第{between(2, 6)}届职工代表大会第{between(1, 5)}次会议")
    form = factory.LazyAttribute(
        lambda record: (
            CongressForm.GENERAL if (record.filing_enterprise.headcount or 0) < CONGRESS_FROM else CongressForm.CONGRESS
        )
    )
    sort = SessionSort.REGULAR
    representatives = factory.LazyAttribute(_delegates)
    present = factory.LazyAttribute(lambda record: between(quorum(record.representatives), record.representatives))
    managers = factory.LazyAttribute(lambda record: record.representatives * between(8, 20) // 100)
    papers_sent_on = factory.LazyAttribute(lambda record: record.happened_on - datetime.timedelta(days=between(7, 12)))
    agenda = factory.LazyAttribute(_topics)
    secret_ballot = factory.LazyAttribute(lambda record: True if _has_votes(record) else None)
    proposals_raised = factory.LazyFunction(lambda: between(3, 20) if chance(0.6) else None)
    proposals_filed = factory.LazyAttribute(
        lambda record: None if record.proposals_raised is None else between(1, record.proposals_raised)
    )
    proposals_settled = factory.LazyFunction(lambda: between(0, 8) if chance(0.5) else None)
    term_started_on = factory.LazyAttribute(
        lambda record: record.happened_on - datetime.timedelta(days=between(30, 1000))
    )
    term_years = factory.LazyFunction(lambda: between(3, 5))
    reported_on = factory.LazyAttribute(
        lambda record: min(record.happened_on + datetime.timedelta(days=between(1, 7)), timezone.localdate())
    )
    heard_safety_report = factory.LazyFunction(lambda: chance(0.75))
