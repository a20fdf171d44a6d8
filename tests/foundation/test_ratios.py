"""Ratios are rounded once."""

from decimal import Decimal

from foundation.ratios import per, percent_of
from foundation.ui import formats
from indicators.queries import Coverage
from reporting.numbers import percent


def test_a_ratio_is_the_same_wherever_it_stands() -> None:
    """53 of 54 is 98.148…: 98.15 is rounded from the counts, and 98.2 would be rounded from that."""
    coverage = Coverage(enterprises=54, reported=53, complete=0, nil=0, due=54, done=53, on_time=53)
    assert coverage.reported_rate == coverage.on_time_rate == percent_of(53, 54) == Decimal("98.1")
    assert percent(53, 54) == percent("53", "54") == formats.percent(Decimal(53) / 54) == "98.1%"


def test_halves_go_up_and_nothing_has_no_ratio() -> None:
    assert (percent_of(1, 800), percent_of(3, 800)) == (Decimal("0.1"), Decimal("0.4"))
    assert per(1000, 1, 3) == Decimal("333.3")
    assert percent_of(0, 5) == 0 and percent_of(5, 0) is None
    assert (percent(None, 5), percent(5, None), percent(1, 0)) == (None, None, None)
