"""Bulk and single actions end in the same state; bulk ones stay few statements."""

import datetime
from collections import Counter

import factory.random
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.access.models import Role
from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.facts.models import Change
from foundation.refusals import Refused
from ideology.models import Lecture, PartyDevelopment
from records.core import actions, bulk
from records.core.bulk import Change as NewValues
from records.core.bulk import create_records, move_records, update_records
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.warnings import warnings_for
from records.duties.actions import generate_duties
from records.models import Duty, DutyRule, Record, RecordStep, Status
from tests.cast import make_person

LECTURE = kind_by_slug("ideology.lecture")
PARTY = kind_by_slug("ideology.partydevelopment")

pytestmark = pytest.mark.django_db

#: What may differ between two records made a moment apart; the lot falls on each by itself.
_OWN = {"id", "record_ptr_id", "form_token", "enterprise_id", "created_by_id", "submitted_by_id", "is_sampled"}
_TIMES = {"created_at", "updated_at", "first_submitted_at", "submitted_at", "decided_at"}


def _drafts(enterprise, count, kind=LECTURE, **values):
    return [build_record(kind, enterprise=enterprise, **values) for _ in range(count)]


def _state(record: Record) -> dict:
    """Every column of the row as it stands in the database, times only as set or not."""
    row = type(record).objects.filter(pk=record.pk).values().get()
    return {name: (value is not None if name in _TIMES else value) for name, value in row.items() if name not in _OWN}


def _trail(record: Record) -> tuple[list, list, list]:
    steps = RecordStep.objects.filter(record_id=record.pk).order_by("pk")
    feed = Change.objects.filter(subject=record.pk).order_by("pk")
    duties = Duty.objects.filter(record_id=record.pk)
    return (
        list(steps.values_list("action", "from_status", "to_status", "level", "reason", "version", "values")),
        list(feed.values_list("source", "quarter", "action")),
        [(duty.kind, duty.period, duty.fulfilled_at == record.first_submitted_at) for duty in duties],
    )


@pytest.fixture
def owed(cast):
    DutyRule.objects.create(kind=PARTY.slug)
    generate_duties(Quarter.current())


@pytest.mark.parametrize("kind", [LECTURE, PARTY], ids=lambda kind: kind.slug)
@pytest.mark.parametrize(
    "path",
    [
        [("submit", ""), ("approve", "")],
        [("submit", ""), ("return", "请补填一线职工人次。"), ("submit", ""), ("approve", "")],
        [("submit", ""), ("reject", "与上月记录重复。")],
        [("submit", ""), ("withdraw", ""), ("submit", ""), ("approve", ""), ("reopen", "人数有误。")],
    ],
    ids=lambda path: "-".join(action for action, _reason in path),
)
def test_both_ways_end_in_the_same_state(cast, owed, kind, path) -> None:
    """The same values through single actions for one enterprise and bulk ones for another."""
    factory.random.reseed_random(1)
    draft = build_record(kind, enterprise=cast.enterprise)
    values = model_to_dict(draft, fields=[*kind.fields, "period"])
    values["period"] = draft.period
    single = actions.file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values)
    twin = kind.model(enterprise=cast.gulou_enterprise, **values)
    gulou_clerk = make_person("gulou_clerk", "魏经办", Role.CLERK, cast.gulou_enterprise.place)
    [bulk] = create_records(acting_user=gulou_clerk, kind=kind, drafts=[twin], origin="test")
    for action, reason in path:
        office = action not in ("submit", "withdraw")
        keys: list[str] = []
        if single.status == Status.RETURNED:
            # Handed in again as it was: asked about, with the same words either way.
            keys, reason = [question.key for question in warnings_for(single)], "已与企业核实。"
        single = actions.act(
            acting_user=cast.county if office else cast.clerk,
            record_id=single.pk,
            action=action,
            version=single.version,
            confirmed=keys,
            reason=reason,
        )
        [outcome] = move_records(
            acting_user=cast.other_county if office else gulou_clerk,
            record_ids=[bulk.pk],
            action=action,
            confirmed={bulk.pk: keys},
            reason=reason,
        )
        assert outcome.ok, outcome.message
    bulk = kind.model.objects.get(pk=bulk.pk)
    place = {"county_id"}
    assert {k: v for k, v in _state(single).items() if k not in place} == {
        k: v for k, v in _state(bulk).items() if k not in place
    }
    assert _trail(single) == _trail(bulk)


