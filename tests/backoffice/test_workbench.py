"""The workbench says first what needs doing."""

import datetime

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from backoffice import workbenches
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter, Year
from foundation.ui.formats import up_to_most
from indicators.fill import catch_up
from records import panels
from records.core.periods import working_quarter
from records.duties.actions import ensure_quarter, generate_duties
from records.models import Duty, DutyRule, QuarterStatement, Record, ReportingQuarter, ReportingYear
from records.panels import reviewing_below
from tests.contracts.world import appeal_against, filed
from tests.indicators.helpers import lecture
from tests.records.returns import HAZARD, PARTY
from tests.records.test_sitting import say
from tests.records.test_story import decide, file_lecture, lecture_values

pytestmark = pytest.mark.django_db


def test_every_role_has_a_workbench(cast, sign_in):
    for name, person in cast.people.items():
        response = sign_in(person).get("/")
        assert response.status_code == 200, name
        assert f"{person.full_name}，您好" in response.content.decode()


def test_a_clerk_sees_returned_records_duties_and_own_figures(cast, sign_in):
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(Quarter.current().previous())
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    approved, returned = file_lecture(clerk), file_lecture(clerk, title="要改的一场")
    decide(county, approved, "approve")
    decide(county, returned, "return", "人次写错了。")
    catch_up()
    page = clerk.get("/").content.decode()
    assert "退回待修改" in page and "要改的一场" in page and "人次写错了。" in page
    assert f"{Quarter.current().previous().label}发展党员情况" in page
    assert f"fact=B01.attendances&amp;quarter={Quarter.current().code}" in page
    assert ">60</a> 人次" in page


def test_statement_from_its_page_and_back(cast, sign_in):
    clerk = sign_in(cast.clerk)
    quarter = Quarter.current().previous()
    url = f"/records/statement/{quarter.code}/"
    page = clerk.get("/").content.decode()
    assert f"{url}?enterprise=" in page and 'value="nil"' not in page, "the answer is given where the sitting stands"
    say(clerk, cast, quarter, "nil")
    assert QuarterStatement.objects.get().is_nil
    assert "已确认：零报告" in clerk.get("/").content.decode()
    clerk.post(url, {"enterprise": cast.enterprise.credit_code, "answer": "undo"})
    assert not QuarterStatement.objects.exists()
    assert clerk.post(url, {"enterprise": cast.neighbour_enterprise.credit_code, "answer": "nil"}).status_code == 404


def test_nil_beside_records_is_refused_with_the_way_out(cast, sign_in):
    clerk = sign_in(cast.clerk)
    file_lecture(clerk, happened_on=timezone.localdate().isoformat())
    quarter = Quarter.current()
    page = clerk.post(
        f"/records/statement/{quarter.code}/", {"enterprise": cast.enterprise.credit_code, "answer": "nil"}, follow=True
    ).content.decode()
    assert "已有 1 条活动记录，不能零报告" in page


def test_an_activity_handed_in_ends_a_nil_return(cast, sign_in):
    clerk, quarter = sign_in(cast.clerk), Quarter.current()
    say(clerk, cast, quarter, "nil")
    file_lecture(clerk, do="draft", title="安全生产知识讲座", speaker="赵工")
    assert QuarterStatement.objects.count() == 1
    file_lecture(clerk)
    assert not QuarterStatement.objects.exists()
    assert "“零报告”之后又提交了活动记录，自动取消" in Entry.objects.get(event="records.statement_undone").note


def test_an_office_sees_its_queue_and_who_is_behind(cast, sign_in):
    file_lecture(sign_in(cast.clerk))
    county = sign_in(cast.county).get("/").content.decode()
    assert "等待审核" in county and "开始审核" in county
    assert "等待审核" not in sign_in(cast.province).get("/").content.decode()
    assert "各地填报进度" in sign_in(cast.city).get("/").content.decode()


