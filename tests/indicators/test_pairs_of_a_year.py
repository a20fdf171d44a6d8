"""What is reported is compared with the same quarter of the year before as well (同比), like with like."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import YearBasis, declared_facts
from indicators import pairs, queries
from indicators.closing import close_quarter, reopen_quarter
from indicators.drift import check, pair_drift
from indicators.fill import catch_up
from indicators.models import Against, FactValue, FillState, PairedTotal
from indicators.pairs import BOTH, Pair, counted_pairs, paired_facts, quarters_without_pairs, stored_pairs
from indicators.totals import store_totals
from records.duties.actions import ensure_quarter
from tests.cast import Cast
from tests.indicators.helpers import LAST, NOW, lecture, party, reopen

pytestmark = pytest.mark.usefixtures("few_kinds")

THEN = LAST.year_before()
FACT = "B03.members"
#: A quarter that is over on whatever day this runs, and is not the first of its year.
THIRD = Quarter(NOW.year - 1, 3)
MEETINGS, LED = "A04.meetings", "A01.led_by_principal"


@pytest.fixture
def reported(cast: Cast) -> Cast:
    """A year ago 17 and 5 party members of two enterprises, now 16 and 9, and 40 of a third; a quarter ago nothing."""
    ensure_quarter(THEN)
    party(cast, quarter=THEN, new=0, front=0, total=17)
    party(cast, quarter=THEN, who="neighbour_enterprise", new=0, front=0, total=5)
    party(cast, quarter=LAST, new=0, front=0, total=16)
    party(cast, quarter=LAST, who="neighbour_enterprise", new=0, front=0, total=9)
    party(cast, quarter=LAST, who="second_enterprise", new=0, front=0, total=40)
    catch_up()
    return cast


def compared(cast: Cast, place: str, quarter: Quarter = LAST) -> queries.Compared:
    return queries.compared(cast.places[place], quarter)


def tell(cast: Cast, who: str, quarter: Quarter, fact: str, value: object, county: str = "") -> None:
    enterprise = cast.enterprises[who]
    region = cast.places[county] if county else enterprise.county
    FactValue.objects.create(place=enterprise.place, region=region, quarter=quarter.code, fact=fact, value=value)


def test_which_quarters_are_compared_over_the_turn_of_a_year() -> None:
    first = Quarter(2026, 1)
    assert [one.before(first) for one in BOTH] == [Quarter(2025, 4), Quarter(2025, 1)]
    assert [one.after(Quarter(2025, 4)) for one in BOTH] == [Quarter(2026, 1), Quarter(2026, 4)]
    assert all(one.after(one.before(quarter)) == quarter for one in BOTH for quarter in first.trailing(6))


def test_like_is_compared_with_like_over_a_year(reported: Cast) -> None:
    """The sum goes from 22 to 65; of the two that told it both times it goes from 22 to 25."""
    found = queries.comparisons(reported.places["32"], LAST, Against.YEAR)[FACT]
    assert (found.value, found.before, found.change, found.enterprises) == (25, 22, 3, 2)
    assert found.against is Against.YEAR
    county = compared(reported, "320115")
    assert (county.year[FACT].change, county.year[FACT].enterprises) == (-1, 1)
    assert FACT not in county.quarter, "nothing was told a quarter ago"
    own = queries.compared(reported.enterprise.place, LAST).year[FACT]
    assert (own.value, own.before, own.enterprises) == (16, 17, None)
    assert check(LAST) == check(THEN) == []


def test_both_years_move_a_comparison(reported: Cast) -> None:
    """Whichever is counted, by the change feed; the wave of a change goes no further than it must."""
    party(reported, quarter=THEN, who="second_enterprise", new=0, front=0, total=30)
    catch_up()
    assert compared(reported, "32").year[FACT] == queries.Comparison(65, 52, 3, Against.YEAR)
    reopen(reported, reported.enterprise.records.get(quarter=LAST.code))
    catch_up()
    assert compared(reported, "320115").year[FACT] == queries.Comparison(40, 30, 1, Against.YEAR)
    assert check(LAST) == []


def test_what_drifted_a_year_ago_is_found_today(reported: Cast) -> None:
    FactValue.objects.filter(place=reported.enterprise.place, quarter=THEN.code, fact=FACT).update(value=10)
    assert [drift.fact for drift in check(LAST)] == [FACT] * 3, "county, city and province"
    of_quarter, of_year = pair_drift(LAST)
    assert not of_quarter and len(of_year) == 3
    PairedTotal.objects.all().delete()
    assert {key[1] for key in pair_drift(LAST)[1]} >= {FACT, "B04.new_members"}


def test_one_that_moved_is_compared_nowhere(reported: Cast) -> None:
    FactValue.objects.filter(place=reported.enterprise.place, quarter=THEN.code).update(
        region=reported.places["320106"]
    )
    found = counted_pairs(LAST, [FACT])
    assert (reported.places["320115"].pk, FACT, Against.YEAR) not in found
    assert found[reported.places["32"].pk, FACT, Against.YEAR] == Pair(Decimal(5), Decimal(9), 1)


def test_no_data_of_a_year_ago_is_said_and_is_no_zero(reported: Cast) -> None:
    assert compared(reported, "320115").lacks.get(FACT) is None
    FactValue.objects.filter(place=reported.enterprise.place, quarter=THEN.code, fact=FACT).delete()
    _count_again(THEN)
    found = compared(reported, "320115")
    assert FACT not in found.year and found.lacks[FACT] is queries.Lack.NO_DATA
    assert FACT not in compared(reported, "320106").lacks, "nobody looks for it where nothing is known now"
    # Now two enterprises told it, each in another year.
    tell(reported, "second_enterprise", THEN, FACT, 30)
    FactValue.objects.filter(place=reported.second_enterprise.place, quarter=LAST.code, fact=FACT).delete()
    _count_again(THEN, LAST)
    found = compared(reported, "320115")
    assert FACT not in found.year and found.lacks[FACT] is queries.Lack.NOBODY_TWICE


def _count_again(*quarters: Quarter) -> None:
    for quarter in quarters:
        store_totals(quarter)
        pairs.follow(quarter, [FACT], None)


def test_a_running_quarter_has_no_comparison_of_what_takes_place(cast: Cast) -> None:
    ensure_quarter(NOW.year_before())
    lecture(cast, day=NOW.year_before().first_day)
    lecture(cast, day=NOW.first_day)
    catch_up()
    found = compared(cast, "32", NOW)
    assert NOW == Quarter.current()
    assert "B01.sessions" not in found.year | found.to_date | found.lacks
    assert found.year["REG.enterprises"].enterprises is None, "the portal counts them itself: all of them, both times"


def test_what_takes_place_is_compared_whole_and_over_the_year_to_date(cast: Cast) -> None:
    told = dict(zip(THIRD.year_before().year_to_date() + THIRD.year_to_date(), (5, 6, 7, 8, 9, 10), strict=True))
    for quarter, number in told.items():
        tell(cast, "enterprise", quarter, "B01.sessions", number)
        store_totals(quarter)
    found = compared(cast, "32", THIRD)
    assert found.year["B01.sessions"] == queries.Comparison(10, 7, None, Against.YEAR)
    assert found.to_date["B01.sessions"] == queries.Comparison(27, 18, None, Against.YEAR)
    first = THIRD.year_to_date()[0]
    assert "B01.sessions" not in compared(cast, "32", first).to_date, "of a first quarter it is the quarter itself"
    FactValue.objects.filter(quarter=first.year_before().code).delete()
    store_totals(first.year_before())
    found = compared(cast, "32", THIRD)
    assert found.year["B01.sessions"].before == 7
    assert "B01.sessions" not in found.to_date, "half a year is not compared with three quarters"


def test_a_whole_year_is_compared_with_the_year_before_and_a_state_with_nothing(cast: Cast) -> None:
    """Also while a quarter runs: the years that stand in it are over. One and the same return may say how things stood in
    both quarters."""
    bases = {code: fact.year_basis for code, fact in declared_facts().items()}
    assert bases[MEETINGS] is YearBasis.CLOSED_YEAR and bases[LED] is YearBasis.AS_OF
    assert MEETINGS in paired_facts(Against.YEAR) and MEETINGS not in paired_facts(Against.QUARTER)
    assert LED not in paired_facts(Against.YEAR)
    for quarter, meetings in ((NOW.year_before(), 12), (NOW.previous(), 15), (NOW, 15)):
        tell(cast, "enterprise", quarter, MEETINGS, meetings)
        tell(cast, "enterprise", quarter, LED, 1)
        store_totals(quarter)
        pairs.follow(quarter, [MEETINGS, LED], None)
    found = compared(cast, "32", NOW)
    assert found.year[MEETINGS] == queries.Comparison(15, 12, 1, Against.YEAR) and MEETINGS not in found.quarter
    assert LED not in found.year | found.quarter | found.lacks
    assert set(PairedTotal.objects.values_list("fact", "against")) == {(MEETINGS, "year")}


def test_the_locks_of_pairs_are_taken_in_the_order_of_the_quarters(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two who count quarters that are compared, none holds what the other waits for while it waits itself."""
    taken: list[str] = []
    monkeypatch.setattr(pairs, "_lock", lambda quarter: taken.append(quarter.code))
    for quarter in (LAST, Quarter(2025, 4)):
        taken.clear()
        pairs.follow(quarter, [FACT, MEETINGS], None)
        assert taken == sorted(taken) == [quarter.code, quarter.next().code, quarter.shift(4).code]
    taken.clear()
    pairs.follow(LAST, [MEETINGS], None)
    assert taken == [LAST.code, LAST.shift(4).code], "a year is not compared from quarter to quarter"


