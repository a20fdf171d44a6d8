"""What the figures of a closed quarter are made of, as whoever freezes them keeps it.

The rooms that count stand below the one that freezes: it registers here how to ask.
"""

from collections.abc import Callable
from decimal import Decimal

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts

Keeper = Callable[[str, Quarter], Amounts | None]
TotalKeeper = Callable[[str, Quarter, int], Decimal | None]

_keepers: list[Keeper] = []
_total_keepers: list[TotalKeeper] = []


def register_keeper(keeper: Keeper) -> Keeper:
    """``keeper(fact code, quarter)``: what each row gave when the quarter was closed; None while it is open."""
    _keepers.append(keeper)
    return keeper


def frozen_amounts(fact: str, quarter: Quarter) -> Amounts | None:
    """What single rows gave to a figure of a closed quarter; None of an open one."""
    return next((kept for keeper in _keepers if (kept := keeper(fact, quarter)) is not None), None)


def register_total_keeper(keeper: TotalKeeper) -> TotalKeeper:
    """``keeper(fact code, quarter, key of a place)``: the figure as it stood when the quarter was closed; None while it is
    open."""
    _total_keepers.append(keeper)
    return keeper


def frozen_total(fact: str, quarter: Quarter, place: int) -> Decimal | None:
    """A figure of a closed quarter, where no single rows were kept; None of an open one."""
    return next((total for keeper in _total_keepers if (total := keeper(fact, quarter, place)) is not None), None)
