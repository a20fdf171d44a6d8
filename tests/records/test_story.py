"""The main job as people do it: file, send back, mend, approve. Through HTTP, with the named cast."""

import datetime
import itertools

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.facts.models import Change
from ideology.models import Lecture
from records.models import Record, RecordStep, ReportingQuarter, Status
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db


#: A speaker of their own for each lecture: two by the same person on one day look like one filed twice.
_NUMBERS = itertools.count(1)


def lecture_values(**changes) -> dict[str, str]:
    values = {
        "title": "劳模讲述岗位故事",
        "happened_on": timezone.localdate().isoformat(),
        "form": "on_site",
        "speaker": f"王师傅{next(_NUMBERS)}",
        "number_of_people": "40",
        "attendances": "60",
        "do": "submit",
    }
    return {**values, **changes}


def file_lecture(browser, **changes) -> Record:
    response = browser.post(reverse("records:create", args=["ideology.lecture"]), lecture_values(**changes))
    assert response.status_code == 302, response.content.decode()
    return Record.objects.latest("pk")


def decide(browser, record: Record, action: str, reason: str = ""):
    record.refresh_from_db()
    return browser.post(
        reverse("records:review_record", args=[record.pk]), {"do": action, "version": record.version, "reason": reason}
    )


def test_file_return_mend_approve(cast, sign_in):
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    record = file_lecture(clerk)
    assert (record.status, record.held_by, record.enterprise) == (Status.SUBMITTED, "county", cast.enterprise)
    assert record.title in county.get("/review/").content.decode()

    assert decide(county, record, "return", "请补充一线职工人次。").status_code == 302
    page = clerk.get(reverse("records:detail", args=[record.pk])).content.decode()
    assert "请补充一线职工人次。" in page

    record.refresh_from_db()
    form = clerk.get(reverse("records:edit", args=[record.pk])).content.decode()
    assert "请补充一线职工人次。" in form
    response = clerk.post(
        reverse("records:edit", args=[record.pk]), lecture_values(version=record.version, frontline_attendances="45")
    )
    assert response.status_code == 302
    review = county.get(reverse("records:review_record", args=[record.pk])).content.decode()
    assert "与上次提交相比" in review and "<del>未填报</del> → <ins>45</ins>" in review

    decide(county, record, "approve")
    lecture = Lecture.objects.get(pk=record.pk)
    assert (lecture.status, lecture.frontline_attendances) == (Status.APPROVED, 45)
    actions = list(RecordStep.objects.filter(record=record).values_list("action", flat=True))
    assert actions == ["create", "submit", "return", "edit", "submit", "approve"]
    assert list(Change.objects.values_list("action", flat=True)) == ["submit", "return", "submit", "approve"]
    events = set(Entry.objects.filter(target_id=str(record.pk)).values_list("event", flat=True))
    assert {"records.created", "records.submit", "records.return", "records.edited", "records.approve"} <= events


def test_the_next_waiting_record_opens_by_itself(cast, sign_in):
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    first, second = file_lecture(clerk), file_lecture(clerk, title="第二场", speaker="赵工")
    response = decide(county, first, "approve")
    assert response.url == reverse("records:review_record", args=[second.pk])
    assert decide(county, second, "approve").url == reverse("records:review")


def test_double_click_and_back_button_make_one_record(cast, sign_in):
    clerk = sign_in(cast.clerk)
    token = "7e0f7a52-29a6-4c5e-9a57-0e35b1a4a001"
    first = file_lecture(clerk, form_token=token)
    response = clerk.post(reverse("records:create", args=["ideology.lecture"]), lecture_values(form_token=token))
    assert response.url == reverse("records:detail", args=[first.pk])
    assert Record.objects.count() == 1


