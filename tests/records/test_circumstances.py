"""适用情况: each question closes what belongs to it, and a no is a figure of its own."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.calendar.periods import Quarter, Year
from foundation.refusals import NeedsConfirmation
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, file_record
from records.core.forms import RecordForm
from records.core.kinds import all_kinds, kind_by_slug
from records.duties.actions import answer_applicability
from records.duties.circumstances import SaidNone
from records.duties.models import Circumstance
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db

YES = dict.fromkeys(Circumstance.values, True)


def answer(cast, *none: Circumstance, of: str = "enterprise", by: str = "clerk") -> None:
    answers = {**YES, **dict.fromkeys(none, False)}
    answer_applicability(
        acting_user=getattr(cast, by), enterprise=getattr(cast, of), year=Year.current(), answers=answers
    )


def asked_fields(cast, slug: str) -> set[str]:
    return set(RecordForm(kind=kind_by_slug(slug), filer=cast.enterprise).fields)


@pytest.mark.parametrize(
    ("question", "slug", "field"),
    [
        (Circumstance.PLATFORMS, "competitions.patent", "for_platforms"),
        (Circumstance.EVALUATION, "skills.ladder", "filed_for_assessment"),
    ],
)
def test_a_no_closes_the_fields_that_belong_to_the_question(cast, question, slug, field):
    assert field in asked_fields(cast, slug)
    answer(cast)
    assert field in asked_fields(cast, slug)
    answer(cast, question)
    assert field not in asked_fields(cast, slug)


def test_every_question_closes_something():
    """A kind whose returns contradict a no, or fields that a no leaves out."""
    of_kinds = {rule.question for kind in all_kinds() for rule in kind.warnings if issubclass(rule, SaidNone)}
    assert of_kinds | {Circumstance.PLATFORMS} == set(Circumstance)


def test_a_record_that_contradicts_the_answer_is_asked_about(cast):
    kind = kind_by_slug("skills.evaluation")
    day = max(Quarter.current().first_day, timezone.localdate() - datetime.timedelta(days=3))
    values = values_for(kind.slug, cast.enterprise, happened_on=day)

    def questions() -> list[str]:
        record = file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values)
        try:
            act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
        except NeedsConfirmation as asked:
            return [question.finding for question in asked.questions if question.code == "said-none"]
        return []

    answer(cast)
    assert not questions()
    answer(cast, Circumstance.EVALUATION)
    assert questions() == [f"{day.year}年适用情况中，“开展技能等级评价”填的是“无”。"]


def test_yes_and_no_are_figures_and_who_did_not_answer_is_neither(cast, sign_in):
    answer(cast, Circumstance.PATENTS)
    answer(cast, of="second_enterprise", by="second_clerk")
    catch_up()
    quarter = Quarter.current()
    shown = figures(cast.places["3201"], quarter)
    codes = ("APP.answered", "APP.patents", "APP.patents_none", "APP.risk", "APP.risk_none")
    assert [shown[code].value for code in codes] == [2, 1, 1, 2, 0]
    answer(cast, Circumstance.PATENTS, of="second_enterprise", by="second_clerk")
    catch_up()
    assert figures(cast.places["3201"], quarter)["APP.patents_none"].value == 2
    page = sign_in(cast.city).get(
        reverse("records:progress"), {"fact": "APP.patents_none", "region": "3201", "quarter": quarter.code}
    )
    content = page.content.decode()
    assert cast.enterprise.name in content and cast.second_enterprise.name in content
    assert cast.gulou_enterprise.name not in content