def test_nobody_is_urged_where_everybody_reported(cast, sign_in):
    words = "查看没有填报的企业并催办"
    lecture(cast, day=working_quarter().first_day)
    catch_up()
    assert words in sign_in(cast.city).get("/").content.decode()
    lecture(cast, who="second_enterprise", day=working_quarter().first_day)
    filed(cast.city, cast.gulou_enterprise, (cast.city, "submit"), happened_on=working_quarter().first_day)
    catch_up()
    page = sign_in(cast.city).get("/")
    assert page.context["office"].coverage.reported == page.context["office"].coverage.enterprises == 3
    assert words not in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(cast, sign_in, rows, django_assert_max_num_queries):
    clerk, county, city, province = (sign_in(one) for one in (cast.clerk, cast.county, cast.city, cast.province))
    for number in range(rows):
        decide(county, file_lecture(clerk, title=f"第{number}场"), "return", "请改。")
        file_lecture(clerk, title=f"等{number}", do="draft")
        file_lecture(clerk, title=f"审{number}")
    catch_up()
    for browser in (clerk, county, city, province):
        browser.get("/")  # the first page of a minute also stamps the session
    for browser in (clerk, county, city, province):
        with django_assert_max_num_queries(12):
            assert browser.get("/").status_code == 200


def test_what_came_back_and_what_is_not_handed_in_is_counted_in_full(cast, sign_in, monkeypatch):
    for number in range(8):
        filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"), title=f"退回{number}")
    for number in range(7):
        filed(cast.clerk, cast.enterprise, title=f"草稿{number}")
    clerk = sign_in(cast.clerk)
    page = clerk.get("/").content.decode()
    assert (
        '<span class="strip-value">8</span>条退回' in page and '<span class="strip-value">7</span>条草稿和撤回' in page
    )
    assert sum(f"退回{number}</a>" in page for number in range(8)) == 6, "six of them stand on the page"
    monkeypatch.setattr(workbenches, "COUNTED", 7)
    page = clerk.get("/").content.decode()
    assert (
        '<span class="strip-value">7+</span>条退回' in page and '<span class="strip-value">7</span>条草稿和撤回' in page
    )


def test_what_leads_to_the_statement_is_called_by_what_it_does(cast, sign_in):
    quarter = Quarter.current().previous()
    page = sign_in(cast.clerk).get("/").content.decode()
    address = f"{reverse('records:statement', args=[quarter.code])}?enterprise={cast.enterprise.credit_code}"
    assert f'<a class="btn" href="{address}">去确认</a>' in page and ">已填完<" not in page


def test_what_waits_is_counted_no_further_than_shown(cast, sign_in, monkeypatch):
    """The county's overdue records, what the city has to sample, and appeals, each as its own list shows them."""
    late = [filed(cast.clerk, cast.enterprise, (cast.clerk, "submit")) for _number in range(3)]
    Record.objects.filter(pk__in=[record.pk for record in late]).update(decide_by=datetime.date(2026, 1, 5))
    drawn = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "approve"))
    Record.objects.filter(pk=drawn.pk).update(is_sampled=True)
    appeal_against(cast, filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "reject")))
    shown = {"waiting": 0, "overdue": 3, "samples": 1, "appeals": 1, "has_samples": True}
    request = RequestFactory().get("/")
    assert reviewing_below(request, cast.city) == shown
    assert reviewing_below(request, cast.province) == {**shown, "samples": 0, "appeals": 0, "has_samples": False}
    assert reviewing_below(request, cast.neighbour_city) is None, "what is nothing takes no room"
    assert reviewing_below(request, cast.county) is None
    monkeypatch.setattr(panels, "MOST_SHOWN", 1)
    assert reviewing_below(request, cast.city)["overdue"] == 2, "counted to one more than is shown"
    assert (up_to_most(999), up_to_most(1000), up_to_most(0)) == ("999", "999+", "0")


def test_what_was_filed_is_seen_at_once_with_what_comes_next(cast, sign_in):
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(Quarter.current().previous())
    clerk = sign_in(cast.clerk)
    made = clerk.post(reverse("records:create", args=["ideology.lecture"]), lecture_values(title="夜班安全课"))
    record = Record.objects.get()
    page = clerk.get(made.url).content.decode()
    assert "再填一条职工大讲堂" in page and f"下一项：填{Quarter.current().previous().label}发展党员情况" in page
    assert "再填一条" not in clerk.get(reverse("records:detail", args=[record.pk])).content.decode()
    back = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"), title="待改的一场")
    page = clerk.get(made.url).content.decode()
    assert f'href="{reverse("records:edit", args=[back.pk])}">下一条退回的：待改的一场' in page
    assert page.count("btn btn-primary") == 1, "one next step stands out"

    bench = clerk.get("/").content.decode()
    assert cast.enterprise.name in bench
    assert "夜班安全课" in bench and "不到 1 分钟" in bench and "前审核" in bench
    assert "已提交、待审核：" in bench and "1 条" in bench
    decide(sign_in(cast.county), record, "approve")
    catch_up()
    assert "已等待" not in clerk.get("/").content.decode()


