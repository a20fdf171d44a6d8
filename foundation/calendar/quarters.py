"""Quarters: the unit of time every figure is kept in."""

import datetime
import re
from typing import NamedTuple, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_CODE = re.compile(r"^(20\d\d)Q([1-4])$")
_CHINESE = "一二三四"


class Quarter(NamedTuple):
    """A calendar quarter, written ``2026Q3`` and shown ``2026年第三季度``. Ordered in time."""

    year: int
    number: int

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read ``2026Q3``. Raises ``ValueError`` with a message for people."""
        match = _CODE.match(str(code).strip().upper())
        if not match:
            raise ValueError(
                _("季度“%(code)s”无法识别：请写成 2026Q3 的形式（年份、字母 Q、1 至 4）。") % {"code": code}
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: datetime.date) -> Self:
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def current(cls) -> Self:
        return cls.of(timezone.localdate())

    @property
    def code(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def label(self) -> str:
        """``2026年第三季度``"""
        return _("%(year)d年第%(number)s季度") % {"year": self.year, "number": _CHINESE[self.number - 1]}

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> datetime.date:
        return self.next().first_day - datetime.timedelta(days=1)

    def shift(self, quarters: int) -> Self:
        index = self.year * 4 + self.number - 1 + quarters
        return type(self)(index // 4, index % 4 + 1)

    def next(self) -> Self:
        return self.shift(1)

    def previous(self) -> Self:
        return self.shift(-1)

    def year_to_date(self) -> list[Self]:
        """The quarters of the same year up to and including this one."""
        return [type(self)(self.year, number) for number in range(1, self.number + 1)]

    def trailing(self, count: int) -> list[Self]:
        """The last ``count`` quarters, oldest first, this one last."""
        return [self.shift(offset) for offset in range(1 - count, 1)]

    def __str__(self) -> str:
        return self.code


def validate_quarter(code: str) -> None:
    try:
        Quarter.parse(code)
    except ValueError as error:
        raise ValidationError(str(error)) from error


_QUARTER = gettext_lazy("季度")


class QuarterField(models.CharField):
    """Six characters ``2026Q3``: sorts in time as text, in every database."""

    default_validators = [validate_quarter]

    def __init__(self, verbose_name: str | Promise = _QUARTER, **kwargs) -> None:
        kwargs["max_length"] = 6
        super().__init__(verbose_name, **kwargs)
