"""The province's calendar: due days, closing with a freeze, reopening with a reason, and rules of who owes what."""

import datetime

import pytest

from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.jobs.models import Job
from foundation.jobs.running import run
from indicators.fill import catch_up
from indicators.queries import figures
from records.models import Duty, DutyRule, ReportingQuarter
from tests.records.test_story import decide, file_lecture

pytestmark = pytest.mark.django_db


def test_only_the_province_sees_and_sets(cast, sign_in):
    code = Quarter.current().previous().code
    for name, person in cast.people.items():
        browser = sign_in(person)
        expected = 200 if name == "province" else 403
        assert browser.get("/quarters/").status_code == expected, name
        if name != "province":
            assert browser.post(f"/quarters/{code}/", {"do": "close"}).status_code == 403, name
            assert browser.post("/quarters/rules/add/", {"kind": "ideology.partydevelopment"}).status_code == 403, name
    assert ReportingQuarter.objects.get(code=code).is_open


def test_a_new_rule_makes_duties_at_once_and_days_move_them(cast, sign_in):
    province, quarter = sign_in(cast.province), Quarter.current().previous()
    province.post(
        "/quarters/rules/add/", {"kind": "ideology.partydevelopment", "ownerships": ["state"], "is_active": "on"}
    )
    assert set(Duty.objects.values_list("enterprise", "quarter")) == {
        (cast.second_enterprise.pk, quarter.code),
        (cast.second_enterprise.pk, Quarter.current().code),
    }
    day = quarter.last_day + datetime.timedelta(days=20)
    province.post(
        f"/quarters/{quarter.code}/",
        {"do": "days", f"{quarter.code}-enterprise_due": day, f"{quarter.code}-review_due": day},
    )
    assert Duty.objects.get(quarter=quarter.code).due == day
    assert Entry.objects.filter(event="records.due_days_set").exists()
    page = province.get("/quarters/").content.decode()
    assert "发展党员情况：全部层级；国有及国有控股；全部规模" in page
    province.post(f"/quarters/rules/{DutyRule.objects.get().pk}/toggle/")
    assert not DutyRule.objects.get().is_active


def test_bad_days_are_refused_with_the_cure(cast, sign_in):
    province, quarter = sign_in(cast.province), Quarter.current().previous()
    late, early = quarter.last_day + datetime.timedelta(days=9), quarter.last_day + datetime.timedelta(days=3)
    values = {"do": "days", f"{quarter.code}-enterprise_due": late, f"{quarter.code}-review_due": early}
    page = province.post(f"/quarters/{quarter.code}/", values, follow=True).content.decode()
    assert "审核截止日期不能早于企业填报截止日期" in page
    page = province.post(f"/quarters/{quarter.code}/", {"do": "days"}, follow=True).content.decode()
    assert "请填写两个日期" in page
    assert province.post("/quarters/1999Q1/", {"do": "close"}).status_code == 404


def test_close_and_reopen(cast, sign_in):
    province, quarter = sign_in(cast.province), Quarter.current().previous()
    record = file_lecture(sign_in(cast.clerk), happened_on=quarter.last_day.isoformat())
    waiting = province.post(f"/quarters/{quarter.code}/", {"do": "close"}, follow=True).content.decode()
    assert "还有 1 条记录待审核" in waiting
    decide(sign_in(cast.county), record, "approve")
    catch_up()
    province.post(f"/quarters/{quarter.code}/", {"do": "close"})
    assert not ReportingQuarter.objects.get(code=quarter.code).is_open
    early = province.post(f"/quarters/{quarter.code}/", {"do": "reopen", "reason": "人次有误"}, follow=True)
    assert "正在关闭" in early.content.decode()
    assert run(Job.objects.get().pk)
    assert figures(cast.places["32"], quarter)["B01.sessions"].value == 1
    refused = province.post(f"/quarters/{quarter.code}/", {"do": "reopen", "reason": " "}, follow=True)
    assert "请写明重新开放的原因" in refused.content.decode()
    province.post(f"/quarters/{quarter.code}/", {"do": "reopen", "reason": "苏州一家企业人次有误"})
    row = ReportingQuarter.objects.get(code=quarter.code)
    assert row.is_open and row.reopen_reason == "苏州一家企业人次有误"
