"""The light of an indicator against the way to its target, quarter by quarter, upward and downward."""

from decimal import Decimal

import pytest

from foundation.calendar.periods import Quarter
from indicators.paths import Light, Way, judged

MET, BEHIND, FAR = Light.MET, Light.BEHIND, Light.FAR


def way(start: int | None, target: int, done: int, **more) -> Way:
    begins = None if start is None else Decimal(start)
    return Way(target=Decimal(target), start=begins, done=done, year=2026, **{"rises": True, **more})


def light(value: float | None, path: Way, *, is_over: bool = True) -> Light:
    told = None if value is None else Decimal(str(value))
    return judged(told, path, Quarter(2026, min(path.done, 4)), is_over=is_over).light


@pytest.mark.parametrize(
    ("done", "value", "wanted"),
    [
        # From 30 to 34: a point each quarter.
        (1, 31, MET),
        (1, 30.9, BEHIND),
        (1, 30, FAR),
        (2, 32, MET),
        (2, 31.9, BEHIND),
        (2, 31.1, BEHIND),
        (2, 31, FAR),
        (3, 33, MET),
        (3, 32.5, BEHIND),
        (4, 34, MET),
        (4, 33.9, BEHIND),
        (4, 32, FAR),
        # What is at the end already is not behind.
        (1, 40, MET),
    ],
)
def test_a_rate_rises_from_last_years_end(done: int, value: float, wanted: Light) -> None:
    assert light(value, way(30, 34, done)) is wanted


@pytest.mark.parametrize(
    ("done", "value", "wanted"),
    [
        (1, 9, MET),
        (1, 9.5, BEHIND),
        (1, 10, FAR),
        (2, 8, MET),
        (3, 8.5, FAR),
        (3, 7.9, BEHIND),
        (4, 6, MET),
        (4, 7, FAR),
    ],
)
def test_lower_is_better_is_the_same_way_down(done: int, value: float, wanted: Light) -> None:
    assert light(value, way(10, 6, done, rises=False)) is wanted


@pytest.mark.parametrize(
    ("done", "value", "rises", "wanted"),
    [
        (1, 25, True, MET),
        (1, 24, True, BEHIND),
        (1, 0, True, FAR),
        (3, 75, True, MET),
        (3, 51, True, BEHIND),
        (3, 50, True, FAR),
        # As much as the whole year may have, in its first quarter, is no success.
        (1, 100, False, FAR),
        (1, 25, False, MET),
        (2, 60, False, FAR),
        (4, 100, False, MET),
    ],
)
def test_what_adds_up_over_the_year_begins_at_nothing(done: int, value: float, rises: bool, wanted: Light) -> None:
    assert light(value, way(0, 100, done, rises=rises, adds_up=True)) is wanted


def test_silence_running_quarters_and_unknown_starts_are_said() -> None:
    assert judged(Decimal(1), None, Quarter(2026, 1), is_over=True).light is Light.NONE
    assert light(None, way(0, 4, 1)) is Light.SILENT
    assert light(None, way(0, 4, 1), is_over=False) is Light.SILENT
    assert light(3, way(30, 34, 1), is_over=False) is Light.EARLY
    assert light(26, way(0, 100, 1, adds_up=True), is_over=False) is MET, "what adds up only grows"
    assert light(20, way(0, 100, 1, adds_up=True), is_over=False) is Light.EARLY
    assert light(20, way(0, 100, 1, adds_up=True, rises=False), is_over=False) is Light.EARLY, "it may still grow"
    assert light(31, way(None, 34, 2)) is Light.NO_START
    assert light(35, way(None, 34, 2)) is MET
    assert light(31, way(None, 34, 4)) is BEHIND, "at the year's end the target is all that counts"


def test_a_level_way_has_no_step_to_be_behind_by() -> None:
    """What is required at any time, and what is to stay as it is."""
    for done in (1, 2, 3, 4):
        assert light(0, way(0, 0, done, rises=False)) is MET
        assert light(90, way(0, 0, done, rises=False)) is BEHIND
        assert light(34.9, way(35, 35, done)) is BEHIND


def test_the_reason_names_the_point_and_the_threshold() -> None:
    def reason(value: int, path: Way) -> str:
        return judged(Decimal(value), path, Quarter(2026, 2), is_over=True, unit="%").reason

    assert reason(31, way(30, 34, 2)) == "2026年第二季度末应达到 32%；落后一个季度及以上"
    assert reason(32, way(30, 34, 2)) == "2026年第二季度末应达到 32%"
    standard = Way(target=Decimal(35), start=Decimal(35), done=2, rises=True)
    assert reason(31, standard) == "应达到 35%"
    none_all_year = Way(target=Decimal(0), start=Decimal(0), done=2, rises=False, adds_up=True)
    assert reason(3, none_all_year) == "2026年第二季度末应达到 0%", "without a step nothing is said of quarters"
    closed = Way(target=Decimal(60), start=None, done=4, rises=True, year=2025)
    assert reason(31, closed) == "全年应达到 60%"


def test_the_point_is_rounded_as_values_are() -> None:
    """33.75 is shown as 33.8, and a value that is shown so has reached it."""
    assert way(30, 35, 3).due == Decimal("33.8")
    assert light(33.8, way(30, 35, 3)) is MET
