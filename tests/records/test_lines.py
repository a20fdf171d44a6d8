"""Lines of a record: filed, kept, compared, counted and written with it. Topics of the congress are the lines at hand."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact
from foundation.refusals import NeedsConfirmation
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, discard_record, file_record, update_record
from records.core.bulk import Change, create_records, move_records, update_records
from records.core.checks import check_kinds
from records.core.factories import build_record
from records.core.facts import KindFacts
from records.core.kinds import kind_by_slug
from records.core.lines import Lines, Total, stored_rows
from records.core.prefill import as_last_time
from records.core.values import differences
from records.core.warning_rules import OnFile
from records.core.warnings import LinesAddUp
from records.models import Record, RecordStep, Status
from rights.models import CongressSession, CongressTopic
from tests.confirming import confirm
from tests.contracts.world import as_posted, values_for

pytestmark = pytest.mark.django_db

KIND = kind_by_slug("rights.congresssession")
AGENDA = KIND.lines[0]
CONTRACT = {"topic": "集体合同草案", "sort": "approve", "votes_for": 40, "result": "passed"}
PLAN = {"topic": "年度培训计划", "sort": "advise", "votes_for": None, "result": "considered"}
REPORT = {"topic": "社会保险费缴纳情况报告", "sort": "oversee", "votes_for": None, "result": "considered"}
ROOM = {"representatives": 60, "present": 50, "secret_ballot": True}


def values(cast, *topics: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return values_for(KIND.slug, cast.enterprise, **{**ROOM, "agenda": list(topics), "managers": None, **changes})


def file(cast, *topics: dict[str, Any], **changes: Any) -> Record:
    return file_record(
        acting_user=cast.clerk, kind=KIND, filer=cast.enterprise, values=values(cast, *topics, **changes)
    )


def hand_in(cast, record: Record) -> Record:
    return confirm(
        act, acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version, reason="已核对。"
    )


def approve(cast, record: Record) -> Record:
    record = hand_in(cast, record)
    return act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)


def kept(record: Record) -> list[dict[str, Any]]:
    return stored_rows(CongressSession.objects.get(pk=record.pk), AGENDA)


# --- saved with the record ---------------------------------------------------------------------------


def test_lines_are_written_with_their_record_and_its_step_and_audit_entry(cast):
    record = file(cast, CONTRACT, PLAN)
    assert kept(record) == [CONTRACT, PLAN]
    [step] = RecordStep.objects.filter(record=record)
    assert step.values["agenda"] == [CONTRACT, PLAN]
    entry = Entry.objects.get(event="records.created", target_id=str(record.pk))
    assert "集体合同草案" in entry.changes["议题增加第 1 行"][1]
    record = update_record(
        acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"agenda": [PLAN, REPORT]}
    )
    assert kept(record) == [PLAN, REPORT]
    assert CongressTopic.objects.count() == 2, "the former lines are gone"
    discard_record(acting_user=cast.clerk, record_id=record.pk, version=record.version)
    assert not CongressTopic.objects.exists()


def test_lines_that_did_not_change_make_no_step(cast):
    record = file(cast, CONTRACT)
    again = update_record(acting_user=cast.clerk, record_id=record.pk, version=1, values={"agenda": [dict(CONTRACT)]})
    assert again.version == 1 and RecordStep.objects.filter(record=record).count() == 1


def test_a_refused_record_writes_no_line(cast):
    with pytest.raises(ValidationError) as refused:
        file(cast, {**CONTRACT, "votes_for": 51})
    assert list(refused.value.message_dict) == ["agenda.1.votes_for"]
    assert "第 1 行“赞成票”" in refused.value.message_dict["agenda.1.votes_for"][0]
    assert not Record.objects.exists() and not CongressTopic.objects.exists()


def test_many_records_write_their_lines_in_sets(cast):
    """As import, demo and seed write: the statements do not grow with the records."""

    def statements(number: int) -> int:
        drafts = [
            build_record(KIND, enterprise=cast.enterprise, agenda=[CONTRACT, PLAN], **ROOM) for _n in range(number)
        ]
        with CaptureQueriesContext(connection) as asked:
            made = create_records(acting_user=cast.clerk, kind=KIND, drafts=drafts, origin="测试")
        assert all(kept(record) == [CONTRACT, PLAN] for record in made)
        return len(asked)

    statements(1)
    assert statements(2) == statements(12)
    records = list(CongressSession.objects.order_by("pk"))
    changes = [Change(record.pk, record.version, {"agenda": [REPORT]}) for record in records]
    outcomes = update_records(acting_user=cast.clerk, kind=KIND, changes=changes, origin="测试")
    assert all(outcome.ok for outcome in outcomes)
    assert {record.agenda[0].topic for record in CongressSession.objects.all()} == {REPORT["topic"]}
    moved = move_records(
        acting_user=cast.clerk, record_ids=[record.pk for record in records], action="submit", asks=False
    )
    assert all(outcome.ok for outcome in moved)
    last = RecordStep.objects.filter(action="submit").first()
    assert last is not None and last.values["agenda"] == [REPORT]


def test_moving_many_reads_the_lines_of_all_at_once(cast):
    def asked(number: int) -> int:
        ids = [file(cast, CONTRACT, title=f"会议{number}{n}").pk for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            move_records(acting_user=cast.clerk, record_ids=ids, action="submit", asks=False)
        return sum("congresstopic" in query["sql"] for query in queries)

    assert asked(1) == asked(6)


# --- checked -----------------------------------------------------------------------------------------


def test_a_draft_may_have_half_filled_lines_and_a_hand_in_names_each_gap(cast):
    record = file(cast, {"topic": "集体合同草案"}, {"sort": "advise"})
    with pytest.raises(ValidationError) as gaps:
        act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    assert {"agenda.1.sort", "agenda.2.topic"} <= set(gaps.value.message_dict)


def test_what_lines_must_not_be(cast, monkeypatch):
    strict = Lines("agenda", CongressTopic, AGENDA.fields, AGENDA.label, at_least=1, most=2, unique=("topic", "sort"))
    monkeypatch.setattr(type(KIND), "lines", (strict,))
    with pytest.raises(ValidationError, match="最多 2 行"):
        file(cast, CONTRACT, PLAN, REPORT)
    with pytest.raises(ValidationError, match="与第 1 行相同"):
        file(cast, CONTRACT, dict(CONTRACT))
    empty = file(cast)
    with pytest.raises(ValidationError, match="至少填 1 行"):
        act(acting_user=cast.clerk, record_id=empty.pk, action="submit", version=empty.version)


def test_a_sum_that_differs_is_asked_about(cast, monkeypatch):
    summed = Lines("agenda", CongressTopic, AGENDA.fields, AGENDA.label, totals=(Total("votes_for", "present"),))
    monkeypatch.setattr(type(KIND), "lines", (summed,))
    record = file(cast, CONTRACT, {**CONTRACT, "topic": "奖惩办法", "votes_for": 31})
    [asked] = LinesAddUp().check(record, OnFile())
    assert asked.field == "present" and "合计 71 人" in asked.message and "相差 21 人" in asked.message
    same = file(cast, {**CONTRACT, "votes_for": 50}, title="另一次会议")
    assert not list(LinesAddUp().check(same, OnFile()))
    assert not list(LinesAddUp().check(file(cast, PLAN, title="又一次会议"), OnFile())), "nobody said a number"


def test_hidden_lines_are_dropped(cast, monkeypatch):
    monkeypatch.setattr(type(KIND), "shown_when", {"agenda": ("secret_ballot", (True,))})
    assert kept(file(cast, CONTRACT)) == [CONTRACT]
    assert kept(file(cast, CONTRACT, secret_ballot=None, title="另一次")) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fields": ("topic", "sort")}, "must name all fields"),
        ({"required": ("nothing",)}, "unknown fields of a line"),
        ({"totals": (Total("votes_for", "nothing"),)}, "compares with unknown fields"),
        ({"name": "topics"}, "no LineOf"),
        ({"at_least": 9, "most": 2}, "more lines than it takes"),
    ],
)
def test_a_wrong_declaration_stops_the_start(monkeypatch, changes, words):
    plain = {"name": "agenda", "model": CongressTopic, "fields": AGENDA.fields, "label": AGENDA.label}
    monkeypatch.setattr(type(KIND), "lines", (Lines(**{**plain, **changes}),))
    found = [message.msg for message in check_kinds(None) if message.id == "records.E006"]
    assert any(words in message for message in found), found


# --- history -----------------------------------------------------------------------------------------


def changed(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one.label, one.old, one.new) for one in differences(KIND, {"agenda": old}, {"agenda": new})]


def test_the_history_says_which_line_and_what_of_it():
    fewer = {**CONTRACT, "votes_for": 31}
    assert changed([CONTRACT, PLAN], [fewer, PLAN]) == [("议题第 1 行“赞成票”", "40", "31")]
    [(label, old, _new)] = changed([CONTRACT, PLAN, REPORT], [CONTRACT, REPORT])
    assert label == "议题删去第 2 行" and "年度培训计划" in old and "审查建议" in old
    [(label, _old, new)] = changed([PLAN], [CONTRACT, PLAN])
    assert label == "议题增加第 1 行" and "赞成票 40" in new
    assert changed([PLAN], [PLAN]) == [] == changed([], [])


def test_the_pages_show_lines_and_what_became_of_them(cast, sign_in):
    record = hand_in(cast, file(cast, CONTRACT, PLAN))
    record = act(
        acting_user=cast.county,
        record_id=record.pk,
        action="return",
        version=record.version,
        reason="请核对票数。",
        comments={"agenda": "第 1 行的票数不对。"},
    )
    clerk = sign_in(cast.clerk)
    assert "第 1 行的票数不对。" in clerk.get(reverse("records:edit", args=[record.pk])).content.decode()
    record = update_record(
        acting_user=cast.clerk,
        record_id=record.pk,
        version=record.version,
        values={"agenda": [{**CONTRACT, "votes_for": 35}, PLAN]},
    )
    hand_in(cast, record)
    review = sign_in(cast.county).get(reverse("records:review_record", args=[record.pk])).content.decode()
    assert "议题第 1 行“赞成票”" in review and '<del class="changed-from">40</del>' in review
    for page in ("records:detail", "records:print"):
        shown = clerk.get(reverse(page, args=[record.pk])).content.decode()
        assert "年度培训计划" in shown and "审查建议" in shown and "赞成票（票）" in shown


@pytest.mark.parametrize("page", ["records:detail", "records:print", "records:edit"])
def test_pages_of_a_record_ask_the_same_for_one_and_for_thirty_lines(cast, sign_in, page):
    clerk = sign_in(cast.clerk)
    few, many = file(cast, CONTRACT), file(cast, *({**PLAN, "topic": f"议题{n}"} for n in range(30)), title="长会")

    def queries(record: Record) -> int:
        clerk.get(reverse(page, args=[record.pk]))
        with CaptureQueriesContext(connection) as asked:
            assert clerk.get(reverse(page, args=[record.pk])).status_code == 200
        return len(asked)

    assert queries(few) == queries(many)


def test_lists_do_not_read_lines(cast, sign_in):
    file(cast, CONTRACT)
    clerk = sign_in(cast.clerk)
    with CaptureQueriesContext(connection) as asked:
        assert clerk.get(reverse("records:list"), {"kind": KIND.slug}).status_code == 200
    assert not any("congresstopic" in query["sql"] for query in asked)


# --- the form ----------------------------------------------------------------------------------------


def post(browser, cast, *topics: dict[str, Any], do: str, **changes: Any):
    sent = as_posted({**values(cast, *topics), **changes, "do": do})
    return browser.post(reverse("records:create", args=[KIND.slug]), sent)


def test_the_form_has_empty_rows_without_a_script_and_drops_what_stays_empty(cast, sign_in):
    clerk = sign_in(cast.clerk)
    page = clerk.get(reverse("records:create", args=[KIND.slug])).content.decode()
    assert 'name="agenda-2-topic"' in page and 'name="agenda-3-topic"' not in page
    assert "<template>" in page and "agenda-__n__-topic" in page
    nothing = dict.fromkeys(AGENDA.fields, "")
    assert post(clerk, cast, nothing, CONTRACT, nothing, PLAN, do="draft").status_code == 302
    record = Record.objects.get()
    assert kept(record) == [CONTRACT, PLAN]
    page = clerk.get(reverse("records:edit", args=[record.pk])).content.decode()
    assert 'value="年度培训计划"' in page and 'name="agenda-2-topic"' in page and 'name="agenda-3-topic"' not in page


def test_errors_stand_at_the_row_and_cell_and_what_was_typed_stays(cast, sign_in):
    clerk = sign_in(cast.clerk)
    response = post(clerk, cast, CONTRACT, {**PLAN, "votes_for": "许多", "sort": ""}, do="submit")
    assert response.status_code == 200 and not Record.objects.exists()
    page = response.content.decode()
    assert 'value="许多"' in page and 'value="集体合同草案"' in page
    assert "第 2 行“赞成票”：请填整数" in page and "第 2 行“性质”：还没有填" in page
    assert 'id="id_agenda-1-votes_for_error"' in page and 'aria-describedby="id_agenda-1-votes_for_error"' in page
    field = response.context["form"].fields["agenda"]
    assert {(cell.row, cell.field) for cell in field.problems} == {(2, "votes_for"), (2, "sort")}


def test_a_lost_update_shows_both_versions_of_the_lines(cast, sign_in):
    record = file(cast, CONTRACT)
    update_record(
        acting_user=cast.clerk, record_id=record.pk, version=1, values={"agenda": [{**CONTRACT, "votes_for": 33}]}
    )
    sent = as_posted({**values(cast, CONTRACT, PLAN), "title": record.title, "version": 1, "do": "draft"})
    response = sign_in(cast.clerk).post(reverse("records:edit", args=[record.pk]), sent)
    assert response.status_code == 409
    labels = {change.label for change in response.context["conflict"]}
    assert {"议题第 1 行“赞成票”", "议题增加第 2 行"} <= labels
    assert 'value="年度培训计划"' in response.content.decode()


def test_as_last_time_takes_over_words_and_no_numbers(cast, sign_in):
    record = file(cast, CONTRACT, PLAN)
    assert as_last_time(KIND, CongressSession.objects.get())["agenda"] == [
        {"topic": "集体合同草案", "sort": "approve", "result": "passed"},
        {"topic": "年度培训计划", "sort": "advise", "result": "considered"},
    ]
    page = sign_in(cast.clerk).get(reverse("records:create", args=[KIND.slug]), {"copy": record.pk}).content.decode()
    assert 'value="集体合同草案"' in page


# --- the API -----------------------------------------------------------------------------------------


@pytest.fixture
def api(cast) -> APIClient:
    client = APIClient()
    client.force_authenticate(cast.clerk)
    return client


def test_a_patch_replaces_the_list_and_leaves_it_when_it_is_not_sent(cast, api):
    record = file(cast, CONTRACT, PLAN)
    address = f"/api/v1/records/{record.pk}/"
    assert api.get(address).json()["agenda"] == [CONTRACT, PLAN]
    shown = api.patch(address, {"version": 1, "present": 49}, format="json").json()
    assert shown["agenda"] == [CONTRACT, PLAN]
    shown = api.patch(address, {"version": 2, "agenda": [REPORT]}, format="json").json()
    assert shown["agenda"] == [REPORT] == kept(record)
    assert api.patch(address, {"version": 3, "agenda": []}, format="json").json()["agenda"] == []


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ("三项", "agenda", "应是一个数组"),
        ([["集体合同草案"]], "agenda", "应是一个数组"),
        ([CONTRACT, {"name": "x"}], "agenda.2", "没有“name”这一项"),
        ([CONTRACT, {**PLAN, "votes_for": "许多"}], "agenda.2.votes_for", "请填整数"),
        ([{**CONTRACT, "votes_for": 51}], "agenda.1.votes_for", "超过了“实到代表”"),
        ([{**CONTRACT, "sort": "unknown-sort"}], "agenda.1.sort", "第 1 行“性质”"),
        ([{**CONTRACT, "topic": 3}], "agenda.1.topic", "应是文字"),
    ],
)
def test_the_api_names_row_and_field(cast, api, sent, field, words):
    body = {"kind": KIND.slug, "enterprise": cast.enterprise.credit_code, **ROOM, "agenda": sent}
    answer = api.post("/api/v1/records/", body, format="json")
    assert answer.status_code == 400, answer.json()
    [problem] = [problem for problem in answer.json()["errors"] if problem["field"].startswith("agenda")]
    assert problem["field"] == field and words in problem["reason"], problem
    assert problem["label"].startswith("议题") and problem["cure"]


def test_the_schema_describes_a_line(cast, api):
    schema = api.get(f"/api/v1/kinds/{KIND.slug}/").json()["schema"]["properties"]["agenda"]
    assert schema["type"] == "array" and schema["maxItems"] == AGENDA.most
    assert schema["items"]["required"] == ["topic", "sort"]
    assert schema["items"]["properties"]["votes_for"] == {
        "title": "赞成票",
        "type": ["integer", "null"],
        "minimum": 0,
        "description": "单位：票。",
    } | {"maximum": schema["items"]["properties"]["votes_for"]["maximum"]}


# --- figures -----------------------------------------------------------------------------------------


def test_lines_are_counted_and_their_records_are_the_evidence(cast, sign_in):
    quarter = Quarter.current()
    first = approve(cast, file(cast, CONTRACT, PLAN, title="第一次"))
    second = approve(cast, file(cast, REPORT, title="第二次"))
    approve(cast, file(cast, title="没有写议题"))
    catch_up()
    figure = figures(cast.places["320115"], quarter)["F01.topics"]
    assert (figure.value, figure.reporting) == (3, 1)
    opened = sign_in(cast.county).get(
        reverse("records:list"), {"fact": "F01.topics", "region": "320115", "quarter": quarter.code}
    )
    assert {row.pk for row in opened.context["table"].data} == {first.pk, second.pk}
    [amounts] = KindFacts(KIND).amounts(next(f for f in KIND.facts if f.code == "F01.topics"), quarter)
    assert dict(amounts.rows.values_list(amounts.key, amounts.value)) == {first.pk: 2, second.pk: 1}


def test_a_sum_over_lines_may_look_at_line_and_record(cast, monkeypatch):
    quarter = Quarter.current()
    votes = Fact(
        "X1.votes", "赞成票", "票", amount="votes_for", lines="agenda", only=Q(sort="approve", form="congress")
    )
    passed = Fact("X1.failed", "未通过", "项", lines="agenda", only=Q(result="failed"))
    monkeypatch.setattr(type(KIND), "facts", (votes, passed))
    source = KindFacts(KIND)
    one = approve(cast, file(cast, CONTRACT, {**CONTRACT, "topic": "奖惩办法", "votes_for": 33}, PLAN))
    [counting] = source.count(quarter)
    [row] = counting.rows
    assert [row[column] for column in counting.values["X1.votes"]] == [73, 1]
    assert [row[column] for column in counting.values["X1.failed"]] == [0, 0], "it has lines, and none that failed"
    [amounts] = source.amounts(votes, quarter)
    assert dict(amounts.rows.values_list(amounts.key, amounts.value)) == {one.pk: 73}
    assert not source.evidence(passed, quarter).exists()


def test_records_without_lines_say_nothing_of_them(cast):
    approve(cast, file(cast))
    catch_up()
    shown = figures(cast.enterprise.place, Quarter.current())
    assert (shown["F01.sessions"].value, shown["F01.topics"].value) == (1, None)


def test_questions_of_a_hand_in_name_the_line(cast):
    record = file(cast, {**CONTRACT, "votes_for": 30}, managers=0)
    with pytest.raises(NeedsConfirmation) as asked:
        act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    assert [question.field for question in asked.value.questions] == ["agenda.1.votes_for"]
    assert Record.objects.get().status == Status.DRAFT
