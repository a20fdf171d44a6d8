"""Quorum and majority of the workers' congress are measured by all delegates, and the source is named."""

import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from foundation.calendar.loading import load_workdays
from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation, Refused
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, file_record, update_record
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.models import Breach
from records.duties.calendar import save_duty_rule
from records.models import Duty, Record, Status
from rights.business_rules.congress import majority, quorum
from tests.confirming import confirm

pytestmark = pytest.mark.django_db

KIND = "rights.congresssession"


def session(cast, **changes) -> Record:
    """A regular session without a vote, complete; with some values changed. No two titles are alike."""
    kind = kind_by_slug(KIND)
    plain = {"agenda": [], "secret_ballot": None, "managers": 0, "title": uuid4().hex}
    row = build_record(kind, enterprise=cast.enterprise, **{**plain, **changes})
    values = {name: getattr(row, name) for name in (*kind.fields, "agenda")}
    return file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values)


def voted(votes_for: int | None, *, passed: bool = True) -> dict[str, Any]:
    """An agenda with one matter that was voted on."""
    result = "passed" if passed else "failed"
    return {"agenda": [{"topic": "集体合同草案", "sort": "approve", "votes_for": votes_for, "result": result}]}


def submit(cast, record: Record) -> Record:
    return act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)


def gaps(cast, **changes) -> dict[str, list[str]]:
    """What must be filled in before the session can be handed in."""
    with pytest.raises(ValidationError) as caught:
        submit(cast, session(cast, **changes))
    return caught.value.message_dict


def breaches(cast, **changes) -> dict[str, str]:
    """A session that was not as the rules ask is asked about, handed in with a word, and its breaches are on file."""
    record = session(cast, **changes)
    with pytest.raises(NeedsConfirmation) as asked:
        submit(cast, record)
    assert not Breach.objects.filter(record=record).exists()
    handed_in = act(
        acting_user=cast.clerk,
        record_id=record.pk,
        action="submit",
        version=record.version,
        reason="当时就是这样。",
        confirmed=asked.value.keys,
    )
    assert handed_in.status == Status.SUBMITTED
    rows = list(Breach.objects.filter(record=record))
    assert {row.version for row in rows} == {handed_in.version}
    messages = [question.message for question in asked.value.questions]
    assert all(any(row.message in message and row.citation in message for message in messages) for row in rows)
    return {row.field: row.message for row in rows}


@pytest.mark.parametrize(
    ("delegates", "present_needed", "votes_needed"), [(61, 41, 31), (60, 40, 31), (30, 20, 16), (100, 67, 51)]
)
def test_how_many_are_needed(delegates, present_needed, votes_needed):
    assert (quorum(delegates), majority(delegates)) == (present_needed, votes_needed)


def test_sixty_one_delegates(cast):
    assert "至少 41 人出席" in breaches(cast, representatives=61, present=40)["present"]
    vote = {"representatives": 61, "present": 41, "secret_ballot": True}
    assert "至少 31 票赞成" in breaches(cast, **vote, **voted(30))["agenda.1.votes_for"]
    assert submit(cast, session(cast, **vote, **voted(31))).status == Status.SUBMITTED


def test_two_thirds_of_those_present_are_not_enough(cast):
    """60 delegates, 45 present, 30 in favour: two thirds of the room, and still not more than half of all."""
    vote = {"representatives": 60, "present": 45, "secret_ballot": True}
    message = breaches(cast, **vote, **voted(30))["agenda.1.votes_for"]
    assert "至少 31 票" in message and "不按到会代表" in message
    assert submit(cast, session(cast, **vote, **voted(30, passed=False))).status == Status.SUBMITTED


def test_a_vote_is_secret_and_counted(cast):
    vote = {"representatives": 60, "present": 50}
    assert "无记名投票" in breaches(cast, **vote, **voted(40), secret_ballot=False)["secret_ballot"]
    assert "agenda.1.votes_for" in gaps(cast, **vote, **voted(None), secret_ballot=True)


