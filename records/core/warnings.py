"""What looks unusual in a record but may be right: pointed out before it is handed in, confirmed with a word of reason.

A rule of law or arithmetic refuses (``records.core.business_rules``, the model's ``clean()``); a warning only asks. Every
kind is asked what ``STANDARD`` lists; a kind adds its own through ``RecordKind.warnings``. What the rules look at besides
the record comes through ``OnFile``, so that a workbook of thousands is asked the same questions without thousands of
queries (``records.exchange.questions``).
"""

import dataclasses
import datetime
import difflib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Sum
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter, Year
from foundation.facts.declaring import Nature
from foundation.fields import label_of_field
from foundation.refusals import Question
from records.core.kinds import RecordKind, Rhythm, kind_of
from records.core.models import Record, Status

#: Titles at least this alike (``difflib``) are taken for the same activity.
ALIKE = 0.8
#: Of one day's records, so many are compared.
COMPARED = 20
#: How many times the last quarter's figure is unusual, and from which figure on it is worth asking.
TIMES, WORTH_ASKING = 3, 30
#: What stands for its enterprise: handed in and not refused.
SPEAKS = (Status.SUBMITTED, Status.APPROVED)


_Record = TypeVar("_Record", bound=Record)


class OnFile:
    """What the enterprise has on file beside the record that is asked about: read when a rule wants it."""

    def same_day(self, kind: RecordKind, record: Record) -> Sequence[Record]:
        """Other records of the kind and day, the newest first, without those that were rejected."""
        others = kind.model.objects.filter(enterprise_id=record.enterprise_id, happened_on=record.happened_on)
        others = others.exclude(pk=record.pk).exclude(status=Status.REJECTED).select_related("county")
        return list(others.order_by("-pk")[:COMPARED])

    def figures(self, kind: RecordKind, record: Record, names: Sequence[str], period: dict[str, str]) -> dict[str, Any]:
        """The sums of the fields over what else was handed in for the period; None where nothing was."""
        rows = kind.model.objects.filter(enterprise_id=record.enterprise_id, status__in=SPEAKS, **period)
        return rows.exclude(pk=record.pk).aggregate(**{name: Sum(name) for name in names})

    def days(self, kind: RecordKind, record: Record) -> Sequence[datetime.date]:
        """The days of what else was handed in, of all years."""
        rows = kind.model.objects.filter(enterprise_id=record.enterprise_id, status__in=SPEAKS)
        return list(rows.exclude(pk=record.pk).exclude(happened_on=None).values_list("happened_on", flat=True))


class WarningRule(Generic[_Record]):
    """Something unusual. ``check`` yields questions; none means there is nothing to ask.

    citation    of a rule that regulation asks for: source and article, shown with the message
    """

    code: ClassVar[str]
    citation: ClassVar[str] = ""

    def check(self, record: _Record, on_file: OnFile) -> Iterator[Question]:
        raise NotImplementedError


class LikelyDuplicate(WarningRule[Record]):
    """Another record of the enterprise: same kind, same day, and a similar title or the same speaker."""

    code = "duplicate"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        if record.happened_on is None:
            return
        kind = kind_of(record)
        twins = tuple(other for other in on_file.same_day(kind, record) if _alike(kind, record, other))
        if twins:
            names = "、".join(f"“{twin.title}”" for twin in twins[:3])
            message = _("%(day)s 已经有相似的记录：%(names)s。请确认不是同一场活动填了两次。")
            yield Question(
                self.code,
                "title",
                message % {"day": record.happened_on, "names": names},
                tuple(twin for twin in twins[:3] if twin.pk),
            )


def _alike(kind: RecordKind, one: Record, other: Record) -> bool:
    if any(getattr(one, name) and getattr(one, name) == getattr(other, name) for name in kind.twin_fields):
        return True
    match = difflib.SequenceMatcher(None, one.title, other.title)
    # The first two are upper bounds that cost next to nothing.
    return match.real_quick_ratio() >= ALIKE and match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE


