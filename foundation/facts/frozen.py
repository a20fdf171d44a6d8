"""What the figures of a closed quarter are made of, as whoever freezes them keeps it.

The rooms that count stand below the one that freezes: it registers here how to ask.
"""

from collections.abc import Callable

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts

Keeper = Callable[[str, Quarter], Amounts | None]

_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> Keeper:
    """``keeper(fact code, quarter)``: what each row gave when the quarter was closed; None while it is open."""
    _keepers.append(keeper)
    return keeper


def frozen_amounts(fact: str, quarter: Quarter) -> Amounts | None:
    """What single rows gave to a figure of a closed quarter; None of an open one."""
    return next((kept for keeper in _keepers if (kept := keeper(fact, quarter)) is not None), None)