def test_pairs_of_before_get_those_of_a_year_beside_them(reported: Cast) -> None:
    """As after the migration: pairs of the quarter before stand, and nothing says that all were put together."""
    party(reported, quarter=NOW, new=0, front=0, total=20)
    catch_up()
    rows = ("place", "quarter", "fact", "against", "before", "value", "enterprises")
    before = set(PairedTotal.objects.values_list(*rows))
    assert {row[3] for row in before} == {"quarter", "year"}
    PairedTotal.objects.filter(against=Against.YEAR).delete()
    FillState.objects.filter(name__startswith="pairs").update(done_at=None)
    # Somebody counts before: what that brings up to date is not taken for all.
    with transaction.atomic():
        pairs.follow(LAST, ["B05.empty_teams"], None)
    assert {THEN, LAST, NOW} <= set(quarters_without_pairs())
    catch_up()
    assert set(PairedTotal.objects.values_list(*rows)) == before and not quarters_without_pairs()


def test_both_kinds_of_a_pair_stand_beside_each_other_once(cast: Cast) -> None:
    def pair(against: Against) -> None:
        PairedTotal.objects.create(
            place=cast.places["32"], quarter=LAST.code, fact=FACT, against=against, before=1, value=2, enterprises=1
        )

    pair(Against.QUARTER)
    pair(Against.YEAR)
    with pytest.raises(IntegrityError), transaction.atomic():
        pair(Against.YEAR)


