"""A past quarter is as it was on its last day, whenever it is counted."""

import datetime

import pytest
from django.db.models import Q
from django.utils import timezone

from enterprises.change_actions import close_enterprise, move_enterprise, reopen_enterprise, split_enterprise
from enterprises.consequences import ChangeUnconfirmed
from enterprises.models import ChangeKind, Enterprise, EnterpriseEvent, Pilot, YearlyProfile
from foundation.facts.declaring import all_sources, declared_facts, source_of_fact
from indicators.closing import close_quarter
from indicators.drift import check
from indicators.fill import catch_up, fill
from indicators.models import FrozenEnterprise
from indicators.queries import by_unit, figures
from records.duties.actions import generate_duties, make_statement
from records.models import DutyRule
from tests.cast import CODE_BASES, Cast
from tests.indicators.helpers import LAST, NOW, lecture, totals, value

pytestmark = pytest.mark.usefixtures("few_kinds")

PARTY = "ideology.partydevelopment"


def agree(action, **arguments):
    arguments = {"reason": "营业执照已变更。", "on": timezone.localdate(), **arguments}
    with pytest.raises(ChangeUnconfirmed) as asked:
        action(**arguments)
    return action(**arguments, confirmed=asked.value.keys)


def of(enterprise: Enterprise, who) -> dict:
    enterprise.refresh_from_db()
    return {"acting_user": who, "enterprise_id": enterprise.pk, "version": enterprise.version}


def of_quarter(quarter) -> dict:
    return {key: total for key, total in totals().items() if key[1] == quarter.code}


@pytest.fixture
def told(cast: Cast) -> dict:
    """Figures of the quarter before, from records, statements, duties, pilots and profiles."""
    DutyRule.objects.create(kind=PARTY)
    for quarter in (LAST, NOW):
        generate_duties(quarter)
    lecture(cast)
    make_statement(acting_user=cast.clerk, enterprise=cast.enterprise, quarter=LAST, is_nil=False, asks=False)
    Pilot.objects.create(enterprise=cast.enterprise, tier="city", started_on=LAST.first_day)
    YearlyProfile.objects.create(
        enterprise=cast.enterprise, year=LAST.year, headcount=200, women_count=80, filed_by=cast.clerk
    )
    catch_up()
    return of_quarter(LAST)


def test_moves_closings_and_splits_after_the_quarter_do_not_move_it(cast: Cast, told: dict) -> None:
    agree(move_enterprise, **of(cast.enterprise, cast.province), county=cast.places["320571"])
    agree(close_enterprise, **of(cast.second_enterprise, cast.county))
    split = agree(
        split_enterprise,
        **of(cast.gulou_enterprise, cast.province),
        county=cast.places["320106"],
        values={
            "name": "鼓楼示例数据有限公司",
            "credit_code": _code("91320106000000013"),
            "industry": cast.enterprise.industry,
            "ownership": "private",
            "size": "small",
            "headcount": 10,
        },
    )
    catch_up()
    assert of_quarter(LAST) == told, "by the change feed"
    fill(LAST)
    assert of_quarter(LAST) == told and check(LAST) == [], "counted anew as a whole"
    assert value(cast.places["320571"], "REG.enterprises", NOW) == 2
    assert value(cast.places["320115"], "REG.enterprises", NOW) is None, "moved away and closed"
    assert value(split.place, "REG.enterprises", NOW) == 1 and value(split.place, "REG.enterprises") is None
    assert value(cast.places["320115"], "DUT.due") == 2, "what was owed then was owed there"
    rows = by_unit(cast.places["320115"], ["REG.headcount", "DUT.due"], LAST)
    assert {row.place.pk: row.values["REG.headcount"] for row in rows} == {
        cast.enterprise.pk: 200,
        cast.second_enterprise.pk: 200,
    }


def test_a_duty_made_after_a_move_counts_where_the_enterprise_lay_then(cast: Cast) -> None:
    Enterprise.objects.update(size="small")
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(size="large")
    agree(move_enterprise, **of(cast.enterprise, cast.province), county=cast.places["320571"])
    catch_up()
    DutyRule.objects.create(kind=PARTY, sizes=["large"])
    assert generate_duties(LAST) == 1
    catch_up()
    assert check(LAST) == []
    assert value(cast.places["320115"], "DUT.due") == 1 and value(cast.places["320571"], "DUT.due") is None


def _code(base: str) -> str:
    from stdnum.cn import uscc

    assert base not in CODE_BASES
    return base + uscc.calc_check_digit(base)


def test_the_running_quarter_follows_the_register_of_today(cast: Cast, told: dict) -> None:
    agree(close_enterprise, **of(cast.second_enterprise, cast.county))
    catch_up()
    assert value(cast.places["320115"], "REG.enterprises", NOW) == 1
    agree(reopen_enterprise, **of(cast.second_enterprise, cast.county))
    catch_up()
    assert value(cast.places["320115"], "REG.enterprises", NOW) == 2
    assert of_quarter(LAST) == told


