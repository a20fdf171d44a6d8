"""How numbers are written in reports. One place, so that every face writes a number the same way."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

Number = int | str | None


def decimal(value: Number) -> Decimal | None:
    """A snapshot's number for reckoning."""
    return None if value is None else Decimal(value)


def running(value: Number) -> str:
    """In running text: plain digits, as official documents print them."""
    return _("未填报") if value is None else str(value)


def tabular(value: Number) -> str:
    """In tables: thousands separated."""
    return _("未填报") if value is None else f"{Decimal(value):,}"


def percent(part: Number, whole: Number) -> str | None:
    """``33.3%``, one decimal; None where a part is missing or the whole is zero."""
    over, under = decimal(part), decimal(whole)
    if over is None or not under:
        return None
    return f"{(over * 100 / under).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def difference(new: Number, old: Number) -> Decimal | None:
    """None unless both are known."""
    return None if new is None or old is None else Decimal(new) - Decimal(old)
