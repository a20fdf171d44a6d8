"""What the demonstration takes as given: which quarters, how many enterprises where, and how each city works."""

import datetime
import random
from typing import NamedTuple

from django.utils import timezone

from enterprises.models import Enterprise, Size
from foundation.calendar.periods import Quarter

SEED = 20261120
ORIGIN = "演示数据"

#: Two years, so that each quarter of the last one has the same quarter of the year before.
QUARTERS = 8
#: How many quarters at the end stay open.
OPEN = 2

#: Enterprises in each county and zone of a city; elsewhere ``ENTERPRISES_ELSEWHERE``.
ENTERPRISES_BY_CITY = {"3201": 5, "3202": 4, "3203": 3, "3204": 3, "3205": 5, "3206": 4, "3209": 3, "3210": 3}
ENTERPRISES_ELSEWHERE = 2

#: How diligently a city's enterprises report: 南通 is ahead, 宿迁 is behind.
DILIGENCE = {"3206": 0.97, "3205": 0.9, "3201": 0.88, "3202": 0.86, "3204": 0.84, "3207": 0.68, "3213": 0.45}
DILIGENCE_ELSEWHERE = 0.78
LIVELINESS = {"3206": 1.5, "3205": 1.15, "3213": 0.5, "3207": 0.8}
#: By how much of the last quarter's a city's activity grows each quarter: 连云港 and 镇江 fall, the others grow.
PACE = {"3207": -0.14, "3211": -0.08, "3206": 0.02}
PACE_ELSEWHERE = 0.05

_SIZE_FACTOR = {Size.LARGE: 1.3, Size.MEDIUM: 1.0, Size.SMALL: 0.75, Size.MICRO: 0.45}


def demo_quarters(today: datetime.date) -> list[Quarter]:
    """The demonstration's quarters up to that day, oldest first, the running one last: nothing may lie in the future."""
    return Quarter.of(today).trailing(QUARTERS)


class Temper(NamedTuple):
    """How one enterprise behaves, drawn once so that it stays itself over the quarters.

    diligence  chance that it files what it owes
    lectures   chance, six times a quarter, that it holds a lecture
    """

    diligence: float
    lectures: float


def temper_of(enterprise: Enterprise, chance: random.Random) -> Temper:
    code = enterprise.county.code[:4]
    diligence = DILIGENCE.get(code, DILIGENCE_ELSEWHERE) + chance.uniform(-0.12, 0.1)
    lively = LIVELINESS.get(code, 1.0) * _SIZE_FACTOR[Size(enterprise.size)]
    return Temper(min(max(diligence, 0.15), 0.99), min(0.34 * lively, 0.8))


def pace_of(enterprise: Enterprise, quarter: Quarter, last: Quarter) -> float:
    """The activity of a quarter against ``last``, the last one that has ended."""
    before = max((last.year - quarter.year) * 4 + last.number - quarter.number, 0)
    pace = PACE.get(enterprise.county.code[:4], PACE_ELSEWHERE)
    return min(max(1 - before * pace, 0.3), 2.0)


class Clock:
    """Moments of the past: working hours of a day, never later than now."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.now = timezone.now()
        self.today = timezone.localdate()

    def during(self, day: datetime.date) -> datetime.datetime:
        start = datetime.datetime.combine(day, datetime.time(8, 30), timezone.get_current_timezone())
        return min(start + datetime.timedelta(minutes=self._chance.randint(0, 540)), self.now)

    def after(self, moment: datetime.datetime, low: int, high: int) -> datetime.datetime:
        """``low`` to ``high`` days later, in working hours and always later; may lie in the future."""
        days = self._chance.randint(low, high)
        day = timezone.localtime(moment).date() + datetime.timedelta(days=days)
        start = datetime.datetime.combine(day, datetime.time(8, 30), timezone.get_current_timezone())
        later = start + datetime.timedelta(minutes=self._chance.randint(0, 540))
        return max(later, moment + datetime.timedelta(minutes=self._chance.randint(5, 90)))

    def day_in(self, quarter: Quarter) -> datetime.date:
        """A day of the quarter that has come."""
        last = min(quarter.last_day, self.today)
        return quarter.first_day + datetime.timedelta(days=self._chance.randint(0, (last - quarter.first_day).days))
