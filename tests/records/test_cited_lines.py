"""What the workers' congress dealt with is chosen in other returns and not typed again."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.calendar.periods import Quarter
from foundation.refusals import Refused
from records.core.actions import act, discard_record, file_record, update_record
from records.core.bulk import move_records
from records.core.forms import RecordForm
from records.core.kinds import kind_by_slug
from records.core.lines import stored_rows
from records.core.models import CitedLine
from records.models import Record
from tests.contracts.world import values_for
from tests.records.exchange.books import changes, checked, confirmed, opened, saved
from tests.rights.filing import approve, found_in, hand_in

pytestmark = pytest.mark.django_db

CONGRESS, PLAN, FUND, CONTRACT = (
    "rights.congresssession",
    "services.leadership",
    "skills.trainingfund",
    "rights.contract",
)
YEAR = Quarter.current().year
HELD = Quarter.current().first_day
REFORM = {"topic": "产改实施方案", "sort": "advise", "votes_for": None, "result": "considered"}
DRAFT = {"topic": "集体合同草案", "sort": "approve", "votes_for": 40, "result": "passed"}


def filed(cast, slug: str, *, of: str = "enterprise", by: str = "clerk", **changed) -> Record:
    kind, enterprise = kind_by_slug(slug), getattr(cast, of)
    values = values_for(slug, enterprise, **changed)
    return file_record(acting_user=getattr(cast, by), kind=kind, filer=enterprise, values=values).specific()


def session(cast, *topics: dict, of: str = "enterprise", by: str = "clerk", hands_in: bool = True) -> Record:
    room = {"representatives": 60, "present": 50, "managers": 5, "secret_ballot": True, "happened_on": HELD}
    record = filed(cast, CONGRESS, of=of, by=by, **room, papers_sent_on=None, reported_on=None, agenda=list(topics))
    if hands_in:
        outcomes = move_records(acting_user=getattr(cast, by), record_ids=[record.pk], action="submit", asks=False)
        assert outcomes[0].ok, outcomes
        record.refresh_from_db()
    return record


def plan(cast, **changed) -> Record:
    said = {"has_plan": True, "plan_issued_on": None, "reviewed_by_congress": True, "congress_on": None}
    return filed(cast, PLAN, **{**said, **changed})


def offered(cast, slug: str, name: str, *, of: str = "enterprise") -> list[str]:
    form = RecordForm(kind=kind_by_slug(slug), filer=getattr(cast, of))
    return [label for value, label in form.fields[name].choices if value]


def topic(about: str) -> CitedLine:
    return CitedLine.objects.get(about=about)


def test_only_topics_of_ones_own_sessions_that_were_handed_in_are_offered_the_suitable_first(cast):
    session(cast, DRAFT, REFORM)
    session(cast, {**REFORM, "topic": "还没有提交的产改方案"}, hands_in=False)
    session(cast, {**REFORM, "topic": "邻居的产改方案"}, of="second_enterprise", by="second_clerk")
    labels = offered(cast, PLAN, "congress_topic")
    day = HELD.isoformat()
    assert labels == [
        f"{day} 产改实施方案（审查建议：已听取，未表决）",
        f"{day} 集体合同草案（审议通过：通过，赞成 40 票）",
    ]
    assert offered(cast, PLAN, "congress_topic", of="gulou_enterprise") == []


def test_a_neighbour_s_topic_cannot_be_named(cast, api):
    session(cast, REFORM, of="second_enterprise", by="second_clerk")
    body = {"kind": PLAN, "enterprise": cast.enterprise.credit_code, "has_plan": True, "reviewed_by_congress": True}
    answer = api.post("/api/v1/records/", {**body, "congress_topic": topic("产改实施方案").pk}, format="json")
    assert answer.status_code == 400
    [problem] = answer.json()["errors"]
    assert problem["field"] == "congress_topic" and "不是本企业已提交的职代会会议中的议题" in problem["reason"]


def test_the_only_suitable_topic_stands_in_the_form_to_be_confirmed(cast, sign_in):
    session(cast, DRAFT, REFORM)
    page = sign_in(cast.clerk).get(reverse("records:create", args=[PLAN])).content.decode()
    code = topic("产改实施方案").pk
    assert f'<option value="{code}" selected>' in page and "已按职代会会议带出，请核对。" in page
    form = RecordForm(kind=kind_by_slug(PLAN), filer=cast.enterprise)
    form.refer_to_what_is_on_file()
    assert (form.initial["congress_topic"], form.initial["reviewed_by_congress"]) == (code, True)


def test_of_two_suitable_topics_none_is_chosen_and_an_answer_is_left_alone(cast):
    session(cast, REFORM)
    record = plan(cast, reviewed_by_congress=False)
    form = RecordForm(kind=kind_by_slug(PLAN), filer=cast.enterprise, record=record)
    form.refer_to_what_is_on_file()
    assert (form.initial["congress_topic"], form.initial["reviewed_by_congress"]) == (None, False)
    session(cast, {**REFORM, "topic": "产改实施方案（修订）"})
    form = RecordForm(kind=kind_by_slug(PLAN), filer=cast.enterprise)
    form.refer_to_what_is_on_file()
    assert not form.initial.get("congress_topic")


def test_a_report_on_a_year_is_not_answered_by_a_session_before_it(cast):
    session(cast, {**REFORM, "topic": "职工教育经费使用情况报告"})
    for period, code in ((str(YEAR), topic("职工教育经费使用情况报告").pk), (str(YEAR + 1), None)):
        form = RecordForm(kind=kind_by_slug(FUND), filer=cast.enterprise)
        form.initial["period"] = period
        form.refer_to_what_is_on_file()
        assert form.initial.get("congress_topic") == code


def test_the_day_comes_from_the_session_and_is_not_asked_again(cast):
    session(cast, REFORM)
    record = plan(cast, congress_topic=topic("产改实施方案"), congress_on=HELD - datetime.timedelta(days=3))
    assert (record.congress_on, record.congress_day) == (None, HELD)
    with pytest.raises(ValidationError, match="应先审议后印发"):
        plan(
            cast,
            congress_topic=topic("产改实施方案"),
            plan_issued_on=HELD - datetime.timedelta(days=1),
        )


def test_an_old_yes_without_a_session_stays_readable(cast, sign_in):
    record = plan(cast, congress_on=HELD)
    page = sign_in(cast.clerk).get(reverse("records:detail", args=[record.pk])).content.decode()
    assert "未关联会议" in page and record.reviewed_by_congress and record.congress_on == HELD


def test_what_became_of_the_topic_is_said_where_it_is_named(cast, sign_in):
    held = session(cast, DRAFT, REFORM)
    record = plan(cast, congress_topic=topic("产改实施方案"))
    clerk = sign_in(cast.clerk)

    def shown() -> str:
        return clerk.get(reverse("records:detail", args=[record.pk])).content.decode()

    assert "［" not in shown() and reverse("records:detail", args=[held.pk]) in shown()
    act(acting_user=cast.clerk, record_id=held.pk, action="withdraw", version=held.version)
    assert "［会议记录已撤回或退回，尚未重新提交］" in shown()
    assert "产改实施方案" not in str(offered(cast, PLAN, "congress_topic"))

    def mend(*topics: dict) -> None:
        held.refresh_from_db()
        version = held.version
        if held.status == "submitted":
            version = act(acting_user=cast.clerk, record_id=held.pk, action="withdraw", version=version).version
        changed = update_record(
            acting_user=cast.clerk, record_id=held.pk, version=version, values={"agenda": list(topics)}
        )
        move_records(acting_user=cast.clerk, record_ids=[changed.pk], action="submit", asks=False)

    # Written anew in its place it is the same topic, under the same code.
    mend(DRAFT, {**REFORM, "topic": "深化产改实施方案"})
    assert "深化产改实施方案（审查建议：已听取，未表决）" in shown() and "［" not in shown()
    mend(DRAFT)
    assert "［会议记录中已没有这项议题］" in shown()
    mend(DRAFT, {**REFORM, "topic": "深化产改实施方案"})
    assert "［" not in shown()


def test_a_session_that_is_referred_to_is_not_thrown_away(cast):
    held = session(cast, REFORM)
    plan(cast, congress_topic=topic("产改实施方案"))
    act(acting_user=cast.clerk, record_id=held.pk, action="withdraw", version=held.version)
    held.refresh_from_db()
    with pytest.raises(Refused, match="引用了这条记录中的议题"):
        discard_record(acting_user=cast.clerk, record_id=held.pk, version=held.version)
    Record.objects.filter(kind=PLAN).delete()
    discard_record(acting_user=cast.clerk, record_id=held.pk, version=held.version)
    assert not CitedLine.objects.exists()


def contract(cast, **line) -> Record:
    signed = HELD + datetime.timedelta(days=1)
    plain = {"sort": "wages", "signed_on": signed, "ends_on": signed.replace(year=signed.year + 1), "people": 150}
    filed_on = signed + datetime.timedelta(days=2)
    return filed(
        cast,
        CONTRACT,
        negotiated=True,
        negotiated_on=datetime.date(YEAR - 1, 4, 1),
        performance_reported=True,
        covered=160,
        agreements=[{**plain, "filed_on": filed_on, **line}],
    )


@pytest.mark.parametrize(
    ("held", "line", "found"),
    [
        ({}, {}, {}),
        ({"result": "failed"}, {}, {"agreements.1.congress_topic": ("R15", False)}),
        ({"sort": "advise"}, {}, {"agreements.1.congress_topic": ("R15", False)}),
        ({}, {"signed_on": HELD - datetime.timedelta(days=1)}, {"agreements.1.congress_topic": ("R30", False)}),
        (None, {"discussed": False}, {"agreements.1.discussed": ("R30", False)}),
        (None, {"discussed": None}, {"agreements.1.discussed": ("R30", True)}),
        (None, {"discussed": True}, {}),
    ],
)
def test_the_vote_of_the_topic_is_read_by_the_rules(cast, held, line, found):
    if held is not None:
        session(cast, {**DRAFT, **held})
        line = {"congress_topic": topic("集体合同草案"), **line}
    record = contract(cast, **line)
    hand_in(cast, record)
    assert {field: told for field, told in found_in(record).items() if told[0] in ("R15", "R30")} == found


def test_a_topic_and_a_no_contradict_each_other(cast):
    session(cast, DRAFT)
    with pytest.raises(ValidationError, match="又填了草案没有经职代会审议"):
        contract(cast, congress_topic=topic("集体合同草案"), discussed=False)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"reviewed_by_congress": False}, {"reviewed_by_congress": ("R15-plan", False)}),
        ({"congress_on": HELD}, {}),
        ({"topic": "failed"}, {"congress_topic": ("R15-plan", False)}),
    ],
)
def test_a_plan_goes_to_the_congress(cast, said, found):
    if result := said.pop("topic", ""):
        session(cast, {**REFORM, "sort": "approve", "votes_for": 10, "result": result})
        said = {"congress_topic": topic("产改实施方案")}
    record = plan(cast, plan_issued_on=HELD + datetime.timedelta(days=1), **said)
    hand_in(cast, record)
    assert {field: told for field, told in found_in(record).items() if told[0] == "R15-plan"} == found


@pytest.mark.parametrize(("overseen", "found"), [(True, {}), (False, {"overseen": ("R15-funds", False)})])
def test_funds_are_reported_to_the_congress(cast, overseen, found):
    record = filed(cast, FUND, overseen=overseen)
    hand_in(cast, record)
    assert {field: told for field, told in found_in(record).items() if told[0] == "R15-funds"} == found


def test_history_names_the_topic(cast, sign_in):
    session(cast, REFORM)
    record = plan(cast)
    update_record(
        acting_user=cast.clerk,
        record_id=record.pk,
        version=record.version,
        values={"congress_topic": topic("产改实施方案")},
    )
    page = sign_in(cast.clerk).get(reverse("records:detail", args=[record.pk])).content.decode()
    assert "未关联会议" in page and f"{HELD.isoformat()} 产改实施方案" in page


def test_a_workbook_names_day_and_topic(cast, sign_in):
    session(cast, DRAFT, REFORM)
    record = plan(cast, congress_topic=topic("产改实施方案"))
    with_line = contract(cast, congress_topic=topic("集体合同草案"))
    clerk = sign_in(cast.clerk)
    workbook = opened(b"".join(clerk.get(reverse("records:export"), {"kind": PLAN})))
    sheet = workbook["填报"]
    place = [cell.value for cell in sheet[1]].index("方案所在的职代会议题") + 1
    assert sheet.cell(2, place).value == f"{HELD.isoformat()} 产改实施方案"
    assert checked(clerk, saved(workbook), kind=PLAN, after="draft").counts["unchanged"] == 1
    sheet.cell(2, place).value = f"{HELD.isoformat()} 集体合同草案"
    batch = checked(clerk, saved(workbook), kind=PLAN, after="draft")
    assert [[change["label"] for change in row] for row in changes(batch)] == [["方案所在的职代会议题"]]
    confirmed(clerk, batch)
    record.refresh_from_db()
    assert record.congress_topic == topic("集体合同草案")

    lines = kind_by_slug(CONTRACT).lines[0]
    workbook = opened(b"".join(clerk.get(reverse("records:export"), {"kind": CONTRACT})))
    row = [cell.value for cell in workbook[str(lines.label)][2]]
    assert row[-1] == f"{HELD.isoformat()} 集体合同草案"
    assert checked(clerk, saved(workbook), kind=CONTRACT, after="draft").counts["unchanged"] == 1
    assert stored_rows(with_line, lines)[0]["congress_topic"] == topic("集体合同草案").pk


@pytest.fixture
def api(cast) -> APIClient:
    client = APIClient()
    client.force_authenticate(cast.clerk)
    return client


def test_the_api_takes_code_or_words_and_answers_the_code(cast, api):
    session(cast, REFORM)
    record, code = plan(cast), topic("产改实施方案").pk
    address = f"/api/v1/records/{record.pk}/"
    for version, sent in ((1, code), (2, None), (3, f"{HELD.isoformat()} 产改实施方案")):
        answer = api.patch(address, {"version": version, "congress_topic": sent}, format="json")
        assert answer.json()["congress_topic"] == (code if sent else None), answer.json()
    schema = api.get(f"/api/v1/kinds/{PLAN}/").json()["schema"]["properties"]["congress_topic"]
    assert schema["x-cites"] == CONGRESS and "enum" not in schema and schema["type"] == ["string", "null"]


def test_a_page_asks_the_same_for_one_and_for_many_topics(cast, sign_in, django_assert_max_num_queries):
    session(cast, REFORM)
    clerk = sign_in(cast.clerk)
    address = reverse("records:create", args=[CONTRACT])
    clerk.get(address)
    with django_assert_max_num_queries(60) as few:
        clerk.get(address)
    session(cast, *({**DRAFT, "topic": f"专项集体合同草案之{number}"} for number in range(9)))
    with django_assert_max_num_queries(len(few)):
        clerk.get(address)


def test_the_printed_page_names_the_topic(cast, sign_in):
    session(cast, REFORM)
    issued = HELD + datetime.timedelta(days=1)
    record = plan(cast, congress_topic=topic("产改实施方案"), plan_issued_on=issued)
    hand_in(cast, record)
    approve(cast, record)
    page = sign_in(cast.county).get(reverse("records:print", args=[record.pk])).content.decode()
    assert f"{HELD.isoformat()} 产改实施方案（审查建议：已听取，未表决）" in page