def test_a_quarter_of_a_year_ago_that_is_opened_again_moves_todays_comparison(reported: Cast) -> None:
    close_quarter(acting_user=reported.province, quarter=THEN)
    assert compared(reported, "32").year[FACT].before == 22
    reopen_quarter(acting_user=reported.province, quarter=THEN, reason="漏报一家")
    party(reported, quarter=THEN, who="second_enterprise", new=0, front=0, total=30)
    catch_up()
    close_quarter(acting_user=reported.province, quarter=THEN)
    assert compared(reported, "32").year[FACT] == queries.Comparison(65, 52, 3, Against.YEAR)
    assert check(LAST) == check(THEN) == []


class _Undo(Exception):
    pass


WHO = ("enterprise", "second_enterprise", "gulou_enterprise", "neighbour_enterprise")
COUNTIES = ("320115", "320106", "320571")
QUARTERS = (THEN, LAST.previous(), LAST, LAST.next())
TOLD = st.lists(
    st.tuples(
        st.sampled_from(WHO),
        st.sampled_from(COUNTIES),
        st.sampled_from(QUARTERS),
        st.sampled_from((FACT, "B04.new_members", MEETINGS, LED, "B01.sessions")),
        st.one_of(st.none(), st.integers(0, 90)),
    ),
    max_size=24,
)


def _naive(cast: Cast, quarter: Quarter) -> dict[tuple[int, str, Against], Pair]:
    """Enterprise by enterprise, in plain Python."""
    values = {
        (place, region, code, fact): value
        for place, region, code, fact, value in FactValue.objects.values_list(
            "place", "region", "quarter", "fact", "value"
        )
    }
    above = {place.pk: (place.pk, place.city_id, place.province_id) for place in cast.places.values()}
    sums: dict[tuple[int, str, Against], Pair] = defaultdict(Pair)
    for (place, region, code, fact), value in values.items():
        for against in BOTH:
            before = values.get((place, region, against.before(quarter).code, fact))
            if code == quarter.code and fact in paired_facts(against) and value is not None and before is not None:
                for pk in above[region]:
                    sums[pk, fact, against] = sums[pk, fact, against].plus(Pair(before, value, 1))
    return dict(sums)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TOLD)
def test_following_every_change_is_counting_enterprise_by_enterprise(cast: Cast, told: list) -> None:
    """Values come, change and go in any order and any county; only the regions that they move are counted again."""
    with pytest.raises(_Undo), transaction.atomic():
        for who, county, quarter, fact, value in told:
            key = {"place": cast.enterprises[who].place, "region": cast.places[county], "quarter": quarter.code}
            FactValue.objects.update_or_create(**key, fact=fact, defaults={"value": value})
            if value == 0:
                FactValue.objects.filter(**key, fact=fact).delete()
            pairs.follow(quarter, [fact], [cast.places[county].pk])
        for quarter in {*QUARTERS, *(one.after(quarter) for quarter in QUARTERS for one in BOTH)}:
            expected = _naive(cast, quarter)
            facts = paired_facts(Against.YEAR)
            assert stored_pairs(quarter, facts) == expected == counted_pairs(quarter, facts)
            assert not any(pair_drift(quarter))
        raise _Undo


def test_comparing_costs_two_queries_however_much_there_is(reported: Cast, django_assert_num_queries: Callable) -> None:
    for place in ("320115", "32"):
        with django_assert_num_queries(2):
            compared(reported, place)
