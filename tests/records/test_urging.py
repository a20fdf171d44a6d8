"""催办 from the lists of progress and duties."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.calendar.periods import Quarter
from foundation.notify.models import Message
from notices.models import Urge
from records.core.periods import working_quarter
from records.duties.actions import generate_duties
from records.models import Duty, DutyRule, Record, ReportingQuarter
from tests.contracts.world import PARTY
from tests.records.test_story import file_lecture

pytestmark = pytest.mark.django_db

NOW = Quarter.current()


def test_enterprises_that_have_not_reported_are_urged_from_the_list(cast, sign_in):
    file_lecture(sign_in(cast.clerk))
    county, url = sign_in(cast.county), f"{reverse('records:progress_urge')}?quarter={NOW.code}"
    listed = county.get(f"/records/progress/?quarter={NOW.code}").content.decode()
    assert f'name="tick" value="{cast.second_enterprise.pk}"' in listed
    assert f'name="tick" value="{cast.enterprise.pk}"' not in listed, "who has reported is not urged"
    asked = county.post(url, {"which": "all"}).content.decode()
    assert cast.second_enterprise.name in asked and cast.enterprise.name not in asked and "填报截止日期是" in asked
    page = county.post(url, {"which": "all", "do": "urge", "text": "请填报。"}, follow=True).content.decode()
    urge = Urge.objects.get()
    assert urge.place_id == cast.second_enterprise.pk and urge.label == f"{NOW.label}填报"
    assert "已催办 1 次，最近" in page and str(urge.day) in page
    assert Message.objects.filter(recipient=cast.second_clerk, event="notices.urged").exists()


def test_who_filed_and_still_owes_is_behind_as_the_columns_say(cast, sign_in):
    """Filing one thing ends no urging while another is owed; once nothing is, the page says what is not missing."""
    DutyRule.objects.create(kind=PARTY)
    generate_duties(NOW)
    file_lecture(sign_in(cast.clerk))
    county, url = sign_in(cast.county), f"{reverse('records:progress_urge')}?quarter={NOW.code}&fact=REP.reported"
    listed = county.get(f"/records/progress/?quarter={NOW.code}").content.decode()
    assert f'name="tick" value="{cast.enterprise.pk}"' in listed and "应报未报（项）" in listed
    assert "只催本季没有记录也没有确认的，和还有应报未报事项的单位" in listed
    asked = county.post(url, {"which": "all"}).content.decode()
    assert cast.enterprise.name in asked and "还有应报事项没有报送" in asked
    Duty.objects.update(fulfilled_at=timezone.now())
    told = county.post(url, {"which": "all"}, follow=True).content.decode()
    assert "也没有应报未报的事项" in told and "都已完成" not in told
    listed = county.get(f"/records/progress/?quarter={NOW.code}").content.decode()
    assert f'name="tick" value="{cast.enterprise.pk}"' not in listed


def test_enterprises_that_owe_something_are_urged_once_whatever_they_owe(cast, sign_in):
    DutyRule.objects.create(kind=PARTY)
    generate_duties(NOW)
    county, url = sign_in(cast.county), f"{reverse('records:duty_urge')}?quarter={NOW.code}"
    owed = Duty.objects.get(enterprise=cast.enterprise)
    county.post(url, {"tick": owed.pk, "do": "urge", "text": "请报送。"})
    assert Urge.objects.get().place_id == cast.enterprise.pk
    page = county.get(f"/records/duties/?quarter={NOW.code}").content.decode()
    assert page.count("已催办 1 次") == 1
    told = Message.objects.filter(recipient=cast.clerk, event="notices.urged").get()
    assert told.url.startswith("/records/duties/")
    foreign = Duty.objects.get(enterprise=cast.neighbour_enterprise)
    county.post(url, {"tick": foreign.pk, "do": "urge", "text": "请报送。"})
    assert Urge.objects.count() == 1


def test_nobody_is_urged_about_a_closed_quarter_and_only_offices_urge(cast, sign_in):
    url = f"{reverse('records:progress_urge')}?quarter={NOW.code}"
    assert sign_in(cast.clerk).post(url, {"which": "all"}).status_code == 403
    assert sign_in(cast.auditor).post(url, {"which": "all"}).status_code == 403
    assert 'name="tick"' not in sign_in(cast.auditor).get(f"/records/progress/?quarter={NOW.code}").content.decode()
    ReportingQuarter.objects.update(is_open=False)
    county = sign_in(cast.county)
    refused = county.post(url, {"which": "all", "do": "urge", "text": "请填报。"})
    assert refused.status_code == 403 and "没有开放填报" in refused.content.decode()
    assert "催办勾选的" not in county.get(f"/records/progress/?quarter={NOW.code}").content.decode()


def test_the_workbench_leads_to_those_who_have_not_reported(cast, sign_in):
    page = sign_in(cast.county).get("/").content.decode()
    quarter = working_quarter().code
    assert f"/records/progress/?quarter={quarter}&amp;fact=REP.missing" in page and "并催办" in page


def test_the_city_urges_the_counties_that_have_let_records_wait_too_long(cast, sign_in):
    file_lecture(sign_in(cast.clerk))
    city, url = sign_in(cast.city), reverse("records:review_urge")
    assert url not in city.get(reverse("records:review_overview")).content.decode(), "nothing is overdue"
    assert "没有要催办的单位" in city.post(url, {"which": "all"}, follow=True).content.decode()
    Record.objects.update(decide_by=timezone.localdate() - datetime.timedelta(days=1))
    assert url in city.get(reverse("records:review_overview")).content.decode()
    assert url not in sign_in(cast.county).get(reverse("records:review_overview")).content.decode(), (
        "nobody urges itself"
    )
    city.post(url, {"which": "all", "do": "urge", "text": "请审核。"})
    assert Urge.objects.get().place_id == cast.places["320115"].pk
    told = Message.objects.get(recipient=cast.county, event="notices.urged")
    assert told.url.endswith("?due=overdue")


def test_what_lies_with_the_city_is_not_held_against_the_county(cast, sign_in):
    """Overdue at the city: the county is not urged, and each number opens the records it counts."""
    file_lecture(sign_in(cast.clerk))
    overdue = timezone.localdate() - datetime.timedelta(days=1)
    Record.objects.update(held_by="city", decide_by=overdue)
    city = sign_in(cast.city)
    page = city.get(reverse("records:review_overview")).content.decode()
    assert reverse("records:review_urge") not in page
    query = "?region=320115&amp;waiting=city-overdue"
    assert query in page and "waiting=county" not in page
    listed = city.get(reverse("records:list") + query.replace("&amp;", "&"))
    assert len(listed.context["table"].rows) == 1 and "待市级审核，已超期" in listed.content.decode()
    assert not city.get(f"{reverse('records:list')}?region=320115&waiting=county").context["table"].rows
