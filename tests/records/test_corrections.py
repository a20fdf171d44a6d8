"""A request to correct an approved record: one at a time, answered by the office that approved it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.notify.models import Message
from records.models import Correction, CorrectionOutcome, Record, RecordStep, ReportingQuarter, Status
from tests.contracts.world import correction_of, filed

pytestmark = pytest.mark.django_db

REASON = "签到表是 54 人次，填报时写成了 45。"


@pytest.fixture
def approved(cast) -> Record:
    return filed(
        cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "approve"), title="“劳动创造幸福”宣讲<三>"
    )


def ask(browser, record: Record, reason: str = REASON):
    record.refresh_from_db()
    data = {"version": record.version, "reason": reason}
    return browser.post(reverse("records:correction_ask", args=[record.pk]), data, follow=True)


def decide(browser, what: str, answer: str = "请按签到表更正。"):
    address = reverse("records:correction_decide", args=[Correction.objects.latest("pk").pk])
    return browser.post(address, {"do": what, "answer": answer}, follow=True)


def test_the_enterprise_asks_and_the_county_reopens(cast, sign_in, approved):
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    assert "申请更正" in clerk.get(reverse("records:detail", args=[approved.pk])).content.decode()
    page = ask(clerk, approved).content.decode()
    assert "更正申请已提交" in page and REASON in page and 'id="correction-reason"' not in page
    approved.refresh_from_db()
    assert approved.status == Status.APPROVED, "it counts until the office has answered"
    told = Message.objects.filter(event="records.correction_asked").values_list("recipient__username", flat=True)
    assert set(told) == {"county", "county_colleague"}
    assert "待处理的更正申请" in county.get("/").content.decode()
    assert "等待答复的更正申请" in clerk.get("/").content.decode()
    assert "重新打开，退回修改" in county.get(reverse("records:detail", args=[approved.pk])).content.decode()
    assert "更正申请已处理：已重新打开" in decide(county, "reopen").content.decode()
    approved.refresh_from_db()
    assert (approved.status, approved.reason) == (Status.RETURNED, "请按签到表更正。")
    made = Correction.objects.get()
    assert (made.outcome, made.answer, made.decided_by) == (CorrectionOutcome.REOPENED, approved.reason, cast.county)
    actions = list(RecordStep.objects.filter(record=approved).values_list("action", flat=True))
    assert actions[-2:] == ["correction", "reopen"]
    events = set(Entry.objects.filter(target_id=str(approved.pk)).values_list("event", flat=True))
    assert {"records.correction_asked", "records.reopen"} <= events
    assert Message.objects.filter(recipient=cast.clerk, event="records.reopened").count() == 1
    assert not Message.objects.filter(recipient=cast.clerk, event="records.correction_decided").exists(), "told once"
    assert "待处理的更正申请" not in county.get("/").content.decode()


def test_whoever_asked_but_did_not_file_is_told_as_well(cast, sign_in, approved):
    ask(sign_in(cast.lead), approved)
    decide(sign_in(cast.county), "reopen")
    assert Message.objects.filter(recipient=cast.lead, event="records.correction_decided").count() == 1


def test_the_county_declines_with_a_reason_and_the_enterprise_may_ask_again(cast, sign_in, approved):
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    ask(clerk, approved)
    page = decide(county, "decline", "  ").content.decode()
    assert "请写明处理意见" in page and Correction.objects.get().outcome == CorrectionOutcome.OPEN
    decide(county, "decline", "签到表也是 45。")
    approved.refresh_from_db()
    assert approved.status == Status.APPROVED
    assert Message.objects.filter(recipient=cast.clerk, event="records.correction_decided").count() == 1
    page = clerk.get(reverse("records:detail", args=[approved.pk])).content.decode()
    assert "不同意更正" in page and "签到表也是 45。" in page
    ask(clerk, approved, "再核对一次：附件第二页。")
    assert Correction.objects.filter(record=approved).count() == 2


def test_one_open_request_a_record(cast, sign_in, approved):
    ask(sign_in(cast.clerk), approved)
    page = ask(sign_in(cast.lead), approved, "我也要改。")
    assert page.status_code == 403 or "已有一件更正申请在处理" in page.content.decode()
    assert Correction.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        correction_of(cast, approved)


@pytest.mark.parametrize("reason", ["", "   ", "字" * 2001])
def test_without_words_or_with_too_many_it_is_refused_and_what_was_typed_stays(cast, sign_in, approved, reason):
    clerk = sign_in(cast.clerk)
    form = clerk.get(reverse("records:detail", args=[approved.pk])).content.decode()
    address = reverse("records:correction_ask", args=[approved.pk])
    assert f'action="{address}" class="act-form" novalidate' in form, "the portal says it, in its own words"
    page = ask(clerk, approved, reason).content.decode()
    assert not Correction.objects.exists()
    assert ("最多 2,000 个" in page and reason in page) if reason.strip() else "请写明申请更正的理由" in page


def test_only_the_enterprise_asks_and_only_about_what_is_approved(cast, sign_in, approved):
    waiting = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="待审的一条")
    assert "只有已通过的记录需要申请更正" in ask(sign_in(cast.clerk), waiting).content.decode()
    assert "您的角色不能" in ask(sign_in(cast.county), approved).content.decode()
    for neighbour in (cast.neighbour, cast.second_clerk):
        assert ask(sign_in(neighbour), approved).status_code == 404
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("city", "由审定这条记录的单位处理"),
        ("province", "您的角色不能"),
        ("auditor", "您的角色不能"),
        ("clerk", "您的角色不能"),
        ("other_county", "没有找到"),
        ("neighbour_county", "没有找到"),
    ],
)
def test_only_the_office_that_approved_answers(cast, sign_in, approved, who, said):
    ask(sign_in(cast.clerk), approved)
    answer = decide(sign_in(cast.people[who]), "decline")
    assert said in answer.content.decode() and answer.status_code == (404 if said == "没有找到" else 200)
    assert Correction.objects.get().outcome == CorrectionOutcome.OPEN


def test_reopened_by_the_city_of_its_own_accord_answers_the_request(cast, sign_in, approved):
    ask(sign_in(cast.clerk), approved)
    address = reverse("records:act", args=[approved.pk, "reopen"])
    approved.refresh_from_db()
    sign_in(cast.city).post(address, {"version": approved.version, "reason": "抽查发现人次有误。"})
    made = Correction.objects.get()
    assert (made.outcome, made.answer, made.decided_by) == ("reopened", "抽查发现人次有误。", cast.city)


def test_in_a_closed_quarter_the_office_is_told_what_stands_in_the_way(cast, sign_in, approved):
    ask(sign_in(cast.clerk), approved)
    ReportingQuarter.objects.filter(code=approved.quarter).update(is_open=False)
    county = sign_in(cast.county)
    page = county.get(reverse("records:detail", args=[approved.pk])).content.decode()
    assert "数字已冻结" in page and "重新打开，退回修改" not in page and "不同意更正" in page
    assert "数字已冻结" in decide(county, "reopen").content.decode()
    assert Correction.objects.get().outcome == CorrectionOutcome.OPEN


def test_the_list_shows_each_their_own(cast, sign_in, approved):
    ask(sign_in(cast.clerk), approved)
    other = filed(
        cast.neighbour, cast.neighbour_enterprise, (cast.neighbour, "submit"), (cast.neighbour_county, "approve")
    )
    correction_of(cast, other)
    for who, seen in (("clerk", 1), ("county", 1), ("province", 2), ("other_county", 0), ("second_clerk", 0)):
        page = sign_in(cast.people[who]).get("/review/corrections/?state=open")
        assert len(page.context["table"].rows) == seen, who
        assert ("南京市江宁区" in page.content.decode()) == bool(seen), "a county with its city"
