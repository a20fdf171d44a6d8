"""What looks unusual is asked by the action, however a record is handed in, and answered by the keys of what was shown."""

import pytest
from django.db import transaction
from django.urls import reverse

from foundation.refusals import NeedsConfirmation
from ideology.models import Lecture
from records.core.actions import act, file_record, update_record
from records.core.bulk import file_records, move_records
from records.core.kinds import kind_by_slug
from records.core.warning_rules import OnFile
from records.core.warnings import LATEST, FarAboveTheUsual, ManyOnFile, warnings_for
from records.models import Record, RecordStep, Status
from tests.contracts.world import filed, values_for

LECTURE = kind_by_slug("ideology.lecture")

pytestmark = pytest.mark.django_db


def _drafts(cast, *titles: str, **values) -> list[Record]:
    """Drafts of one day, each with a speaker of its own."""
    return [
        filed(cast.clerk, cast.enterprise, title=title, speaker=f"讲师{number}", **values)
        for number, title in enumerate(titles)
    ]


def _keys(record: Record) -> list[str]:
    return [question.key for question in warnings_for(record)]


def test_filing_and_handing_in_is_one_action_that_keeps_nothing_when_it_asks(cast):
    arguments = {
        "acting_user": cast.clerk,
        "kind": LECTURE,
        "filer": cast.enterprise,
        "values": values_for(LECTURE.slug, cast.enterprise, number_of_people=500, attendances=400),
        "hand_in": True,
    }
    for answer in ({}, {"reason": "全市直播。"}, {"reason": "全市直播。", "confirmed": ["people:0123456789abcdef"]}):
        with pytest.raises(NeedsConfirmation) as asked:
            file_record(**arguments, **answer)
        assert {question.code for question in asked.value.questions} == {"people", "attendances"}
        assert not Record.objects.exists() and not RecordStep.objects.exists()
    record = file_record(**arguments, confirmed=asked.value.keys, reason="全市直播。")
    assert (record.status, record.version) == (Status.SUBMITTED, 2)
    steps = list(record.steps.order_by("pk").values_list("action", "from_status", "to_status", "version", "reason"))
    assert steps == [("create", "", "draft", 1, ""), ("submit", "draft", "submitted", 2, "全市直播。")]


def test_a_changed_figure_is_another_question(cast):
    [draft] = _drafts(cast, "安全课", number_of_people=500, attendances=500)
    shown = _keys(draft)
    values = {"number_of_people": 600, "attendances": 600}
    with pytest.raises(NeedsConfirmation) as asked:
        update_record(
            acting_user=cast.clerk,
            record_id=draft.pk,
            version=draft.version,
            values=values,
            hand_in=True,
            confirmed=shown,
            reason="全市直播。",
        )
    draft.refresh_from_db()
    assert (draft.version, draft.number_of_people) == (1, 500), "nothing of it was saved"
    changed = update_record(
        acting_user=cast.clerk,
        record_id=draft.pk,
        version=draft.version,
        values=values,
        hand_in=True,
        confirmed=asked.value.keys,
        reason="全市直播。",
    )
    assert (changed.status, changed.version, changed.number_of_people) == (Status.SUBMITTED, 3, 600)
    assert list(changed.steps.order_by("pk").values_list("action", flat=True)) == ["create", "edit", "submit"]


def test_the_page_asks_again_for_what_it_did_not_show(cast, sign_in):
    clerk = sign_in(cast.clerk)
    values = values_for(LECTURE.slug, cast.enterprise, number_of_people=500, attendances=500)
    typed = {**{name: value for name, value in values.items() if value is not None}, "do": "submit"}
    address = reverse("records:create", args=[LECTURE.slug])
    unseen = clerk.post(address, {**typed, "confirm_reason": "全市直播。"})
    assert unseen.status_code == 200 and not Record.objects.exists()
    keys = [question.key for question in unseen.context["warnings"]]
    assert clerk.post(address, {**typed, "confirm_reason": "全市直播。", "confirmed": keys}).status_code == 302
    assert Lecture.objects.get().status == Status.SUBMITTED