def test_many_people_file_and_move_at_once_each_in_their_own_name(cast) -> None:
    gulou_clerk = make_person("gulou_clerk", "魏经办", Role.CLERK, cast.gulou_enterprise.place)
    clerks = {cast.enterprise.pk: cast.clerk, cast.gulou_enterprise.pk: gulou_clerk}
    officers = {cast.enterprise.county_id: cast.county, cast.gulou_enterprise.county_id: cast.other_county}

    def clerk(record: Record):
        return clerks[record.enterprise_id]

    drafts = [*_drafts(cast.enterprise, 2), *_drafts(cast.gulou_enterprise, 1)]
    made = create_records(acting_user=clerk, kind=LECTURE, drafts=drafts, origin="test")
    ids = [record.pk for record in made]
    assert all(o.ok for o in move_records(acting_user=clerk, record_ids=ids, action="submit", asks=False))
    outcomes = move_records(acting_user=lambda record: officers[record.county_id], record_ids=ids, action="approve")
    assert all(outcome.ok for outcome in outcomes)
    for record in Record.objects.filter(pk__in=ids):
        steps = RecordStep.objects.filter(record=record.pk).order_by("pk").values_list("action", "actor")
        own, officer = clerk(record), officers[record.county_id]
        assert list(steps) == [("create", own.pk), ("submit", own.pk), ("approve", officer.pk)]
        assert (record.created_by_id, record.submitted_by_id) == (own.pk, own.pk)
        assert not record.filed_on_behalf
    entries = Entry.objects.filter(event__in=["records.created", "records.submit", "records.approve"])
    assert Counter(entries.values_list("event", "actor")) == {
        ("records.created", cast.clerk.pk): 1,
        ("records.created", gulou_clerk.pk): 1,
        ("records.submit", cast.clerk.pk): 1,
        ("records.submit", gulou_clerk.pk): 1,
        ("records.approve", cast.county.pk): 2,
        ("records.approve", cast.other_county.pk): 1,
    }


def test_among_many_people_too_nobody_acts_for_somebody_else(cast) -> None:
    draft = _drafts(cast.gulou_enterprise, 1)
    with pytest.raises(AccessDenied):
        create_records(acting_user=lambda record: cast.clerk, kind=LECTURE, drafts=draft, origin="test")
    [made] = create_records(acting_user=cast.clerk, kind=LECTURE, drafts=_drafts(cast.enterprise, 1), origin="test")
    [outcome] = move_records(
        acting_user=lambda record: cast.other_county,
        record_ids=[made.pk],
        action="submit",
        asks=False,
    )
    assert not outcome.ok
    assert Record.objects.get(pk=made.pk).status == Status.DRAFT


def test_a_change_of_quarter_is_told_by_both_ways(cast) -> None:
    """A returned record whose day is corrected into another quarter moves the figures of both; a draft moves none."""
    now = Quarter.current()
    last = now.previous()
    single, bulk, draft = create_records(
        acting_user=cast.clerk,
        kind=LECTURE,
        drafts=_drafts(cast.enterprise, 3, happened_on=last.first_day),
        origin="test",
    )
    ids = [single.pk, bulk.pk]
    assert all(o.ok for o in move_records(acting_user=cast.clerk, record_ids=ids, action="submit", asks=False))
    move_records(acting_user=cast.county, record_ids=ids, action="return", reason="日期有误。")
    version = Record.objects.get(pk=single.pk).version
    values = {"happened_on": now.first_day}
    actions.update_record(acting_user=cast.clerk, record_id=single.pk, version=version, values=values)
    outcomes = update_records(
        acting_user=cast.clerk,
        kind=LECTURE,
        changes=[NewValues(bulk.pk, version, values), NewValues(draft.pk, draft.version, values)],
        origin="test",
    )
    assert all(outcome.ok for outcome in outcomes)
    told = Change.objects.filter(action="edit").order_by("pk").values_list("subject", "source", "quarter")
    assert list(told) == [(pk, LECTURE.slug, code) for pk in ids for code in (last.code, now.code)]


