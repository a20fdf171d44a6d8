"""What is counted of bases: by sort and level, with the enterprise that holds them or as a region's own."""

import pytest
from django.utils import timezone

from enterprises.bases import sorts
from enterprises.bases.facts import BaseFacts
from enterprises.bases.resources import BaseResource
from enterprises.models import BaseLevel, BaseSort, BaseStage
from indicators.fill import catch_up, fill
from indicators.queries import figures
from policies.points import all_awaited
from tests.cast import Cast
from tests.enterprises.test_bases import kept
from tests.indicators.helpers import LAST, NOW

pytestmark = pytest.mark.django_db


def of_sort(code: str) -> BaseSort:
    return BaseSort.objects.get(pk=code)


def several(cast: Cast) -> None:
    """Two studios of 江宁's first enterprise, one of them withdrawn; a palace and an application of regions."""
    studio = {"sort": of_sort(sorts.STUDIO), "level": BaseLevel.CITY}
    kept(cast, name="示例工作室", named_on=LAST.first_day, **studio)
    kept(cast, name="摘牌的工作室", stage=BaseStage.WITHDRAWN, **studio)
    public = {"enterprise": None, "holder": "示例总工会"}
    kept(cast, by=cast.city, name="示例文化宫", sort=of_sort(sorts.PALACE), place=cast.places["3201"], **public)
    kept(cast, name="申报的工作室", sort=of_sort(sorts.MASTER), stage=BaseStage.APPLIED, **public)


def test_bases_count_by_sort_and_level_where_their_holder_is(cast: Cast) -> None:
    several(cast)
    catch_up()
    found = {code: figures(cast.places[code], NOW) for code in ("32", "3201", "320115", "320106")}
    assert [found[code]["C05.studios"].value for code in ("32", "3201", "320115", "320106")] == [1, 1, 1, None]
    assert (found["32"]["C05.city"].value, found["32"]["C05.national"].value) == (1, None)
    # A city's own palace is no county's.
    assert [found[code]["G05.palaces"].value for code in ("32", "3201", "320115")] == [1, 1, None]
    assert (found["320115"]["D23.applied"].value, found["320115"]["D23.studios"].value) == (1, None)
    assert found["32"]["C19.bases"].value is None, "nobody entered one: that is not to say that there is none"


def test_a_base_counts_from_the_day_it_was_named(cast: Cast) -> None:
    kept(cast, name="新命名的食堂", named_on=timezone.localdate())
    kept(cast, name="一直有的食堂")
    for quarter in (LAST, NOW):
        fill(quarter)
    assert figures(cast.places["320115"], LAST)["G05.canteens"].value == 1
    assert figures(cast.places["320115"], NOW)["G05.canteens"].value == 2


def test_a_figure_follows_a_change_of_state_and_of_holder(cast: Cast) -> None:
    base = kept(cast)
    catch_up()
    assert figures(cast.places["320115"], NOW)["G05.canteens"].value == 1
    values = {"enterprise": None, "holder": "示例总工会", "place": cast.places["3201"]}
    BaseResource().save(acting_user=cast.city, values=values, row=base)
    catch_up()
    assert figures(cast.places["320115"], NOW)["G05.canteens"].value is None
    assert figures(cast.places["3201"], NOW)["G05.canteens"].value == 1
    base.refresh_from_db()
    BaseResource().save(acting_user=cast.city, values={"stage": BaseStage.WITHDRAWN}, row=base)
    catch_up()
    assert figures(cast.places["3201"], NOW)["G05.canteens"].value is None


@pytest.mark.parametrize("level", ["320115", "3201", "32"])
def test_the_list_behind_a_figure_is_what_was_counted(cast: Cast, sign_in, level: str) -> None:
    several(cast)
    catch_up()
    source, browser = BaseFacts(), sign_in(cast.province)
    found = figures(cast.places[level], NOW)
    for fact in (fact for fact in source.facts if fact.year_basis is None):
        listed = browser.get(source.url(fact.code, region=level, quarter=NOW.code)).context["table"].data
        assert len(listed) == (found[fact.code].value or 0), fact.code


def test_what_bases_answer_is_awaited_no_more() -> None:
    assert not {f"fact:{fact.code}" for fact in BaseFacts.facts} & set(all_awaited())


def test_levels_are_told_of_every_sort_that_is_named_by_level(cast: Cast) -> None:
    for number, (sort, level) in enumerate(
        (
            (sorts.CONTEST, BaseLevel.PROVINCIAL),
            (sorts.TRAINING, BaseLevel.CITY),
            (sorts.TECHNOLOGY, BaseLevel.NATIONAL),
            (sorts.TECHNICAL, ""),
            (sorts.MASTER, BaseLevel.COUNTY),
            (sorts.HERITAGE, BaseLevel.OWN),
        )
    ):
        kept(cast, name=f"示例阵地{number}", sort=of_sort(sort), level=level)
    catch_up()
    found = figures(cast.places["3201"], NOW)
    for code in ("C19.provincial", "D16.city", "C20.national", "C20.technology", "C20.technical", "D23.studios_county"):
        assert found[code].value == 1, code
    assert (found["D23.platforms_own"].value, found["C20.platforms"].value) == (1, 2)
    assert found["C20.city"].value is None, "of no level is no level"
