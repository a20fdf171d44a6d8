"""What dashboards, reports and the API read."""

from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from stdnum.cn import uscc

from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.facts.declaring import declared_facts
from foundation.places.actions import save_place
from foundation.places.models import Level
from indicators import queries
from indicators.actions import revise_indicator
from indicators.catalogue import shipped
from indicators.fill import catch_up
from indicators.loading import load_indicators
from indicators.models import FactValue, Indicator
from tests.cast import Cast, make_enterprise
from tests.indicators.helpers import LAST, NOW, lecture, party


def indicator(place, code: str, quarter=LAST) -> queries.IndicatorValue:
    return {row.code: row for row in queries.indicator_values(place, quarter)}[code]


def test_a_ratio_is_made_of_sums_never_of_ratios(cast: Cast) -> None:
    load_indicators()
    party(cast, new=9, front=9, total=50)
    party(cast, who="neighbour_enterprise", new=1, front=0, total=50)
    catch_up()
    found = indicator(cast.places["32"], "B04")
    assert (found.numerator, found.denominator, found.value) == (9, 10, 90)
    cities = [indicator(cast.places[code], "B04").value for code in ("3201", "3205")]
    assert cities == [100, 0]
    assert found.value != sum(cities) / 2


def test_an_indicator_without_reports_has_no_value(cast: Cast) -> None:
    load_indicators()
    catch_up()
    silent = indicator(cast.places["32"], "B04")
    assert (silent.value, silent.numerator, silent.denominator) == (None, None, None)
    assert indicator(cast.places["32"], "P02").value is None, "nothing due: nothing to measure"
    assert indicator(cast.places["32"], "P01").value == 0, "the portal knows who has reported"
    assert (indicator(cast.places["32"], "B05").target, indicator(cast.places["32"], "B05").direction) == (0, "down")


def test_by_unit_goes_down_one_level_and_adds_up(cast: Cast) -> None:
    lecture(cast, attendances=30)
    lecture(cast, who="second_enterprise", attendances=12, number_of_people=12)
    lecture(cast, who="neighbour_enterprise", attendances=8, number_of_people=8)
    catch_up()
    code = "B01.attendances"
    for place in (cast.places["32"], cast.places["3201"], cast.places["320115"], cast.places["320571"]):
        rows = queries.by_unit(place, [code, "B05.empty_teams"], LAST)
        assert sum(row.values[code] or 0 for row in rows) == queries.figures(place, LAST)[code].value
        assert {row.values["B05.empty_teams"] for row in rows} == {None}
    cities = queries.by_unit(cast.places["32"], [code], LAST)
    assert [(row.place.code, row.enterprises, row.reported) for row in cities] == [("3201", 3, 2), ("3205", 1, 1)]
    counties = queries.by_unit(cast.places["3201"], [code], LAST)
    assert [row.place.code for row in counties] == ["320106", "320115"]
    assert [row.place.level for row in queries.by_unit(cast.places["3205"], [code], LAST)] == [Level.ZONE]
    enterprises = queries.by_unit(cast.places["320115"], [code], LAST)
    assert {row.place.pk: (row.enterprises, row.values[code]) for row in enterprises} == {
        cast.enterprise.pk: (1, 30),
        cast.second_enterprise.pk: (1, 12),
    }


@pytest.mark.usefixtures("few_kinds")
def test_enterprises_are_ranked_as_their_values_read(cast: Cast) -> None:
    """The order of the database against the values as by_unit reads them, of every fact: zeros that follow from a
    witness stand above what nobody reported, and one that moved away is ranked where it counted."""
    county = cast.places["320115"]
    lecture(cast, attendances=30)
    party(cast, new=0, front=0, total=50)
    party(cast, who="second_enterprise", new=3, front=1, total=7)
    lecture(cast, who="neighbour_enterprise", attendances=5, number_of_people=5)
    catch_up()
    # Filed here, and then moved: LAST stands in both.
    FactValue.objects.filter(place=cast.neighbour_enterprise.place, fact="B01.sessions").update(region=county)
    for place in (county, cast.places["320571"]):
        for code in declared_facts():
            ranked = queries.ranked_enterprises(place, code, LAST)
            rows = {row.place.pk: row for row in queries.by_unit(place, [code], LAST)}
            wanted = sorted(
                rows.values(),
                key=lambda row: (row.values[code] is None, -(row.values[code] or 0), row.place.code),
            )
            assert ranked == [row.place.pk for row in wanted], code
            few = queries.by_unit(place, [code], LAST, among=ranked[::-1])
            assert [(row.place.pk, row.values, row.reported) for row in few] == [
                (row.place.pk, row.values, row.reported) for row in reversed(wanted)
            ]
    silent = {row.place.pk for row in queries.by_unit(county, [], LAST) if not row.reported}
    found, in_all = queries.silent_enterprises(county, LAST, 1)
    assert in_all == len(silent) and {enterprise.pk for enterprise in found} <= silent and len(found) == min(in_all, 1)


def test_by_unit_can_count_from_the_start_of_the_year(cast: Cast) -> None:
    lecture(cast, attendances=30)
    lecture(cast, day=NOW.first_day, attendances=40)
    catch_up()
    (nanjing, _suzhou) = queries.by_unit(cast.places["32"], ["B01.attendances"], NOW, year_to_date=True)
    assert nanjing.values["B01.attendances"] == (70 if LAST.year == NOW.year else 40)


