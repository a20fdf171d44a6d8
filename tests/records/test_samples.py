"""The county decides, the city samples: a share by lot that nobody can foresee, and everything marked."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.calendar.periods import Quarter
from foundation.notify.models import Message
from records.core.kinds import kind_by_slug
from records.core.periods import working_quarter
from records.models import Record, ReportingQuarter, ReviewSettings, SampleCheck, SampleSalt, Status
from records.review.effects import _lottery
from records.review.sampling import review_by_unit
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db


def approved(cast, **changes) -> Record:
    # A record before it, so that it is not looked at for being the first.
    return filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "approve"), **changes)


def share(cast, percent: int) -> None:
    ReviewSettings.objects.create(place=cast.places["3201"], sample_percent=percent)


def titles(browser, **asked) -> list[str]:
    page = browser.get(reverse("records:samples"), asked)
    assert page.status_code == 200
    return [row.record.title for row in page.context["table"].page.object_list]


def check(browser, record: Record, do: str, note: str = ""):
    record.refresh_from_db()
    return browser.post(
        reverse("records:sample_check", args=[record.pk]), {"do": do, "note": note, "version": record.version}
    )


def test_the_lot_is_stable_even_and_hangs_on_a_secret_of_the_quarter(cast):
    def lots(quarter: str) -> list[int]:
        draw = _lottery()
        return [draw(Record(pk=number, quarter=quarter)) for number in range(1, 4001)]

    third = lots("2026Q3")
    assert third == lots("2026Q3"), "asked again, the same"
    assert all(0 <= lot < 10_000 for lot in third)
    assert 120 < sum(lot < 500 for lot in third) < 280, "about one in twenty"
    assert third != lots("2026Q4")
    assert SampleSalt.objects.count() == 2
    SampleSalt.objects.filter(quarter="2026Q3").update(salt="another")
    assert third != lots("2026Q3"), "without the salt nobody can tell"


def test_drawn_and_marked_ones_wait_for_the_city_and_count_meanwhile(cast, sign_in):
    share(cast, 0)
    plain, marked = approved(cast, title="平常"), approved(cast, title="标记的")
    unusual = approved(cast, title="人数多", number_of_people=900, attendances=900)
    city = sign_in(cast.city)
    assert titles(city) == ["人数多"]
    sign_in(cast.county).post(reverse("records:review_flag", args=[marked.pk]), {"flag": "1"})
    assert titles(city) == ["标记的", "人数多"]
    assert titles(city, why="flagged") == ["标记的"] and titles(city, why="lot") == []
    assert "南京市江宁区" in city.get(reverse("records:samples")).content.decode(), "a county with its city"
    ReviewSettings.objects.update(sample_percent=100)
    drawn = approved(cast, title="抽中的")
    assert titles(city, why="lot") == ["抽中的"]
    assert {record.status for record in Record.objects.all()} == {Status.APPROVED}, "sampling stops nothing"
    assert not (plain.is_sampled or unusual.is_sampled) and drawn.is_sampled


def test_passed_it_is_done_with_and_reopened_it_goes_back(cast, sign_in):
    share(cast, 100)
    good, bad = approved(cast, title="好的"), approved(cast, title="有问题的")
    city = sign_in(cast.city)
    page = city.get(reverse("records:review_record", args=[good.pk])).content.decode()
    assert "抽查通过" in page
    assert check(city, good, "pass").url == reverse("records:review_record", args=[bad.pk])
    assert "请写明发现的问题" in city.get(check(city, bad, "reopen").url).content.decode()
    assert check(city, bad, "reopen", "签到表只有 12 人。").url == reverse("records:samples")
    bad.refresh_from_db()
    assert (bad.status, bad.reason) == (Status.RETURNED, "签到表只有 12 人。")
    assert set(SampleCheck.objects.values_list("outcome", flat=True)) == {"passed", "reopened"}
    assert Message.objects.filter(recipient=cast.clerk, event="records.reopened").count() == 1
    assert titles(city) == []
    (unit,) = [unit for unit in review_by_unit(cast.places["3201"], Quarter.current()) if unit.in_sample]
    assert (unit.place.code, unit.in_sample, unit.checked, unit.reopened, unit.coverage) == ("320115", 2, 2, 1, 1.0)
    for who in (cast.city, cast.province, cast.county, cast.auditor):
        assert sign_in(who).get(reverse("records:review_overview")).status_code == 200
    page = sign_in(cast.province).get(
        reverse("records:review_overview"), {"region": "3201", "quarter": Quarter.current().code}
    )
    assert "100.0%" in page.content.decode()
    assert sign_in(cast.city).get(reverse("records:review_overview"), {"region": "3205"}).status_code == 404


def test_a_sample_stands_among_the_samples(cast, sign_in):
    """Its next one is looked at again too, and its way back leads to their list: the waiting records are another one."""
    share(cast, 100)
    first, second = approved(cast, title="第一条"), approved(cast, title="第二条")
    filed(cast.second_clerk, cast.second_enterprise, (cast.second_clerk, "submit"), title="等着审核的")
    city = sign_in(cast.city)
    page = city.get(reverse("records:review_record", args=[first.pk]))
    assert (page.context["previous"], page.context["following"]) == (None, second.pk)
    assert city.get(reverse("records:review_record", args=[second.pk])).context["previous"] == first.pk
    text = page.content.decode()
    assert f'href="{reverse("records:samples")}" data-key="u"' in text and "返回抽查列表" in text
    assert "返回待审列表" not in text


def test_how_reviewing_stands_is_shown_of_the_quarter_in_work(cast, sign_in):
    page = sign_in(cast.city).get(reverse("records:review_overview"))
    assert page.context["quarter"] == working_quarter()
    row, _made = ReportingQuarter.objects.get_or_create(
        code=Quarter.current().previous().code, defaults=ReportingQuarter.default_dates(Quarter.current().previous())
    )
    day = timezone.localdate() + datetime.timedelta(days=5)
    ReportingQuarter.objects.filter(pk=row.pk).update(is_open=True, review_due=day)
    page = sign_in(cast.city).get(reverse("records:review_overview"))
    assert page.context["quarter"] == Quarter.current().previous(), "it is still being reviewed"


def test_nobody_samples_their_own_and_no_other_city(cast, sign_in):
    share(cast, 100)
    record = filed(cast.city, cast.enterprise, (cast.city, "submit"), (cast.county, "approve"), title="市里代填")
    assert titles(sign_in(cast.city)) == []
    assert check(sign_in(cast.city), record, "pass").status_code == 403
    assert check(sign_in(cast.neighbour_city), record, "pass").status_code == 404
    assert check(sign_in(cast.county), record, "pass").status_code == 403


def test_in_a_closed_quarter_a_sample_can_be_passed_but_not_reopened(cast, sign_in):
    share(cast, 100)
    record = approved(cast)
    ReportingQuarter.objects.filter(code=record.quarter).update(is_open=False)
    city = sign_in(cast.city)
    assert check(city, record, "reopen", "人数有误。").status_code == 403
    assert not SampleCheck.objects.exists()
    assert check(city, record, "pass").status_code == 302


def test_what_the_city_decided_itself_is_reopened_by_city_or_province_only(cast, sign_in, monkeypatch):
    monkeypatch.setattr(type(kind_by_slug("ideology.lecture")), "review_levels", ("county", "city"))
    record = filed(
        cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "approve"), (cast.city, "approve")
    )
    assert record.status == Status.APPROVED
    share(cast, 100)
    assert titles(sign_in(cast.city)) == []
    act = reverse("records:act", args=[record.pk, "reopen"])
    refused = sign_in(cast.county).post(act, {"version": record.version, "reason": "有误。"}, follow=True)
    assert "由市级产改办审定" in refused.content.decode()
    sign_in(cast.city).post(act, {"version": record.version, "reason": "有误。"})
    record.refresh_from_db()
    assert record.status == Status.RETURNED