def test_a_draft_out_of_reach_is_refused_and_nothing_is_written(cast) -> None:
    drafts = [*_drafts(cast.enterprise, 2), *_drafts(cast.neighbour_enterprise, 1)]
    with pytest.raises(AccessDenied):
        create_records(acting_user=cast.clerk, kind=LECTURE, drafts=drafts, origin="test")
    assert not Record.objects.exists()


def test_every_bad_row_is_named_with_its_number(cast) -> None:
    drafts = _drafts(cast.enterprise, 3)
    drafts[0].attendances = 10**9
    drafts[2].happened_on = timezone.localdate() + datetime.timedelta(days=2)
    with pytest.raises(ValidationError) as refused:
        create_records(acting_user=cast.clerk, kind=LECTURE, drafts=drafts, origin="test")
    messages = refused.value.messages
    assert {message[:6] for message in messages} == {"第 1 条：", "第 3 条："}
    assert any(message.startswith("第 1 条") and "参加人次" in message for message in messages)
    assert any(message.startswith("第 3 条") and "还没有到" in message for message in messages)
    assert not Record.objects.exists()


def test_a_return_is_filed_once_for_a_period(cast) -> None:
    create_records(acting_user=cast.clerk, kind=PARTY, drafts=_drafts(cast.enterprise, 1, PARTY), origin="test")
    with pytest.raises(ValidationError, match="已经填过一份"):
        create_records(acting_user=cast.clerk, kind=PARTY, drafts=_drafts(cast.enterprise, 1, PARTY), origin="test")
    twice = _drafts(cast.second_enterprise, 2, PARTY)
    with pytest.raises(ValidationError, match="第 2 条"):
        create_records(acting_user=cast.second_clerk, kind=PARTY, drafts=twice, origin="test")
    assert PartyDevelopment.objects.count() == 1


def test_a_return_saved_in_the_same_moment_is_refused_with_words(cast, monkeypatch) -> None:
    """A colleague saves the return between the look at what is taken and the writing."""
    look, mine = bulk._check_draft, _drafts(cast.enterprise, 1, PARTY)
    values = {**model_to_dict(mine[0], fields=[*PARTY.fields]), "period": mine[0].period}

    def look_and_wait(*arguments) -> None:
        look(*arguments)
        actions.file_record(acting_user=cast.lead, kind=PARTY, filer=cast.enterprise, values=values)

    monkeypatch.setattr(bulk, "_check_draft", look_and_wait)
    with pytest.raises(ValidationError, match=r"第 1 条：“.*”已经填过一份"):
        create_records(acting_user=cast.clerk, kind=PARTY, drafts=mine, origin="test")
    assert not Record.objects.filter(created_by=cast.clerk).exists()


def test_a_return_is_not_moved_to_a_period_that_is_taken(cast) -> None:
    last, now = Quarter.current().previous(), Quarter.current()
    drafts = [build_record(PARTY, enterprise=cast.enterprise) for _ in range(2)]
    for draft, quarter in zip(drafts, (last, now), strict=True):
        draft.period = quarter.code
    first, second = create_records(acting_user=cast.clerk, kind=PARTY, drafts=drafts, origin="test")
    changes = [
        NewValues(first.pk, 1, {"total_members": first.total_members + 1}),
        NewValues(second.pk, 1, {"period": last.code}),
    ]
    with pytest.raises(ValidationError, match=r"第 2 条：“.*”已经填过一份"):
        update_records(acting_user=cast.clerk, kind=PARTY, changes=changes, origin="test")
    assert set(Record.objects.values_list("version", flat=True)) == {1}


