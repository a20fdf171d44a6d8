"""The list behind a figure shows the figure: the counted column, how many rows, and what they add up to."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import declared_facts, source_of_fact
from foundation.places.models import Place
from foundation.ui.formats import amount
from indicators import queries
from indicators.closing import close_quarter
from indicators.fill import catch_up
from indicators.loading import load_indicators
from indicators.models import Indicator
from records.duties.actions import generate_duties
from records.models import Duty, DutyRule, ReportingQuarter
from reporting.dashboards.indicators import area_url
from tests.cast import Cast
from tests.indicators.helpers import LAST, NOW, lecture, party


@pytest.fixture
def counted(cast: Cast) -> Cast:
    lecture(cast, attendances=30, number_of_people=30)
    lecture(cast, attendances=45, number_of_people=40, title="第二场")
    lecture(cast, who="second_enterprise", attendances=12, number_of_people=12)
    lecture(cast, who="neighbour_enterprise", attendances=8, number_of_people=8)
    lecture(cast, day=NOW.first_day, attendances=100, number_of_people=100)
    party(cast, new=3, front=1, total=40)
    catch_up()
    return cast


def opened(page: str) -> tuple[str, str]:
    """(how many rows, the sum) as the page says them."""
    found = re.search(r'<p class="narrowed opened">共 ([\d,]+) \S+，\S+?合计 (\S+) ', page)
    assert found, "the page says nothing of the figure"
    return found[1], found[2]


def indicator_rows(browser: Client, region: str, quarter: Quarter, code: str) -> str:
    """The page of the indicators of the area that one of them is of."""
    area = Indicator.objects.in_force(quarter).get(code=code).area
    return browser.get(area_url(Place.objects.get(code=region), quarter, area)).content.decode()


def test_every_figure_is_the_sum_of_its_list(counted: Cast, sign_in) -> None:
    """Every known figure of a city, whatever list is behind it."""
    browser, city = sign_in(counted.city), counted.places["3201"]
    known = {code: one for code, one in queries.figures(city, LAST).items() if one.value}
    assert {"B01.attendances", "B03.members", "REG.headcount", "REG.enterprises", "REP.reported"} <= set(known)
    for code, figure in known.items():
        url = source_of_fact(code).url(code, region=city.code, quarter=LAST.code)
        _rows, total = opened(browser.get(url).content.decode())
        assert total == amount(figure.value), url


def test_each_row_shows_what_it_gave(counted: Cast, sign_in) -> None:
    page = sign_in(counted.city).get(f"/records/?fact=B01.attendances&region=3201&quarter={LAST.code}").content.decode()
    assert opened(page) == ("3", "87")
    column = re.findall(r'data-label="职工大讲堂参训人次（人次）"[^>]*>([^<]+)<', page)
    assert sorted(map(int, column)) == [12, 30, 45]
    assert not re.search(r'data-label="职工大讲堂参训人次（人次）"[^>]*off-phone', page), "also on a telephone"
    assert 'class="figure-rows"' in page, "where its cards are no longer than those of any list"
    assert "figure-rows" not in sign_in(counted.city).get("/records/").content.decode()


def test_a_figure_of_the_year_so_far_opens_all_its_quarters(counted: Cast, sign_in) -> None:
    browser = sign_in(counted.city)
    url = f"/records/?fact=B01.attendances&region=3201&quarter={NOW.code}"
    assert opened(browser.get(url).content.decode()) == ("1", "100")
    since = NOW.year_to_date()[0].code
    expected = queries.figures(counted.places["3201"], NOW)["B01.attendances"].year_to_date
    assert opened(browser.get(f"{url}&since={since}").content.decode())[1] == amount(expected)
    assert expected == (187 if LAST.year == NOW.year else 100)


def test_an_indicator_opens_both_its_sides(counted: Cast, sign_in) -> None:
    load_indicators()
    page = indicator_rows(sign_in(counted.city), "3201", LAST, "B04")
    row = next(row for row in re.findall(r"<tr.*?</tr>", page, re.S) if "新发展党员中一线职工占比" in row)
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/records/[^"]+)"', row)]
    assert len(links) == 2
    totals = [opened(sign_in(counted.city).get(link).content.decode())[1] for link in links]
    assert totals == ["1", "3"] and "本年累计" in row


def test_a_neighbour_opens_nothing(counted: Cast, sign_in) -> None:
    page = sign_in(counted.neighbour).get(f"/records/?fact=B01.attendances&region=3201&quarter={LAST.code}")
    assert re.search(r'narrowed opened">共 0 条，\S+?没有“[^”]+”的数。', page.content.decode())


@pytest.mark.parametrize(
    "address", ["fact=B99.none&quarter=2026Q3", "fact=B01.sessions", "fact=B01.sessions&quarter=x&since=y"]
)
def test_an_address_that_names_no_figure_shows_an_empty_list(counted: Cast, sign_in, address) -> None:
    page = sign_in(counted.city).get(f"/records/?{address}")
    assert page.status_code == 200 and "没有符合条件的记录" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(cast: Cast, sign_in, rows: int, django_assert_max_num_queries) -> None:
    for number in range(rows):
        lecture(cast, title=f"第{number}场", attendances=20 + number)
    catch_up()
    browser = sign_in(cast.city)
    url = f"/records/?fact=B01.attendances&region=3201&quarter={LAST.code}"
    browser.get(url)
    with django_assert_max_num_queries(18):
        page = browser.get(url).content.decode()
    assert opened(page)[0] == str(rows)


def test_sources_say_what_their_rows_gave(db: None) -> None:
    for code in declared_facts():
        source = source_of_fact(code)
        fact = next(fact for fact in source.facts if fact.code == code)
        assert source.amounts(fact, LAST), code


def test_what_was_owed_over_the_year_opens_the_quarters_that_were_judged(cast: Cast, sign_in) -> None:
    """Nobody is late with the running quarter: its duties are in the number of the year neither, nor in its list."""
    load_indicators()
    DutyRule.objects.create(kind="ideology.partydevelopment")
    for quarter in [*LAST.year_to_date(), NOW]:
        generate_duties(quarter)
    judged = [one.code for one in LAST.year_to_date()]
    ReportingQuarter.objects.filter(code__in=judged).update(enterprise_due=LAST.last_day, review_due=LAST.last_day)
    Duty.objects.filter(enterprise=cast.enterprise).update(
        fulfilled_at=timezone.make_aware(datetime.datetime.combine(LAST.year_to_date()[0].first_day, datetime.time(9)))
    )
    catch_up()
    browser, year = sign_in(cast.county), len(judged)
    for quarter in {LAST, NOW if NOW.year == LAST.year else LAST}:
        page = indicator_rows(browser, "320115", quarter, "P03")
        for name, counted in (("应报事项完成率", year), ("应报事项按时率", year)):
            until = "" if quarter == LAST else f"，至{LAST.label}"
            row = page.split(f"{name}（本年累计{until}）")[1].split("</tr>")[0]
            links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/records/duties/[^"]+)"', row)]
            totals = [opened(browser.get(link).content.decode())[1] for link in links]
            assert totals == [str(counted), str(2 * year)], (quarter, links)
    several = browser.get(f"/records/duties/?quarter={LAST.code}&since={LAST.year_to_date()[0].code}").content.decode()
    assert ("催办勾选的" in several) == (year == 1)
    assert year == 1 or f"{LAST.year_to_date()[0].label}至{LAST.label}应报事项" in several
    for senseless in ("x", NOW.next().code):
        page = browser.get(f"/records/duties/?quarter={LAST.code}&since={senseless}&fact=DUT.due").content.decode()
        assert opened(page)[1] == "2"


def test_a_list_that_changed_since_the_quarter_was_closed_says_so(counted: Cast, sign_in) -> None:
    """A duty handed in late, after the closing: the figure stands, the list shows today. Nobody else's figure is told."""
    DutyRule.objects.create(kind="ideology.partydevelopment", tiers=[counted.second_enterprise.pilot_tier])
    generate_duties(LAST)
    close_quarter(acting_user=counted.province, quarter=LAST)
    address = f"/records/duties/?quarter={LAST.code}&fact=DUT.done&region=320115"
    browser = sign_in(counted.county)
    before = int(queries.figures(counted.places["320115"], LAST)["DUT.done"].value or 0)
    assert "统计图表上是" not in browser.get(address).content.decode()
    Duty.objects.filter(fulfilled_at=None).update(fulfilled_at=timezone.now())
    page = browser.get(address).content.decode()
    assert f"统计图表上是 {before} 项" in page and opened(page)[0] == str(before + 1)
    for stranger in (counted.neighbour_city, counted.neighbour):
        assert "统计图表上是" not in sign_in(stranger).get(address).content.decode()
