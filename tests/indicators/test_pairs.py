"""What returns tell is compared over those that reported it both times."""

from decimal import Decimal

import pytest

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import declared_facts
from indicators import queries
from indicators.drift import check
from indicators.fill import catch_up
from indicators.models import Against, FactValue, FillState, PairedTotal
from indicators.pairs import counted_pairs, paired_facts, quarters_without_pairs
from records.duties.actions import ensure_quarter
from tests.cast import Cast
from tests.indicators.helpers import LAST, NOW, lecture, party

pytestmark = pytest.mark.usefixtures("few_kinds")

EARLIER, LATER = LAST, NOW
FACT = "B03.members"


@pytest.fixture
def reported(cast: Cast) -> Cast:
    """Two enterprises of one county, and one of another city; the second one reports in the later quarter only."""
    party(cast, quarter=EARLIER, new=0, front=0, total=17)
    party(cast, quarter=LATER, total=16, new=0, front=0)
    party(cast, quarter=LATER, who="second_enterprise", total=40, new=0, front=0)
    party(cast, who="neighbour_enterprise", quarter=EARLIER, total=5, new=0, front=0)
    party(cast, quarter=LATER, who="neighbour_enterprise", total=5, new=0, front=0)
    catch_up()
    return cast


def test_more_enterprises_reporting_is_no_rise(reported: Cast) -> None:
    """The sum goes from 22 to 61, and nobody has more than before."""
    province = reported.places["32"]
    figures = queries.figures(province, LATER)
    assert (figures[FACT].value, queries.figures(province, EARLIER)[FACT].value) == (61, 22)
    found = queries.comparisons(province, LATER)[FACT]
    assert (found.value, found.before, found.change, found.enterprises) == (21, 22, -1, 2)
    county = queries.comparisons(reported.places["320115"], LATER)[FACT]
    assert (county.change, county.enterprises) == (-1, 1)
    own = queries.comparisons(reported.enterprise.place, LATER)[FACT]
    assert (own.change, own.enterprises) == (-1, None)


def test_what_a_return_counts_is_no_fall_because_others_report_now(cast: Cast) -> None:
    """Of three members admitted by one enterprise and none by two it is not said that two enterprises more brought a fall."""
    before, after = LAST.previous(), LAST
    ensure_quarter(before)
    party(cast, quarter=before, new=3, front=1)
    party(cast, quarter=after, new=3, front=1)
    party(cast, quarter=after, who="second_enterprise", new=0, front=0)
    lecture(cast, day=after.first_day)
    catch_up()
    found = queries.comparisons(cast.places["32"], after)
    admitted = found["B04.new_members"]
    assert (admitted.value, admitted.before, admitted.enterprises) == (3, 3, 1)
    assert "B04.new_members" not in queries.comparisons(cast.places["32"], NOW)
    assert paired_facts().isdisjoint({"B01.sessions", "B01.attendances"}), "of activities silence is zero"


def test_both_quarters_move_a_comparison(reported: Cast) -> None:
    FactValue.objects.filter(place=reported.enterprise.place, quarter=EARLIER.code, fact=FACT).update(value=10)
    assert [drift.fact for drift in check(LATER)] == [FACT] * 3, "county, city and province"
    party(reported, who="second_enterprise", quarter=EARLIER, total=30, new=0, front=0)
    catch_up()
    found = queries.comparisons(reported.places["320115"], LATER)[FACT]
    assert (found.value, found.before, found.enterprises) == (56, 40, 2)
    found = queries.comparisons(reported.places["3201"], LATER)[FACT]
    assert (found.value, found.before, found.enterprises) == (56, 40, 2)


def test_one_that_moved_is_compared_nowhere(reported: Cast) -> None:
    """Its earlier value counts in another county: neither county's comparison holds it."""
    FactValue.objects.filter(place=reported.enterprise.place, quarter=EARLIER.code).update(
        region=reported.places["320106"]
    )
    pairs = counted_pairs(LATER, [FACT])
    assert (reported.places["320115"].pk, FACT, Against.QUARTER) not in pairs
    assert pairs[reported.places["32"].pk, FACT, Against.QUARTER].enterprises == 1


def test_quarters_counted_before_there_were_pairs_get_theirs(reported: Cast) -> None:
    before = set(PairedTotal.objects.values_list("place", "quarter", "fact", "before", "value", "enterprises"))
    PairedTotal.objects.all().delete()
    FillState.objects.filter(name__startswith="pairs").delete()
    assert LATER in quarters_without_pairs()
    catch_up()
    after = set(PairedTotal.objects.values_list("place", "quarter", "fact", "before", "value", "enterprises"))
    assert after == before and not quarters_without_pairs()


def test_a_running_quarter_is_not_compared_with_a_whole_one(cast: Cast) -> None:
    lecture(cast)
    lecture(cast, day=NOW.first_day)
    catch_up()
    assert NOW == Quarter.current()
    assert "B01.sessions" not in queries.comparisons(cast.places["32"], NOW)
    assert "REG.enterprises" in queries.comparisons(cast.places["32"], NOW)


def test_what_the_portal_counts_by_itself_is_compared_whole() -> None:
    paired = paired_facts()
    assert {"B03.members", "B05.empty_teams", "REG.headcount"} <= paired
    assert "B04.new_members" in paired, "how many were admitted is told in a return: silence is no zero"
    assert paired.isdisjoint({"REG.enterprises", "REG.pilots", "REP.reported", "B01.sessions"})
    assert paired < set(declared_facts())


def test_a_comparison_knows_its_change() -> None:
    assert queries.Comparison(Decimal(3), Decimal(5)).change == -2