def test_what_was_asked_and_answered_stays_with_the_hand_in(cast, sign_in):
    clerk = sign_in(cast.clerk)
    values = values_for(LECTURE.slug, cast.enterprise, number_of_people=3000, attendances=3000)
    typed = {**{name: value for name, value in values.items() if value is not None}, "do": "submit"}
    address = reverse("records:create", args=[LECTURE.slug])
    keys = [question.key for question in clerk.post(address, typed).context["warnings"]]
    mute = clerk.post(address, {**typed, "confirm_reason": "。", "confirmed": keys})
    assert "至少两个字" in mute.content.decode() and not Record.objects.exists()
    clerk.post(address, {**typed, "confirm_reason": "全市直播。", "confirmed": keys})
    record = Record.objects.get()
    asked = "“参加人数”（3,000 人）超过了企业名录中的职工人数（200 人）"
    assert asked in record.steps.get(action="submit").questions[0]["message"]
    for person in (cast.clerk, cast.county):
        for name in ("records:detail", "records:print"):
            page = sign_in(person).get(reverse(name, args=[record.pk])).content.decode()
            assert asked in page and "全市直播。" in page and "3,000 人" in page and "3,000 人次" in page


def test_in_bulk_each_record_is_asked_about_with_those_before_it(cast):
    first, second, third = _drafts(cast, "安全用电讲座", "安全用电讲座二", "焊接工艺")
    ids = [first.pk, second.pk, third.pk]
    outcomes = move_records(acting_user=cast.clerk, record_ids=ids, action="submit", reason="上、下午各一场。")
    assert [outcome.ok for outcome in outcomes] == [True, False, True], "a reason alone answers nothing"
    assert "还有相似的记录：“安全用电讲座”" in outcomes[1].message
    again = {"acting_user": cast.clerk, "record_ids": [second.pk], "action": "submit", "reason": "上、下午各一场。"}
    assert not move_records(**again, confirmed={second.pk: _keys(third)})[0].ok
    assert move_records(**again, confirmed={second.pk: _keys(second)})[0].ok
    said = dict(RecordStep.objects.filter(action="submit").values_list("record_id", "reason"))
    kept = dict(RecordStep.objects.filter(action="submit").values_list("record_id", "questions"))
    assert not kept[first.pk] and "相似的记录" in kept[second.pk][0]["message"]
    assert said == {first.pk: "", second.pk: "上、下午各一场。", third.pk: ""}, (
        "a reason stays with what it was given for"
    )


def _built(cast, *titles: str) -> list[Record]:
    """Unsaved drafts of one day, each with a speaker of its own."""
    values = values_for(LECTURE.slug, cast.enterprise)
    return [
        Lecture(enterprise=cast.enterprise, **{**values, "title": title, "speaker": f"讲师{number}"})
        for number, title in enumerate(titles)
    ]


def test_a_row_that_stays_a_draft_is_on_file_for_those_after_it(cast):
    """One is left a draft by wish, one because it is not complete: what follows is asked about both, as if filed singly."""
    drafts = _built(cast, "安全用电讲座", "安全用电讲座二", "焊接工艺", "焊接工艺二")
    drafts[2].form = ""  # not complete
    filed_now = file_records(
        acting_user=cast.clerk,
        kind=LECTURE,
        drafts=drafts,
        origin="test",
        hand_in=[None, (), (), ()],
        reason="核对过。",
    )
    assert [one.record.status for one in filed_now] == [Status.DRAFT] * 4
    assert "相似的记录：“安全用电讲座”" in filed_now[1].refusal
    assert "相似的记录：“焊接工艺”" in filed_now[3].refusal


def test_a_record_that_was_not_let_through_is_on_file_for_those_after_it(cast):
    handed_in = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="消防演练", speaker="赵一")
    titles = ("安全用电讲座", "焊接工艺", "安全用电讲座二", "焊接工艺二", "消防演练二")
    asked, incomplete, *after = _drafts(cast, *titles)
    Lecture.objects.filter(pk=asked.pk).update(number_of_people=500, attendances=400)
    Lecture.objects.filter(pk=incomplete.pk).update(form="")
    ids = [record.pk for record in (asked, incomplete, handed_in, *after)]
    outcomes = move_records(acting_user=cast.clerk, record_ids=ids, action="submit", reason="核对过。")
    assert [outcome.ok for outcome in outcomes] == [False] * 6
    for outcome, title in zip(outcomes[3:], ("安全用电讲座", "焊接工艺", "消防演练"), strict=True):
        assert f"相似的记录：“{title}”" in outcome.message


def test_one_and_many_are_asked_the_same(cast):
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="安全用电", speaker="赵一")
    draft, other = _drafts(cast, "安全用电二", "班组长经验", number_of_people=500, attendances=400)
    many = ManyOnFile(LECTURE)
    many.read([draft, other])
    for record in (draft, other):
        assert [question.key for question in warnings_for(record, many)] == _keys(record) != []


