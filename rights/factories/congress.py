"""Sample sessions of the workers' congress."""

import datetime

import factory
from django.utils import timezone

from records.core.factories import RecordFactory, between, chance, register_factory
from rights.business_rules.congress import CONGRESS_FROM, majority, quorum
from rights.models import CongressForm, CongressSession, SessionSort


def _delegates(record: CongressSession) -> int:
    """A twentieth of the staff and thirty at least; everybody at a general meeting."""
    staff = record.filing_enterprise.headcount or 60
    return staff if record.form == CongressForm.GENERAL else max(30, -(-staff // 20)) + between(0, 15)


@register_factory
class CongressSessionFactory(RecordFactory):
    class Meta:
        model = CongressSession

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
    topics = factory.LazyFunction(lambda: between(2, 6))
    passed = factory.LazyFunction(lambda: True if chance(0.8) else None)
    votes_for = factory.LazyAttribute(
        lambda record: between(majority(record.representatives), record.present) if record.passed else None
    )
    secret_ballot = factory.LazyAttribute(lambda record: True if record.passed else None)
    term_started_on = factory.LazyAttribute(
        lambda record: record.happened_on - datetime.timedelta(days=between(30, 1000))
    )
    term_years = factory.LazyFunction(lambda: between(3, 5))
    reported_on = factory.LazyAttribute(
        lambda record: min(record.happened_on + datetime.timedelta(days=between(1, 7)), timezone.localdate())
    )
    heard_safety_report = factory.LazyFunction(lambda: chance(0.75))