def test_stale_tab_shows_both_versions_and_keeps_what_was_typed(cast, sign_in):
    clerk, lead = sign_in(cast.clerk), sign_in(cast.lead)
    record = file_lecture(clerk, do="draft")
    lead.post(reverse("records:edit", args=[record.pk]), lecture_values(do="draft", version=1, speaker="李师傅"))
    response = clerk.post(
        reverse("records:edit", args=[record.pk]), lecture_values(do="draft", version=1, speaker="张师傅")
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "李师傅" in page and "张师傅" in page and 'value="2"' in page
    assert Lecture.objects.get(pk=record.pk).speaker == "李师傅"
    again = clerk.post(
        reverse("records:edit", args=[record.pk]), lecture_values(do="draft", version=2, speaker="张师傅")
    )
    assert again.status_code == 302
    assert Lecture.objects.get(pk=record.pk).speaker == "张师傅"


@pytest.mark.parametrize(
    ("changes", "label", "words"),
    [
        ({"title": ""}, "标题", "这一项还没有填"),
        ({"happened_on": "昨天"}, "活动日期", "请填写日期，例如 2026-09-30"),
        ({"happened_on": "2199-01-01"}, "活动日期", "还没有到"),
        ({"attendances": "六十"}, "参加人次", "请填整数"),
        ({"attendances": "-1"}, "参加人次", "不能小于 0"),
        ({"attendances": "999999999"}, "参加人次", "请核对是否多打了数字"),
    ],
)
def test_refused_values_name_field_reason_and_cure_and_keep_what_was_typed(cast, sign_in, changes, label, words):
    response = sign_in(cast.clerk).post(
        reverse("records:create", args=["ideology.lecture"]), lecture_values(speaker="说话的人", **changes)
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert label in page and words in page
    assert 'value="说话的人"' in page
    assert Record.objects.count() == 0


def test_a_draft_may_have_gaps_and_is_nobody_elses(cast, sign_in):
    clerk = sign_in(cast.clerk)
    record = file_lecture(clerk, do="draft", title="", speaker="", happened_on="", attendances="", number_of_people="")
    assert record.status == Status.DRAFT
    assert sign_in(cast.county).get(reverse("records:detail", args=[record.pk])).status_code == 404
    refused = clerk.post(reverse("records:act", args=[record.pk, "submit"]), {"version": 1}, follow=True)
    assert "“主讲人”还没有填" in refused.content.decode()
    record.refresh_from_db()
    assert record.status == Status.DRAFT


def test_neighbours_get_404_and_offices_above_may_read(cast, sign_in):
    record = file_lecture(sign_in(cast.clerk))
    url = reverse("records:detail", args=[record.pk])
    for stranger in (
        cast.neighbour,
        cast.second_clerk,
        cast.other_county,
        cast.neighbour_county,
        cast.neighbour_city,
        cast.admin,
    ):
        assert sign_in(stranger).get(url).status_code == 404, stranger
    for reader in (cast.lead, cast.county, cast.city, cast.province, cast.auditor):
        assert sign_in(reader).get(url).status_code == 200, reader


def test_only_the_county_decides_and_never_its_own_entry(cast, sign_in):
    record = file_lecture(sign_in(cast.clerk))
    for above in (cast.city, cast.province):
        page = decide(sign_in(above), record, "approve").content.decode()
        assert "记录正由另一级产改办审核" in page, above
        record.refresh_from_db()
        assert record.status == Status.SUBMITTED

    county = sign_in(cast.county)
    on_behalf = file_lecture(county, enterprise=cast.enterprise.credit_code, title="安全生产知识讲座", speaker="赵工")
    assert on_behalf.filed_on_behalf
    clerk = sign_in(cast.clerk)
    for address in ("/records/", f"/records/{on_behalf.pk}/", f"/records/{on_behalf.pk}/print/"):
        assert "代填" in clerk.get(address).content.decode(), f"{address} does not say who filed it"
    assert "代填" in sign_in(cast.county_colleague).get("/review/").content.decode()
    page = decide(county, on_behalf, "approve").content.decode()
    assert "这条记录是您自己填报的，请由同事审核" in page
    decide(sign_in(cast.county_colleague), on_behalf, "approve")
    on_behalf.refresh_from_db()
    assert on_behalf.status == Status.APPROVED


def test_return_and_reject_need_a_reason_and_keep_the_page(cast, sign_in):
    county = sign_in(cast.county)
    record = file_lecture(sign_in(cast.clerk))
    page = decide(county, record, "return", "  ").content.decode()
    assert "请写明“退回修改”的原因" in page
    decide(county, record, "reject", "与本类型无关。")
    record.refresh_from_db()
    assert record.status == Status.REJECTED
    assert sign_in(cast.clerk).get(reverse("records:edit", args=[record.pk])).status_code == 403


def test_a_second_officer_is_told(cast, sign_in):
    record = file_lecture(sign_in(cast.clerk))
    county, colleague = sign_in(cast.county), sign_in(cast.county_colleague)
    county.get(reverse("records:review_record", args=[record.pk]))
    page = colleague.get(reverse("records:review_record", args=[record.pk])).content.decode()
    assert "周县办 刚刚打开了这条记录" in page
    decide(county, record, "approve")
    fragment = colleague.get(reverse("records:review_presence", args=[record.pk]), {"version": record.version - 1})
    assert "周县办 刚刚已经处理了这条记录（已通过）" in fragment.content.decode()
    stale = colleague.post(
        reverse("records:review_record", args=[record.pk]), {"do": "return", "version": 2, "reason": "重复"}
    )
    assert stale.status_code == 409 and "重复" in stale.content.decode()


def test_withdraw_and_hand_in_again(cast, sign_in):
    clerk = sign_in(cast.clerk)
    record = file_lecture(clerk)
    clerk.post(reverse("records:act", args=[record.pk, "withdraw"]), {"version": record.version})
    record.refresh_from_db()
    assert record.status == Status.WITHDRAWN
    clerk.post(reverse("records:act", args=[record.pk, "submit"]), {"version": record.version})
    record.refresh_from_db()
    assert record.status == Status.SUBMITTED


def test_reopening_returns_an_approved_record_with_its_reason(cast, sign_in):
    record = file_lecture(sign_in(cast.clerk))
    county = sign_in(cast.county)
    decide(county, record, "approve")
    record.refresh_from_db()
    county.post(reverse("records:act", args=[record.pk, "reopen"]), {"version": record.version, "reason": "人次有误"})
    record.refresh_from_db()
    assert (record.status, record.reason) == (Status.RETURNED, "人次有误")


def test_an_activity_of_a_closed_quarter_is_a_late_entry(cast, sign_in):
    long_ago = Quarter.current().shift(-3).first_day + datetime.timedelta(days=3)
    clerk, typed = sign_in(cast.clerk), lecture_values(happened_on=long_ago.isoformat())
    asked = clerk.post(reverse("records:create", args=["ideology.lecture"]), typed)
    assert asked.status_code == 200 and not Record.objects.exists()
    [question] = asked.context["warnings"]
    assert f"{Quarter.of(long_ago).label}，这个季度现在不收填报" in question.message
    record = file_lecture(clerk, **typed, confirmed=question.key, confirm_reason="档案移交后补报。")
    assert record.is_late_entry
    assert record.quarter == Quarter.current().previous().code


def test_discarding_a_draft_asks_the_rule(cast, sign_in):
    clerk = sign_in(cast.clerk)
    draft = file_lecture(clerk, do="draft", title="安全生产知识讲座", speaker="赵工")
    handed_in = file_lecture(clerk)
    assert clerk.post(reverse("records:discard", args=[draft.pk]), {"version": 1}).status_code == 302
    assert (
        clerk.post(reverse("records:discard", args=[handed_in.pk]), {"version": handed_in.version}).status_code == 403
    )
    assert list(Record.objects.values_list("pk", flat=True)) == [handed_in.pk]


def test_what_was_taken_back_unseen_may_be_deleted_by_its_enterprise(cast, sign_in):
    clerk = sign_in(cast.clerk)
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.clerk, "withdraw"), title="填重了的讲座")
    page = clerk.get(reverse("records:detail", args=[record.pk])).content.decode()
    assert "删除这条记录" in page and "审计日志中留有删除的记载" in page, "asked before it is gone"
    address, data = reverse("records:discard", args=[record.pk]), {"version": record.version}
    assert sign_in(cast.neighbour).post(address, data).status_code == 404
    assert sign_in(cast.county).post(address, data).status_code == 403
    assert clerk.post(address, data).status_code == 302 and not Record.objects.filter(pk=record.pk).exists()
    entry = Entry.objects.get(event="records.discarded")
    assert entry.label == "填重了的讲座" and "填重了的讲座" in str(entry.changes)


