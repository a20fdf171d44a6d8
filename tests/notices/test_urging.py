"""催办: from a list, of those behind, once a working day, within working hours."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from enterprises.models import YearlyProfile
from enterprises.profiles.queries import this_year
from foundation.access.models import Grant
from foundation.audit.models import Entry
from foundation.jobs import running
from foundation.jobs.models import Job
from foundation.notify.models import Message
from notices import urging
from notices.models import Urge
from notices.receiving import receipt
from notices.urging import Matter
from tests.notices.helpers import delivery_of, sent

pytestmark = pytest.mark.django_db

MATTER = Matter("tests:1", "示例事项", "/records/")


@pytest.fixture
def at_work(monkeypatch):
    """The day of these stories is a working day, whatever the calendar says."""
    monkeypatch.setattr(urging, "day_of_arrival", timezone.localdate)


@pytest.fixture
def notice(cast):
    return sent(cast.county, cast.places["320115"])


def test_ticked_units_are_urged_and_the_list_says_so(at_work, cast, sign_in, notice):
    county, url = sign_in(cast.county), reverse("notices:urge", args=[notice.pk])
    tick = delivery_of(notice, cast.enterprise.place).pk
    asked = county.post(url, {"tick": tick}).content.decode()
    assert (
        cast.enterprise.name in asked and cast.second_enterprise.name not in asked and "前在平台打开通知并签收" in asked
    )
    assert not Urge.objects.exists(), "asked first"
    refused = county.post(url, {"tick": tick, "do": "urge", "text": " "}).content.decode()
    assert "请写一句催办的话" in refused
    county.post(url, {"tick": tick, "do": "urge", "text": "请今天签收。"})
    urge = Urge.objects.get()
    assert (urge.place, urge.urged_by, urge.text) == (cast.enterprise.place, cast.county, "请今天签收。")
    for who in (cast.clerk, cast.lead):
        message = Message.objects.get(recipient=who, event="notices.urged")
        assert message.text == "请今天签收。" and message.url == notice.get_absolute_url()
    assert not Message.objects.filter(recipient=cast.second_clerk, event="notices.urged").exists()
    page = county.get(reverse("notices:units", args=[notice.pk])).content.decode()
    assert "已催办 1 次，最近" in page and str(urge.day) in page
    entry = Entry.objects.get(event="notices.urged")
    assert "1 个单位" in entry.note and str(cast.enterprise.place) in entry.label


def test_out_of_hours_it_says_when_it_arrives(cast, sign_in, notice, monkeypatch):
    monday = timezone.localdate() + datetime.timedelta(days=2)
    monkeypatch.setattr(urging, "day_of_arrival", lambda: monday)
    county, url = sign_in(cast.county), reverse("notices:urge", args=[notice.pk])
    page = county.post(url, {"which": "all", "do": "urge", "text": "请签收。"}, follow=True).content.decode()
    assert f"催办 2 个单位的消息将在 {monday} 上班后送达" in page and "已催办 2 个单位" not in page
    page = county.get(reverse("notices:units", args=[notice.pk])).content.decode()
    assert f"已催办 1 次，最近一次将在 {monday} 送达" in page


def test_once_a_working_day_and_matter(cast, sign_in, notice):
    county, url = sign_in(cast.county), reverse("notices:urge", args=[notice.pk])
    county.post(url, {"which": "all", "do": "urge", "text": "请签收。"})
    again = county.post(url, {"which": "all", "do": "urge", "text": "请签收。"}, follow=True).content.decode()
    assert "2 个当天已催办过" in again and Urge.objects.count() == 2
    assert Message.objects.filter(recipient=cast.clerk, event="notices.urged").count() == 1
    Urge.objects.update(day=timezone.localdate() - datetime.timedelta(days=7))
    county.post(url, {"which": "all", "do": "urge", "text": "请签收。"})
    assert Urge.objects.count() == 4
    assert "已催办 2 次" in county.get(reverse("notices:units", args=[notice.pk])).content.decode()


def test_whoever_has_done_it_is_not_urged(cast, sign_in, notice):
    receipt(acting_user=cast.clerk, delivery=delivery_of(notice, cast.enterprise.place))
    county, url = sign_in(cast.county), reverse("notices:urge", args=[notice.pk])
    done = delivery_of(notice, cast.enterprise.place).pk
    page = county.post(url, {"tick": done, "do": "urge", "text": "请签收。"}, follow=True).content.decode()
    assert "没有要催办的单位" in page and not Urge.objects.exists()
    county.post(f"{url}?state=unreceipted", {"which": "all", "do": "urge", "text": "请签收。"})
    assert Urge.objects.get().place == cast.second_enterprise.place


def test_at_night_it_waits_for_the_morning_in_the_portal_too(cast, settings):
    settings.WORKING_HOURS = (datetime.time(0), datetime.time(0))
    urging.urge(acting_user=cast.county, matter=MATTER, place_ids=[cast.enterprise.place_id], text="请报。")
    message = Message.objects.get(recipient=cast.clerk)
    assert message.shown_from > timezone.now()
    assert Urge.objects.get().day == timezone.localtime(message.shown_from).date()


def test_only_below_oneself(cast, sign_in, notice):
    ids = [
        cast.enterprise.place_id,
        cast.neighbour_enterprise.place_id,
        cast.places["320115"].pk,
        cast.places["3201"].pk,
    ]
    outcome = urging.urge(acting_user=cast.county, matter=MATTER, place_ids=ids, text="请报。")
    assert outcome.told == 1 and Urge.objects.get().place == cast.enterprise.place
    url = reverse("notices:urge", args=[notice.pk])
    assert sign_in(cast.clerk).post(url, {"which": "all"}).status_code == 403
    assert sign_in(cast.auditor).post(url, {"which": "all"}).status_code == 403


def test_units_without_anybody_are_named_as_such(cast):
    Grant.objects.filter(place=cast.enterprise.place).delete()
    outcome = urging.urge(acting_user=cast.county, matter=MATTER, place_ids=[cast.enterprise.place_id], text="请报。")
    assert outcome.nobody == 1 and "请电话联系" in outcome.sentence()


def test_thousands_are_urged_by_a_job(at_work, cast, sign_in, notice, monkeypatch):
    monkeypatch.setattr(urging, "AT_ONCE", 1)
    county, url = sign_in(cast.county), reverse("notices:urge", args=[notice.pk])
    county.post(url, {"which": "all", "do": "urge", "text": "请签收。"})
    job = Job.objects.get(kind=urging.URGE)
    assert not Urge.objects.exists()
    running.run(job.pk)
    job.refresh_from_db()
    assert Urge.objects.count() == 2 and job.result["label"].startswith("已催办 2 个单位")


def test_enterprises_without_this_years_profile_are_urged_from_the_list(cast, sign_in):
    YearlyProfile.objects.create(
        enterprise=cast.enterprise, year=this_year(), filed_by=cast.clerk, headcount=10, frontline_count=5
    )
    county, url = sign_in(cast.county), reverse("notices:urge_profiles")
    assert url in county.get(reverse("enterprises:profiles")).content.decode()
    assert url not in county.get(f"{reverse('enterprises:profiles')}?year={this_year() - 1}").content.decode()
    assert url not in sign_in(cast.clerk).get(reverse("enterprises:profiles")).content.decode()
    asked = county.post(url, {"which": "all"}).content.decode()
    assert cast.second_enterprise.name in asked and cast.enterprise.name not in asked and "还没有填报" in asked
    county.post(url, {"which": "all", "do": "urge", "text": "请填报。"})
    assert Urge.objects.get().place_id == cast.second_enterprise.pk
    assert sign_in(cast.clerk).post(url, {"which": "all"}).status_code == 403