class FewerTimesThanPeople(WarningRule[Record]):
    """人次 below 人数: whoever takes part is there at least once."""

    code = "attendances"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        people, times = record.number_of_people, record.attendances
        if people is not None and times is not None and times < people:
            message = _("参加人次（%(times)d）少于参加人数（%(people)d）。每人至少参加一次，请核对两个数。")
            words = message % {"times": times, "people": people}
            yield Question(self.code, "attendances", words)


class PartAboveWhole(WarningRule[Record]):
    """A part above what it is usually a part of, 一线 above 总数 above all: dispatched workers may explain it."""

    code = "part"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        for name, within in record.usual_parts:
            part, whole = getattr(record, name), getattr(record, within)
            if part is None or whole is None or part <= whole:
                continue
            label, whole_label = (label_of_field(record, field) for field in (name, within))
            message = _(
                "“%(part)s”（%(some)s）超过了“%(whole)s”（%(all)s）。请核对两个数；含派遣等不在册人员的请写明。"
            )
            words = message % {"part": label, "some": part, "whole": whole_label, "all": whole}
            yield Question(self.code, name, words)


class MorePeopleThanStaff(WarningRule[Record]):
    """More people took part than the register says the enterprise has."""

    code = "people"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        people, staff = record.number_of_people, record.enterprise.headcount
        if people is not None and staff is not None and people > staff:
            message = _(
                "参加人数（%(people)d）超过了企业名录中的职工人数（%(staff)d）。请核对；职工人数有变化的，请更新企业信息。"
            )
            yield Question(self.code, "number_of_people", message % {"people": people, "staff": staff})


class ManyTimesLastPeriod(WarningRule[Record]):
    """With this record, the period's figure rises above three times the last one's.

    Asked once: of the record that carries the figure over, not of those after it."""

    code = "times"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        kind = kind_of(record)
        names = [name for name in summed_fields(kind) if isinstance(getattr(record, name), int | Decimal)]
        periods = own_and_last_period(kind, record)
        if not names or periods is None:
            return
        so_far, last = (on_file.figures(kind, record, names, period) for period in periods)
        for name in names:
            before, now = so_far[name] or 0, (so_far[name] or 0) + getattr(record, name)
            if last[name] and now >= WORTH_ASKING and before <= TIMES * last[name] < now:
                label = label_of_field(record, name)
                message = _("“%(label)s”加上这一条达到 %(now)s，是上期（%(last)s）的三倍以上。请核对有没有多填一位。")
                yield Question(self.code, name, message % {"label": label, "now": now, "last": last[name]})


def summed_fields(kind: RecordKind) -> list[str]:
    """The fields of a kind whose sums are figures of a period."""
    return list(dict.fromkeys(fact.amount for fact in kind.facts if fact.amount and fact.nature is not Nature.STOCK))


def own_and_last_period(kind: RecordKind, record: Record) -> tuple[dict[str, str], dict[str, str]] | None:
    """The conditions of the record's own period and of the one before it; None for one not placed in time."""
    if kind.rhythm is Rhythm.ANNUAL:
        year = Year.parse(record.period or record.quarter[:4])
        return {"period": year.code}, {"period": year.previous().code}
    if not record.quarter:
        return None
    return {"quarter": record.quarter}, {"quarter": Quarter.parse(record.quarter).previous().code}


#: What every kind is asked.
STANDARD: tuple[type[WarningRule[Any]], ...] = (
    LikelyDuplicate,
    FewerTimesThanPeople,
    PartAboveWhole,
    MorePeopleThanStaff,
    ManyTimesLastPeriod,
)


def warnings_for(record: Record, on_file: OnFile | None = None) -> list[Question]:
    """Everything unusual in the record as it stands in memory. ``record`` must be the specific row, placed in time.

    ``on_file``: what is known already, for whoever asks about many records."""
    found = on_file or OnFile()
    rules = (*STANDARD, *kind_of(record).warnings)
    return [_sourced(rule, question) for rule in rules for question in rule().check(record, found)]


def _sourced(rule: type[WarningRule[Any]], question: Question) -> Question:
    if not rule.citation:
        return question
    return dataclasses.replace(question, message=f"{question.message}（{_('依据：')}{rule.citation}）")
