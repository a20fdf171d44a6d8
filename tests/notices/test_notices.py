"""A notice from the office's draft to the units' feedback, through the pages."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from enterprises.models import Enterprise, PilotTier
from foundation.audit.models import Entry
from foundation.crud.exporting import EXPORT
from foundation.jobs import running
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.notify.models import Message
from foundation.refusals import Refused
from notices import sending
from notices.actions import send_notice
from notices.models import Delivery, Notice, NoticeFile, State, Urge
from notices.receiving import answer
from notices.tasks import send_unsent
from tests.contracts.world import upload
from tests.notices.helpers import QUESTIONS, delivery_of, draft, sent, soon

pytestmark = pytest.mark.django_db

TOKEN = "7e0f7a52-29a6-4c5e-9a57-0e35b1a4a009"


def form(**changes):
    return {
        "title": "关于报送四季度情况的通知",
        "number": "宁产改办〔2026〕5号",
        "text": "第一段。\n\n第二段<b>。",
        "levels": ["enterprise"],
        "receipt_due": soon(3).isoformat(),
        "feedback_due": soon(5).isoformat(),
        "form_token": TOKEN,
        "do": "preview",
        "questions-TOTAL_FORMS": "2",
        "questions-INITIAL_FORMS": "0",
        "questions-0-label": "产业工人人数",
        "questions-0-type": "number",
        "questions-0-required": "on",
        "questions-1-label": "",
        "questions-1-type": "text",
        **changes,
    }


def test_a_notice_from_draft_to_feedback(cast, sign_in):
    county, clerk = sign_in(cast.county), sign_in(cast.clerk)
    kept = county.post(reverse("notices:file_upload"), {"form_token": TOKEN, "file": upload("附表.png")})
    assert kept.status_code == 201
    response = county.post("/notices/new/", form(), follow=True)
    page = response.content.decode()
    notice = Notice.objects.get()
    assert "2</strong> 个单位" in page and "通知还没有发出" in page and "附表.png" in page
    assert "<p>第一段。</p>" in page and "第二段&lt;b&gt;。" in page
    assert clerk.get(notice.get_absolute_url()).status_code == 404, "a draft is the office's own"

    county.post(reverse("notices:send", args=[notice.pk]), {"version": notice.version})
    notice.refresh_from_db()
    assert notice.state == State.SENDING
    assert clerk.get(notice.get_absolute_url()).status_code == 404, "until all have it nobody sees it"
    running.run(notice.job_id)
    notice.refresh_from_db()
    assert (notice.state, notice.recipients) == (State.SENT, 2)
    assert "1 条未读" in clerk.get("/").content.decode()

    assert notice.title in clerk.get("/").content.decode(), "the workbench says so"
    told = Message.objects.get(recipient=cast.clerk, read_at=None)
    assert told.title == f"通知：{notice.title}" and "前签收" in told.text
    opened = clerk.get(told.url, follow=True)
    delivery = delivery_of(notice, cast.enterprise.place)
    assert not Message.objects.filter(recipient=cast.clerk, read_at=None).exists()
    assert delivery.read_by == cast.clerk and opened.request["PATH_INFO"] == delivery.get_absolute_url()
    attached = clerk.get(reverse("notices:file", args=[NoticeFile.objects.get().pk]))
    assert b"".join(attached.streaming_content).startswith(b"\x89PNG")

    clerk.post(reverse("notices:receipt", args=[delivery.pk]))
    refused = clerk.post(reverse("notices:answer", args=[delivery.pk]), {"q1": "三百人"}).content.decode()
    assert "请填整数，不带单位、小数和文字。" in refused and "三百人" in refused
    assert clerk.post(reverse("notices:answer", args=[delivery.pk]), {"q1": "300"}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.receipted_at and delivery.answers == {"1": 300}
    assert "已反馈" in clerk.get("/notices/").content.decode()

    units = county.get(reverse("notices:units", args=[notice.pk])).content.decode()
    assert "已反馈" in units and "待签收" in units
    answers = county.get(reverse("notices:unit", args=[delivery.pk])).content.decode()
    assert "产业工人人数" in answers and "300" in answers
    events = set(Entry.objects.filter(event__startswith="notices.").values_list("event", flat=True))
    assert {
        "notices.created",
        "notices.requested",
        "notices.sent",
        "notices.read",
        "notices.receipted",
        "notices.answered",
    } <= events


def test_who_sees_what(cast, sign_in):
    notice = sent(cast.county, cast.places["320115"])
    url, units = notice.get_absolute_url(), reverse("notices:units", args=[notice.pk])
    for who in ("county", "county_colleague", "city", "province", "auditor"):
        assert sign_in(cast.people[who]).get(url).status_code == 200, who
        assert sign_in(cast.people[who]).get(units).status_code == 200, who
        assert notice.title in sign_in(cast.people[who]).get("/notices/sent/").content.decode()
    assert sign_in(cast.clerk).get(units).status_code == 403
    for who in ("neighbour", "neighbour_county", "other_county", "neighbour_city"):
        assert sign_in(cast.people[who]).get(url).status_code == 404, who
    assert sign_in(cast.admin).get("/notices/").status_code == 403
    foreign = delivery_of(notice, cast.second_enterprise.place)
    assert sign_in(cast.clerk).get(foreign.get_absolute_url()).status_code == 404
    assert sign_in(cast.county).get(foreign.get_absolute_url()).status_code == 404, "only the unit reads for the unit"


def test_an_office_between_sees_its_own_units_of_a_notice_from_above(cast, sign_in):
    notice = sent(cast.province, cast.places["32"], levels=["county", "enterprise"])
    page = sign_in(cast.county).get(reverse("notices:units", args=[notice.pk])).content.decode()
    assert cast.enterprise.name in page and "江宁区" in page
    assert cast.gulou_enterprise.name not in page and cast.neighbour_enterprise.name not in page
    assert notice.title in sign_in(cast.county).get("/notices/").content.decode()
    assert "各地情况" in sign_in(cast.province).get(notice.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("levels", "tiers", "places", "expected"),
    [
        (["city"], [], [], {"3201", "3205"}),
        (["county"], [], [], {"320115", "320106", "320571"}),
        (["enterprise"], [PilotTier.NATIONAL], [], {"enterprise"}),
        ([], [], ["320106"], {"320106"}),
        (["city"], [], ["3201", "320106"], {"3201", "3205", "320106"}),
    ],
)
def test_to_whom_it_goes(cast, levels, tiers, places, expected):
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(pilot_tier=PilotTier.NATIONAL)
    chosen = tuple(cast.places[code] for code in places)
    notice = sent(cast.province, cast.places["32"], chosen, levels=levels, tiers=tiers)
    codes = {"enterprise": cast.enterprise.credit_code}
    found = set(notice.deliveries.values_list("place__code", flat=True))
    assert found == {codes.get(name, name) for name in expected}


def test_enterprises_no_longer_registered_receive_nothing(cast):
    Enterprise.objects.filter(pk=cast.second_enterprise.pk).update(is_active=False)
    notice = sent(cast.county, cast.places["320115"])
    assert list(notice.deliveries.values_list("place_id", flat=True)) == [cast.enterprise.place_id]


def test_sending_twice_or_again_after_a_crash_delivers_once(cast):
    notice = sent(cast.county, cast.places["320115"])
    Job.objects.filter(pk=notice.job_id).update(status="queued", attempts=0)
    running.run(notice.job_id)
    assert notice.deliveries.count() == 2 and Message.objects.filter(recipient=cast.clerk).count() == 1


def test_sending_that_is_called_off_leaves_the_draft(cast, sign_in):
    notice = draft(cast.county, cast.places["320115"])
    county = sign_in(cast.county)
    county.post(reverse("notices:send", args=[notice.pk]), {"version": notice.version})
    notice.refresh_from_db()
    Enterprise.objects.update(is_active=False)
    running.run(notice.job_id)
    notice.refresh_from_db()
    assert notice.state == State.DRAFT and not Delivery.objects.exists()
    assert "没有选中任何单位" in Job.objects.get(pk=notice.job_id).error
    assert county.get(reverse("notices:edit", args=[notice.pk])).status_code == 200


def test_a_sending_cancelled_before_it_began_becomes_a_draft_again(cast, sign_in):
    notice, county = draft(cast.county, cast.places["320115"]), sign_in(cast.county)
    county.post(reverse("notices:send", args=[notice.pk]), {"version": notice.version})
    notice.refresh_from_db()
    send_unsent()
    notice.refresh_from_db()
    assert notice.state == State.SENDING, "its job still waits"
    county.post(reverse("jobs:cancel", args=[notice.job_id]))
    send_unsent()
    notice.refresh_from_db()
    assert notice.state == State.DRAFT and Entry.objects.filter(event="notices.unsent").exists()


def _taken_over(cast) -> tuple[Notice, Job]:
    """A notice whose job a second worker has taken, and the job as the first one still has it."""
    notice = draft(cast.county, cast.places["320115"])
    notice = send_notice(acting_user=cast.county, notice=notice, version=notice.version)
    lease = timezone.now() + datetime.timedelta(minutes=5)
    Job.objects.filter(pk=notice.job_id).update(status="running", attempts=2, lease_until=lease)
    job = Job.objects.get(pk=notice.job_id)
    job.attempts = 1
    return notice, job


def test_a_worker_that_was_given_up_takes_nothing_from_the_one_that_sends(cast):
    notice, job = _taken_over(cast)
    with pytest.raises(Cancelled):
        sending.send_job(job, Progress(job, lease=300))
    notice.refresh_from_db()
    assert notice.state == State.SENDING and notice.deliveries.count() == 2
    job = Job.objects.get(pk=notice.job_id)
    sending.send_job(job, Progress(job, lease=300))
    notice.refresh_from_db()
    assert (notice.state, notice.recipients) == (State.SENT, 2)
    assert not Entry.objects.filter(event="notices.unsent").exists()


def test_called_off_while_it_is_sent_it_is_a_draft_again(cast):
    notice, job = _taken_over(cast)
    Job.objects.filter(pk=job.pk).update(status="cancelled")
    with pytest.raises(Cancelled):
        sending.send_job(job, Progress(job, lease=300))
    notice.refresh_from_db()
    assert notice.state == State.DRAFT and not Delivery.objects.exists()


def test_what_is_a_draft_again_is_not_published(cast):
    notice, _job = _taken_over(cast)
    sending.back_to_draft(Notice.objects.get(pk=notice.pk))
    with pytest.raises(Refused, match="不在发送中"):
        sending._publish(notice, timezone.now())
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at) == (State.DRAFT, None)
    assert not Entry.objects.filter(event="notices.sent").exists()


def test_it_is_found_by_its_words_by_whom_it_concerns(cast, sign_in):
    notice = sent(cast.county, cast.places["320115"], title="关于消防演练的通知", number="江宁产改办〔2026〕9号")
    link = f'href="{notice.get_absolute_url()}"'
    for words in ("消防演练", "2026〕9号", "按时报送"):
        assert link in sign_in(cast.clerk).get("/search/", {"q": words}).content.decode(), words
    assert link not in sign_in(cast.neighbour).get("/search/", {"q": "消防演练"}).content.decode()


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"receipt_due": "2020-01-01"}, "截止日期 2020-01-01 已经过去"),
        ({"feedback_due": "2020-01-01"}, "截止日期 2020-01-01 已经过去"),
        ({"feedback_due": ""}, "就要填反馈截止日期"),
        ({"questions-0-label": ""}, "没有反馈内容"),
        ({"title": ""}, "标题"),
        ({"questions-0-type": "choice", "questions-0-choices": "只有一个"}, "至少要两个选项"),
        ({"receipt_due": "0001-01-01"}, "不合常理"),
        ({"places": ["3205"]}, "不是您下级的单位"),
        ({"levels": ["city"]}, "city"),
    ],
)
def test_a_refused_draft_names_reason_and_cure_and_keeps_what_was_typed(cast, sign_in, changes, words):
    page = sign_in(cast.county).post("/notices/new/", form(**changes)).content.decode()
    assert words in page and "宁产改办〔2026〕5号" in page and "第二段&lt;b&gt;。" in page
    assert not Notice.objects.exists()


def test_a_day_that_has_gone_by_is_said_at_its_field_as_soon_as_it_is_entered(cast, sign_in):
    county, address = sign_in(cast.county), reverse("notices:day_said")
    page = county.get("/notices/new/").content.decode()
    assert page.count(f'hx-get="{address}"') == 2
    today = timezone.localdate()
    for name in ("receipt_due", "feedback_due"):
        assert "截止日期 2020-01-01 已经过去" in county.get(address, {name: "2020-01-01"}).content.decode()
        assert "不合常理" in county.get(address, {name: "1026-01-01"}).content.decode()
        for fine in (today.isoformat(), "", "2026-02-30", "明天"):
            assert not county.get(address, {name: fine}).content, fine
    assert sign_in(cast.clerk).get(address, {"receipt_due": "2020-01-01"}).status_code == 403


def test_all_that_is_wrong_is_said_at_once(cast, sign_in):
    wrong = form(title="", receipt_due="2020-01-01", **{"questions-0-type": "choice", "questions-0-choices": "一个"})
    page = sign_in(cast.county).post("/notices/new/", wrong).content.decode()
    for words in ("这一项还没有填，请填写。", "截止日期 2020-01-01 已经过去", "至少要两个选项"):
        assert words in page


def test_nobody_to_send_to_or_nothing_to_say_is_refused(cast, sign_in):
    county = sign_in(cast.county)
    for values, words in (({"levels": []}, "没有选中任何单位"), ({"text": ""}, "没有正文，也没有附件")):
        notice = draft(cast.county, cast.places["320115"], **values)
        page = county.post(reverse("notices:send", args=[notice.pk]), {"version": 1}, follow=True).content.decode()
        assert words in page
        notice.refresh_from_db()
        assert notice.state == State.DRAFT


def test_a_wrong_file_is_refused_by_its_content(cast, sign_in):
    answer = sign_in(cast.county).post(
        reverse("notices:file_upload"), {"form_token": TOKEN, "file": _text_called_pdf()}
    )
    assert answer.status_code == 400 and "内容不是 PDF，或已经损坏" in answer.json()["error"]
    assert sign_in(cast.clerk).post(reverse("notices:file_upload"), {"form_token": TOKEN}).status_code == 403


def _text_called_pdf():
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 -- this once

    return SimpleUploadedFile("方案.pdf", "只是文字".encode())


def test_a_colleagues_change_is_not_overwritten_unseen(cast, sign_in):
    notice = draft(cast.county, cast.places["320115"])
    mine, theirs = sign_in(cast.county), sign_in(cast.county_colleague)
    url = reverse("notices:edit", args=[notice.pk])
    assert theirs.post(url, form(version="1", do="draft", title="同事改的")).status_code == 302
    page = mine.post(url, form(version="1", do="draft", title="我改的")).content.decode()
    assert "已被同事修改" in page and "我改的" in page and 'name="version" value="2"' in page
    assert mine.post(url, form(version="2", do="draft", title="我改的")).status_code == 302
    notice.refresh_from_db()
    assert notice.title == "我改的" and [question["label"] for question in notice.questions] == ["产业工人人数"]


def test_more_questions_are_asked_for_without_losing_the_form(cast, sign_in):
    page = sign_in(cast.county).post("/notices/new/", form(do="more")).content.decode()
    assert 'name="questions-4-label"' in page and "产业工人人数" in page and not Notice.objects.exists()


def test_feedback_beyond_the_day_due_is_refused_and_kept_on_the_page(cast, sign_in):
    notice = sent(cast.county, cast.places["320115"], feedback_due=soon(2), questions=QUESTIONS)
    Notice.objects.filter(pk=notice.pk).update(feedback_due=timezone.localdate() - datetime.timedelta(days=1))
    delivery, clerk = delivery_of(notice, cast.enterprise.place), sign_in(cast.clerk)
    typed = {"q1": "300", "q2": "yes", "q4": "招工难"}
    page = clerk.post(reverse("notices:answer", args=[delivery.pk]), typed).content.decode()
    assert "截止，不能再填写" in page and "招工难" in page
    delivery.refresh_from_db()
    assert delivery.answered_at is None
    assert "逾期未反馈" in sign_in(cast.county).get(reverse("notices:units", args=[notice.pk])).content.decode()


def test_every_sort_of_question_is_asked_answered_mended_and_exported(cast, sign_in):
    notice = sent(cast.county, cast.places["320115"], feedback_due=soon(), questions=QUESTIONS)
    delivery, lead = delivery_of(notice, cast.enterprise.place), sign_in(cast.lead)
    url = reverse("notices:answer", args=[delivery.pk])
    assert "必填" in lead.post(url, {"q1": "5"}).content.decode()
    lead.post(url, {"q1": "5", "q2": "no", "q3": "进行中", "q4": "=1+1"})
    lead.post(url, {"q1": "6", "q2": "yes", "q3": "", "q4": "=1+1"})
    delivery.refresh_from_db()
    assert delivery.answers == {"1": 6, "2": True, "4": "=1+1"} and delivery.receipted_by == cast.lead
    book = sign_in(cast.county).get(reverse("notices:export", args=[notice.pk]))
    rows = {row[0]: row for row in _rows(book.content)}
    assert rows["单位"][10:] == ("产业工人人数", "方案是否印发", "进展", "困难和建议")
    assert rows[cast.enterprise.name][10:13] == (6, "是", None) and rows[cast.second_enterprise.name][4] == "待签收"
    assert Entry.objects.filter(event="notices.exported").exists()


def _rows(content: bytes) -> list[tuple]:
    import io  # noqa: PLC0415 -- this once

    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_a_long_list_is_exported_by_a_job(cast, sign_in, settings):
    settings.EXPORT_AT_ONCE = 1
    notice, county = sent(cast.county, cast.places["320115"]), sign_in(cast.county)
    response = county.get(reverse("notices:export", args=[notice.pk]))
    job = Job.objects.get(kind=EXPORT)
    assert response.url == reverse("jobs:detail", args=[job.pk])
    running.run(job.pk)
    job.refresh_from_db()
    assert len(_rows(b"".join(county.get(job.result["url"])))) == 3
    assert sign_in(cast.city).get(job.result["url"]).status_code == 404


# --- afterwards ----------------------------------------------------------------------------------------


def test_withdrawn_it_stays_with_its_reason_and_wants_nothing(cast, sign_in):
    notice, county = sent(cast.county, cast.places["320115"]), sign_in(cast.county)
    url = reverse("notices:withdraw", args=[notice.pk])
    assert "请写明撤回原因" in county.post(url, {"reason": " "}).content.decode()
    county.post(url, {"reason": "附件有误，另行通知。"})
    delivery, clerk = delivery_of(notice, cast.enterprise.place), sign_in(cast.clerk)
    page = clerk.get(delivery.get_absolute_url()).content.decode()
    assert "本通知已撤回" in page and "附件有误" in page
    assert clerk.post(reverse("notices:receipt", args=[delivery.pk])).status_code == 403
    assert notice.title not in clerk.get("/").content.decode()
    assert county.post(reverse("notices:edit", args=[notice.pk]), form()).status_code == 403


def test_a_correction_is_a_notice_of_its_own_and_both_name_each_other(cast, sign_in):
    first, county, clerk = sent(cast.county, cast.places["320115"]), sign_in(cast.county), sign_in(cast.clerk)
    county.post(f"/notices/new/?follows={first.pk}", form(title="更正", follows=first.pk))
    second = Notice.objects.get(title="更正")
    assert second.follows == first
    county.post(reverse("notices:send", args=[second.pk]), {"version": second.version})
    second.refresh_from_db()
    running.run(second.job_id)
    old = clerk.get(delivery_of(first, cast.enterprise.place).get_absolute_url()).content.decode()
    new = clerk.get(delivery_of(second, cast.enterprise.place).get_absolute_url()).content.decode()
    assert "有补充或更正" in old and "更正" in old and first.title in new


def test_a_draft_is_thrown_away_with_its_files_a_sent_one_never(cast, sign_in):
    county = sign_in(cast.county)
    notice = draft(cast.county, cast.places["320115"])
    county.post(reverse("notices:file_upload"), {"notice": notice.pk, "file": upload()})
    county.post(reverse("notices:discard", args=[notice.pk]))
    assert not Notice.objects.exists() and not NoticeFile.objects.exists()
    assert Entry.objects.filter(event="notices.discarded").exists()
    notice = sent(cast.county, cast.places["320115"])
    assert county.post(reverse("notices:discard", args=[notice.pk])).status_code == 403


def test_the_day_before_it_is_due_whoever_is_behind_is_reminded_once(cast, monkeypatch):
    monkeypatch.setattr(sending, "is_working_day", lambda day: True)
    monkeypatch.setattr(sending, "add_working_days", lambda day, count: day + datetime.timedelta(days=count))
    notice = sent(cast.county, cast.places["320115"], receipt_due=soon(1), feedback_due=soon(1), questions=QUESTIONS)
    answer(acting_user=cast.clerk, delivery=delivery_of(notice, cast.enterprise.place), answers={"1": 1, "2": True})
    today = timezone.localdate()
    assert sending.remind_before_due(today - datetime.timedelta(days=1)) == 0
    assert sending.remind_before_due(today) == 1
    assert sending.remind_before_due(today) == 0
    urge = Urge.objects.get()
    assert (urge.place, urge.urged_by) == (cast.second_enterprise.place, None)
    assert Message.objects.filter(recipient=cast.second_clerk, event="notices.urged").count() == 1


def test_places_are_looked_up_below_the_office_only(cast, sign_in):
    county = sign_in(cast.county)
    found = county.get(reverse("notices:places"), {"q": "示例"}).json()["results"]
    assert {row["value"] for row in found} == {cast.enterprise.credit_code, cast.second_enterprise.credit_code}
    assert county.get(reverse("notices:places"), {"q": "jn"}).json()["results"]
