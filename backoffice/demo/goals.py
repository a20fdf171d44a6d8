"""Targets of the demonstration: of the province for its cities, of one city for its counties, so that lights of every
colour are seen. Set by what was reached: a real office would not."""

from collections.abc import Sequence
from decimal import Decimal

from foundation.access.models import Grant, Role
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.places.models import Level, Place
from indicators.models import Indicator
from indicators.queries import IndicatorValue, indicators_of_units
from indicators.targets import Wanted, set_targets

#: What targets are set of: what took place, shares, and what is so at a quarter's end.
CODES = ("B01-1", "B01-2", "B04", "C01-2", "D10-1", "F01-1", "H08", "P01")
#: How far a year's target lies above what was reached by the third quarter, one after the other: what adds up is on its way,
#: less than a quarter behind, and more than a quarter behind.
_ADDING_UP = (Decimal("1.25"), Decimal("1.6"), Decimal("1.2"), Decimal("2.4"))
_STANDING = (Decimal("0.98"), Decimal("1.03"), Decimal("1"), Decimal("1.25"))
_HUNDRED = Decimal(100)


def set_goals(province_officer: User, quarter: Quarter) -> None:
    """For the year of a quarter that is over, by what was reached in it."""
    province = Place.objects.get(level=Level.PROVINCE)
    cities = list(Place.objects.regions().open().filter(parent=province).order_by("code"))
    _set(province_officer, [province, *cities], quarter)
    grant = Grant.objects.filter(role=Role.CITY).select_related("user", "place").order_by("place__code").first()
    if grant is not None:
        _set(grant.user, list(Place.objects.regions().open().filter(parent=grant.place).order_by("code")), quarter)


def _set(officer: User, places: Sequence[Place], quarter: Quarter) -> None:
    indicators = list(Indicator.objects.in_force(quarter).filter(code__in=CODES).order_by("code"))
    read = indicators_of_units(places, indicators, quarter)
    wanted = {}
    for number, place in enumerate(places):
        for turn, indicator in enumerate(indicators):
            # A few have no target.
            if (number + turn) % 11 != 10:
                now = read.now[place.pk, indicator.code]
                wanted[place.pk, indicator.code] = Wanted(None, _goal(now, number + turn, indicator))
    set_targets(acting_user=officer, year=quarter.year, wanted=wanted)


def _goal(now: IndicatorValue, turn: int, indicator: Indicator) -> Decimal:
    """A round number; where nothing was told yet one that anybody may reach."""
    reached = now.value or Decimal(10)
    factors = _ADDING_UP if now.adds_up else _STANDING
    goal = reached * factors[turn % len(factors)]
    if indicator.unit == "%":
        return min(goal.quantize(Decimal("0.1")), _HUNDRED)
    return max(goal.quantize(Decimal(1)), Decimal(1))