def test_asking_about_many_takes_no_more_queries_than_about_few(cast, django_assert_max_num_queries):
    drafts = _drafts(cast, *(f"第{number}课 {'甲乙丙丁戊己庚辛'[number]}" for number in range(8)))
    counts = []
    for part in (drafts[:1], drafts[1:]):
        many = ManyOnFile(LECTURE)
        with django_assert_max_num_queries(100) as queries:
            many.read(part)
            for record in part:
                warnings_for(record, many)
                many.add(record)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_single_hand_in_is_asked_whatever_the_way(cast, sign_in):
    first, second = _drafts(cast, "安全用电讲座", "安全用电讲座二")
    act(
        acting_user=cast.clerk,
        record_id=first.pk,
        action="submit",
        version=1,
        reason="没有问到",
        confirmed=_keys(first),
    )
    clerk = sign_in(cast.clerk)
    answer = clerk.post(reverse("records:act", args=[second.pk, "submit"]), {"version": 1, "reason": "两场"})
    assert answer.url == reverse("records:edit", args=[second.pk]) + "?check"
    assert Record.objects.get(pk=second.pk).status == Status.DRAFT


def test_what_was_sent_back_and_not_touched_is_asked_about(cast):
    """Also where only evidence was asked for; mended, or with a reason, it goes on."""
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"))
    with pytest.raises(NeedsConfirmation, match="退回之后没有改动"):
        act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    mended = update_record(
        acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"title": "改过的标题"}
    )
    done = act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=mended.version)
    assert done.status == Status.SUBMITTED


def test_an_event_nobody_came_to_is_asked_about(cast):
    [draft] = _drafts(cast, "没有人来的课", number_of_people=0, attendances=0)
    assert "nobody" in {question.code for question in warnings_for(draft)}


def test_of_several_about_the_size_of_one_number_the_first_asks(cast):
    """Above the staff of the register and far above the usual: one number, one question, one answer."""
    for number in range(LATEST):
        filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title=f"第{number}课", speaker=f"讲师{number}")
    large = filed(cast.clerk, cast.enterprise, title="大课", speaker="李师傅", number_of_people=5000, attendances=5000)
    assert FarAboveTheUsual().check(large, OnFile()), "the others would have asked as well"
    assert [asked.code for asked in warnings_for(large) if asked.field == "number_of_people"] == ["people"]
    assert [asked.code for asked in warnings_for(large) if asked.field == "attendances"] == ["usual"]


def _again(cast, record: Record, *, answers=(), reason="", **values) -> Record:
    """The office sends the record back; the clerk changes ``values`` and hands it in again."""
    record = act(
        acting_user=cast.county, record_id=record.pk, version=record.version, action="return", reason="请补主讲人。"
    )
    return update_record(
        acting_user=cast.clerk,
        record_id=record.pk,
        version=record.version,
        values={**values_for(LECTURE.slug, cast.enterprise), **values},
        hand_in=True,
        confirmed=answers,
        reason=reason,
    )


def test_what_was_answered_is_not_asked_again_when_the_record_comes_back(cast):
    """Sent back for a missing name, the number that was explained stands as it was; another number is asked about."""
    many = {"number_of_people": 3000, "attendances": 3000}
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), **many)
    first = record.steps.filter(action="submit").get()
    assert first.questions and not any("请核对" in one["message"] for one in first.questions), "advice is for the clerk"
    record = _again(cast, record, speaker="李师傅", **many)
    last = record.steps.filter(action="submit").latest("pk")
    assert (last.reason, last.questions) == (first.reason, first.questions), "the office reads both again"
    with pytest.raises(NeedsConfirmation):
        _again(cast, record, speaker="李师傅", number_of_people=3100, attendances=3100)


def test_returned_and_unchanged_is_asked_each_time(cast):
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    for _time in range(2):
        moves = {"record_id": record.pk, "version": record.version}
        record = act(acting_user=cast.county, action="return", reason="请补主讲人。", **moves)
        again = {"acting_user": cast.clerk, "action": "submit", "record_id": record.pk, "version": record.version}
        with pytest.raises(NeedsConfirmation) as asked, transaction.atomic():
            act(**again)
        assert [question.code for question in asked.value.questions] == ["unchanged"]
        record = act(**again, confirmed=asked.value.keys, reason="没有别的可改。")
