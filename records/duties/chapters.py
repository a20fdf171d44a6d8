"""报表填报: the returns that fall due together, as chapters of one sitting, with what is filed of each.

A chapter is a duty; its record is a draft until the whole sitting is handed in. What a chapter holds, and how it is
checked, is the kind's own form.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Base, BaseReview, Enterprise
from enterprises.models.base import STANDING
from enterprises.profiles.queries import open_years
from foundation.calendar.periods import Period, Quarter, Year
from foundation.facts.declaring import Nature, YearBasis
from foundation.refusals import Question
from foundation.saying import filled
from records.core.kinds import RecordKind, area_label, kind_by_slug
from records.core.lines import stored_rows
from records.core.models import Record, Status
from records.core.transitions import check_complete, empty_required
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

    @cached_property
    def lacks(self) -> Sequence[tuple[str, str]]:
        """What keeps the draft from being handed in: the label of each field, and what is wrong with it in words; no words
        where it is only empty. Nothing of a chapter that nobody has begun."""
        if self.record is None or not self.record.is_editable:
            return ()
        record = self.record.specific()
        try:
            check_complete(record)
        except ValidationError as problem:
            empty = empty_required(record)
            return [
                (label_of(self.kind, name), "" if name in empty else " ".join(said))
                for name, said in problem.message_dict.items()
            ]
        return ()

    @property
    def lacking_labels(self) -> str:
        """Everything that is lacking or wrong, by name."""
        return "、".join(label for label, _said in self.lacks)

    @property
    def empty_labels(self) -> str:
        """What is lacking because it is empty, by name."""
        return "、".join(label for label, said in self.lacks if not said)

    @property
    def mark(self) -> str:
        """○ nothing yet · ◐ a draft that lacks something · ✓ a draft filled in · ⚠ sent back · ● handed in."""
        if self.record is None:
            return "○"
        if self.record.status == Status.RETURNED:
            return "⚠"
        if not self.record.is_editable:
            return "●"
        return "◐" if self.lacks else "✓"

    @property
    def state(self) -> str:
        """How far it is, in words: a draft that can be handed in is told from one that cannot."""
        if self.record is None:
            return _("未填")
        status = self.record.get_status_display()
        if self.lacks:
            return filled(_("%(status)s，还缺 %(count)d 项"), {"status": status, "count": len(self.lacks)})
        is_filled = self.record.is_editable and self.record.status != Status.RETURNED
        return _("%s，已填好") % status if is_filled else status


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

    @cached_property
    def bases_to_review(self) -> list[Base]:
        """The enterprise's bases of which nobody has told the year before yet, beside the returns of a year."""
        year = self.quarter.year - 1
        if not self.asks_first or year not in open_years():
            return []
        told = BaseReview.objects.filter(base=OuterRef("pk"), year=year)
        return list(
            Base.objects.filter(~Exists(told), enterprise=self.enterprise, stage__in=STANDING).select_related("sort")
        )

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
    def first_incomplete(self) -> Chapter | None:
        """Where something is missing first: a draft that lacks something; where none does, what nobody has begun."""
        lacking = [chapter for chapter in self.open if chapter.lacks]
        return next(iter([*lacking, *(chapter for chapter in self.open if chapter.record is None)]), None)

    @property
    def begun(self) -> list[Chapter]:
        return [chapter for chapter in self.chapters if chapter.is_begun]

    @property
    def done(self) -> int:
        """Chapters with something in them."""
        return sum(chapter.record is not None for chapter in self.chapters)

    @property
    def minutes_left(self) -> Decimal:
        # By what the kinds ask of themselves: an estimate needs no query for what the province took in or out.
        return minutes(
            weight_of(chapter.kind, chapter.kind.left_out(self.enterprise, {})).seconds
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
    today = timezone.localdate()
    return values | {lines.name: lines.in_force(stored_rows(last, lines), today) for lines in kind.lines}


def tells_events(kind: RecordKind, values: Mapping[str, Any]) -> bool:
    """Whether the values of a return tell something that happened in its period, or how much of a whole year. A state may
    stand for the next period as it is; what happened once would be counted twice."""
    for fact in kind.facts:
        is_of_the_year = fact.year_basis is YearBasis.CLOSED_YEAR and bool(fact.amount)
        if fact.nature is not Nature.FLOW and not is_of_the_year:
            continue
        if fact.lines:
            rows = values.get(fact.lines) or ()
            if any(row.get(fact.amount) for row in rows) if fact.amount else rows:
                return True
        elif fact.amount and values.get(fact.amount):
            return True
    return False


@dataclass(frozen=True)
class Checked:
    """A chapter before the hand-in, and what is unusual in it."""

    chapter: Chapter
    questions: Sequence[Question]


def checked(chapter: Chapter) -> Checked:
    """A chapter before the hand-in: where nothing keeps it from that, with what is asked about."""
    if chapter.record is None or chapter.lacks:
        return Checked(chapter, ())
    return Checked(chapter, warnings_for(chapter.record.specific()))
