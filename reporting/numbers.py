"""How numbers are written in reports. One place, so that every face writes a number the same way."""

from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.ratios import percent_of

Number = int | str | None


def running(value: Number) -> str:
    """In running text: plain digits, as official documents print them."""
    return _("未填报") if value is None else str(value)


def tabular(value: Number) -> str:
    """In tables: thousands separated."""
    return _("未填报") if value is None else f"{Decimal(value):,}"


def percent(part: Number, whole: Number) -> str | None:
    """``33.3%``, one decimal; None where a part is missing or the whole is zero."""
    if part is None or whole is None:
        return None
    rate = percent_of(part, whole)
    return None if rate is None else f"{rate}%"


def difference(new: Number, old: Number) -> Decimal | None:
    """None unless both are known."""
    return None if new is None or old is None else Decimal(new) - Decimal(old)
