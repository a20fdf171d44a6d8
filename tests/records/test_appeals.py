"""An appeal against a rejection: once, in time, decided one office higher."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.audit.models import Entry
from foundation.calendar.workdays import add_working_days
from foundation.facts.models import Change
from foundation.notify.models import Message
from records.models import Appeal, AppealOutcome, Duty, DutyRule, Record, RecordStep, Status
from tests.contracts.world import PARTY, filed

pytestmark = pytest.mark.django_db

REASON = "驳回理由写的是重复，但这是另一场活动。"


@pytest.fixture
def rejected(cast) -> Record:
    return filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "reject"), title="班组安全课")


def appeal(browser, record: Record, reason: str = REASON):
    record.refresh_from_db()
    return browser.post(
        reverse("records:appeal_make", args=[record.pk]), {"version": record.version, "reason": reason}, follow=True
    )


def decide(browser, what: str, answer: str = "经核对，不是重复。"):
    return browser.post(reverse("records:appeal", args=[Appeal.objects.get().pk]), {"do": what, "answer": answer})


def test_the_enterprise_appeals_and_the_city_sends_it_back_to_be_mended(cast, sign_in, rejected):
    assert rejected.appeal_until == add_working_days(timezone.localdate(), 5)
    clerk, city = sign_in(cast.clerk), sign_in(cast.city)
    assert "提交申诉" in clerk.get(reverse("records:detail", args=[rejected.pk])).content.decode()
    page = appeal(clerk, rejected).content.decode()
    assert "申诉已提交" in page and "提交申诉" not in page
    made = Appeal.objects.get()
    assert (made.rejected_by_level, made.held_by, made.rejected_by) == ("county", "city", cast.county)
    assert Message.objects.filter(recipient=cast.city, event="records.appealed").count() == 1
    page = city.get(reverse("records:appeal", args=[made.pk])).content.decode()
    assert REASON in page and "请核对人次。" in page and "维持驳回" in page
    assert decide(city, "mend").status_code == 302
    rejected.refresh_from_db()
    assert (rejected.status, rejected.reason) == (Status.RETURNED, "经核对，不是重复。")
    assert list(RecordStep.objects.filter(record=rejected).values_list("action", flat=True))[-2:] == [
        "appeal",
        "overturn",
    ]
    assert Change.objects.filter(subject=rejected.pk, action="overturn").exists()
    events = set(Entry.objects.filter(target_id=str(rejected.pk)).values_list("event", flat=True))
    assert {"records.appeal_made", "records.appeal_overturned"} <= events
    told = Message.objects.filter(event="records.appeal_decided").values_list("recipient__username", flat=True)
    assert set(told) == {"clerk", "county"}


def test_reviewed_anew_by_the_office_that_rejected(cast, sign_in, rejected):
    appeal(sign_in(cast.clerk), rejected)
    decide(sign_in(cast.city), "review")
    rejected.refresh_from_db()
    assert (rejected.status, rejected.held_by) == (Status.SUBMITTED, "county")
    assert rejected.decide_by == add_working_days(timezone.localdate(), 5)
    assert rejected.title in sign_in(cast.county).get(reverse("records:review")).content.decode()


def test_upheld_it_stays_rejected_and_cannot_be_asked_again(cast, sign_in, rejected):
    clerk = sign_in(cast.clerk)
    appeal(clerk, rejected)
    decide(sign_in(cast.city), "uphold", "确为同一场活动。")
    rejected.refresh_from_db()
    assert rejected.status == Status.REJECTED
    assert Appeal.objects.get().outcome == AppealOutcome.UPHELD
    page = clerk.get(reverse("records:detail", args=[rejected.pk])).content.decode()
    assert "提交申诉" not in page and "维持驳回" in page
    assert "每条记录只能申诉一次" in appeal(clerk, rejected).content.decode()
    assert decide(sign_in(cast.city), "mend").status_code == 403
    assert Appeal.objects.get().outcome == AppealOutcome.UPHELD


def test_only_in_time_with_words_and_by_the_enterprise(cast, sign_in, rejected):
    clerk = sign_in(cast.clerk)
    page = appeal(clerk, rejected, "  ").content.decode()
    assert "请写明申诉理由" in page
    assert appeal(sign_in(cast.second_clerk), rejected).status_code == 404
    assert "您的角色不能“申诉”" in appeal(sign_in(cast.county), rejected).content.decode()
    Record.objects.filter(pk=rejected.pk).update(appeal_until=timezone.localdate() - datetime.timedelta(days=1))
    assert "申诉期限已过" in appeal(clerk, rejected).content.decode()
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("county", 403), ("province", 403), ("neighbour_city", 404), ("clerk", 403)]
)
def test_nobody_but_the_office_above_decides(cast, sign_in, rejected, who, status):
    appeal(sign_in(cast.clerk), rejected)
    assert decide(sign_in(cast.people[who]), "uphold").status_code == status
    assert Appeal.objects.get().outcome == AppealOutcome.OPEN


def test_an_appeal_against_the_city_goes_to_the_province(cast, sign_in):
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    Record.objects.filter(pk=record.pk).update(held_by="city")
    sign_in(cast.city).post(
        reverse("records:review_record", args=[record.pk]),
        {"do": "reject", "version": record.version, "reason": "不属于。"},
    )
    appeal(sign_in(cast.clerk), record)
    assert Appeal.objects.get().held_by == "province"
    assert decide(sign_in(cast.city), "uphold").status_code == 403
    assert decide(sign_in(cast.province), "mend").status_code == 302


def test_a_return_filed_anew_meanwhile_stands_in_the_way(cast, sign_in):
    DutyRule.objects.create(kind=PARTY)
    clerk = cast.clerk
    record = filed(clerk, cast.enterprise, (clerk, "submit"), (cast.county, "reject"), slug=PARTY)
    appeal(sign_in(clerk), record)
    filed(clerk, cast.enterprise, (clerk, "submit"), slug=PARTY, period=record.period)
    page = decide(sign_in(cast.city), "mend").content.decode()
    assert "已经填过一份" in page and "经核对，不是重复。" in page
    record.refresh_from_db()
    assert record.status == Status.REJECTED and Appeal.objects.get().outcome == AppealOutcome.OPEN
    assert not Duty.objects.filter(record=record).exists()
