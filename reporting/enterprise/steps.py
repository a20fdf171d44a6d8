"""What an enterprise does best next: candidates from whoever knows of any, in one order.

A room that knows of something an enterprise can close registers a source here; the page, the printed summary and the
workbook then show its steps among the others.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from foundation.saying import filled

#: Within so many days something due is due soon.
SOON_DAYS = 7


class Urgency(IntEnum):
    """How pressing a step is, the most pressing first.

    OVERDUE   its day has passed
    RETURNED  an office sent it back and waits
    SOON      due within a week
    DUE       due later
    OPEN      no day is set
    """

    OVERDUE = 0
    RETURNED = 1
    SOON = 2
    DUE = 3
    OPEN = 4

    @classmethod
    def of_day(cls, due: datetime.date, today: datetime.date) -> "Urgency":
        if due < today:
            return cls.OVERDUE
        return cls.SOON if (due - today).days <= SOON_DAYS else cls.DUE


@dataclass(frozen=True)
class Urging:
    """Where an office urges the enterprise about a step: the address that is posted to, and the rows that are ticked."""

    url: str
    ticks: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """One thing to do. ``closes``: how many open matters are closed by it. ``url`` is the form, for the enterprise's own
    people; ``seen_at`` is where others may look at what it is about."""

    title: str
    why: str
    urgency: Urgency
    url: str
    button: str
    closes: int = 1
    due: datetime.date | None = None
    seen_at: str = ""
    urging: Urging | None = None

    @property
    def days_overdue(self) -> int:
        return (timezone.localdate() - self.due).days if self.due else 0

    @property
    def state(self) -> str:
        """How pressing it is, in words; empty where nothing presses."""
        if self.urgency is Urgency.OVERDUE:
            return filled(_("已逾期 %d 天"), self.days_overdue)
        if self.urgency is Urgency.RETURNED:
            return _("已退回")
        if self.due is None:
            return ""
        return filled(_("还有 %d 天"), -self.days_overdue)

    @property
    def tone(self) -> str:
        if self.urgency is Urgency.OVERDUE:
            return "bad"
        return "soon" if self.urgency in (Urgency.RETURNED, Urgency.SOON) else "quiet"


#: Given an enterprise in the register and who looks: the steps that person may know of.
StepSource = Callable[[Enterprise, Actor], Iterable[Step]]

_sources: dict[str, StepSource] = {}


def register_steps(name: str, source: StepSource) -> None:
    """A source under a name of its own; the same one again replaces itself."""
    known = _sources.setdefault(name, source)
    if known is not source:
        raise ValueError(f"a source of steps {name!r} is registered twice")


def in_order(steps: Iterable[Step]) -> list[Step]:
    """The most pressing first; of equally pressing ones what closes most, then what is due first."""
    never = datetime.date.max
    return sorted(steps, key=lambda step: (step.urgency, -step.closes, step.due or never, step.title))


def next_steps(enterprise: Enterprise, viewer: Actor) -> list[Step]:
    """Everything the enterprise can close now, the best first. A closed enterprise does nothing more."""
    if not enterprise.is_active:
        return []
    return in_order(step for source in _sources.values() for step in source(enterprise, viewer))
