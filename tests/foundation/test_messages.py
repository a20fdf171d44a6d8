"""Messages to persons: told once, seen by their reader only, mailed as each likes and within working hours."""

import datetime
import re

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.audit.models import Entry
from foundation.notify import hours
from foundation.notify.actions import notify
from foundation.notify.mail import send_due
from foundation.notify.models import Channel, Mail, Message, Preference
from foundation.notify.registry import register_kind
from foundation.notify.tasks import forget_old, send_mail

pytestmark = pytest.mark.django_db

register_kind("tests.example", "测试消息", Channel.AT_ONCE)
register_kind("tests.daily", "测试汇总")

#: A Friday, and the Monday after it; 2026-10-10 is a Saturday that is worked.
FRIDAY, MONDAY = datetime.date(2026, 11, 27), datetime.date(2026, 11, 30)


def at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), timezone.get_current_timezone())


@pytest.fixture
def with_mail(settings):
    settings.MAIL_IS_SET = True
    settings.SITE_URL = "https://portal.example.cn"
    settings.WORKING_HOURS = (datetime.time(0), datetime.time(23, 59, 59, 999999))
    return settings


@pytest.fixture
def clerk(cast):
    cast.clerk.email = "clerk@example.cn"
    cast.clerk.save()
    return cast.clerk


class Refusing(EmailBackend):
    """A mail server that cannot be reached."""

    def open(self) -> bool:
        raise ConnectionRefusedError("refused for clerk@example.cn")


def make_due() -> None:
    """The hour has come for whatever waits, on whichever day this runs."""
    Message.objects.filter(mail=Mail.WAITING).update(mail_due_at=timezone.now() - datetime.timedelta(minutes=1))


def every_day_is_worked(monkeypatch) -> None:
    """Tests run on Sundays too."""
    monkeypatch.setattr(hours, "is_working_day", lambda day: True)


# --- hours -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "next_time", "next_digest"),
    [
        (at(FRIDAY, 10), at(FRIDAY, 10), at(MONDAY, 9)),
        (at(FRIDAY, 8), at(FRIDAY, 9), at(FRIDAY, 9)),
        (at(FRIDAY, 17, 30), at(MONDAY, 9), at(MONDAY, 9)),
        (at(FRIDAY + datetime.timedelta(days=1), 11), at(MONDAY, 9), at(MONDAY, 9)),
    ],
)
def test_nothing_is_due_outside_working_hours(db, moment, next_time, next_digest):
    assert hours.next_working_time(moment) == next_time
    assert hours.next_start(moment) == next_digest


# --- in the portal -----------------------------------------------------------------------------------


def test_a_message_reaches_its_reader_and_nobody_else(cast, sign_in):
    notify(event="tests.example", to=[cast.clerk], title="通知到了", text="请看附件。", place=cast.places["320115"])
    message = Message.objects.get()
    browser = sign_in(cast.clerk)
    page = browser.get("/messages/").content.decode()
    assert "通知到了" in page and "江宁区" in page and "消息：1 条未读" in page
    page = browser.get(f"/messages/{message.pk}/").content.decode()
    assert "请看附件。" in page
    message.refresh_from_db()
    assert message.read_at is not None
    assert "条未读" not in browser.get("/messages/").content.decode()
    other = sign_in(cast.lead)
    assert other.get(f"/messages/{message.pk}/").status_code == 404
    assert "通知到了" not in other.get("/messages/").content.decode()


def test_opening_leads_to_the_page_it_is_about(cast, sign_in):
    notify(event="tests.example", to=[cast.clerk], title="记录被退回", url="/records/")
    response = sign_in(cast.clerk).get(f"/messages/{Message.objects.get().pk}/")
    assert (response.status_code, response.url) == (302, "/records/")


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "records/"])
def test_a_message_never_leads_out_of_the_portal(cast, url):
    with pytest.raises(ValueError, match="leads to a page"):
        notify(event="tests.example", to=[cast.clerk], title="看这里", url=url)