def test_moments_of_the_past_stand_in_record_and_step(cast) -> None:
    made, sent, decided = (timezone.now() - datetime.timedelta(days=days) for days in (30, 20, 10))
    [record] = create_records(
        acting_user=cast.clerk, kind=LECTURE, drafts=_drafts(cast.enterprise, 1), origin="test", at=made
    )
    move_records(acting_user=cast.clerk, record_ids=[record.pk], action="submit", at=lambda _record: sent)
    move_records(acting_user=cast.county, record_ids=[record.pk], action="approve", at=decided)
    record = Lecture.objects.get(pk=record.pk)
    assert (record.created_at, record.first_submitted_at, record.submitted_at) == (made, sent, sent)
    assert (record.decided_at, record.updated_at) == (decided, decided)
    assert list(RecordStep.objects.values_list("at", flat=True)) == [made, sent, decided]


def test_one_refusal_does_not_stop_the_others(cast) -> None:
    drafts = _drafts(cast.enterprise, 3)
    drafts[1].speaker = ""
    ids = [r.pk for r in create_records(acting_user=cast.clerk, kind=LECTURE, drafts=drafts, origin="test")]
    outcomes = move_records(acting_user=cast.clerk, record_ids=[*ids, 999_999], action="submit")
    assert [outcome.ok for outcome in outcomes] == [True, False, True, False]
    assert "主讲人" in outcomes[1].message
    assert [o.record_id for o in outcomes] == [*ids, 999_999]
    again = move_records(acting_user=cast.neighbour_county, record_ids=ids, action="approve")
    assert not any(outcome.ok for outcome in again)
    assert all("管辖" in outcome.message for outcome in again)
    assert not Lecture.objects.filter(status=Status.APPROVED).exists()


def test_a_move_that_needs_a_reason_is_refused_without_one(cast) -> None:
    with pytest.raises(Refused, match="原因"):
        move_records(acting_user=cast.county, record_ids=[1], action="return", reason="  ")


def test_the_log_says_how_many_for_each_enterprise(cast) -> None:
    drafts = [*_drafts(cast.enterprise, 3), *_drafts(cast.second_enterprise, 2)]
    create_records(acting_user=cast.county, kind=LECTURE, drafts=drafts, origin="导入")
    entries = Entry.objects.filter(event="records.created")
    assert {(entry.enterprise_id, entry.note[:3]) for entry in entries} == {
        (cast.enterprise.pk, "3 条"),
        (cast.second_enterprise.pk, "2 条"),
    }
    assert Record.objects.filter(filed_on_behalf=True).count() == 5


def test_two_hundred_rows_take_few_statements(cast, django_assert_max_num_queries) -> None:
    """Inserts are cut into batches of as many rows as SQLite takes variables for; nothing else grows."""

    def run(count):
        made = create_records(
            acting_user=cast.clerk, kind=LECTURE, drafts=_drafts(cast.enterprise, count), origin="test"
        )
        ids = [record.pk for record in made]
        move_records(acting_user=cast.clerk, record_ids=ids, action="submit", at=timezone.now())
        move_records(acting_user=cast.county, record_ids=ids, action="approve", at=timezone.now())

    run(1)
    with django_assert_max_num_queries(75):
        run(200)


def test_what_is_decided_together_is_written_together(cast) -> None:
    """Without a moment of their own all records have the same, and so the same changes: one UPDATE."""
    made = create_records(acting_user=cast.clerk, kind=LECTURE, drafts=_drafts(cast.enterprise, 12), origin="test")
    assert len({record.created_at for record in made}) == 1
    ids = [record.pk for record in made]
    for person, action in ((cast.clerk, "submit"), (cast.county, "return")):
        with CaptureQueriesContext(connection) as queries:
            outcomes = move_records(acting_user=person, record_ids=ids, action=action, reason="请核对。", asks=False)
        assert all(outcome.ok for outcome in outcomes)
        updates = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "records_record"')]
        # A hand-in draws a lot and weighs a risk for each record.
        assert len(updates) == 1 if action == "return" else len(updates) < 6
    assert Record.objects.values("decided_at", "updated_at").distinct().count() == 1


def test_followers_are_nudged_once_for_a_transaction(cast, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        for _ in range(3):
            made = create_records(
                acting_user=cast.clerk, kind=LECTURE, drafts=_drafts(cast.enterprise, 1), origin="test"
            )
            move_records(acting_user=cast.clerk, record_ids=[made[0].pk], action="submit")
    assert len(callbacks) == 1
