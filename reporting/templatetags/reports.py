"""Filters of the printed sentences, and of the tables behind charts."""

import re
from decimal import Decimal

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from foundation.ui.formats import amount

register = template.Library()

_NUMBER = re.compile(r"(\d[\d,.]*%?)")


@register.filter
def whole_numbers(text: str) -> SafeString:
    """Text in which no line breaks inside a number: not between its digits, nor before its decimals or its %."""
    parts = _NUMBER.split(text)
    # Numbers stand at the odd positions.
    written = [
        format_html('<span class="whole">{}</span>', part) if at % 2 else escape(part) for at, part in enumerate(parts)
    ]
    return mark_safe("".join(written))  # noqa: S308 -- every part is escaped


@register.filter
def as_shown(value: object) -> object:
    """A number as every page writes it; text as it is."""
    return amount(value) if isinstance(value, Decimal | int) else value
