"""报表填报: the returns that fall due together, as chapters of one sitting, with what is filed of each.

A chapter is a duty; its record is a draft until the whole sitting is handed in. What a chapter holds, and how it is
checked, is the kind's own form.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from enterprises.models import Enterprise
from foundation.calendar.periods import Period, Quarter, Year
from foundation.refusals import Question
from records.core.kinds import RecordKind, area_label, kind_by_slug
from records.core.lines import stored_rows
from records.core.models import Record, Status
from records.core.transitions import check_complete
from records.core.values import label_of, stored
from records.core.warning_rules import SPEAKS
from records.core.warnings import warnings_for
from records.duties.burden import minutes, weight_of
from records.duties.models import Applicability, Duty
from records.duties.queries import unmet

#: Where the questions of the year, and the hand-in, stand among the chapters.
FIRST, LAST = "first", "end"


@dataclass(frozen=True)
class Chapter:
    """One return that is owed, and the record that is filed for it."""

    duty: Duty
    kind: RecordKind
    record: Record | None

    @property
    def key(self) -> str:
        """How an address names the chapter."""
        return f"{self.kind.slug}:{self.duty.period}"

    @property
    def area(self) -> str:
        return area_label(self.kind.area)

    @property
    def period_label(self) -> str:
        return Period.parse(self.duty.period).label

    @property
    def is_open(self) -> bool:
        """It can still be filled in here."""
        return self.record is None or self.record.is_editable

    @property
    def is_begun(self) -> bool:
        return self.record is not None and self.record.is_editable

    @property
    def mark(self) -> str:
        """○ nothing yet · ◐ a draft · ⚠ sent back · ● handed in."""
        if self.record is None:
            return "○"
        if self.record.status == Status.RETURNED:
            return "⚠"
        return "◐" if self.record.is_editable else "●"

    @property
    def state(self) -> str:
        return "todo" if self.record is None else str(self.record.status)


@dataclass(frozen=True)
class Returns:
    """The sitting of an enterprise and quarter. ``circumstances``: its answers for the year, where annual returns are asked."""

    enterprise: Enterprise
    quarter: Quarter
    chapters: Sequence[Chapter]
    circumstances: Applicability | None
    #: What else is owed with the quarter: activities that must take place once a year.
    events: Sequence[tuple[Duty, RecordKind]] = ()

    @property
    def asks_first(self) -> bool:
        """The questions of the year stand in front of the returns of a year."""
        return any(isinstance(Period.parse(chapter.duty.period), Year) for chapter in self.chapters)

    @property
    def year(self) -> Year:
        return Year(self.quarter.year)

    @property
    def keys(self) -> list[str]:
        return [*([FIRST] if self.asks_first else []), *(chapter.key for chapter in self.chapters), LAST]

    @property
    def current(self) -> str:
        """Where to go on: the first that nobody has begun."""
        if self.asks_first and self.circumstances is None:
            return FIRST
        return next((chapter.key for chapter in self.chapters if chapter.record is None), LAST)

    def after(self, key: str) -> str:
        return self.keys[min(self.keys.index(key) + 1, len(self.keys) - 1)]

    def before(self, key: str) -> str | None:
        at = self.keys.index(key)
        return self.keys[at - 1] if at else None

    def chapter(self, key: str) -> Chapter | None:
        return next((chapter for chapter in self.chapters if chapter.key == key), None)

    @property
    def open(self) -> list[Chapter]:
        """Chapters that can still be filled in."""
        return [chapter for chapter in self.chapters if chapter.is_open]

    @property
    def begun(self) -> list[Chapter]:
        return [chapter for chapter in self.chapters if chapter.is_begun]

    @property
    def done(self) -> int:
        """Chapters with something in them."""
        return sum(chapter.record is not None for chapter in self.chapters)

    @property
    def minutes_left(self) -> Decimal:
        return minutes(
            weight_of(chapter.kind, chapter.kind.not_asked(self.enterprise)).seconds
            for chapter in self.chapters
            if chapter.record is None
        )

    @property
    def due(self) -> datetime.date | None:
        """The first day by which something of it that is not handed in has to be."""
        return min((chapter.duty.due for chapter in self.chapters if chapter.duty.fulfilled_at is None), default=None)


def returns_of(enterprise: Enterprise, quarter: Quarter) -> Returns:
    """Three queries, however many chapters there are. Returns of a quarter come before those of a year."""
    duties = Duty.objects.filter(enterprise=enterprise, quarter=quarter.code)
    owed = unmet(duties) | duties.filter(fulfilled_at__isnull=False)
    everything = [(duty, kind_by_slug(duty.kind)) for duty in owed]
    found = [(duty, kind) for duty, kind in everything if kind.is_return]
    events = [(duty, kind) for duty, kind in everything if not kind.is_return and duty.fulfilled_at is None]
    wanted = Q(pk__in=[])
    for duty, kind in found:
        wanted |= Q(kind=kind.slug, period=duty.period)
    filed = {
        (record.kind, record.period): record
        for record in Record.objects.filed_by(enterprise).filter(wanted).exclude(status=Status.REJECTED)
    }
    chapters = [Chapter(duty, kind, filed.get((kind.slug, duty.period))) for duty, kind in found]
    chapters.sort(key=lambda one: (len(one.duty.period) == 4, one.kind.area, one.kind.order, one.kind.slug))
    answers = Applicability.objects.filter(enterprise=enterprise, year=str(quarter.year)).first()
    return Returns(enterprise, quarter, chapters, answers, events)


def last_values(kind: RecordKind, enterprise: Enterprise, *, before: str) -> dict[str, Any]:
    """What the enterprise's last return of the kind says, for one in which nothing has changed; empty when there is none."""
    rows = kind.model.objects.filed_by(enterprise).filter(status__in=SPEAKS, period__lt=before)
    last = rows.order_by("-period").first()
    if last is None:
        return {}
    values: dict[str, Any] = {name: stored(last, name) for name in kind.fields if name != "title"}
    return values | {lines.name: stored_rows(last, lines) for lines in kind.lines}


@dataclass(frozen=True)
class Checked:
    """A chapter before the hand-in: what it lacks, in words, and what is unusual."""

    chapter: Chapter
    lacks: Sequence[tuple[str, str]]
    questions: Sequence[Question]


def checked(chapter: Chapter) -> Checked:
    """What keeps the chapter from being handed in; where nothing does, what is asked about."""
    if chapter.record is None:
        return Checked(chapter, (), ())
    record = chapter.record.specific()
    try:
        check_complete(record)
    except ValidationError as problem:
        lacks = [(label_of(chapter.kind, name), " ".join(said)) for name, said in problem.message_dict.items()]
        return Checked(chapter, lacks, ())
    return Checked(chapter, (), warnings_for(record))
