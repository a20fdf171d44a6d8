"""Counting in working days, by the editable table. A year the table does not know is taken as Monday to Friday.

民法典 第二百零一条、第二百零三条: the first day is not counted. Every function reads the table once.
"""

import datetime

from foundation.calendar.models import SpecialDay, WorkYear

_SATURDAY = 5
#: No run of rest days is longer: a month of them between two working days is a table gone wrong.
_SLACK = 31


def by_weekday(day: datetime.date) -> bool:
    """Monday to Friday."""
    return day.weekday() < _SATURDAY


def _differing(first: datetime.date, last: datetime.date) -> dict[datetime.date, bool]:
    return dict(SpecialDay.objects.filter(day__range=(first, last)).values_list("day", "is_working"))


def is_working_day(day: datetime.date) -> bool:
    """Whether offices work on this day."""
    return _differing(day, day).get(day, by_weekday(day))


def is_published(year: int) -> bool:
    """Whether the year's days are settled; otherwise what is counted in it is a proposal (待核定)."""
    return WorkYear.objects.filter(year=year, is_settled=True).exists()


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    """The ``count``-th working day after ``day``; before it for a negative count. 0 gives the day itself."""
    step = datetime.timedelta(days=1 if count > 0 else -1)
    reach = datetime.timedelta(days=abs(count) * 2 + _SLACK)
    differing = _differing(min(day, day + reach * step.days), max(day, day + reach * step.days))
    left = abs(count)
    while left:
        day += step
        if differing.get(day, by_weekday(day)):
            left -= 1
    return day


def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before ``start``."""
    if end < start:
        return -working_days_between(end, start)
    differing = _differing(start, end)
    days = (start + datetime.timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(1 for day in days if differing.get(day, by_weekday(day)))
