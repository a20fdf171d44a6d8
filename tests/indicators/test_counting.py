"""What is counted, and what is not."""

import dataclasses
import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter, Year
from foundation.facts.declaring import Nature, YearBasis
from indicators.checks import check_facts
from indicators.drift import check
from indicators.fill import catch_up
from indicators.loading import load_indicators
from indicators.models import FactValue
from indicators.queries import board, by_unit, coverage, figures, indicator_values
from records.core.kinds import all_facts, kind_by_slug
from records.duties.actions import ensure_quarter, ensure_year, make_statement
from records.models import Duty, ReportingQuarter
from tests.cast import Cast
from tests.indicators.helpers import LAST, NOW, approved, filed, lecture, party, reopen, value


def test_flow_is_summed_within_the_quarter_and_up_the_places(cast: Cast) -> None:
    lecture(cast, attendances=30)
    lecture(cast, attendances=50)
    lecture(cast, who="neighbour_enterprise", attendances=40)
    catch_up()
    sessions = {code: value(place, "B01.sessions") for code, place in cast.places.items()}
    assert sessions == {"320115": 2, "320106": None, "3201": 2, "320571": 1, "3205": 1, "32": 3}
    assert value(cast.places["32"], "B01.attendances") == 120
    province = figures(cast.places["32"], LAST)["B01.attendances"]
    assert (province.reporting, province.nature, str(province.unit)) == (2, "flow", "人次")


def test_only_approved_records_count(cast: Cast) -> None:
    filed(
        cast.clerk,
        cast.enterprise,
        "ideology.lecture",
        title="一课",
        happened_on=LAST.first_day,
        form="on_site",
        speaker="李师傅",
        number_of_people=5,
        attendances=5,
    )
    catch_up()
    assert value(cast.places["320115"], "B01.sessions") is None
    assert value(cast.places["320115"], "REP.reported") == 1


def test_empty_field_is_not_zero(cast: Cast) -> None:
    lecture(cast)
    catch_up()
    assert value(cast.places["320115"], "B01.sessions") == 1
    assert value(cast.places["320115"], "B01.frontline") is None


def test_stock_and_headcount_come_from_the_return_of_the_quarter(cast: Cast) -> None:
    party(cast, quarter=LAST, total=40)
    party(cast, quarter=NOW, total=44)
    teams = {"teams_without_members": 2, "clearing_plan": "年内消除", "clearing_due": NOW.last_day}
    party(cast, who="second_enterprise", quarter=NOW, total=10, **teams)
    catch_up()
    city = cast.places["3201"]
    assert (value(city, "B03.members", LAST), value(city, "B03.members", NOW)) == (40, 54)
    assert (value(city, "B05.empty_teams", LAST), value(city, "B05.empty_teams", NOW)) == (None, 2)
    assert figures(city, NOW)["B03.members"].year_to_date == 54, "people are never summed over quarters"


def test_silence_is_not_reported_and_a_nil_statement_is_zero(cast: Cast) -> None:
    county = cast.places["320115"]
    catch_up()
    assert value(county, "B01.sessions") is None
    make_statement(acting_user=cast.clerk, enterprise=cast.enterprise, quarter=LAST, is_nil=True, asks=False)
    catch_up()
    figure = figures(county, LAST)["B01.sessions"]
    assert (figure.value, figure.reporting) == (0, 1)
    assert value(county, "B04.new_members") is None, "a statement says nothing of a return"
    assert (coverage(county, LAST).reported, coverage(county, LAST).nil) == (1, 1)


def test_complete_statement_does_not_touch_what_was_counted(cast: Cast) -> None:
    lecture(cast)
    make_statement(acting_user=cast.clerk, enterprise=cast.enterprise, quarter=LAST, is_nil=False, asks=False)
    catch_up()
    assert value(cast.enterprise.place, "B01.sessions") == 1
    assert value(cast.enterprise.place, "B01.frontline") is None, (
        "the lecture did not say; the statement does not either"
    )
    assert value(cast.enterprise.place, "STA.complete") == 1


