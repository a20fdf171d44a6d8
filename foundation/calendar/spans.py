"""Spans of days that rows keep: from when to when something was so."""

import datetime

from django.db.models import Q
from django.db.models.expressions import Combinable


def holds_on(day: datetime.date | Combinable, begins: str, ends: str) -> Q:
    """The condition "it was so on that day", by the names of two fields: an unknown beginning lies in the past, what has no
    end goes on, and the day of the end no longer counts. ``day`` may be an expression."""
    begun = Q(**{f"{begins}__isnull": True}) | Q(**{f"{begins}__lte": day})
    return begun & (Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": day}))