def test_each_matter_is_measured_by_itself(cast):
    vote = {"representatives": 60, "present": 50, "secret_ballot": True}
    topics = [
        {"topic": "工资专项集体合同草案", "sort": "approve", "votes_for": 31, "result": "passed"},
        {"topic": "职工培训计划", "sort": "advise", "votes_for": None, "result": "considered"},
        {"topic": "集体合同草案", "sort": "approve", "votes_for": 30, "result": "passed"},
        {"topic": "奖惩办法", "sort": "approve", "votes_for": 12, "result": "failed"},
    ]
    found = breaches(cast, **vote, agenda=topics)
    assert list(found) == ["agenda.3.votes_for"] and "第 3 行“集体合同草案”" in found["agenda.3.votes_for"]
    topics[3]["result"] = ""
    assert list(gaps(cast, **vote, agenda=topics)) == ["agenda.4.result"]


def test_an_empty_field_does_not_pass_where_an_honest_one_is_asked_about(cast):
    vote = {"representatives": 60, "present": 50, "secret_ballot": None, **voted(40)}
    assert "没有填是否采用无记名投票" in breaches(cast, **vote)["secret_ballot"]
    assert "没有填材料送达代表的日期" in breaches(cast, papers_sent_on=None)["papers_sent_on"]
    assert set(Breach.objects.values_list("is_unstated", flat=True)) == {True}


def test_breaches_are_those_of_the_last_hand_in(cast):
    assert breaches(cast, representatives=61, present=40)
    record = Record.objects.get()
    values = Breach.objects.get().values
    assert values == {"representatives": 61, "present": 40}
    record = act(
        acting_user=cast.county, record_id=record.pk, action="return", version=record.version, reason="请核对。"
    )
    record = update_record(
        acting_user=cast.clerk,
        record_id=record.pk,
        version=record.version,
        values={"present": 41},
        hand_in=True,
    )
    assert not Breach.objects.exists()


def test_more_votes_than_people_cannot_be(cast):
    with pytest.raises(ValidationError, match="超过了“实到代表”"):
        session(cast, representatives=60, present=45, **voted(46))


def test_who_may_call_an_extra_session(cast):
    size = {"representatives": 61, "present": 50, "sort": "extra"}
    assert list(gaps(cast, **size, proposed_by="")) == ["proposed_by"]
    assert list(gaps(cast, **size, proposed_by="delegates", proposers=None)) == ["proposers"]
    assert "至少 21 人" in breaches(cast, **size, proposed_by="delegates", proposers=20)["proposers"]
    right = {"proposed_by": "delegates", "proposers": 21}
    assert submit(cast, session(cast, **size, **right)).status == Status.SUBMITTED


def test_papers_seven_days_before(cast):
    day = timezone.localdate() - datetime.timedelta(days=1)
    late = day - datetime.timedelta(days=6)
    assert "只有 6 日" in breaches(cast, happened_on=day, papers_sent_on=late)["papers_sent_on"]
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
    assert words in breaches(cast, **changes)[field]


def test_a_larger_enterprise_has_more_delegates(cast):
    cast.enterprise.headcount = 1001
    cast.enterprise.save(update_fields=["headcount"])
    assert "至少 51 人" in breaches(cast, representatives=50, present=50)["representatives"]


def test_the_special_report_on_safety_is_counted(cast):
    quarter = Quarter.current()
    for with_records in (True, False, True):
        record = submit(cast, session(cast, heard_safety_report=with_records, representatives=60, present=50))
        act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    shown = figures(cast.places["3201"], quarter)
    assert [shown[code].value for code in ("F01.sessions", "F13.reports", "F01.delegates", "F01.present")] == [
        3,
        2,
        180,
        150,
    ]


# --- what is asked about, and stands with a word -------------------------------------------------------


def asked(cast, **changes) -> list[str]:
    """What is asked of a session when it is handed in; but for a day of a quarter that is
    closed; it goes in with a word of reason. Its papers were sent in time."""
    sent = {"papers_sent_on": changes["happened_on"] - datetime.timedelta(days=10)}
    record = session(cast, **{"representatives": 60, "present": 50, **sent, **changes})
    try:
        submit(cast, record)
    except NeedsConfirmation as unusual:
        act(
            acting_user=cast.clerk,
            record_id=record.pk,
            action="submit",
            version=record.version,
            reason="已核对。",
            confirmed=unusual.keys,
        )
        return [question.message for question in unusual.questions if question.code != "late"]
    return []


