"""Targets: who sets whose, the table they are entered in, and the light beside the values."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import source_by_code
from foundation.places.actions import save_place
from foundation.places.models import Level
from foundation.refusals import Refused
from indicators import queries
from indicators.fill import catch_up, count_source
from indicators.loading import load_indicators
from indicators.models import Indicator, PlaceTotal, Target
from indicators.paths import Light
from indicators.queries import not_asked
from indicators.targets import Wanted, set_targets
from indicators.totals import store_totals
from records.duties.actions import ensure_quarter
from records.duties.models import Applicability, Circumstance
from reporting.snapshot import _indicators
from tests.cast import Cast
from tests.indicators.helpers import LAST, NOW, lecture, party

YEAR = LAST.year
#: Where nobody knows the start, only the year's last quarter can be judged.
UNKNOWN_START = Light.NO_START if LAST.number < 4 else Light.BEHIND


@pytest.fixture(autouse=True)
def indicators(cast: Cast) -> None:
    load_indicators()


def target(cast: Cast, by: str, place: str, code: str, value: int | None, *, was: int | None = None, year=YEAR) -> int:
    """One target set by somebody of the cast."""
    kept = [None if one is None else Decimal(one) for one in (was, value)]
    wanted = {(cast.places[place].pk, code): Wanted(*kept)}
    return set_targets(acting_user=cast.people[by], year=year, wanted=wanted)


def shown(cast: Cast, place: str, code: str, quarter: Quarter = LAST) -> queries.IndicatorValue:
    return {one.code: one for one in queries.indicator_values(cast.places[place], quarter)}[code]


def test_the_province_sets_for_cities_and_a_city_for_its_counties(cast: Cast) -> None:
    assert target(cast, "province", "3201", "B04", 60) == 1
    assert target(cast, "province", "32", "B04", 55) == 1
    assert target(cast, "city", "320115", "B04", 62) == 1
    for by, place in (
        ("city", "3201"),
        ("city", "3205"),
        ("city", "320571"),
        ("city", "32"),
        ("province", "320115"),
        ("county", "320115"),
        ("clerk", "320115"),
        ("auditor", "320115"),
    ):
        with pytest.raises(AccessDenied):
            target(cast, by, place, "B04", 70)
    assert set(Target.objects.values_list("place__code", "value")) == {("3201", 60), ("32", 55), ("320115", 62)}


def test_who_sees_whose_targets(cast: Cast) -> None:
    for by, place in (("province", "32"), ("province", "3201"), ("city", "320115")):
        target(cast, by, place, "B04", 60)
    seen = {
        who: set(Target.objects.visible_to(cast.people[who]).values_list("place__code", flat=True))
        for who in ("province", "city", "county", "neighbour_city", "clerk")
    }
    assert seen == {
        "province": {"32", "3201", "320115"},
        "city": {"3201", "320115"},
        "county": {"320115"},
        "neighbour_city": set(),
        "clerk": set(),
    }


def test_a_target_is_set_changed_and_taken_away_with_an_entry_each(cast: Cast) -> None:
    target(cast, "city", "320115", "B04", 60)
    assert target(cast, "city", "320115", "B04", 60, was=60) == 0, "nothing changed"
    target(cast, "city", "320115", "B04", 65, was=60)
    assert target(cast, "city", "320115", "B04", None, was=65) == 1
    assert not Target.objects.exists()
    events = list(Entry.objects.filter(event__startswith="indicators.target").order_by("pk"))
    assert [one.event for one in events] == [
        "indicators.target_saved",
        "indicators.target_saved",
        "indicators.target_cleared",
    ]
    assert events[1].changes == {"目标值": ["60.00", "65.00"]}
    assert events[2].changes["目标值"] == ["65.00", ""]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    target(cast, "city", "320115", "B04", 60)
    with pytest.raises(Refused, match="已被别人改动，现在是 60"):
        target(cast, "city", "320115", "B04", 70)
    assert Target.objects.get().value == 60


def test_a_target_that_cannot_be_is_refused_and_nothing_of_the_rest_is_kept(cast: Cast) -> None:
    county = cast.places["320115"].pk
    both = {(county, "B04"): Wanted(None, Decimal(60)), (county, "Z99"): Wanted(None, Decimal(1))}
    with pytest.raises(ValidationError, match=r"南京市江宁区 Z99：.*没有编号"):
        set_targets(acting_user=cast.city, year=YEAR, wanted=both)
    with pytest.raises(ValidationError, match="不分高低"):
        target(cast, "city", "320115", "F07-1", 10)
    with pytest.raises(ValidationError, match="年度应在"):
        target(cast, "city", "320115", "B04", 10, year=1999)
    Indicator.objects.filter(code="B04").update(valid_to=f"{YEAR - 1}Q4")
    with pytest.raises(ValidationError, match="已停用或尚未启用"):
        target(cast, "city", "320115", "B04", 10)
    assert not Target.objects.exists()


def test_the_light_of_a_rate_against_the_way_from_where_it_begins(cast: Cast) -> None:
    """B04 of the quarter is 50 %; the way begins where the target says."""
    party(cast, new=10, front=5)
    catch_up()
    assert shown(cast, "320115", "B04").mark.light is Light.NONE
    target(cast, "city", "320115", "B04", 60)
    assert shown(cast, "320115", "B04").mark.light is UNKNOWN_START, "nothing was told at the end of the year before"
    # The quarter asks for all of the steps up to it.
    Target.objects.update(start=Decimal(50) - Decimal(10) * LAST.number, value=50 + 10 * (4 - LAST.number))
    found = shown(cast, "320115", "B04")
    assert (found.value, found.mark.due, found.mark.light) == (50, 50, Light.MET)
    assert found.target == 50 + 10 * (4 - LAST.number)
    Target.objects.update(value=Decimal(100), start=Decimal(45))
    assert shown(cast, "320115", "B04").mark.light in (Light.BEHIND, Light.FAR)
    assert shown(cast, "3201", "B04").mark.light is Light.NONE, "the county's is not the city's"


def test_the_way_begins_where_the_year_before_ended(cast: Cast) -> None:
    before = Quarter(YEAR - 1, 4)
    ensure_quarter(before)
    party(cast, new=10, front=4, quarter=before)
    party(cast, new=10, front=5)
    catch_up()
    target(cast, "city", "320115", "B04", 80)
    way = shown(cast, "320115", "B04").mark.way
    assert (way.start, way.target, way.done) == (40, 80, LAST.number)
    assert way.due == 40 + 10 * LAST.number


def test_what_adds_up_is_held_against_its_share_of_the_year(cast: Cast) -> None:
    lecture(cast, attendances=30)
    catch_up()
    target(cast, "city", "320115", "B01-2", 30 * 4 // LAST.number)
    found = shown(cast, "320115", "B01-2")
    assert (found.value, found.mark.due, found.mark.light) == (30, 30, Light.MET)
    target(cast, "city", "320115", "B01-2", 4000, was=30 * 4 // LAST.number)
    assert shown(cast, "320115", "B01-2").mark.light is Light.FAR
    assert shown(cast, "320115", "B01-2", NOW).mark.light in (Light.EARLY, Light.SILENT, Light.NONE)


def test_the_standard_of_an_indicator_holds_where_no_target_is_set(cast: Cast) -> None:
    """B05: no team without a member, at any time."""
    party(cast, teams_without_members=3)
    catch_up()
    found = shown(cast, "320115", "B05")
    assert (found.target, found.mark.whose, found.mark.light) == (0, "指标要求值", Light.BEHIND)
    target(cast, "city", "320115", "B05", 4)
    found = shown(cast, "320115", "B05")
    assert (found.target, found.mark.whose, found.mark.light) == (4, f"{YEAR}年目标", Light.MET)


def test_what_is_told_for_a_closed_year_is_held_against_that_years_target(cast: Cast) -> None:
    closed = Indicator.objects.get(code="D09")
    assert queries.year_told(closed, LAST) == YEAR - 1
    assert queries.year_told(Indicator.objects.get(code="B04"), LAST) == YEAR
    target(cast, "city", "320115", "D09", 70, year=YEAR - 1)
    target(cast, "city", "320115", "D09", 90)
    found = shown(cast, "320115", "D09")
    assert (found.target, found.mark.way.year, found.mark.way.done) == (70, YEAR - 1, 4)


def test_coverage_travels_with_the_value(cast: Cast) -> None:
    party(cast, new=10, front=5)
    lecture(cast)
    catch_up()
    assert shown(cast, "3201", "B04").coverage == "本季度 1 / 3 家已报"
    assert shown(cast, "320115", "B04").coverage == "本季度 1 / 2 家已报"
    assert shown(cast, "3205", "B04").coverage == "本季度 0 / 1 家已报"
    assert shown(cast, "3201", "B05").coverage == "0 个单位已报", (
        "asked of some enterprises only: of how many is not known"
    )
    assert shown(cast, "3201", "B01-1").coverage == "", "told by whoever held one"


def test_who_said_that_there_is_none_is_not_among_those_to_tell_it(cast: Cast) -> None:
    """Of two enterprises of 江宁区 one said this year that it has no apprentices: nobody waits for its return."""
    catch_up()
    assert shown(cast, "320115", "D11").coverage == "0 / 2 家已报"
    Applicability.objects.create(
        enterprise=cast.enterprise,
        year=str(LAST.year),
        answered_by=cast.clerk,
        answered_at=timezone.now(),
        **{one: one != "apprentices" for one in Circumstance.values},
    )
    count_source(LAST, source_by_code("statements"))
    store_totals(LAST)
    assert shown(cast, "320115", "D11").coverage == "0 / 1 家已报"
    assert shown(cast, "320115", "B04").coverage == "本季度 0 / 2 家已报"
    assert {"apprentices", "patents"} <= {code.split(".")[1].removesuffix("_none") for code in not_asked().values()}


def test_a_ratio_of_sides_that_not_the_same_told_says_so(cast: Cast) -> None:
    """Members of the union are told by fewer than staff: their ratio is none of one set of enterprises."""
    catch_up()
    county, quarter = cast.places["320115"], LAST.code
    PlaceTotal.objects.filter(place=county, quarter=quarter, fact__in=["REG.headcount", "REG.union_members"]).delete()
    for fact, number in (("REG.headcount", 2), ("REG.union_members", 1)):
        PlaceTotal.objects.create(place=county, quarter=quarter, fact=fact, value=100 * number, reporting=number)
    found = shown(cast, "320115", "H08")
    assert (found.value, found.sides) == (50, (1, 2))
    assert found.coverage == "分子 1 个单位、分母 2 个单位已报，两边单位不一致，比率仅供参考"
    assert found.target == 90 and found.mark is not None, "something is required of it"
    assert found.mark.light is Light.UNLIKE and "不与目标或要求值比较" in found.mark.reason
    assert found.comparable is None, "nor does a way begin at it"
    PlaceTotal.objects.filter(place=county, quarter=quarter, fact="REG.headcount").update(reporting=1)
    assert shown(cast, "320115", "H08").mark.light is Light.BEHIND


def test_a_part_that_only_those_with_some_of_the_whole_tell_is_of_the_same_people(cast: Cast) -> None:
    """Who found no serious hazard reports none of them: the share is of the same enterprises all the same."""
    catch_up()
    county, quarter = cast.places["320115"], LAST.code
    PlaceTotal.objects.filter(place=county, quarter=quarter, fact__startswith="F09.major").delete()

    def told(fact: str, value: int, reporting: int) -> None:
        PlaceTotal.objects.create(place=county, quarter=quarter, fact=fact, value=value, reporting=reporting)

    told("F09.major", 2, 9)
    told("F09.major_reported", 1, 1)
    told("F09.major_reported@whole", 1, 1)
    assert shown(cast, "320115", "F09-3").mark.light is Light.UNLIKE, "somebody had one and left it open"
    PlaceTotal.objects.filter(place=county, quarter=quarter, fact="F09.major_reported@whole").update(value=2)
    found = shown(cast, "320115", "F09-3")
    assert (found.value, found.sides, found.mark.light) == (50, None, Light.BEHIND)


# --- the table ----------------------------------------------------------------------------------------


def cells(cast: Cast, place: str, code: str, text: str, was: str = "") -> dict[str, str]:
    name = f"t-{cast.places[place].pk}-{code}"
    return {name: text, f"was-{name}": was}


def test_a_city_enters_many_at_once(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.city)
    address = f"{reverse('indicators:target_table')}?year={YEAR}&indicator=B04&indicator=B01-2"
    page = browser.get(address).content.decode()
    own, county = cast.places["3201"].pk, cast.places["320115"].pk
    assert f't-{county}-B04"' in page and f't-{own}-B04"' not in page, "its own is set by the province"
    sent = {
        **cells(cast, "320115", "B04", "62.5"),
        **cells(cast, "320106", "B01-2", "1,036"),
        **cells(cast, "3201", "B04", "99"),
        **cells(cast, "320571", "B04", "99"),
    }
    assert browser.post(address, sent).status_code == 302
    assert set(Target.objects.values_list("place__code", "indicator", "value")) == {
        ("320115", "B04", Decimal("62.50")),
        ("320106", "B01-2", Decimal(1036)),
    }
    kept = browser.post(address, {**cells(cast, "320115", "B04", "很多", "62.50"), **cells(cast, "320106", "B04", "7")})
    text = kept.content.decode()
    assert kept.status_code == 400 and "“很多”不是数字" in text and 'value="很多"' in text and 'value="7"' in text
    assert Target.objects.count() == 2


@pytest.mark.parametrize(
    ("code", "typed", "says"),
    [
        ("B01-1", "-5", "填的是 -5，而“职工大讲堂场次”不会小于 0。请填 0 或更大的数。"),
        ("B01-1", "1e9", "“1e9”用了科学记数法，容易看错。请把数字写全，例如 1200。"),
        ("D02", "250", "填的是 250，而“高技能人才占技能人才比例”是占比，最多 100%。请填 0 到 100 之间的数。"),
        ("B04", "-0.5", "不会小于 0"),
    ],
)
def test_what_an_indicator_never_comes_to_is_refused_wherever_it_is_typed(
    cast: Cast, sign_in, code, typed, says
) -> None:
    browser = sign_in(cast.city)
    address = f"{reverse('indicators:target_table')}?year={YEAR}&indicator={code}"
    page = browser.post(address, cells(cast, "320115", code, typed))
    assert page.status_code == 400 and says in page.content.decode() and f'value="{typed}"' in page.content.decode()
    sent = {"indicator": code, "place": cast.places["320115"].pk, "year": YEAR, "value": typed}
    form = browser.post(reverse("indicators:target_create"), sent)
    assert says in form.content.decode() and f'value="{typed}"' in form.content.decode()
    assert (
        says
        in browser.post(reverse("indicators:target_create"), {**sent, "value": "5", "start": typed}).content.decode()
    )
    assert not Target.objects.exists()


def test_a_target_may_be_what_an_indicator_may_come_to(cast: Cast) -> None:
    """Trained in a year of those there at its end may be more than all; a difference may be below zero."""
    assert target(cast, "city", "320115", "D10-3", 105) == 1
    assert target(cast, "city", "320115", "D02", 100) == 1
    Indicator.objects.filter(code="B01-1").update(numerator=["B01.sessions", "-C03.raised"])
    assert target(cast, "city", "320115", "B01-1", -5) == 1


def test_the_table_is_read_by_a_county_and_refused_to_enterprises(cast: Cast, sign_in) -> None:
    target(cast, "city", "320115", "B04", 62)
    target(cast, "city", "320106", "B04", 63)
    address = reverse("indicators:target_table")
    page = sign_in(cast.county).get(address, {"year": YEAR}).content.decode()
    assert "62" in page and "鼓楼" not in page and "保存目标" not in page
    assert sign_in(cast.county).post(address, {}).status_code == 403
    assert sign_in(cast.clerk).get(address).status_code == 403
    assert sign_in(cast.city).get(address, {"year": "1990"}).status_code == 404
    theirs = Target.objects.get(place=cast.places["320106"])
    assert sign_in(cast.county).get(theirs.get_absolute_url()).status_code == 404
    assert sign_in(cast.neighbour_city).get(theirs.get_absolute_url()).status_code == 404
    assert sign_in(cast.neighbour_city).get(f"/api/v1/targets/{theirs.pk}/").status_code == 404


def test_more_regions_and_targets_cost_no_more_queries(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.city)
    address = f"{reverse('indicators:target_table')}?year={YEAR}&indicator=B04"

    def cost() -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    target(cast, "city", "320115", "B04", 60)
    before = cost()
    save_place(level=Level.COUNTY, code="320102", name="玄武区", parent=cast.places["3201"])
    target(cast, "city", "320106", "B04", 60)
    assert cost() == before


def test_the_dashboard_shows_light_and_coverage_beside_the_value(cast: Cast, sign_in) -> None:
    party(cast, new=10, front=5)
    catch_up()
    target(cast, "city", "320115", "B04", 90)
    Target.objects.update(start=Decimal(0))
    page = sign_in(cast.county).get(reverse("reporting:dashboard"), {"quarter": LAST.code})
    measured = {one.value.code: one.value for one in page.context["board"].watched}["B04"]
    text = page.content.decode()
    assert measured.mark.label in text and measured.mark.reason in text
    assert f"{YEAR}年目标" in text and "本季度 1 / 2 家已报" in text


def test_a_report_prints_light_and_coverage_and_nothing_of_what_nobody_told(cast: Cast) -> None:
    party(cast, new=10, front=5)
    catch_up()
    target(cast, "city", "320115", "B04", 90)
    Target.objects.update(start=Decimal(0))
    printed = {one["code"]: one for one in _indicators(cast.places["320115"], LAST)}
    assert printed["B04"]["light"] == shown(cast, "320115", "B04").mark.label
    assert (printed["B04"]["coverage"], printed["B04"]["target"]) == ("本季度 1 / 2 家已报", 90)
    assert "C03-2" not in printed and "D02" in printed, "nobody told it; nobody told it, and it has a standard"


def test_api_answers_targets_paged_and_scoped_and_values_with_their_light(cast: Cast, sign_in) -> None:
    party(cast, new=10, front=5)
    catch_up()
    target(cast, "city", "320115", "B04", 60)
    target(cast, "city", "320106", "B04", 61)
    browser = sign_in(cast.city)
    listed = browser.get("/api/v1/targets/", {"year": YEAR, "page_size": 1}).json()
    assert len(listed["results"]) == 1 and listed["next"]
    [one] = sign_in(cast.county).get("/api/v1/targets/").json()["results"]
    assert (one["indicator"], one["indicator_name"], one["place"], float(one["value"])) == (
        "B04",
        "新发展党员中一线职工占比",
        "320115",
        60,
    )
    sheet = sign_in(cast.county).get("/api/v1/indicators/values/", {"region": "320115", "quarter": LAST.code}).json()
    found = {row["code"]: row for row in sheet["indicators"]}
    assert (found["B04"]["target"], found["B04"]["target_year"], found["B04"]["light"]) == (60, YEAR, UNKNOWN_START)
    assert (found["B04"]["reporting"], found["B04"]["asked"]) == (1, 2)
    assert (found["B01-1"]["light"], found["B01-1"]["due"], found["B01-1"]["target_year"]) == ("none", None, None)
    catalogue = browser.get("/api/v1/indicators/", {"q": "B04"}).json()["results"]
    assert [(row["code"], row["numerator"]) for row in catalogue] == [("B04", ["B04.new_frontline"])]
