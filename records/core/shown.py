"""What the portal knows of whoever reports and shows beside a form, so that nobody types it again.

Where it comes from: ``records.core.shown_from``."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from enterprises.models import Base, Enterprise, YearlyProfile
from enterprises.models.base import STANDING
from foundation.calendar.periods import Period
from foundation.labels import Label
from foundation.places.models import Place


class Told(NamedTuple):
    """What a source says: a value as shown, empty where it is not known; the address where it is kept; and, for one that a
    field may take over, the number."""

    text: str = ""
    url: str = ""
    number: Any = None


class Known(NamedTuple):
    """A value as shown, with where it comes from; an empty value is not known yet. ``fills`` is the field that takes
    ``number`` over by one click, empty for none."""

    label: str
    value: str
    source: str
    url: str
    fills: str = ""
    number: str = ""


class Asked:
    """A filer and a period ("" for an event), with what is read of them once for everything that is shown."""

    def __init__(self, filer: Enterprise | Place, period: str) -> None:
        self.filer, self.period = filer, period

    @property
    def enterprise(self) -> Enterprise:
        """Raises ``TypeError`` for an office: whatever is read of enterprises is shown to them alone."""
        if not isinstance(self.filer, Enterprise):
            raise TypeError(f"{self.filer} is no enterprise")
        return self.filer

    @property
    def office(self) -> Place:
        """Raises ``TypeError`` for an enterprise."""
        if not isinstance(self.filer, Place):
            raise TypeError(f"{self.filer} is no office")
        return self.filer

    @cached_property
    def last_day(self) -> datetime.date:
        return Period.parse(self.period).last_day if self.period else timezone.localdate()

    @cached_property
    def profile(self) -> YearlyProfile | None:
        """The profile of the period's year, or the newest before it."""
        rows = YearlyProfile.objects.filter(enterprise=self.enterprise)
        if self.period:
            rows = rows.filter(year__lte=self.last_day.year)
        return rows.order_by("-year").first()

    @cached_property
    def bases(self) -> list[Base]:
        """The enterprise's own that stand today, of every sort, without those that were named after the period."""
        named = Q(named_on__isnull=True) | Q(named_on__lte=self.last_day)
        return list(Base.objects.filter(named, enterprise=self.enterprise, stage__in=STANDING).select_related("sort"))


@dataclass(frozen=True)
class Shown:
    """One thing a kind shows instead of asking. ``of_offices``: it is read of an office, and of enterprises where not.
    ``if_known``: left out while it is not known, where nobody could enter it."""

    label: Label
    source: Label
    read: Callable[[Asked], Told]
    fills: str = ""
    of_offices: bool = False
    if_known: bool = False


def known_of(shown: Sequence[Shown], filer: Enterprise | Place, period: str) -> list[Known]:
    """In the order of the declaration, what is read of whoever files."""
    asked, found = Asked(filer, period), []
    for one in shown:
        if one.of_offices == isinstance(filer, Enterprise):
            continue
        told = one.read(asked)
        if one.if_known and not told.text:
            continue
        number = str(told.number) if one.fills and told.number is not None else ""
        found.append(Known(str(one.label), told.text, str(one.source), told.url, one.fills if number else "", number))
    return found