def _led(cast: Cast, year: int, *, by_principal: bool, meetings: int) -> None:
    approved(
        cast.clerk,
        cast.county,
        cast.enterprise,
        "services.leadership",
        period=str(year),
        has_leading_body=True,
        led_by_principal=by_principal,
        leader_post="总经理" if by_principal else "",
        has_plan=False,
        reviewed_by_congress=False,
        special_meetings=meetings,
        same_plan=True,
        union_led=True,
    )


def test_a_closed_year_stands_in_the_quarters_of_the_next_and_what_is_as_of_is_carried_on(cast: Cast) -> None:
    """What is told of a whole year speaks for the year after it; how things stood, until the next return or a year more."""
    quarters = [
        quarter for year in (-1, 0) for quarter in Quarter(NOW.year + year, 1).through(Quarter(NOW.year + year, 4))
    ]
    for quarter in (*quarters, NOW):
        ensure_quarter(quarter)
    ensure_year(Year(NOW.year - 2))
    _led(cast, NOW.year - 2, by_principal=True, meetings=3)
    catch_up()
    county, before, here = cast.places["320115"], Quarter(NOW.year - 1, 2), Quarter(NOW.year, 1)
    assert value(county, "A04.meetings", before) == 3
    assert value(county, "A01.led_by_principal", before) == 1
    assert value(county, "A04.meetings", here) is None, "nobody has told of that year yet"
    assert value(county, "A01.led_by_principal", here) is None, "two years later nobody knows"

    _led(cast, NOW.year - 1, by_principal=False, meetings=5)
    catch_up()
    assert (value(county, "A04.meetings", before), value(county, "A04.meetings", here)) == (3, 5)
    assert value(county, "A01.led_by_principal", here) == 0, "answered no: a zero, not a gap"
    assert value(county, "A01.led_by_principal", before) == 0, (
        "as of that year, the return of the year itself goes before"
    )
    found = figures(county, here)
    assert found["A04.meetings"].year_to_date == 5, "a year's count is not added up again"
    assert found["A04.meetings"].label == f"专题研究产改会议（{NOW.year - 1}年度）"
    assert found["A01.led_by_principal"].label.endswith(f"（{NOW.year}或{NOW.year - 1}年报）")
    assert check(here) == check(before) == []


def test_a_reopened_record_lowers_the_figures(cast: Cast) -> None:
    lecture(cast, attendances=30)
    record = lecture(cast, attendances=50)
    catch_up()
    reopen(cast, record)
    catch_up()
    assert (value(cast.places["32"], "B01.sessions"), value(cast.places["32"], "B01.attendances")) == (1, 30)


def test_the_last_record_taken_back_leaves_a_gap_not_a_zero(cast: Cast) -> None:
    record = lecture(cast)
    catch_up()
    reopen(cast, record)
    catch_up()
    assert value(cast.places["32"], "B01.sessions") is None
    assert not FactValue.objects.filter(fact="B01.sessions").exists()


def test_year_to_date_is_derived_from_the_quarters(cast: Cast) -> None:
    lecture(cast, day=LAST.first_day, attendances=30)
    lecture(cast, day=NOW.first_day, attendances=7, number_of_people=7)
    catch_up()
    figure = figures(cast.places["32"], NOW)["B01.attendances"]
    same_year = LAST.year == NOW.year
    assert (figure.value, figure.year_to_date) == (7, 37 if same_year else 7)


def owed(enterprise: Enterprise, due: datetime.date, at: datetime.datetime | None) -> None:
    """A return of LAST that an enterprise owes, handed in at a moment or not at all."""
    Duty.objects.create(
        enterprise=enterprise,
        province_id=enterprise.province_id,
        city_id=enterprise.city_id,
        county_id=enterprise.county_id,
        kind="ideology.partydevelopment",
        period=LAST.code,
        quarter=LAST.code,
        due=due,
        fulfilled_at=at,
    )


