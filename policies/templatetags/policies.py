"""Template filters of the policy pages."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def of_code(below: Mapping[str, SafeString], code: str) -> SafeString:
    """What stands below the heading of the measure or part of this code (``policies.beside``)."""
    return below.get(code, SafeString())
