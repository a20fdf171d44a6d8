"""A few values as a line the size of a word. Whoever cannot see it reads the values."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, MARGIN = 88, 22, 3


def sparkline(values: Sequence[Decimal | None], label: str, *, is_open: bool = False) -> SafeString:
    """An SVG from zero (or the lowest, below zero) to the highest value; a gap where one is missing. ``label`` tells the
    values in words. ``is_open``: the last one still grows and is drawn as a ring, apart from the line."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return SafeString()
    low, high = min(0.0, *known), max(0.0, *known)
    step = (WIDTH - 2 * MARGIN) / max(1, len(values) - 1)

    def at(number: int, value: Decimal) -> tuple[str, str]:
        share = (float(value) - low) / (high - low) if high > low else 0.0
        return f"{MARGIN + number * step:.1f}", f"{HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN):.1f}"

    pieces: list[list[tuple[str, str]]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            pieces.append([])
        elif not (is_open and number == len(values) - 1):
            pieces[-1].append(at(number, value))
    lines = format_html_join(
        "", '<polyline points="{}"/>', ((" ".join(f"{x},{y}" for x, y in piece),) for piece in pieces if len(piece) > 1)
    )
    dots = format_html_join("", '<circle cx="{}" cy="{}" r="1.5"/>', (piece[-1] for piece in pieces if piece))
    last = values[-1]
    ring = SafeString()
    if is_open and last is not None:
        ring = format_html('<circle class="open" cx="{}" cy="{}" r="2"/>', *at(len(values) - 1, last))
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}"><title>{}</title>{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        label,
        label,
        lines,
        dots,
        ring,
    )
