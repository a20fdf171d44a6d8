"""The review queue: what waits, worth which look, until when, and who has it in hand."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.audit.models import Entry
from foundation.calendar.models import SpecialDay, WorkYear
from foundation.calendar.workdays import add_working_days
from foundation.saved_views.models import SavedView
from records.models import Record, ReviewSettings, Status
from records.review.risk import reasons_of
from tests.contracts.world import PARTY, filed

pytestmark = pytest.mark.django_db


def waiting(cast, by: str = "clerk", enterprise: str = "enterprise", **changes) -> Record:
    person = cast.people[by]
    return filed(person, cast.enterprises[enterprise], (person, "submit"), **changes)


def listed(browser, **asked) -> list[str]:
    response = browser.get(reverse("records:review"), asked)
    assert response.status_code == 200
    return [row.record.title for row in response.context["table"].page.object_list]


def test_risk_is_said_in_words_and_sorts_the_queue(cast, sign_in):
    plain = waiting(cast, title="首场")
    unusual = waiting(cast, title="人数多", number_of_people=900, attendances=900)
    assert reasons_of(plain) == ["本企业首次提交"] and not plain.is_high_risk
    assert reasons_of(unusual) == ["参加人数超过职工人数"] and unusual.is_high_risk
    county = sign_in(cast.county)
    assert listed(county) == ["首场", "人数多"]
    assert listed(county, sort="-risk") == ["人数多", "首场"]
    assert listed(county, mark="high") == ["人数多"]
    page = county.get(reverse("records:review")).content.decode()
    assert "重点" in page and "参加人数超过职工人数" in page
    assert "参加人数超过职工人数" in county.get(reverse("records:review_record", args=[unusual.pk])).content.decode()


def test_no_evidence_is_no_risk_and_a_second_hand_in_is_named(cast):
    waiting(cast)
    record = filed(
        cast.clerk,
        cast.enterprise,
        (cast.clerk, "submit"),
        (cast.county, "return"),
        (cast.clerk, "submit"),
        title="改后再交",
    )
    assert not record.attachments.exists()
    assert reasons_of(record) == ["有其他需核对的提示", "退回后再次提交"], "handed in as it was, which is asked about"


def test_due_is_counted_in_working_days_of_the_province(cast, sign_in):
    today = timezone.localdate()
    record = waiting(cast)
    assert record.decide_by == add_working_days(today, 5)
    ReviewSettings.objects.create(place=cast.places["32"], review_days=3)
    assert waiting(cast, title="三天").decide_by == add_working_days(today, 3)


def test_a_holiday_moves_the_day(cast):
    today = timezone.localdate()
    for year in {today.year, (today + datetime.timedelta(days=20)).year}:
        WorkYear.objects.get_or_create(year=year)
    day = add_working_days(today, 5)
    SpecialDay.objects.update_or_create(day=day, defaults={"year_id": day.year, "is_working": False})
    assert waiting(cast).decide_by > day


def test_overdue_and_due_soon_are_shown_and_filtered(cast, sign_in):
    today = timezone.localdate()
    late, soon, _later = (waiting(cast, title=title) for title in ("已过期", "快到期", "还早"))
    for record, day in ((late, today - datetime.timedelta(days=1)), (soon, today)):
        Record.objects.filter(pk=record.pk).update(decide_by=day)
    county = sign_in(cast.county)
    assert listed(county, due="overdue") == ["已过期"]
    assert listed(county, due="soon") == ["快到期"]
    assert listed(county, due="later") == ["还早"]
    page = county.get(reverse("records:review")).content.decode()
    assert f"{today - datetime.timedelta(days=1)} 超期" in page and f"{today} 将到期" in page
    assert "已超期" in county.get(reverse("records:review_record", args=[late.pk])).content.decode()


def test_filters_by_what_a_record_is_marked_with(cast, sign_in):
    waiting(cast, title="平常")
    behalf = waiting(cast, by="county", title="代填的")
    colleague = sign_in(cast.county_colleague)
    assert listed(colleague, mark="behalf") == ["代填的"]
    assert listed(colleague, q="代填") == ["代填的"]
    assert "代填的" not in listed(sign_in(cast.county))
    flagged = colleague.post(reverse("records:review_flag", args=[behalf.pk]), {"flag": "1"})
    assert flagged.status_code == 302
    assert listed(colleague, mark="flagged") == ["代填的"]
    assert Entry.objects.filter(event="records.flagged", target_id=str(behalf.pk)).exists()
    colleague.post(reverse("records:review_flag", args=[behalf.pk]), {"flag": "0"})
    assert listed(colleague, mark="flagged") == []


def test_a_citys_queue_is_narrowed_by_county(cast, sign_in):
    for by, enterprise in (("clerk", "enterprise"), ("city", "gulou_enterprise")):
        Record.objects.filter(pk=waiting(cast, by=by, enterprise=enterprise, title=enterprise).pk).update(
            held_by="city"
        )
    city = sign_in(cast.city)
    assert listed(city, region="320115") == ["enterprise"]
    assert "南京市江宁区" in city.get(reverse("records:review")).content.decode(), "a county with its city"
    assert 'name="region"' not in sign_in(cast.county).get(reverse("records:review")).content.decode()


def test_views_of_the_queue_are_kept(cast, sign_in):
    county = sign_in(cast.county)
    county.post(
        reverse("saved_views:save"), {"page": "records.review", "query": "mark=high", "name": "重点", "default": "1"}
    )
    assert SavedView.objects.filter(user=cast.county, page="records.review").exists()
    assert county.get(reverse("records:review")).url == "/review/?mark=high"


def test_assigned_to_a_colleague_and_still_decided_by_anybody(cast, sign_in):
    first, second = waiting(cast, title="甲"), waiting(cast, title="乙")
    county, colleague = sign_in(cast.county), sign_in(cast.county_colleague)
    county.post(
        reverse("records:review_select"),
        {"do": "assign", "ids": [first.pk, second.pk], "assignee": cast.county_colleague.pk},
    )
    assert listed(colleague, assigned="me") == ["甲", "乙"]
    county.post(reverse("records:review_assign", args=[second.pk]), {"assignee": "nobody"})
    assert listed(county, assigned="nobody") == ["乙"]
    assert listed(county, assigned=str(cast.county_colleague.pk)) == ["甲"]
    assert Entry.objects.filter(event="records.assigned", note="分派给 郑县办").count() == 2
    first.refresh_from_db()
    decided = county.post(
        reverse("records:review_record", args=[first.pk]), {"do": "approve", "version": first.version}
    )
    assert decided.status_code == 302
    first.refresh_from_db()
    assert first.status == Status.APPROVED


@pytest.mark.parametrize("who", ["other_county", "neighbour_county", "clerk"])
def test_only_a_colleague_can_be_assigned(cast, sign_in, who):
    record = waiting(cast)
    response = sign_in(cast.county).post(
        reverse("records:review_select"),
        {"do": "assign", "ids": [record.pk], "assignee": cast.people[who].pk},
        follow=True,
    )
    assert "请选择本单位的一位同事" in response.content.decode()
    record.refresh_from_db()
    assert record.assigned_to is None


def test_next_and_previous_follow_filter_and_order(cast, sign_in):
    plain = waiting(cast, title="平常")
    high = waiting(cast, title="人数多", number_of_people=900, attendances=900)
    other = waiting(cast, title="外请专家一课", speaker="外请专家", number_of_people=901, attendances=901)
    county = sign_in(cast.county)
    page = county.get(reverse("records:review_record", args=[high.pk]), {"sort": "-risk"})
    assert (page.context["previous"], page.context["following"]) == (None, other.pk)
    page = county.get(reverse("records:review_record", args=[other.pk]), {"sort": "-risk"})
    assert (page.context["previous"], page.context["following"]) == (high.pk, plain.pk)
    address = reverse("records:review_record", args=[high.pk]) + "?mark=high"
    response = county.post(address, {"do": "approve", "version": high.version})
    assert response.url == reverse("records:review_record", args=[other.pk]) + "?mark=high"
    last = county.post(response.url, {"do": "approve", "version": other.version}, follow=True)
    assert "符合条件的待审核记录都处理完了。" in last.content.decode()


def test_a_return_of_the_quarter_may_be_late_without_a_date(cast):
    assert waiting(cast, slug=PARTY).decide_by is not None


def test_each_office_has_its_own_phrases(cast, sign_in):
    record = waiting(cast)
    county = sign_in(cast.county)
    page = county.get(reverse("records:review_record", args=[record.pk])).content.decode()
    assert "活动日期与佐证材料不符，请核对。" in page
    saved = county.post(reverse("records:review_settings"), {"phrases": "请盖章后重传。\n\n  人数请写清单位。 "})
    assert saved.status_code == 302
    for who in (cast.county, cast.county_colleague):
        page = sign_in(who).get(reverse("records:review_record", args=[record.pk])).content.decode()
        assert 'data-phrase="人数请写清单位。" data-into="reason" data-key="2"' in page
        assert "活动日期与佐证材料不符" not in page
    assert ReviewSettings.objects.get().phrases == ["请盖章后重传。", "人数请写清单位。"]


def test_who_sets_which_number(cast, sign_in):
    assert 'name="sample_percent"' not in sign_in(cast.county).get(reverse("records:review_settings")).content.decode()
    page = sign_in(cast.province).get(reverse("records:review_settings")).content.decode()
    assert "待核定" in page and 'name="review_days"' in page
    refused = sign_in(cast.province).post(reverse("records:review_settings"), {"review_days": "0", "phrases": "一"})
    assert refused.status_code == 200 and not ReviewSettings.objects.exists()
    sign_in(cast.province).post(reverse("records:review_settings"), {"review_days": "7", "phrases": "一"})
    assert waiting(cast).decide_by == add_working_days(timezone.localdate(), 7)
    sign_in(cast.city).post(reverse("records:review_settings"), {"sample_percent": "20", "phrases": "一"})
    assert ReviewSettings.objects.get(pk=cast.places["3201"].pk).sample_percent == 20
