"""What looks unusual in a record but may be right: pointed out before it is handed in, confirmed with a word of reason.

A rule of law or arithmetic refuses (``records.business_rules``, the model's ``clean()``); a warning only asks. Every
kind is asked what ``STANDARD`` lists; a kind adds its own through ``RecordKind.warnings``. Bulk actions have nobody to
ask and do not warn: the reviewer sees the same warnings beside the record, however it came in.
"""

import difflib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext as _

from foundation.calendar.quarters import Quarter
from records.facts import Nature
from records.kinds import RecordKind, Rhythm, kind_of
from records.models import Record, Status

#: Titles at least this alike (``difflib``) are taken for the same activity.
ALIKE = 0.8
#: How many times the last quarter's figure is unusual, and from which figure on it is worth asking.
TIMES, WORTH_ASKING = 3, 30
#: What stands for its enterprise: handed in and not refused.
_SPEAKS = (Status.SUBMITTED, Status.APPROVED)


class Warning(NamedTuple):
    """``key`` names what was warned of, so that a confirmation is known to be about it; ``records`` to look at."""

    key: str
    field: str
    message: str
    records: tuple[Record, ...] = ()


class WarningRule:
    """Something unusual. ``check`` yields warnings; none means there is nothing to ask."""

    code: ClassVar[str]

    def check(self, record: Record) -> Iterator[Warning]:
        raise NotImplementedError


class LikelyDuplicate(WarningRule):
    """Another record of the enterprise: same kind, same day, and a similar title or the same speaker."""

    code = "duplicate"

    def check(self, record: Record) -> Iterator[Warning]:
        if record.happened_on is None:
            return
        kind = kind_of(record)
        same_day = kind.model.objects.filter(enterprise_id=record.enterprise_id, happened_on=record.happened_on)
        others = same_day.exclude(pk=record.pk).exclude(status=Status.REJECTED).select_related("county")
        twins = tuple(other for other in others.order_by("-pk")[:20] if _alike(kind, record, other))
        if twins:
            names = "、".join(f"“{twin.title}”" for twin in twins[:3])
            message = _("%(day)s 已经有相似的记录：%(names)s。请确认不是同一场活动填了两次。")
            yield Warning(
                f"{self.code}:{twins[0].pk}",
                "title",
                message % {"day": record.happened_on, "names": names},
                twins[:3],
            )


def _alike(kind: RecordKind, one: Record, other: Record) -> bool:
    if any(getattr(one, name) and getattr(one, name) == getattr(other, name) for name in kind.twin_fields):
        return True
    return difflib.SequenceMatcher(None, one.title, other.title).ratio() >= ALIKE


class MorePeopleThanStaff(WarningRule):
    """More people took part than the register says the enterprise has."""

    code = "people"

    def check(self, record: Record) -> Iterator[Warning]:
        people, staff = record.number_of_people, record.enterprise.headcount
        if people is not None and staff is not None and people > staff:
            message = _(
                "参加人数（%(people)d）超过了企业名录中的职工人数（%(staff)d）。请核对；职工人数有变化的，请更新企业信息。"
            )
            yield Warning(f"{self.code}:{people}", "number_of_people", message % {"people": people, "staff": staff})


class ManyTimesLastPeriod(WarningRule):
    """With this record, the period's figure rises above three times the last one's.

    Asked once: of the record that carries the figure over, not of those after it."""

    code = "times"

    def check(self, record: Record) -> Iterator[Warning]:
        kind = kind_of(record)
        names = list(dict.fromkeys(f.amount for f in kind.facts if f.amount and f.nature is not Nature.STOCK))
        names = [name for name in names if isinstance(getattr(record, name), int | Decimal)]
        last_period = _periods(kind, record)
        if not names or last_period is None:
            return
        so_far, last = (_figures(kind, record, names, period) for period in last_period)
        for name in names:
            before, now = so_far[name] or 0, (so_far[name] or 0) + getattr(record, name)
            if last[name] and now >= WORTH_ASKING and before <= TIMES * last[name] < now:
                label = record._meta.get_field(name).verbose_name
                message = _("“%(label)s”加上这一条达到 %(now)s，是上期（%(last)s）的三倍以上。请核对有没有多填一位。")
                yield Warning(
                    f"{self.code}:{name}:{now}", name, message % {"label": label, "now": now, "last": last[name]}
                )


def _periods(kind: RecordKind, record: Record) -> tuple[dict[str, str], dict[str, str]] | None:
    """The conditions of the record's own period and of the one before it."""
    if kind.rhythm is Rhythm.ANNUAL:
        year = int(record.period or Quarter.parse(record.quarter).year)
        return {"period": str(year)}, {"period": str(year - 1)}
    if not record.quarter:
        return None
    return {"quarter": record.quarter}, {"quarter": Quarter.parse(record.quarter).previous().code}


def _figures(kind: RecordKind, record: Record, names: list[str], period: dict[str, str]) -> dict[str, Any]:
    rows: models.QuerySet[Record] = kind.model.objects.filter(
        enterprise_id=record.enterprise_id, status__in=_SPEAKS, **period
    )
    return rows.exclude(pk=record.pk).aggregate(**{name: Sum(name) for name in names})


#: What every kind is asked.
STANDARD: tuple[type[WarningRule], ...] = (LikelyDuplicate, MorePeopleThanStaff, ManyTimesLastPeriod)


def warnings_for(record: Record) -> list[Warning]:
    """Everything unusual in the record as it stands in memory. ``record`` must be the specific row, placed in time."""
    rules = (*STANDARD, *kind_of(record).warnings)
    return [warning for rule in rules for warning in rule().check(record)]
