"""What is usual among enterprises: medians as a plain recount has them, and none of fewer than five."""

from decimal import Decimal
from statistics import median

import pytest

from enterprises.models import Enterprise
from foundation.facts.declaring import declared_facts
from indicators import medians
from indicators.closing import close_quarter
from indicators.medians import LEAST, medians_known, medians_of, peer_facts, stale_medians, store_medians
from indicators.models import FactValue, PeerMedian, ScatteredPlace
from indicators.queries import figures
from indicators.tasks import nightly_rebuild
from tests.cast import Cast, make_enterprise
from tests.indicators.helpers import LAST, lecture

pytestmark = pytest.mark.django_db

#: An event, whose silence is zero; a number of a return; a headcount of the register.
EVENT, RETURN, PEOPLE = "B01.sessions", "B03.members", "REG.headcount"
SAID = "STA.said"


def firms(cast: Cast, county: str, count: int, section: str = "C") -> list[Enterprise]:
    """So many more enterprises of a county."""
    made = []
    for number in range(count):
        code = f"91{county}{section}{number:09d}"
        made.append(make_enterprise(county=cast.places[county], name=f"{county}第{number}厂", code=code[:18]))
    return made


def say(enterprise: Enterprise, fact: str, value: Decimal | int | None, region: int | None = None) -> None:
    FactValue.objects.create(
        place=enterprise.place, region_id=region or enterprise.county_id, quarter=LAST.code, fact=fact, value=value
    )


def told(place_id: int, fact: str, section: str = "") -> tuple[Decimal, int] | None:
    rows = PeerMedian.objects.filter(place=place_id, section=section, quarter=LAST.code, fact=fact)
    return rows.values_list("median", "enterprises").first()


def by_hand(enterprises: list[Enterprise], fact: str) -> tuple[Decimal, int] | None:
    """What the pages show of each, put in order."""
    values = [value for one in enterprises if (value := figures(one.place, LAST)[fact].value) is not None]
    return (Decimal(median(values)).quantize(Decimal("0.01")), len(values)) if len(values) >= LEAST else None


def test_medians_are_what_a_plain_recount_says(cast: Cast) -> None:
    """Of values, of zeros that follow from a statement, of who has records and did not say, and of both together."""
    groups = {
        "320115": firms(cast, "320115", 14),
        "320106": firms(cast, "320106", 9),
        "320571": firms(cast, "320571", 6),
    }
    everybody = [one for found in groups.values() for one in found]
    for number, one in enumerate(everybody):
        if number % 5 < 3:
            say(one, SAID, 1)
        if number % 2:
            say(one, EVENT, (1, None, 8, 2, 3)[number // 2 % 5])
        if number % 7:
            say(one, RETURN, Decimal(2 * (number * 617 % 1999)) / 100)
        say(one, PEOPLE, 5 + number * 331 % 895)
    store_medians(LAST)
    for county, found in groups.items():
        for fact in (EVENT, RETURN, PEOPLE):
            assert told(cast.places[county].pk, fact) == by_hand(found, fact), (county, fact)
    for fact in (EVENT, RETURN, PEOPLE):
        assert told(cast.places["32"].pk, fact, "C") == by_hand(everybody, fact)
    assert told(cast.places["320115"].pk, EVENT) is not None, "the case of silence was met"


def test_zeros_of_those_who_only_said_that_the_quarter_is_complete(cast: Cast) -> None:
    """Nobody has a row of the fact: five that said so have none of it. Below zero, a value stands before them."""
    found = firms(cast, "320115", 6)
    for one in found[:5]:
        say(one, SAID, 1)
    store_medians(LAST)
    assert told(cast.places["320115"].pk, EVENT) == (0, 5)
    assert told(cast.places["320115"].pk, RETURN) is None, "a return that is missing is missing"
    say(found[5], EVENT, -3)
    say(found[0], EVENT, 4)
    store_medians(LAST)
    assert told(cast.places["320115"].pk, EVENT) == (0, 6)


def test_fewer_than_five_have_no_median(cast: Cast) -> None:
    found = firms(cast, "320115", 5)
    for value, one in enumerate(found[:4]):
        say(one, PEOPLE, 10 * value)
    store_medians(LAST)
    assert not PeerMedian.objects.filter(fact=PEOPLE).exists(), "what four reported is kept nowhere"
    say(found[4], PEOPLE, 1000)
    store_medians(LAST)
    assert told(cast.places["320115"].pk, PEOPLE) == (20, 5) == told(cast.places["32"].pk, PEOPLE, "C")
    assert not PeerMedian.objects.filter(enterprises__lt=LEAST).exists()


def test_what_a_region_has_of_its_own_is_no_enterprise(cast: Cast) -> None:
    for value, one in enumerate(firms(cast, "320115", 5)):
        say(one, RETURN, value)
    county = cast.places["320115"]
    FactValue.objects.create(place=county, region=county, quarter=LAST.code, fact=RETURN, value=900)
    store_medians(LAST)
    assert told(county.pk, RETURN) == (2, 5)


def test_an_enterprise_that_moved_counts_once_in_its_industry(cast: Cast) -> None:
    found = firms(cast, "320115", 5)
    for one in found:
        say(one, RETURN, 10)
    say(found[0], RETURN, 90, region=cast.places["320106"].pk)
    ScatteredPlace.objects.create(place=found[0].place, quarter=LAST.code)
    store_medians(LAST)
    assert told(cast.places["32"].pk, RETURN, "C") == (10, 5)
    assert told(cast.places["320115"].pk, RETURN) == (10, 5)
    assert told(cast.places["320106"].pk, RETURN) is None


def test_an_enterprise_is_shown_its_county_and_its_industry(cast: Cast) -> None:
    found = firms(cast, "320115", 5)
    for value, one in enumerate([*found, *firms(cast, "320571", 4)]):
        say(one, PEOPLE, value)
    store_medians(LAST)
    county, industry = medians_of(found[0], LAST)
    assert (county[PEOPLE].median, county[PEOPLE].enterprises) == (2, 5)
    assert (industry[PEOPLE].median, industry[PEOPLE].enterprises) == (4, 9)
    assert not medians_of(cast.neighbour_enterprise, LAST)[0], "four of its county reported it"


def test_only_what_says_something_of_one_enterprise_is_compared() -> None:
    compared = peer_facts()
    assert {EVENT, RETURN, PEOPLE} <= compared.keys()
    assert not {"REG.enterprises", "REG.pilots", "DUT.due", SAID} & compared.keys()
    assert compared.keys() < declared_facts().keys()


def test_the_night_works_out_what_changed_and_a_closed_quarter_stands(
    cast: Cast, few_kinds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lecture(cast)
    nightly_rebuild()
    first = medians_known(LAST)
    assert first is not None and LAST not in stale_medians()
    done: list[str] = []
    monkeypatch.setattr(medians, "_statement", lambda quarter, group: done.append(quarter.code))
    nightly_rebuild()
    assert not done and medians_known(LAST) == first, "nothing changed: nothing is worked out again"
    monkeypatch.undo()
    lecture(cast, title="又一课")
    close_quarter(acting_user=cast.province, quarter=LAST)
    closed = medians_known(LAST)
    assert closed is not None and closed > first and LAST not in stale_medians()
