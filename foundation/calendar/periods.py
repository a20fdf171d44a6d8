"""Periods: month, quarter, half-year and year, the units of time in which things are reported and counted."""

import datetime
import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Any, ClassVar, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.labels import Label

_CODE = re.compile(r"(20\d\d)(?:(Q)([1-4])|(H)([12])|(-)(0[1-9]|1[0-2]))?")
_CHINESE = "一二三四"


@total_ordering
@dataclass(frozen=True)
class Period:
    """One period of a calendar year: its ``number``-th month, quarter or half, or the whole of it.

    Ordered by the first day, then by the last: ``2026-01`` < ``2026Q1`` < ``2026`` < ``2026-02``. Days and shorter
    periods are ``in`` a period; a period is in itself. Make one of the four subclasses, or ``Period.parse`` a code.
    """

    year: int
    number: int = 1
    #: Length in months, and the letter of the code (``2026Q3``); set by the subclasses.
    months: ClassVar[int]
    letter: ClassVar[str]
    #: How the code is written, for messages to people.
    form: ClassVar[Label] = gettext_lazy("2026、2026H1、2026Q3 或 2026-07 的形式（年、半年、季度、月）")
    noun: ClassVar[Label] = gettext_lazy("报告期")

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12 // self.months:
            raise ValueError(f"{type(self).__name__} {self.number} of a year")

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read a code; a subclass reads its own only. Raises ``ValueError`` with a message for people."""
        if match := _CODE.fullmatch(str(code).strip().upper()):
            letter = match[2] or match[4] or match[6] or ""
            kind = _BY_LETTER[letter]
            if issubclass(kind, cls):
                return kind(int(match[1]), int(match[3] or match[5] or match[7] or 1))
        raise ValueError(
            _("%(noun)s“%(code)s”无法识别：请写成 %(form)s。") % {"noun": cls.noun, "code": code, "form": cls.form}
        )

    @classmethod
    def of(cls, day: datetime.date) -> Self:
        """The period of this length that the day lies in."""
        return cls(day.year, (day.month - 1) // cls.months + 1)

    @classmethod
    def current(cls) -> Self:
        return cls.of(timezone.localdate())

    @property
    def code(self) -> str:
        """How it is stored and written in addresses; codes of one length sort in time as text."""
        return f"{self.year}{self.letter}{self.number}"

    @property
    def label(self) -> str:
        """How people read it."""
        raise NotImplementedError

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def last_day(self) -> datetime.date:
        return self.next().first_day - datetime.timedelta(days=1)

    def shift(self, by: int) -> Self:
        """The period of the same length so many later, or earlier when negative."""
        in_year = 12 // self.months
        index = self.year * in_year + self.number - 1 + by
        return type(self)(index // in_year, index % in_year + 1)

    def next(self) -> Self:
        return self.shift(1)

    def previous(self) -> Self:
        return self.shift(-1)

    def year_before(self) -> Self:
        """The same period of the year before, for 同比."""
        return type(self)(self.year - 1, self.number)

    def year_to_date(self) -> list[Self]:
        """The periods of this length in the same year up to and including this one."""
        return [type(self)(self.year, number) for number in range(1, self.number + 1)]

    def trailing(self, count: int) -> list[Self]:
        """The last ``count`` periods, oldest first, this one last."""
        return [self.shift(offset) for offset in range(1 - count, 1)]

    def through(self, last: Self) -> list[Self]:
        """The periods from this one to ``last``, both included; empty when it lies before."""
        found, period = [], self
        while period <= last:
            found.append(period)
            period = period.next()
        return found

    def divided(self, into: "type[_P]") -> "list[_P]":
        """The shorter periods it consists of: ``Year(2026).divided(Quarter)``."""
        return into.of(self.first_day).through(into.of(self.last_day))

    def __contains__(self, other: "Period | datetime.date") -> bool:
        if isinstance(other, Period):
            return self.first_day <= other.first_day and other.last_day <= self.last_day
        return self.first_day <= other <= self.last_day

    def __lt__(self, other: "Period") -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return (self.first_day, self.months) < (other.first_day, other.months)

    def __str__(self) -> str:
        return self.code


_P = TypeVar("_P", bound=Period)


class Month(Period):
    """``2026-07``, shown ``2026年7月``."""

    months, letter = 1, "-"
    form, noun = gettext_lazy("2026-07 的形式"), gettext_lazy("月份")

    @property
    def code(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def label(self) -> str:
        return _("%(year)d年%(number)d月") % {"year": self.year, "number": self.number}


class Quarter(Period):
    """``2026Q3``, shown ``2026年第三季度``: the unit of time every figure is kept in."""

    months, letter = 3, "Q"
    form, noun = gettext_lazy("2026Q3 的形式（年份、字母 Q、1 至 4）"), gettext_lazy("季度")

    @property
    def label(self) -> str:
        return _("%(year)d年第%(number)s季度") % {"year": self.year, "number": _CHINESE[self.number - 1]}

    @property
    def short_label(self) -> str:
        """For narrow columns: 26年三季."""
        return _("%(year)02d年%(number)s季") % {"year": self.year % 100, "number": _CHINESE[self.number - 1]}


class HalfYear(Period):
    """``2026H1``, shown ``2026年上半年``."""

    months, letter = 6, "H"
    form, noun = gettext_lazy("2026H1 的形式（年份、字母 H、1 或 2）"), gettext_lazy("半年")

    @property
    def label(self) -> str:
        return (_("%d年上半年") if self.number == 1 else _("%d年下半年")) % self.year


class Year(Period):
    """``2026``, shown ``2026年度``."""

    months, letter = 12, ""
    form, noun = gettext_lazy("2026 的形式"), gettext_lazy("年度")

    @property
    def code(self) -> str:
        return str(self.year)

    @property
    def label(self) -> str:
        return _("%d年度") % self.year


_BY_LETTER: dict[str, type[Period]] = {kind.letter: kind for kind in (Month, Quarter, HalfYear, Year)}


def validate_quarter(code: str) -> None:
    try:
        Quarter.parse(code)
    except ValueError as error:
        raise ValidationError(str(error)) from error


_QUARTER = gettext_lazy("季度")


class QuarterField(models.CharField):  # type: ignore[type-arg]  # generic in the stubs only
    """Six characters ``2026Q3``: sorts in time as text, in every database."""

    default_validators = [validate_quarter]

    def __init__(self, verbose_name: Any = _QUARTER, **kwargs: Any) -> None:
        kwargs["max_length"] = 6
        super().__init__(verbose_name, **kwargs)
