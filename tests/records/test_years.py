"""A year is a period of its own: its annual returns are taken after it has ended and until it is closed, whatever its quarters
do, and fall due on a day of their own."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter, Year
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, update_record
from records.core.kinds import kind_by_slug
from records.core.models import ReportingYear
from records.core.periods import open_quarters, period_choices, years_to_file
from records.duties.actions import ensure_quarter, ensure_year, generate_duties
from records.duties.queries import open_duties, yearly_returns
from records.duties.sitting import sitting
from records.models import Duty, DutyRule, Record, ReportingQuarter
from tests.confirming import confirm
from tests.indicators.helpers import approved, filed

pytestmark = pytest.mark.django_db

NOW = Quarter.current()
YEAR = Year(NOW.year)
LAST_YEAR = YEAR.previous()
LEADERSHIP = {
    "has_leading_body": True,
    "led_by_principal": True,
    "leader_post": "总经理",
    "has_plan": False,
    "reviewed_by_congress": False,
    "special_meetings": 4,
    "same_plan": True,
    "union_led": False,
}


def test_last_year_is_filed_though_none_of_its_quarters_is_open(cast):
    ReportingQuarter.objects.filter(code__lt=f"{YEAR.code}Q1").delete()
    for quarter in LAST_YEAR.divided(Quarter):
        ensure_quarter(quarter)
    ReportingQuarter.objects.filter(code__startswith=LAST_YEAR.code).update(is_open=False)
    record = approved(
        cast.clerk, cast.county, cast.enterprise, "services.leadership", period=LAST_YEAR.code, **LEADERSHIP
    )
    assert (record.period, record.title) == (LAST_YEAR.code, f"{LAST_YEAR.label}领导机构与实施方案")
    assert record.quarter == open_quarters()[0].code and not record.is_late_entry
    catch_up()
    assert figures(cast.places["320115"], NOW)["A04.meetings"].value == 4


def test_a_year_that_is_closed_takes_nothing_more_and_says_so(cast):
    ReportingYear.objects.filter(code=LAST_YEAR.code).update(is_open=False)
    with pytest.raises(ValidationError, match="没有开放填报"):
        filed(cast.clerk, cast.enterprise, "services.leadership", period=LAST_YEAR.code, **LEADERSHIP)


def test_a_whole_year_is_told_after_its_end_and_how_things_stand_at_any_time(cast):
    with pytest.raises(ValidationError, match=f"{YEAR.label}还没有结束"):
        filed(cast.clerk, cast.enterprise, "services.leadership", period=YEAR.code, **LEADERSHIP)
    whole, stand = kind_by_slug("services.leadership"), kind_by_slug("ideology.delegates")
    assert YEAR.code not in dict(period_choices(whole)) and YEAR.code in dict(period_choices(stand))


def test_the_year_that_is_being_collected_is_offered_first(cast):
    """Until its day the year that ended; afterwards, where things are told as they stand, the running one."""
    kind = kind_by_slug("ideology.delegates")
    ReportingYear.objects.filter(code=LAST_YEAR.code).update(enterprise_due=LAST_YEAR.last_day)
    assert years_to_file(kind, open_quarters().years)[0] == YEAR
    ReportingYear.objects.filter(code=LAST_YEAR.code).update(enterprise_due=datetime.date(YEAR.year, 12, 31))
    assert years_to_file(kind, open_quarters().years)[0] == LAST_YEAR


def test_annual_returns_are_owed_by_a_day_of_their_own(cast):
    DutyRule.objects.create(kind="services.leadership")
    first = Quarter(YEAR.year, 1)
    ensure_quarter(first)
    generate_duties(NOW)
    assert NOW == first or not Duty.objects.exists(), "with no other quarter than the one of their day"
    generate_duties(first)
    duties = Duty.objects.filter(kind="services.leadership")
    assert set(duties.values_list("period", "quarter", "due")) == {
        (LAST_YEAR.code, first.code, datetime.date(YEAR.year, 3, 31))
    }
    approved(cast.clerk, cast.county, cast.enterprise, "services.leadership", period=LAST_YEAR.code, **LEADERSHIP)
    assert duties.get(enterprise=cast.enterprise).fulfilled_at is not None
    found = yearly_returns(cast.places["32"], LAST_YEAR, first)
    assert (found.owed, found.done, found.with_quarter, found.owed_with) == (4, 1, 4, first.code)
    found = yearly_returns(cast.places["320106"], LAST_YEAR)
    assert (found.owed, found.done, found.with_quarter) == (1, 0, 0)


def test_the_province_moves_the_day_and_closes_the_year(cast, sign_in):
    DutyRule.objects.create(kind="services.leadership")
    first = Quarter(YEAR.year, 1)
    ensure_quarter(first)
    generate_duties(first)
    province, url = sign_in(cast.province), reverse("backoffice:year_act", args=[LAST_YEAR.code])
    prefix = f"y{LAST_YEAR.code}"
    early = province.post(url, {f"{prefix}-enterprise_due": LAST_YEAR.last_day}, follow=True).content.decode()
    assert f"截止日期应在 {YEAR.year} 年内" in early
    assert "请填写年度报送截止日期" in province.post(url, {}, follow=True).content.decode()
    day = datetime.date(YEAR.year, 4, 20)
    page = province.post(
        url, {f"{prefix}-enterprise_due": day, f"{prefix}-is_open": "on"}, follow=True
    ).content.decode()
    assert f"{LAST_YEAR.label}的年度报送设置已保存" in page and f"年度报送截止 {day}" in page
    assert set(Duty.objects.values_list("quarter", "due")) == {(f"{YEAR.code}Q2", day)}
    province.post(url, {f"{prefix}-enterprise_due": day})
    assert not ReportingYear.objects.get(code=LAST_YEAR.code).is_open
    assert Entry.objects.filter(event="records.due_days_set").count() == 2
    assert sign_in(cast.city).post(url, {}).status_code == 403


def test_what_a_closed_year_still_owed_stands_in_nobodys_way(cast):
    """It cannot be filed any more: it is no longer asked for, and the quarter can be called complete without it."""
    DutyRule.objects.create(kind="services.leadership")
    first = Quarter(YEAR.year, 1)
    ensure_quarter(first)
    generate_duties(first)
    assert open_duties(scope_of(cast.clerk)).count() == 1 and sitting(cast.enterprise, first).is_blocked
    ReportingYear.objects.filter(code=LAST_YEAR.code).update(is_open=False)
    assert not open_duties(scope_of(cast.clerk)).exists() and not sitting(cast.enterprise, first).is_blocked


def test_the_days_of_a_quarter_leave_what_is_owed_for_a_year(cast, sign_in):
    DutyRule.objects.create(kind="services.leadership")
    first = Quarter(YEAR.year, 1)
    row = ensure_quarter(first)
    generate_duties(first)
    moved = row.enterprise_due + datetime.timedelta(days=2)
    values = {"do": "days", f"{first.code}-enterprise_due": moved, f"{first.code}-review_due": moved}
    sign_in(cast.province).post(f"/quarters/{first.code}/", values)
    assert set(Duty.objects.values_list("due", flat=True)) == {datetime.date(YEAR.year, 3, 31)}


def test_a_quarter_brings_its_year_and_the_one_before(cast):
    ReportingYear.objects.all().delete()
    ensure_quarter(Quarter(YEAR.year + 1, 1))
    assert list(ReportingYear.objects.order_by("code").values_list("code", flat=True)) == [YEAR.code, YEAR.next().code]
    assert ensure_year(YEAR).enterprise_due == datetime.date(YEAR.year + 1, 3, 31)
    assert [row.code for row in open_quarters().years] == [YEAR.code], "one that has not begun is not offered"


def test_the_form_offers_years_and_opens_what_is_filed(cast, sign_in):
    clerk = sign_in(cast.clerk)
    address = reverse("records:create", args=["services.leadership"])
    assert f'<option value="{LAST_YEAR.code}" selected>{LAST_YEAR.label}' in clerk.get(address).content.decode()
    record = filed(cast.clerk, cast.enterprise, "services.leadership", period=LAST_YEAR.code, **LEADERSHIP)
    assert Record.objects.get().pk == record.pk
    answer = clerk.get(address)
    assert answer.status_code == 302 and f"/records/{record.pk}/" in answer.url


def test_an_annual_return_is_mended_while_its_year_is_open_whatever_became_of_its_quarter(cast):
    """Filed with a quarter that was closed since: reopened, corrected and approved anew, and the figure follows."""
    record = approved(
        cast.clerk, cast.county, cast.enterprise, "services.leadership", period=LAST_YEAR.code, **LEADERSHIP
    )
    with_quarter = ReportingQuarter.objects.get(code=record.quarter)
    assert with_quarter.quarter < NOW, "the oldest open one; the running one stays open"
    ReportingQuarter.objects.filter(pk=with_quarter.pk).update(is_open=False)
    assert verdict(cast.county, "records.reopen", record)
    assert Record.objects.allowing(cast.county, "records.reopen").filter(pk=record.pk).exists()
    act(acting_user=cast.county, record_id=record.pk, action="reopen", version=record.version, reason="会议次数不对")
    record.refresh_from_db()
    values = {"period": LAST_YEAR.code, **LEADERSHIP, "special_meetings": 6}
    update_record(acting_user=cast.clerk, record_id=record.pk, version=record.version, values=values)
    for who, action in ((cast.clerk, "submit"), (cast.county, "approve")):
        record.refresh_from_db()
        confirm(
            act,
            acting_user=who,
            record_id=record.pk,
            action=action,
            version=record.version,
            reason="已按会议记录更正。",
        )
    catch_up()
    assert figures(cast.places["320115"], NOW)["A04.meetings"].value == 6


def test_an_annual_return_of_a_closed_year_stays_as_it_is(cast):
    record = approved(
        cast.clerk, cast.county, cast.enterprise, "services.leadership", period=LAST_YEAR.code, **LEADERSHIP
    )
    ReportingYear.objects.filter(code=LAST_YEAR.code).update(is_open=False)
    said = verdict(cast.county, "records.reopen", record)
    assert not said and f"{LAST_YEAR.label}已经关闭" in said.reason
    assert not Record.objects.allowing(cast.county, "records.reopen").exists()
