"""How values look on every page: one function a kind of value, used by template filters and table columns alike.

A value that was not reported is shown as 未填报, never as 0 (``docs/glossary.md``).
"""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.ratios import percent_of

Number = Decimal | int | float | str | None

_QUARTER = re.compile(r"^(20\d\d)Q([1-4])$")
_CHINESE_DIGITS = "一二三四"


def not_reported() -> str:
    """The words for a missing value."""
    return _("未填报")


def _decimal(value: Number) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        # Through text: Decimal(0.1) would show the binary error of the float.
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"not a number: {value!r}") from None


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def amount(value: Number, places: int | None = None) -> str:
    """``1,234`` or ``1,234.5``: thousands separated; ``places`` fixes the decimals, otherwise at most two, without
    trailing zeros."""
    number = _decimal(value)
    if number is None:
        return not_reported()
    if places is not None:
        return f"{_rounded(number, int(places)):,f}"
    text = f"{_rounded(number, 2):,f}"
    return text.rstrip("0").rstrip(".")


def measured(value: Number, unit: object) -> str:
    """A value without its unit: percentages all have one decimal (``61.0``), so that one rate reads alike on every page."""
    return amount(value, 1 if str(unit) in ("%", "％") else None)


def quantity(value: Number, unit: object, places: int | None = None) -> str:
    """``3,000 人``, ``85.5%``: an amount with its unit; a missing one has none."""
    if _decimal(value) is None:
        return not_reported()
    text, unit = amount(value, places), str(unit)
    return f"{text}{unit}" if unit in ("", "%", "％") else f"{text} {unit}"


#: Of what waits, more than this many are written as ``999+``: a page counts no further.
MOST_SHOWN = 999


def up_to_most(count: int, most: int = MOST_SHOWN) -> str:
    """``12``, ``999`` and, for whatever is more, ``999+``."""
    return f"{most}+" if count > most else amount(count)


def wan(value: Number) -> str:
    """Money kept in 万元, with its two decimals; the unit stands in the column head."""
    return amount(value, 2)


def percent(value: Number, missing: str = "—") -> str:
    """A ratio as percent with one decimal: ``0.856`` → ``85.6%``. A ratio that cannot be formed is a dash."""
    number = _decimal(value)
    return missing if number is None else f"{_rounded(number * 100, 1):,f}%"


#: Below this a change in per cent says less than the numbers do.
LEAST_FOR_PERCENT = 10
#: Over fewer enterprises that can be compared it tells what one of them did, and nothing of a region.
LEAST_COMPARED = 5


def growth_rate(value: Number, before: Number, enterprises: int | None = None) -> Decimal | None:
    """The change against ``before`` in per cent; None where that is below ten, where it rounds to nothing, or where both are
    sums over fewer than five ``enterprises`` (None: over all there are, or the values of a single one). The one rule for
    every face that tells a comparison."""
    now, past = _decimal(value), _decimal(before)
    if now is None or past is None or past < LEAST_FOR_PERCENT or now == past:
        return None
    if enterprises is not None and enterprises < LEAST_COMPARED:
        return None
    return percent_of(now - past, past) or None


def growth(value: Number, before: Number, enterprises: int | None = None) -> str:
    """``+3.4%``: the same as text; empty where there is none."""
    share = growth_rate(value, before, enterprises)
    return "" if share is None else f"{share:+,}%"


def change(value: Number, before: Number, enterprises: int | None = None) -> str:
    """``+20（+3.4%）``, ``-3``, ``持平``: how a change is written wherever there is no sentence; a dash where one is unknown."""
    now, past = _decimal(value), _decimal(before)
    if now is None or past is None:
        return "—"
    if now == past:
        return _("持平")
    number = amount(now - past)
    share = growth(now, past, enterprises)
    return (number if now < past else f"+{number}") + (f"（{share}）" if share else "")


def day(value: datetime.date | datetime.datetime | None) -> str:
    """``2026-09-30``, in local time."""
    if value is None or value == "":
        return not_reported()
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d")


def moment(value: datetime.datetime | None) -> str:
    """``2026-09-30 14:05``, in local time; a dash where it has not happened."""
    if value is None or value == "":
        return "—"
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d %H:%M")


def since(value: datetime.datetime) -> str:
    """How long ago, in the one unit that tells: ``3 天``, ``5 小时``, ``12 分钟``, ``不到 1 分钟``."""
    minutes = int((timezone.now() - value).total_seconds() // 60)
    if minutes >= 24 * 60:
        return _("%d 天") % (minutes // (24 * 60))
    if minutes >= 60:
        return _("%d 小时") % (minutes // 60)
    return _("%d 分钟") % minutes if minutes > 0 else _("不到 1 分钟")


def quarter_label(value: object) -> str:
    """``2026Q3`` (or a Quarter) → ``2026年第三季度``; anything else is shown as it is."""
    if value is None or value == "":
        return "—"
    if label := getattr(value, "label", None):
        return str(label)
    if match := _QUARTER.match(str(value)):
        return _("%(year)s年第%(number)s季度") % {"year": match[1], "number": _CHINESE_DIGITS[int(match[2]) - 1]}
    return str(value)


def file_size(value: int | None) -> str:
    """``820 KB`` or ``3.4 MB``."""
    if value is None:
        return "—"
    if value < 1024 * 1024:
        return f"{max(1, round(value / 1024))} KB"
    return f"{value / 1024 / 1024:.1f} MB"