def test_duties_count_due_done_and_on_time(cast: Cast) -> None:
    due = LAST.last_day + datetime.timedelta(days=10)
    shanghai = timezone.get_default_timezone()
    late_evening = datetime.datetime.combine(due, datetime.time(23, 30), tzinfo=shanghai)
    after_midnight = late_evening + datetime.timedelta(hours=1)
    for enterprise, at in (
        (cast.enterprise, late_evening),
        (cast.second_enterprise, after_midnight),
        (cast.gulou_enterprise, None),
    ):
        owed(enterprise, due, at)
    catch_up()
    nanjing = coverage(cast.places["3201"], LAST)
    assert (nanjing.due, nanjing.done, nanjing.on_time) == (3, 2, 1)
    assert nanjing.on_time_rate == Decimal("33.3")
    assert coverage(cast.places["3205"], LAST).due == 0


def test_what_is_owed_is_measured_once_its_day_has_passed(cast: Cast) -> None:
    """Of two duties one is done. While the day has not come nobody is late, and there is no rate; the figures stand."""
    load_indicators()
    row = ReportingQuarter.objects.get(code=LAST.code)
    for enterprise, at in ((cast.enterprise, timezone.now()), (cast.second_enterprise, None)):
        owed(enterprise, row.enterprise_due, at)
    catch_up()
    today = timezone.localdate()
    for due, expected in ((today, None), (today - datetime.timedelta(days=1), 50)):
        ReportingQuarter.objects.filter(code=LAST.code).update(enterprise_due=due, review_due=today)
        for found in (indicator_values(cast.places["3201"], LAST), board(cast.places["3201"], LAST).indicators):
            assert {one.code: one.value for one in found}["P02"] == expected
    assert coverage(cast.places["3201"], LAST).done == 1


def test_register_facts_follow_the_register(cast: Cast) -> None:
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(
        instructor="甲", liaison="乙", observer="丙", headcount=None
    )
    Enterprise.objects.filter(pk=cast.gulou_enterprise.pk).update(is_active=False)
    catch_up()
    county = cast.places["320115"]
    assert (value(county, "REG.enterprises"), value(county, "REG.instructors")) == (2, 1)
    assert value(county, "REG.headcount") == 200
    assert value(cast.enterprise.place, "REG.headcount") is None
    assert value(cast.places["320106"], "REG.enterprises") is None


def test_an_enterprise_that_moved_stays_counted_where_it_filed(cast: Cast) -> None:
    lecture(cast, attendances=30)
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(county=cast.places["320106"])
    cast.enterprise.refresh_from_db()
    approved(
        cast.clerk,
        cast.other_county,
        cast.enterprise,
        "ideology.lecture",
        title="搬迁后一课",
        happened_on=LAST.first_day,
        form="on_site",
        speaker="王师傅",
        number_of_people=9,
        attendances=9,
    )
    catch_up()
    assert [value(cast.places[code], "B01.attendances") for code in ("320115", "320106", "3201")] == [30, 9, 39]
    assert figures(cast.places["3201"], LAST)["B01.attendances"].reporting == 1, "one enterprise, wherever it counted"
    assert value(cast.enterprise.place, "B01.attendances") == 39
    for code, amount in (("320115", 30), ("320106", 9)):
        rows = {row.place: row.values for row in by_unit(cast.places[code], ["B01.attendances"], LAST)}
        assert rows[cast.enterprise.place]["B01.attendances"] == amount, "the rows of a county add up to its total"


def test_natures_fit_the_rhythms() -> None:
    """The check that stops a headcount of an event from ever being declared holds for the kinds that exist."""
    assert check_facts(None) == []
    assert {fact.nature for _kind, fact in all_facts()} == set(Nature)


def test_a_yearly_fact_says_for_which_year_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither may an annual return have a fact without, nor anything else one with it."""
    for slug, basis in (("services.leadership", None), ("ideology.lecture", YearBasis.AS_OF)):
        kind = type(kind_by_slug(slug))
        first, *others = kind.facts
        with monkeypatch.context() as changed:
            changed.setattr(kind, "facts", (dataclasses.replace(first, year_basis=basis), *others))
            assert [found.id for found in check_facts(None)] == ["indicators.E003"]