@pytest.mark.parametrize("decision", ["return", "approve", "flag"])
def test_what_an_office_has_dealt_with_stays(cast, sign_in, decision):
    clerk = sign_in(cast.clerk)
    moves = {
        "return": [(cast.county, "return"), (cast.clerk, "submit")],
        "approve": [(cast.county, "approve"), (cast.county, "reopen"), (cast.clerk, "submit")],
        "flag": [],
    }[decision]
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), *moves, (cast.clerk, "withdraw"))
    if decision == "flag":
        Record.objects.filter(pk=record.pk).update(is_flagged=True)
    assert "删除这条记录" not in clerk.get(reverse("records:detail", args=[record.pk])).content.decode()
    address = reverse("records:discard", args=[record.pk])
    assert clerk.post(address, {"version": record.version}).status_code == 403
    assert Record.objects.filter(pk=record.pk).exists()


def test_a_record_of_a_closed_quarter_is_not_reopened(cast, sign_in):
    record = file_lecture(sign_in(cast.clerk))
    county = sign_in(cast.county)
    decide(county, record, "approve")
    record.refresh_from_db()
    ReportingQuarter.objects.filter(code=record.quarter).update(is_open=False)
    refused = county.post(
        reverse("records:act", args=[record.pk, "reopen"]),
        {"version": record.version, "reason": "人次有误"},
        follow=True,
    )
    assert "已经关闭，数字已冻结" in refused.content.decode()
    record.refresh_from_db()
    assert record.status == Status.APPROVED


def test_an_approval_after_the_quarter_closed_counts_in_the_open_one(cast, sign_in):
    day = Quarter.current().previous().last_day
    record = file_lecture(sign_in(cast.clerk), happened_on=day.isoformat())
    ReportingQuarter.objects.filter(code=record.quarter).update(is_open=False)
    decide(sign_in(cast.county), record, "approve")
    record.refresh_from_db()
    assert (record.status, record.quarter, record.is_late_entry) == (Status.APPROVED, Quarter.current().code, True)


def test_the_list_tells_not_reported_from_not_asked(cast, sign_in):
    clerk = sign_in(cast.clerk)
    file_lecture(clerk, do="draft", attendances="", number_of_people="")
    rows = clerk.get(reverse("records:list")).content.decode()
    assert "未填报" in rows
    clerk.post(reverse("records:discard", args=[Record.objects.get().pk]), {"version": 1})
    period = Quarter.current().previous().code
    clerk.post(reverse("records:create", args=["ideology.partydevelopment"]), {"period": period, "do": "draft"})
    rows = clerk.get(reverse("records:list")).content.decode()
    assert "发展党员情况" in rows and "未填报" not in rows