def test_own_figures_stand_under_their_areas_and_a_reported_0_is_shown(cast, sign_in):
    steps = ((cast.clerk, "submit"), (cast.county, "approve"))
    values = {"new_members": 0, "new_frontline_members": 0, "total_members": 12}
    filed(
        cast.clerk, cast.enterprise, *steps, slug="ideology.partydevelopment", period=Quarter.current().code, **values
    )
    filed(cast.clerk, cast.enterprise, *steps)
    catch_up()
    clerk = sign_in(cast.clerk)
    bench = clerk.get("/")
    [own] = bench.context["mine"].figures
    [(area, figures)] = own.areas
    shown = {figure.code: figure.value for figure in figures}
    assert area in bench.content.decode() and shown["B04.new_members"] == 0 and shown["B03.members"] == 12
    assert "B02.events" not in shown and all(shown[code] for code in shown if not code.startswith("B04"))
    page = clerk.get(reverse("enterprises:detail", args=[cast.enterprise.pk])).content.decode()
    assert "新发展党员（人）" in page, "a 0 that was reported"


def test_more_waiting_than_is_read_is_said_to_be_more(cast, sign_in, monkeypatch):
    monkeypatch.setattr(workbenches, "WAITING_READ", 1)
    clerk = sign_in(cast.clerk)
    file_lecture(clerk)
    assert "已提交 1 条，" in clerk.get("/").content.decode()
    file_lecture(clerk, title="夜班安全课")
    bench = clerk.get("/").content.decode()
    assert "已提交 1 条以上" in bench and "已提交、待审核：" not in bench, "counts by kind would be too small"


def test_what_presses_stands_first_and_where_one_stands_is_one_line(cast, sign_in):
    clerk = sign_in(cast.clerk)
    later = timezone.localdate() + datetime.timedelta(days=30)
    rows = list(ReportingQuarter.objects.all())
    ReportingQuarter.objects.update(enterprise_due=later, review_due=later)
    page = clerk.get("/").content.decode()
    assert page.index('hx-get="/first-steps/"') < page.index('id="todo"'), "a newcomer is led first"
    for row in rows:
        row.save()
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(Quarter.current().previous())
    Duty.objects.filter(enterprise=cast.enterprise).update(due=datetime.date(2026, 1, 10))
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"), title="女职工权益讲座")
    filed(cast.clerk, cast.enterprise, title="没写完的一场")
    page = clerk.get("/").content.decode()
    order = [
        page.index(words) for words in ("已逾期", "季度确认", "退回待修改", "没写完的一场", 'hx-get="/first-steps/"')
    ]
    assert order == sorted(order)
    assert "去填报</a></li>" in page
    assert '<span class="strip-value">1</span>条退回' in page and 'is-bad"' in page
    assert '<span class="strip-value">1</span>项未报' in page and '<span class="strip-value">1</span>条草稿' in page


def test_returns_that_are_filled_in_are_told_once_and_as_filled(cast, sign_in):
    """Not as still to be filled in, and not again as duties and as drafts."""
    for kind in (PARTY, HAZARD):
        DutyRule.objects.create(kind=kind)
    quarter = Quarter.current()
    generate_duties(quarter)
    clerk = sign_in(cast.clerk)
    assert f"{quarter.label}报表" in (page := clerk.get("/").content.decode()) and "2 份待填，可以一次填完" in page
    assert "应报事项，" not in page, "each of them is in the sitting"
    for kind in (PARTY, HAZARD):
        filed(cast.clerk, cast.enterprise, slug=kind, period=quarter.code)
    page = clerk.get("/").content.decode()
    assert "2 份都已存草稿，核对后一并提交" in page and "待填" not in page and "草稿，还没有提交" not in page


@pytest.mark.parametrize(
    ("moves", "said"), [((), "已存草稿，还没有提交"), (("submit", "withdraw"), "已撤回，改好后重新提交")]
)
def test_a_return_that_is_begun_is_told_once_where_it_is_owed(cast, sign_in, moves, said):
    quarter = Quarter.current()
    DutyRule.objects.create(kind=PARTY)
    generate_duties(quarter)
    filed(cast.clerk, cast.enterprise, *((cast.clerk, move) for move in moves), slug=PARTY, period=quarter.code)
    Duty.objects.update(fulfilled_at=None)
    bench = sign_in(cast.clerk).get("/")
    page = bench.content.decode()
    assert said in page and "继续填报" in page and page.count("应报事项，") == 1
    assert not bench.context["mine"].single_drafts


