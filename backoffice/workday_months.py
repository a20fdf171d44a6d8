"""A year of the working-day table as twelve months, as a wall calendar shows them."""

import calendar
import datetime
from dataclasses import dataclass

from foundation.calendar.models import SpecialDay, WorkYear
from foundation.calendar.workdays import by_weekday


@dataclass(frozen=True)
class DayCell:
    """A day: ``is_special`` when it is not what its weekday says."""

    day: datetime.date
    is_working: bool
    is_special: bool
    name: str


@dataclass(frozen=True)
class Month:
    number: int
    weeks: list[list[DayCell | None]]

    @property
    def working_days(self) -> int:
        return sum(1 for week in self.weeks for cell in week if cell and cell.is_working)


def _cell(day: datetime.date, special: dict[datetime.date, SpecialDay]) -> DayCell:
    found = special.get(day)
    if found is None:
        return DayCell(day, by_weekday(day), False, "")
    return DayCell(day, found.is_working, True, found.name)


def months_of(year: WorkYear) -> list[Month]:
    """January to December, weeks from Monday. One query."""
    special = {row.day: row for row in year.days.all()}
    weeks = calendar.Calendar().monthdatescalendar
    return [
        Month(
            number,
            [
                [_cell(day, special) if day.month == number else None for day in week]
                for week in weeks(year.year, number)
            ],
        )
        for number in range(1, 13)
    ]