def test_the_same_key_is_told_once_and_unknown_kinds_are_an_error(cast):
    for _again in range(2):
        notify(event="tests.example", to=[cast.clerk, cast.lead, cast.clerk], title="只说一次", key="notice-1")
    assert Message.objects.count() == 2
    with pytest.raises(LookupError):
        notify(event="tests.nobody", to=[cast.clerk], title="？")


def test_many_people_cost_as_many_queries_as_one(cast):
    def queries(people) -> int:
        with CaptureQueriesContext(connection) as captured:
            notify(event="tests.example", to=people, title="大家好")
        return len(captured)

    assert queries([cast.clerk]) == queries([*cast.people.values()])


def test_suspended_people_are_not_told(cast):
    cast.clerk.is_active = False
    notify(event="tests.example", to=[cast.clerk], title="离职了")
    assert not Message.objects.exists()


def test_what_waits_for_working_hours_is_not_shown_before(cast, sign_in, settings):
    settings.WORKING_HOURS = (datetime.time(0), datetime.time(0))
    notify(event="tests.example", to=[cast.clerk], title="明早再看", in_hours_only=True)
    message = Message.objects.get()
    assert message.shown_from > timezone.now()
    browser = sign_in(cast.clerk)
    assert "明早再看" not in browser.get("/messages/").content.decode()
    assert browser.get(f"/messages/{message.pk}/").status_code == 404


def test_marking_read_ticked_ones_or_all(cast, sign_in):
    for number in range(3):
        notify(event="tests.example", to=[cast.clerk, cast.lead], title=f"第{number}条")
    browser = sign_in(cast.clerk)
    own = Message.objects.filter(recipient=cast.clerk)
    foreign = Message.objects.filter(recipient=cast.lead).first()
    answer = browser.post("/messages/read/", {}, follow=True).content.decode()
    assert "没有选中消息" in answer and own.unread().count() == 3
    browser.post("/messages/read/", {"tick": [own.first().pk, foreign.pk, "x"]})
    assert own.unread().count() == 2
    assert "第1条" in browser.get("/messages/?state=unread&kind=tests.example&q=第1").content.decode()
    browser.post("/messages/read/", {"which": "all"})
    assert own.unread().count() == 0
    assert Message.objects.filter(recipient=cast.lead).unread().count() == 3


def test_what_was_read_goes_after_a_year_what_was_not_stays(cast):
    now = timezone.now()
    for number, days in enumerate((400, 300, None)):
        notify(event="tests.example", to=[cast.clerk], title=f"第{number}条")
        read_at = now - datetime.timedelta(days=days) if days else None
        Message.objects.filter(title=f"第{number}条").update(read_at=read_at)
    forget_old()
    assert sorted(Message.objects.values_list("title", flat=True)) == ["第1条", "第2条"]


# --- preferences -------------------------------------------------------------------------------------


def test_everybody_chooses_how_to_be_told(cast, sign_in, with_mail):
    browser = sign_in(cast.clerk)
    form = {"email": "", "channel-tests.example": "at_once", "channel-tests.daily": "in_app"}
    form = {**dict.fromkeys(_fields(browser), "in_app"), **form}
    refused = browser.post("/messages/preferences/", form)
    assert "要填电子邮箱" in refused.content.decode() and not Preference.objects.exists()
    assert browser.post("/messages/preferences/", {**form, "email": "chen@example.cn"}).status_code == 302
    cast.clerk.refresh_from_db()
    assert cast.clerk.email == "chen@example.cn"
    assert Preference.objects.get(user=cast.clerk, event="tests.example").channel == "at_once"
    entry = Entry.objects.get(event="notify.preferences_changed")
    assert entry.changes["电子邮箱"] == ["未填写", "已填写"] and "chen" not in str(entry.changes)


def _fields(browser) -> list[str]:
    return re.findall(r'name="(channel-[^"]+)"', browser.get("/messages/preferences/").content.decode())


def test_without_a_mail_server_nothing_can_be_chosen_and_nothing_waits(clerk, sign_in):
    notify(event="tests.example", to=[clerk], title="站内")
    assert Message.objects.get().mail == Mail.NONE
    assert "平台没有开通邮件" in sign_in(clerk).get("/messages/preferences/").content.decode()


