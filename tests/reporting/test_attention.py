"""What an office has to act on stands first on its page of figures, each line with its number and its way to act."""

import datetime
import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from foundation.calendar.periods import Quarter, Year
from indicators.compliance.evaluating import note_new
from indicators.compliance.findings import Finding
from indicators.falling import falls
from indicators.fill import catch_up
from indicators.models import Against, ComplianceResult, Indicator, PairedTotal, PlaceTotal, Target
from records.core.models import Record
from records.duties.actions import ensure_year, generate_duties
from records.duties.models import Duty, DutyRule
from records.models import ReportingQuarter, ReportingYear
from reporting.attention.declaring import Attention, Named
from reporting.quality.models import Finding as Doubt
from reporting.quality.models import Sort
from tests.indicators.helpers import LAST, filed, lecture

pytestmark = pytest.mark.django_db


@pytest.fixture
def over() -> datetime.date:
    """The day by which enterprises report the last quarter is past, and the quarter is still open."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    _due(yesterday)
    return yesterday


def _due(day: datetime.date) -> None:
    """Enterprises report the last quarter until this day."""
    ReportingQuarter.objects.filter(code=LAST.code).update(
        enterprise_due=day, review_due=day + datetime.timedelta(days=10)
    )


def lines(browser, region: str = "") -> dict[str, str]:
    """(title, whole line) of what asks for something."""
    response = browser.get(reverse("reporting:dashboard"), {"quarter": LAST.code, "region": region})
    assert response.status_code == 200
    page = response.content.decode()
    return {line.title: page[page.index(line.title) :].partition("</li>")[0] for line in response.context["attentions"]}


def line(found: dict[str, str], word: str) -> str:
    [title] = [title for title in found if word in title]
    return found[title]


def test_what_is_owed_and_late_stands_first_with_the_units_and_opens_what_it_counts(cast, sign_in, over):
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(LAST)
    Duty.objects.update(due=over)
    catch_up()
    city = sign_in(cast.city)
    found = lines(city)
    assert next(iter(found)).startswith(f"{LAST.label}有3项应报事项逾期未报（应报3项）")
    late = line(found, "逾期未报")
    assert "2项" in late and "1项" in late, "江宁区 has two of the three, 玄武区 one"
    assert "查看并催办" in late
    listed = city.get(f"{reverse('records:duties')}?quarter={LAST.code}&fact=DUT.overdue&region=3201")
    assert "共 3 项。" in listed.content.decode()
    assert "查看并催办" not in line(lines(sign_in(cast.auditor), "3201"), "逾期未报"), "an auditor urges nobody"


def test_overdue_returns_of_the_year_are_a_line_of_their_own(cast, sign_in, over):
    year = Year(LAST.year).previous()
    ensure_year(year)
    DutyRule.objects.create(kind="services.leadership")
    first = Quarter(LAST.year, 1)
    ReportingYear.objects.filter(code=year.code).update(enterprise_due=first.first_day)
    generate_duties(first)
    Duty.objects.update(due=over)
    catch_up()
    city = sign_in(cast.city)
    found = line(lines(city), f"{year.label}报表有3份逾期未报（应报3份）")
    assert "2份" in found and "1份" in found, "by unit"
    listed = city.get(f"{reverse('records:duties')}?quarter={first.code}&fact=DUT.overdue&rhythm=annual&region=3201")
    page = listed.content.decode()
    assert "共 3 项。" in page
    assert f"{year.label}报表应报事项</h1>" in page and f"只列{year.label}报表，截止日期在{first.label}。" in page
    Duty.objects.update(fulfilled_at=timezone.now())
    assert not any("份逾期未报" in title for title in lines(city))


def test_before_the_day_it_says_how_many_days_are_left(cast, sign_in):
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(LAST)
    day = timezone.localdate() + datetime.timedelta(days=5)
    _due(day)
    catch_up()
    found = lines(sign_in(cast.county))
    assert "5天后截止" in line(found, "没有报") and not any("逾期" in title for title in found)


def test_who_was_silent_is_counted_once_the_day_has_passed(cast, sign_in, over):
    lecture(cast)
    catch_up()
    assert "3家企业中有2家" in line(lines(sign_in(cast.city)), "没有提交过记录，也没有做季度确认")
    _due(timezone.localdate())
    assert not any("没有提交过记录，也没有做季度确认" in title for title in lines(sign_in(cast.city)))


def test_reviews_beyond_their_days_are_named_by_unit(cast, sign_in):
    record = filed(
        cast.clerk,
        cast.enterprise,
        "ideology.lecture",
        title="等着审的一课",
        happened_on=LAST.first_day,
        form="on_site",
        speaker="王师傅",
        number_of_people=9,
        attendances=9,
    )
    Record.objects.filter(pk=record.pk).update(decide_by=timezone.localdate() - datetime.timedelta(days=2))
    catch_up()
    assert "1条超过了审核时限" in line(lines(sign_in(cast.city)), "审核时限")
    assert reverse("records:review") in line(lines(sign_in(cast.county)), "审核时限")
    assert not any("审核时限" in title for title in lines(sign_in(cast.neighbour_county)))


def _total(place, quarter: Quarter, fact: str, value: int) -> None:
    PlaceTotal.objects.update_or_create(
        place=place, quarter=quarter.code, fact=fact, defaults={"value": value, "reporting": 1, "witnessed": 1}
    )


def test_what_fell_two_quarters_running_is_a_fall_and_one_dip_is_none(cast):
    nanjing, suzhou = cast.places["3201"], cast.places["3205"]
    for place, values in ((nanjing, (120, 100, 80)), (suzhou, (80, 120, 100))):
        for step, value in enumerate(values):
            _total(place, LAST.shift(step - 2), "B01.sessions", value)
    found = falls([nanjing, suzhou], ["B01.sessions"], LAST)
    assert set(found) == {nanjing.pk}
    [fall] = found[nanjing.pk]
    assert fall.steps == ((120, 100), (100, 80)) and round(fall.share, 6) == round(Decimal(40) / 120, 6)


def test_what_returns_tell_falls_over_those_that_reported_both_times_only(cast, sign_in):
    nanjing = cast.places["3201"]
    for quarter, before, value in ((LAST.previous(), 50, 46), (LAST, 48, 47)):
        PairedTotal.objects.create(
            place=nanjing,
            quarter=quarter.code,
            fact="B03.members",
            against=Against.QUARTER,
            before=before,
            value=value,
            enterprises=5,
        )
        _total(nanjing, quarter, "B03.members", 100 * quarter.number)
    assert [fall.steps for fall in falls([nanjing], ["B03.members"], LAST)[nanjing.pk]] == [((50, 46), (48, 47))]
    told = line(lines(sign_in(cast.city)), "连续两个季度下降")
    assert "50 → 46、48 → 47人（各按可比企业）" in told and "46 → 47" not in told


def test_a_fall_is_told_with_its_values_on_the_page(cast, sign_in):
    for step, value in enumerate((30, 20, 10)):
        _total(cast.places["3201"], LAST.shift(step - 2), "B01.sessions", value)
    found = line(lines(sign_in(cast.city)), "连续两个季度下降")
    assert "职工大讲堂场次 30 → 20 → 10场" in found
    assert "南京" in line(lines(sign_in(cast.province)), "连续两个季度下降")
    assert not any("下降" in title for title in lines(sign_in(cast.neighbour_city)))


def _result(enterprise, quarter: Quarter, finding: str) -> None:
    places = {name: getattr(enterprise, f"{name}_id") for name in ("province", "city", "county")}
    ComplianceResult.objects.update_or_create(
        enterprise=enterprise,
        quarter=quarter.code,
        rule="A05",
        defaults={"version": 1, "finding": finding, **{f"{name}_id": pk for name, pk in places.items()}},
    )
    note_new(quarter, [enterprise.pk])


def test_rules_broken_anew_are_counted_and_opened_those_broken_before_are_not(cast, sign_in):
    was = {
        cast.enterprise: (Finding.HOLDS, Finding.BROKEN),
        cast.second_enterprise: (Finding.BROKEN, Finding.BROKEN),
        cast.neighbour_enterprise: (Finding.NOT_STATED, Finding.BROKEN),
    }
    for enterprise, (before, now) in was.items():
        _result(enterprise, LAST.previous(), before)
        _result(enterprise, LAST, now)
    city = sign_in(cast.city)
    found = line(lines(city), "新出现")
    assert "新出现1处不符合规定" in found
    assert re.search(r'<a href="[^"]*region=320115[^"]*">江宁区</a> 1处', found), "and where"
    own = line(lines(sign_in(cast.county)), "新出现")
    assert f"{cast.enterprise.name} 1处" in own, "a county's line names the enterprise"
    city = sign_in(cast.city)
    address = re.search(r'href="([^"]*change=new[^"]*)"', found)[1].replace("&amp;", "&")
    listed = city.get(address).content.decode()
    assert "共 1 条。" in listed and cast.enterprise.name in listed and cast.second_enterprise.name not in listed
    ComplianceResult.objects.filter(quarter=LAST.previous().code).delete()
    note_new(LAST, [enterprise.pk for enterprise in was])
    assert not any("新出现" in title for title in lines(city)), "who was not judged before is not new"


def test_doubts_name_the_units_that_have_most(cast, sign_in):
    def doubt(enterprise, number: int) -> None:
        places = {name: getattr(enterprise, f"{name}_id") for name in ("province", "city", "county")}
        for subject in range(number):
            Doubt.objects.create(
                enterprise=enterprise,
                held_by="county",
                period=LAST.code,
                quarter=LAST.code,
                sort=Sort.PART,
                subject=f"{enterprise.pk}-{subject}",
                seen="x",
                found_at=timezone.now(),
                **{f"{name}_id": pk for name, pk in places.items()},
            )

    doubt(cast.enterprise, 1)
    doubt(cast.gulou_enterprise, 2)
    found = line(lines(sign_in(cast.city)), "有疑点")
    named = re.findall(r'<a href="[^"]*region=(\d+)">([^<]+)</a> (\d)处', found)
    assert "3处数据有疑点" in found and named == [("320106", "鼓楼区", "2"), ("320115", "江宁区", "1")]
    assert f"{cast.enterprise.name} 1处" in line(lines(sign_in(cast.county)), "有疑点")


def test_a_target_far_off_its_path_is_named(cast, sign_in):
    lecture(cast)
    catch_up()
    indicator = Indicator.objects.in_force(LAST).filter(numerator=["B01.sessions"]).first()
    if indicator is None:
        indicator = Indicator.objects.create(
            code="T01",
            name="职工大讲堂场次",
            area="思想引领",
            unit="场",
            numerator=["B01.sessions"],
            source="平台统计",
            valid_from="2022Q3",
        )
    Target.objects.create(
        indicator=indicator.code,
        place=cast.places["3201"],
        province=cast.places["32"],
        city=cast.places["3201"],
        year=LAST.year,
        value=400,
    )
    found = line(lines(sign_in(cast.city)), "没有达到目标进度")
    assert indicator.name in found and "应达到" in found and reverse("reporting:dashboard_indicators") in found
    named = (Named("甲", note="6%，应达到 20%"), Named("乙"))
    told = Attention("", "soon", "", "", named, more=8, counted_in="项")
    html = render_to_string("reporting/attention/lines.html", {"attentions": [told]})
    assert "20%；</span><span" in html and "；另有 8 项" in html and "乙</span>；" in html
