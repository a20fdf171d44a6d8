"""The province's calendar: due days, closing with a freeze, reopening with a reason, and rules of who owes what."""

import datetime

import pytest

from enterprises.models import Cluster, ClusterKind, ClusterMember, Enterprise, Industry, Part
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.jobs.models import Job
from foundation.jobs.running import run
from indicators.fill import catch_up
from indicators.queries import figures
from records.duties.calendar import describe_rule
from records.models import Duty, DutyRule, ReportingQuarter
from tests.records.test_story import decide, file_lecture

pytestmark = pytest.mark.django_db


def add_rule(browser, values) -> None:
    """Made at once, or after what it adds was shown and confirmed."""
    address = "/quarters/rules/add/"
    answer = browser.post(address, values)
    if answer.status_code == 409:
        keys = [question.key for question in answer.context["asked"].questions]
        answer = browser.post(address, {**values, "confirmed": keys})
    assert answer.status_code == 302, answer.content.decode()


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
    add_rule(province, {"kind": "ideology.partydevelopment", "ownerships": ["state"], "is_active": "on"})
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


def test_who_owes_is_told_by_staff_industry_chain_and_party(cast, sign_in):
    """Each condition leaves out whom it does not fit; a headcount nobody stated lies between no bounds."""
    province, (first, second) = sign_in(cast.province), (cast.enterprise, cast.second_enterprise)
    Industry.objects.get_or_create(code="D", defaults={"level": "section", "name": "电力、热力、燃气及水生产和供应业"})
    county = [first, second, cast.gulou_enterprise, cast.neighbour_enterprise]
    for enterprise, headcount in zip(county, (500, 99, None, 3000), strict=True):
        Enterprise.objects.filter(pk=enterprise.pk).update(headcount=headcount, frontline_count=None)
    county_place = cast.places["320115"]
    cluster = Cluster.objects.create(
        kind=ClusterKind.CHAIN,
        name="示例产业链",
        place=county_place,
        province_id=county_place.province_id,
        city_id=county_place.city_id,
        county=county_place,
    )
    ClusterMember.objects.create(cluster=cluster, enterprise=second)

    def owing(**values) -> set[int]:
        DutyRule.objects.all().delete()
        Duty.objects.all().delete()
        add_rule(province, {"kind": "ideology.partydevelopment", "is_active": "on", **values})
        return set(Duty.objects.values_list("enterprise", flat=True))

    assert owing() == {enterprise.pk for enterprise in county}
    assert owing(headcount_from="100") == {first.pk, cast.neighbour_enterprise.pk}
    assert owing(headcount_from="100", headcount_to="500") == {first.pk}
    assert owing(in_chain="yes") == {second.pk}
    assert owing(in_chain="leads") == set()
    ClusterMember.objects.update(part=Part.LEADING)
    assert owing(in_chain="leads") == {second.pk}
    for _press in range(2):  # switched off and on again it asks the same
        toggle = f"/quarters/rules/{DutyRule.objects.get().pk}/toggle/"
        answer = province.post(toggle)
        if answer.status_code == 409:
            province.post(toggle, {"confirmed": [question.key for question in answer.context["asked"].questions]})
    assert DutyRule.objects.get().leads_chain and "产业链的链主、龙头企业" in describe_rule(DutyRule.objects.get())
    assert owing(in_chain="no") == {enterprise.pk for enterprise in county} - {second.pk}
    assert owing(industries="D") == set() and owing(industries=["C", "D"]) == {enterprise.pk for enterprise in county}
    first.has_party_organisation = False
    first.save(update_fields=["has_party_organisation"])
    assert owing(has_party_organisation="no") == {first.pk}
    page = province.get("/quarters/").content.decode()
    assert "全部规模；未建立党组织" in page
    province.post(f"/quarters/rules/{DutyRule.objects.get().pk}/toggle/")
    assert DutyRule.objects.get().has_party_organisation is False, "switched off it keeps what it asks"


def test_headcounts_the_wrong_way_round_are_refused_and_kept(cast, sign_in):
    values = {"kind": "ideology.partydevelopment", "headcount_from": "500", "headcount_to": "50", "is_active": "on"}
    answer = sign_in(cast.province).post("/quarters/rules/add/", values)
    page = answer.content.decode()
    assert answer.status_code == 400 and "没有企业符合" in page and 'value="500"' in page
    assert not DutyRule.objects.exists()
