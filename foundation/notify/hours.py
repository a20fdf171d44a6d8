"""When people may be disturbed: working days, within the hours of ``settings.WORKING_HOURS``."""

import datetime

from django.conf import settings
from django.utils import timezone

from foundation.calendar.workdays import add_working_days, is_working_day


def _at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, time, timezone.get_current_timezone())


def is_working_time(moment: datetime.datetime) -> bool:
    local = timezone.localtime(moment)
    start, end = settings.WORKING_HOURS
    return is_working_day(local.date()) and start <= local.time() < end


def next_working_time(moment: datetime.datetime) -> datetime.datetime:
    """The moment itself when people are at work, else the start of the next working hours."""
    if is_working_time(moment):
        return moment
    return next_start(moment)


def next_start(moment: datetime.datetime) -> datetime.datetime:
    """The next time at which working hours begin: when the day's summary is sent."""
    local = timezone.localtime(moment)
    start, _end = settings.WORKING_HOURS
    day = local.date()
    if not (is_working_day(day) and local.time() < start):
        day = add_working_days(day, 1)
    return _at(day, start)
