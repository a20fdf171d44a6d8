"""Seeding the working-day table from ``chinesecalendar``, which carries what the State Council has published."""

import datetime
from collections.abc import Iterable

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays
from django.db import transaction

from foundation.calendar.models import SpecialDay, WorkYear
from foundation.calendar.workdays import by_weekday
from foundation.loading import Loaded

_SOURCE = "随软件附带的国务院办公厅节假日安排（chinesecalendar）"


def _named(day: datetime.date, english: str) -> SpecialDay:
    name = Holiday(english).chinese
    return SpecialDay(day=day, year_id=day.year, is_working=day in workdays, name=name)


def published_days(years: Iterable[int]) -> list[SpecialDay]:
    """Unsaved rows of the days of these years that differ from Monday to Friday."""
    wanted = set(years)
    known = {**holidays, **workdays}
    return [
        _named(day, english)
        for day, english in sorted(known.items())
        if day.year in wanted and (day in workdays) != by_weekday(day)
    ]


@transaction.atomic
def load_workdays(first_year: int) -> Loaded:
    """Years from ``first_year`` on that the package knows and the table does not. What is there stays as it was edited."""
    known = {day.year for day in holidays if day.year >= first_year}
    present = set(WorkYear.objects.values_list("year", flat=True))
    missing = sorted(known - present)
    WorkYear.objects.bulk_create([WorkYear(year=year, is_settled=True, source=_SOURCE) for year in missing])
    SpecialDay.objects.bulk_create(published_days(missing))
    return Loaded(created=len(missing), unchanged=len(known & present))