# --- e-mail ------------------------------------------------------------------------------------------


def test_an_email_says_what_and_where_but_not_the_text(cast, clerk, with_mail, monkeypatch):
    every_day_is_worked(monkeypatch)
    notify(event="tests.example", to=[clerk, cast.lead], title="产改材料\n请报送", text="只在平台里看的话。")
    send_mail()
    (sent,) = mail.outbox
    message = Message.objects.get(recipient=clerk)
    assert sent.to == ["clerk@example.cn"] and sent.subject == "[产改平台] 产改材料 请报送"
    assert f"https://portal.example.cn/messages/{message.pk}/" in sent.body and "只在平台里" not in sent.body
    assert message.mail == Mail.SENT and Message.objects.get(recipient=cast.lead).mail == Mail.NONE
    send_mail()
    assert len(mail.outbox) == 1


def test_the_daily_summary_is_one_email(clerk, with_mail, monkeypatch):
    every_day_is_worked(monkeypatch)
    for number in range(3):
        notify(event="tests.daily", to=[clerk], title=f"第{number}件")
    send_due()
    assert mail.outbox == [], "the summary waits for the next morning"
    make_due()
    send_due()
    (sent,) = mail.outbox
    assert "3 条新消息" in sent.subject and all(f"第{number}件" in sent.body for number in range(3))


def test_nothing_is_sent_at_night(clerk, with_mail, monkeypatch):
    every_day_is_worked(monkeypatch)
    with_mail.WORKING_HOURS = (datetime.time(0), datetime.time(0))
    notify(event="tests.example", to=[clerk], title="夜里")
    make_due()
    assert send_due() == {"sent": 0, "failed": 0} and mail.outbox == []


def test_who_wants_none_gets_none(clerk, with_mail):
    Preference.objects.create(user=clerk, event="tests.example", channel=Channel.IN_APP)
    notify(event="tests.example", to=[clerk], title="只在平台")
    assert Message.objects.get().mail == Mail.NONE


def test_a_server_out_of_reach_is_waited_for_and_shown_to_the_administrator(
    cast, clerk, sign_in, with_mail, monkeypatch
):
    every_day_is_worked(monkeypatch)
    with_mail.EMAIL_BACKEND = f"{__name__}.Refusing"
    notify(event="tests.example", to=[clerk], title="不给管理员看的标题")
    send_due()
    message = Message.objects.get()
    assert (message.mail, message.mail_attempts) == (Mail.WAITING, 0) and message.mail_due_at > timezone.now()
    page = sign_in(cast.admin).get("/messages/mail/").content.decode()
    assert "邮件服务器连不上" in page and "陈经办" in page
    assert "不给管理员看的标题" not in page and "clerk@example.cn" not in page
    assert sign_in(cast.city).get("/messages/mail/").status_code == 403


def test_a_refused_address_is_given_up_and_tried_again_on_request(cast, clerk, sign_in, with_mail, monkeypatch):
    every_day_is_worked(monkeypatch)
    with_mail.EMAIL_BACKEND = f"{__name__}.RefusingAddress"
    notify(event="tests.example", to=[clerk], title="请查收")
    for _attempt in range(5):
        make_due()
        send_due()
    assert Message.objects.get().mail == Mail.FAILED
    make_due()
    assert send_due() == {"sent": 0, "failed": 0}
    browser = sign_in(cast.admin)
    assert "收件人的邮箱地址" in browser.get("/messages/mail/").content.decode()
    browser.post("/messages/mail/retry/")
    assert Message.objects.get().mail == Mail.WAITING
    assert Entry.objects.filter(event="notify.mail_retried").exists()
    with_mail.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_due()
    assert send_due() == {"sent": 1, "failed": 0}


class RefusingAddress(EmailBackend):
    """A mail server that knows no such recipient."""

    def send_messages(self, messages) -> int:
        from smtplib import SMTPRecipientsRefused  # noqa: PLC0415 -- needed by this backend only

        raise SMTPRecipientsRefused({"clerk@example.cn": (550, b"unknown")})
