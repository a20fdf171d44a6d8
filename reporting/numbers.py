"""How numbers are written in reports. One place, so that every face writes a number the same way."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.ratios import percent_of
from foundation.ui.formats import LEAST_FOR_PERCENT

Number = int | str | None


def running(value: Number) -> str:
    """In running text: plain digits, as official documents print them."""
    return _("未填报") if value is None else str(value)


def tabular(value: Number) -> str:
    """In tables: thousands separated."""
    return _("未填报") if value is None else f"{Decimal(value):,}"


def rate_text(value: Number) -> str:
    """A per cent figure in a table, its unit in the head: one decimal, as in the sentences."""
    return tabular(None) if value is None else f"{Decimal(value):.1f}"


def percent(part: Number, whole: Number) -> str | None:
    """``33.3%``, one decimal; None where a part is missing or the whole is zero."""
    if part is None or whole is None:
        return None
    rate = percent_of(part, whole)
    return None if rate is None else f"{rate}%"


def rate(part: Number, whole: Number) -> str | None:
    """A share in a sentence: None of numbers so small that they speak for themselves, and of a share that rounds to
    nothing."""
    if part is None or whole is None or min(Decimal(part), Decimal(whole)) < LEAST_FOR_PERCENT:
        return None
    return percent(part, whole) if percent_of(part, whole) else None


def chinese_day(iso: str) -> str:
    """``10月10日``, of an ISO date."""
    day = datetime.date.fromisoformat(iso)
    return _("%(m)d月%(d)d日") % {"m": day.month, "d": day.day}


def difference(new: Number, old: Number) -> Decimal | None:
    """None unless both are known."""
    return None if new is None or old is None else Decimal(new) - Decimal(old)


def chinese_number(number: int) -> str:
    """一, 十, 十二, 二十, 三十五: the numbers of headings and counts, below a hundred."""
    digits = "一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{digits[tens - 1]}十"
    return head + (digits[ones - 1] if ones else "")
