"""Ratios are rounded here and nowhere else: once, from the counts, to one decimal, halves upward.

Rounding what is rounded gives 98.2 for 53 of 54, where the counts say 98.1.
"""

from decimal import ROUND_HALF_UP, Decimal

_STEP = Decimal("0.1")

Count = Decimal | int | str


def per(scale: int | Decimal, part: Count, whole: Count) -> Decimal | None:
    """``part`` in so many of ``whole`` (100: per cent), one decimal; None of nothing."""
    under = Decimal(whole)
    return (Decimal(part) * scale / under).quantize(_STEP, ROUND_HALF_UP) if under else None


def between(start: Decimal, end: Decimal, part: int, whole: int) -> Decimal:
    """Where ``part`` of ``whole`` equal steps from ``start`` to ``end`` lead, one decimal: as a value that is held against
    it is rounded."""
    return (start + (end - start) * part / whole).quantize(_STEP, ROUND_HALF_UP)


def percent_of(part: Count, whole: Count) -> Decimal | None:
    return per(100, part, whole)