def test_trend_keeps_the_order_and_shows_gaps(cast: Cast) -> None:
    lecture(cast)
    catch_up()
    quarters = NOW.trailing(4)
    series = queries.trend(cast.places["3201"], ["B01.sessions", "REG.enterprises"], quarters)
    assert series == {"B01.sessions": [None, None, 1, None], "REG.enterprises": [None, None, 3, 3]}


def test_unknown_codes_and_places_without_figures_are_errors(cast: Cast) -> None:
    with pytest.raises(LookupError, match="B99"):
        queries.trend(cast.places["32"], ["B99.none"], [LAST])
    with pytest.raises(LookupError, match="B99"):
        queries.by_unit(cast.places["32"], ["B99.none"], LAST)
    department = save_place(level=Level.DEPARTMENT, code="D1", name="省总工会", parent=cast.places["32"])
    with pytest.raises(ValueError, match="department"):
        queries.figures(department, LAST)


def test_figures_name_every_fact_and_several_enterprises_cost_one_query(cast: Cast, django_assert_num_queries) -> None:
    lecture(cast)
    catch_up()
    with django_assert_num_queries(1):
        found = queries.enterprise_figures([cast.enterprise.pk, cast.gulou_enterprise.pk], LAST)
    assert set(found[cast.enterprise.pk]) == set(declared_facts()) == set(queries.figures(cast.places["32"], LAST))
    assert (found[cast.enterprise.pk]["B01.sessions"].value, found[cast.gulou_enterprise.pk]["B01.sessions"].value) == (
        1,
        None,
    )


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    """One enterprise and record more against three more: the same queries, to read and to follow the feed."""
    load_indicators()
    catch_up()

    def cost(call) -> int:
        with CaptureQueriesContext(connection) as context:
            call()
        return len(context)

    def reads() -> list[int]:
        county, city = cast.places["320115"], cast.places["3201"]
        return [
            cost(lambda: queries.figures(city, LAST)),
            cost(lambda: queries.coverage(city, LAST)),
            cost(lambda: queries.indicator_values(city, LAST)),
            cost(lambda: queries.trend(city, ["B01.sessions"], NOW.trailing(8))),
            cost(lambda: queries.by_unit(city, ["B01.sessions"], LAST)),
            cost(lambda: queries.by_unit(county, ["B01.sessions"], LAST)),
            cost(lambda: queries.last_filled(LAST)),
        ]

    def new(*numbers: int) -> None:
        for number in numbers:
            code = f"9132011500000{number + 90:04}"
            name = f"江宁示例新材料{number}厂"
            make_enterprise(county=cast.places["320115"], name=name, code=code + uscc.calc_check_digit(code))

    lecture(cast)
    party(cast)
    catch_up()
    new(1)
    lecture(cast)
    party(cast, who="second_enterprise")
    follow_one = cost(catch_up)
    one = reads()
    new(2, 3, 4)
    for who in ("enterprise", "enterprise", "second_enterprise"):
        lecture(cast, who=who)
    follow_more = cost(catch_up)
    assert reads() == one
    assert max(one) <= 4
    assert follow_more <= follow_one, "more rows cost no more queries"


def test_catalogue_loads_once_and_leaves_the_provinces_changes(cast: Cast) -> None:
    assert load_indicators() == len(shipped())
    Indicator.objects.filter(code="B04").update(name="改过的名称")
    assert load_indicators() == 0
    assert Indicator.objects.get(code="B04").name == "改过的名称"
    assert {"B05", "D02", "D09", "E08", "F11"} <= set(
        Indicator.objects.exclude(target=None).values_list("code", flat=True)
    )


def test_a_revision_is_a_new_version_from_a_quarter_on(cast: Cast) -> None:
    load_indicators()
    lecture(cast)
    lecture(cast, day=NOW.first_day)
    catch_up()
    revised = revise_indicator(
        acting_user=cast.province,
        code="B01-1",
        valid_from=NOW,
        values={"name": "讲堂场次（百场）", "scale": Decimal("0.01")},
    )
    assert revised.version == 2
    assert indicator(cast.places["32"], "B01-1", LAST).version == 1
    now = indicator(cast.places["32"], "B01-1", NOW)
    assert (now.version, now.name) == (2, "讲堂场次（百场）")
    entry = Entry.objects.get(event="indicators.revised")
    assert entry.changes["指标名称"] == ["职工大讲堂场次", "讲堂场次（百场）"]
    assert Indicator.objects.get(code="B01-1", version=1).valid_to == LAST.code


def test_a_revision_that_cannot_be_measured_is_refused(cast: Cast) -> None:
    load_indicators()
    revise = partial(revise_indicator, acting_user=cast.province, code="B04")
    with pytest.raises(ValidationError, match="B99"):
        revise(valid_from=NOW, values={"numerator": ["B99.none"]})
    with pytest.raises(ValidationError, match="晚于"):
        revise(valid_from=LAST.shift(-40), values={})
    with pytest.raises(AccessDenied):
        revise_indicator(acting_user=cast.city, code="B04", valid_from=NOW, values={})
    with pytest.raises(LookupError):
        revise_indicator(acting_user=cast.province, code="Z99", valid_from=NOW, values={})
    assert Indicator.objects.filter(code="B04").count() == 1
