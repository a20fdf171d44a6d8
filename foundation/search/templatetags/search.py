"""Showing where the words of a search were found."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def marked(text: str, terms: tuple[str, ...]) -> SafeString:
    """The text with the words of the search in ``<mark>``; everything is escaped."""
    if not terms:
        return escape(text)
    pieces = re.split("(" + "|".join(map(re.escape, sorted(terms, key=len, reverse=True))) + ")", str(text), flags=re.I)
    shown = (
        format_html("<mark>{}</mark>", piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces)
    )
    return mark_safe("".join(shown))  # noqa: S308 -- every piece is escaped above
