"""Quorum and majority of the workers' congress are measured by all delegates, and the source is named."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.calendar.quarters import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.actions import act, create_record
from records.factories import build_record
from records.kinds import kind_by_slug
from records.models import Record, Status
from rights.business_rules import majority, quorum

pytestmark = pytest.mark.django_db

KIND = "rights.congresssession"


def session(cast, **changes) -> Record:
    """A regular session without a vote, complete; with some values changed. No two titles are alike."""
    kind = kind_by_slug(KIND)
    plain = {"passed": None, "votes_for": None, "secret_ballot": None, "managers": None, "title": uuid4().hex}
    row = build_record(kind, enterprise=cast.firm, **{**plain, **changes})
    values = {name: getattr(row, name) for name in kind.fields}
    return create_record(acting_user=cast.clerk, kind=kind, enterprise=cast.firm, values=values)


def submit(cast, record: Record) -> Record:
    return act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)


def refusal(cast, **changes) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        submit(cast, session(cast, **changes))
    return caught.value.message_dict


@pytest.mark.parametrize(
    ("delegates", "present_needed", "votes_needed"), [(61, 41, 31), (60, 40, 31), (30, 20, 16), (100, 67, 51)]
)
def test_how_many_are_needed(delegates, present_needed, votes_needed):
    assert (quorum(delegates), majority(delegates)) == (present_needed, votes_needed)


def test_sixty_one_delegates(cast):
    assert "至少 41 人出席" in refusal(cast, representatives=61, present=40)["present"][0]
    vote = {"representatives": 61, "present": 41, "passed": True, "secret_ballot": True}
    assert "至少 31 票赞成" in refusal(cast, **vote, votes_for=30)["votes_for"][0]
    assert submit(cast, session(cast, **vote, votes_for=31)).status == Status.SUBMITTED


def test_two_thirds_of_those_present_are_not_enough(cast):
    """60 delegates, 45 present, 30 in favour: two thirds of the room, and still not more than half of all."""
    vote = {"representatives": 60, "present": 45, "votes_for": 30, "secret_ballot": True}
    message = refusal(cast, **vote, passed=True)["votes_for"][0]
    assert "至少 31 票" in message and "不按到会代表" in message and "总工发〔2012〕12号" in message
    assert submit(cast, session(cast, **vote, passed=False)).status == Status.SUBMITTED


def test_a_vote_is_secret_and_counted(cast):
    vote = {"representatives": 60, "present": 50, "passed": True}
    assert "无记名投票" in refusal(cast, **vote, votes_for=40, secret_ballot=False)["secret_ballot"][0]
    assert "votes_for" in refusal(cast, **vote, votes_for=None, secret_ballot=True)


def test_more_votes_than_people_cannot_be(cast):
    with pytest.raises(ValidationError, match="超过了“实到代表”"):
        session(cast, representatives=60, present=45, passed=True, votes_for=46)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"proposed_by": ""}, "proposed_by"),
        ({"proposed_by": "delegates", "proposers": 20}, "proposers"),
        ({"proposed_by": "delegates", "proposers": None}, "proposers"),
    ],
)
def test_who_may_call_an_extra_session(cast, changes, field):
    size = {"representatives": 61, "present": 50, "sort": "extra"}
    assert list(refusal(cast, **size, **changes)) == [field]
    right = {"proposed_by": "delegates", "proposers": 21}
    assert submit(cast, session(cast, **size, **right)).status == Status.SUBMITTED


def test_papers_seven_days_before(cast):
    day = timezone.localdate() - datetime.timedelta(days=1)
    late = day - datetime.timedelta(days=6)
    assert "只有 6 日" in refusal(cast, happened_on=day, papers_sent_on=late)["papers_sent_on"][0]
    in_time = session(cast, happened_on=day, papers_sent_on=day - datetime.timedelta(days=7))
    assert submit(cast, in_time).status == Status.SUBMITTED


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"form": "general"}, "form", "应召开职工代表大会"),
        ({"representatives": 29, "present": 29}, "representatives", "至少 30 人"),
        ({"representatives": 40, "present": 30, "managers": 9}, "managers", "20%"),
    ],
)
def test_who_the_delegates_are(cast, changes, field, words):
    assert words in refusal(cast, **changes)[field][0]


def test_a_larger_enterprise_has_more_delegates(cast):
    cast.firm.headcount = 1001
    cast.firm.save(update_fields=["headcount"])
    assert "至少 51 人" in refusal(cast, representatives=50, present=50)["representatives"][0]


def test_the_special_report_on_safety_is_counted(cast):
    quarter = Quarter.current()
    for heard in (True, False, True):
        record = submit(cast, session(cast, heard_safety_report=heard, representatives=60, present=50))
        act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    shown = figures(cast.places["3201"], quarter)
    assert [shown[code].value for code in ("F01.sessions", "F13.reports", "F01.delegates", "F01.present")] == [
        3, 2, 180, 150,
    ]  # fmt: skip