def test_pilots_count_in_the_quarters_in_which_they_were_pilots(cast: Cast, told: dict) -> None:
    Pilot.objects.filter(enterprise=cast.enterprise).update(ended_on=NOW.first_day)
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(pilot_tier="none")
    Pilot.objects.create(enterprise=cast.gulou_enterprise, tier="county", started_on=NOW.first_day)
    fill(LAST)
    fill(NOW)
    # The two without any pilot row have no history: the tier of their entry stands for every quarter.
    assert (value(cast.places["32"], "REG.pilots"), value(cast.places["32"], "REG.pilots", NOW)) == (3, 3)
    assert value(cast.enterprise.place, "REG.pilots") == 1 and value(cast.enterprise.place, "REG.pilots", NOW) == 0
    assert value(cast.gulou_enterprise.place, "REG.pilots") == 0


def test_staff_figures_are_those_of_the_profile_of_that_year(cast: Cast, told: dict) -> None:
    later = LAST.year + 1
    YearlyProfile.objects.create(
        enterprise=cast.enterprise, year=later, headcount=999, women_count=500, filed_by=cast.clerk
    )
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(headcount=999)
    fill(LAST)
    assert of_quarter(LAST) == told
    assert value(cast.enterprise.place, "REG.women") == 80
    assert value(cast.enterprise.place, "REG.frontline") is None, "the profile of that year does not say"
    Enterprise.objects.filter(pk=cast.gulou_enterprise.pk).update(headcount=150)
    fill(LAST)
    assert value(cast.gulou_enterprise.place, "REG.headcount") == 150, "no profile, no history: today's value stands"


def test_two_moves_after_each_other_and_one_back(cast: Cast) -> None:
    """The county of a day is the one left by the first move after it."""
    places, days = cast.places, [NOW.first_day + datetime.timedelta(days=number) for number in (1, 2)]
    for day, start, end in ((days[0], "320115", "320571"), (days[1], "320571", "320106")):
        EnterpriseEvent.objects.create(
            enterprise=cast.enterprise,
            kind=ChangeKind.MOVE,
            effective_on=day,
            from_county=places[start],
            to_county=places[end],
            made_by=cast.province,
        )
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(county=places["320106"])
    for quarter in (LAST, NOW):
        fill(quarter)
    assert value(places["320115"], "REG.enterprises") == 2
    assert value(places["320106"], "REG.enterprises", NOW) == 2


def test_a_closed_quarter_freezes_what_each_enterprise_was_on_its_last_day(cast: Cast, told: dict) -> None:
    agree(move_enterprise, **of(cast.enterprise, cast.province), county=cast.places["320571"])
    agree(close_enterprise, **of(cast.second_enterprise, cast.county))
    Pilot.objects.filter(enterprise=cast.enterprise).update(ended_on=NOW.first_day)
    closing = close_quarter(acting_user=cast.province, quarter=LAST)
    kept = {row.enterprise_id: row for row in FrozenEnterprise.objects.filter(closing=closing)}
    moved, closed = kept[cast.enterprise.pk], kept[cast.second_enterprise.pk]
    assert (moved.county.code, moved.city.code, moved.tier, moved.is_active) == ("320115", "3201", "city", True)
    assert closed.is_active


@pytest.mark.parametrize("level", ["320115", "3201", "32"])
def test_what_a_figure_of_a_past_quarter_opens_is_what_was_counted(cast: Cast, told: dict, sign_in, level: str) -> None:
    agree(move_enterprise, **of(cast.enterprise, cast.province), county=cast.places["320571"])
    agree(close_enterprise, **of(cast.second_enterprise, cast.county))
    fill(LAST)
    place, browser = cast.places[level], sign_in(cast.province)
    found = figures(place, LAST)
    opened: set[str] = set()
    for source in all_sources():
        for fact in source.facts:
            if not fact.code.startswith(("REG.", "REP.", "STA.", "DUT.")) or fact.is_internal or fact.amount:
                continue
            url = source_of_fact(fact.code).url(fact.code, region=level, quarter=LAST.code)
            rows = browser.get(url).context["table"].data
            listed = len(rows)
            if fact.code in ("REG.headcount", "REG.frontline", "REG.industrial", "REG.women", "REG.union_members"):
                assert listed == found[fact.code].reporting, fact.code
            else:
                assert listed == (found[fact.code].value or 0), fact.code
            opened.add(fact.code)
    assert opened == {code for code in declared_facts() if code[:4] in ("REG.", "REP.", "STA.", "DUT.")}


def test_evidence_and_counting_agree_for_every_register_fact(cast: Cast, told: dict) -> None:
    for quarter in (LAST, NOW):
        for source in all_sources():
            for fact in source.facts:
                if fact.code.startswith(("REG.", "REP.", "STA.")) and not fact.is_internal:
                    behind = source.evidence(fact, quarter).filter(Q(county_then=cast.places["320115"].pk)).count()
                    figure = figures(cast.places["320115"], quarter)[fact.code]
                    is_sum = fact.nature == "headcount"
                    assert behind == (figure.reporting if is_sum else (figure.value or 0)), (fact.code, quarter)