def test_a_year_without_a_session_is_asked_about(cast):
    year = timezone.localdate().year
    assert asked(cast, happened_on=datetime.date(year - 3, 5, 20), reported_on=None)
    [words] = asked(cast, happened_on=datetime.date(year - 1, 3, 2), **reported(year - 1))
    assert f"上一次会议是 {year - 3}-05-20，{year - 2}年没有会议记录" in words and "总工发〔2012〕12号" in words
    assert not asked(cast, happened_on=datetime.date(year, 1, 5), reported_on=datetime.date(year, 1, 6))


def reported(year: int) -> dict:
    """Reported on the day after a session of 2 March."""
    return {"reported_on": datetime.date(year, 3, 3)}


def test_terms_are_three_to_five_years_and_end(cast):
    assert "三至五年" in breaches(cast, term_years=2)["term_years"]
    day = timezone.localdate() - datetime.timedelta(days=1)
    start = (
        day.replace(year=day.year - 4) if (day.month, day.day) != (2, 29) else day.replace(year=day.year - 4, day=28)
    )
    [words] = asked(cast, happened_on=day, term_started_on=start, term_years=3)
    assert "已经届满" in words
    assert not asked(cast, happened_on=day, term_started_on=start, term_years=5)


def test_the_union_above_hears_within_seven_working_days(cast):
    load_workdays(2025)
    held = datetime.date(2026, 9, 29)
    # 30 September and 8, 9, 10 (a Saturday worked), 12, 13, 14 October: seven.
    plain = {"happened_on": held}
    assert not asked(cast, **plain, reported_on=datetime.date(2026, 10, 14))
    [words] = asked(cast, **plain, reported_on=datetime.date(2026, 10, 15))
    assert "会后第 8 个工作日" in words and "待核定" in words
    assert any("还没有填向上一级工会报告的日期" in words for words in asked(cast, **plain, reported_on=None))
    with pytest.raises(ValidationError, match="早于会议日期"):
        session(cast, **plain, reported_on=held - datetime.timedelta(days=1))


# --- owed once a year ---------------------------------------------------------------------------------


def test_the_first_session_of_the_year_meets_the_duty(cast):
    quarter, year = Quarter.current(), str(timezone.localdate().year)
    confirm(save_duty_rule, acting_user=cast.province, kind=KIND)
    duty = Duty.objects.get(enterprise=cast.enterprise, period=year)
    assert (duty.quarter, duty.fulfilled_at) == (f"{quarter.year}Q4", None)
    first, second = (submit(cast, session(cast, representatives=60, present=50)) for _number in range(2))
    duty.refresh_from_db()
    assert (duty.record_id, duty.fulfilled_at) == (first.pk, first.first_submitted_at)
    act(acting_user=cast.clerk, record_id=first.pk, action="withdraw", version=first.version)
    duty.refresh_from_db()
    assert (duty.record_id, duty.fulfilled_at) == (second.pk, second.first_submitted_at), "the other one meets it"
    act(acting_user=cast.county, record_id=second.pk, action="reject", version=second.version, reason="不是职代会。")
    duty.refresh_from_db()
    assert (duty.record_id, duty.fulfilled_at) == (None, None)


def test_sessions_on_file_meet_a_duty_made_later(cast):
    record = submit(cast, session(cast, representatives=60, present=50))
    confirm(save_duty_rule, acting_user=cast.province, kind=KIND)
    assert Duty.objects.get(enterprise=cast.enterprise, kind=KIND, record__isnull=False).record_id == record.pk


def test_what_happens_as_it_happens_is_not_owed(cast):
    with pytest.raises(Refused, match="没有应报期限"):
        save_duty_rule(acting_user=cast.province, kind="ideology.lecture")


def test_breaches_stand_on_the_pages_and_the_list_finds_them(cast, sign_in):
    assert breaches(cast, representatives=61, present=40)
    broken = Record.objects.get()
    kept = submit(cast, session(cast, representatives=61, present=41))
    for person, page in ((cast.clerk, "records:detail"), (cast.county, "records:review_record")):
        shown = sign_in(person).get(reverse(page, args=[broken.pk])).content.decode()
        assert "不合规定之处" in shown and "至少 41 人出席" in shown
        assert "不合规定之处" not in sign_in(person).get(reverse(page, args=[kept.pk])).content.decode()
    county = sign_in(cast.county)
    for value, expected in (("any", [broken.pk]), ("unstated", []), ("none", [kept.pk])):
        listed = county.get(reverse("records:list"), {"kind": KIND, "breach": value})
        assert [row.record.pk for row in listed.context["table"].paginated_rows] == expected, value