def test_a_rejection_stands_on_the_bench_while_an_appeal_may_be_made(cast, sign_in):
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "reject"), title="安全课")
    clerk = sign_in(cast.clerk)
    assert "已驳回，不同意的可以在" in clerk.get("/").content.decode()
    appeal_against(cast, record)
    assert "已驳回，不同意的可以在" not in clerk.get("/").content.decode()


def test_what_is_overdue_of_an_open_quarter_leads_an_office_s_bench(cast, sign_in):
    """Also of an earlier quarter than the one the page works on; the line opens the list it counts, with the urging."""
    last = Quarter.current().previous()
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(last)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Duty.objects.update(due=yesterday)
    address = f"/records/duties/?quarter={last.code}&amp;fact=DUT.overdue&amp;rhythm=other"
    below = {cast.county: [], cast.city: [("320115", 2), ("320106", 1)], cast.province: [("3201", 3), ("3205", 1)]}
    for who, count in ((cast.county, 2), (cast.city, 3), (cast.province, 4)):
        bench = sign_in(who).get("/")
        page = bench.content.decode()
        assert f"{count} 项逾期未报（{last.label}），查看并催办" in page and address in page
        [line] = bench.context["overdue"]
        assert [(unit.code, late) for unit, late in line.units] == below[who]
        assert page.index("项逾期未报") < page.index("已填报企业"), "before everything that is only known"
        for code, late in below[who]:
            of_unit = f"{address}&amp;region={code}"
            assert of_unit in page
            listed = sign_in(who).get(of_unit.replace("&amp;", "&")).content.decode()
            assert listed.count('name="tick" value=') == late, "each unit opens what it counts"
        listed = sign_in(who).get(address.replace("&amp;", "&")).content.decode()
        assert listed.count('name="tick" value=') == count and "催办勾选的" in listed
        assert f"共 {count} 项。" in listed, "the list says how many the line counted"
    ReportingQuarter.objects.filter(code=last.code).update(is_open=False)
    assert "项逾期未报" not in sign_in(cast.county).get("/").content.decode()


def test_overdue_returns_of_a_year_stand_apart_from_those_of_a_quarter_and_outlive_it(cast, sign_in):
    """They have a day of their own, and are taken while their year is open."""
    now = Quarter.current()
    first, year = Quarter(now.year, 1), Year(now.year).previous()
    ensure_quarter(first)
    ReportingYear.objects.filter(code=year.code).update(enterprise_due=first.first_day)
    for kind in ("ideology.partydevelopment", "services.leadership"):
        DutyRule.objects.create(kind=kind)
    generate_duties(first)
    Duty.objects.update(due=timezone.localdate() - datetime.timedelta(days=1))
    bench = sign_in(cast.city).get("/")
    found = {line.label: line for line in bench.context["overdue"]}
    assert {label: line.count for label, line in found.items()} == {first.label: 3, f"{year.label}报表": 3}
    for line in found.values():
        listed = sign_in(cast.city).get(line.url).context["filterset"].qs
        assert listed.count() == line.count
    ReportingQuarter.objects.filter(code=first.code).update(is_open=False)
    [line] = sign_in(cast.city).get("/").context["overdue"]
    assert (line.label, line.count) == (f"{year.label}报表", 3)
    city = sign_in(cast.city)
    assert "催办勾选的" in city.get(line.url).content.decode(), "also though its quarter is closed"
    urging = city.post(line.url.replace("/duties/", "/duties/urge/"), {"which": "all"}).content.decode()
    assert f"还有{year.label}报表没有报送" in urging and f"{first.label}的应报事项" not in urging
    assert city.post(f"/records/duties/urge/?quarter={first.code}", {"which": "all"}).status_code == 403, (
        "of the quarter's own nobody is urged"
    )
    mine = sign_in(cast.clerk).get("/")
    assert [one.duty.period for one in mine.context["mine"].duties] == [year.code], "the clerk can still file it"
    assert sign_in(cast.clerk).get(f"/records/sitting/{first.code}/").status_code in (200, 302)
    if now != first:
        told = sign_in(cast.city).get("/records/duties/", {"quarter": now.code}).context["earlier"]
        assert [(count, what) for count, what, _url in told] == [(3, f"{year.label}报表")]
    ReportingYear.objects.filter(code=year.code).update(is_open=False)
    assert not sign_in(cast.city).get("/").context["overdue"]
