"""What the numbers of a record are judged by: the enterprise's staff, what it reported the last time, what others in the
county report; of an office's own record, what it reported before."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.fields import field_of
from foundation.saying import filled
from records.core.kinds import RecordKind
from records.core.models import Record, RecordQuerySet, Status

#: The median is of so many of the county's latest records: it moves little with more.
COMPARED = 400


@dataclass(frozen=True)
class JudgedNumber:
    """One number of the record, beside the last ones. ``last`` and ``median`` None: nobody has reported any."""

    label: str
    value: Any
    last: Any
    median: Any
    is_far: bool


@dataclass(frozen=True)
class Context:
    """``last_label`` says what stands under ``last``, ``median_label`` of whose records the medians are."""

    numbers: list[JudgedNumber]
    headcount: int | None
    frontline: int | None
    last_label: str
    median_label: str


#: A number this many times the county's median, or more, is marked.
FAR = 3


def context_of(record: Record, kind: RecordKind) -> Context | None:
    """Three queries; None for a kind that asks for no number."""
    names = [name for name in kind.fields if _is_number(kind, name)]
    if not names:
        return None
    label, last = _last(record, kind, names)
    medians, of_whom = _medians(record, kind, names)
    numbers = []
    for name in names:
        value, median = getattr(record, name), medians[name]
        is_far = value is not None and median is not None and median > 0 and value >= FAR * median
        numbers.append(
            JudgedNumber(str(field_of(kind.model, name).verbose_name), value, last.get(name), median, is_far)
        )
    enterprise = record.enterprise
    staff = (enterprise.headcount, enterprise.frontline_count) if enterprise is not None else (None, None)
    return Context(numbers, *staff, label, of_whom)


def _is_number(kind: RecordKind, name: str) -> bool:
    field = field_of(kind.model, name)
    return isinstance(field, (models.IntegerField, models.DecimalField)) and not field.choices


def _approved(kind: RecordKind) -> RecordQuerySet:
    found: RecordQuerySet = kind.model.objects.filter(status=Status.APPROVED)
    return found


def _last(record: Record, kind: RecordKind, names: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Of a return the values of the period before; of events what the enterprise reported in the quarter before."""
    own = _approved(kind).filed_by(record.filer).exclude(pk=record.pk)
    if kind.is_return:
        before = own.filter(period__lt=record.period or "").order_by("-period").values("title", *names).first()
        return (_("上期"), dict(before)) if before else (_("上期"), {})
    quarter = Quarter.parse(record.quarter).previous()
    found = own.filter(quarter=quarter.code).aggregate(count=Count("pk"), **{name: Sum(name) for name in names})
    return filled(_("上季度合计（%d 条）"), found["count"]), found


def _medians(record: Record, kind: RecordKind, names: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Of the latest approved records of the kind that are like this one, the filer's own among them; and of whom these
    are."""
    like, label = _like(record)
    rows = list(_approved(kind).filter(like).exclude(pk=record.pk).order_by("-pk").values_list(*names)[:COMPARED])
    medians: dict[str, Any] = {}
    for number, name in enumerate(names):
        known = [row[number] for row in rows if row[number] is not None]
        medians[name] = _plain(statistics.median(known)) if known else None
    return medians, filled(label, len(rows))


def _like(record: Record) -> tuple[Q, str]:
    """Of an enterprise's record those of its county. Of an office's its own: whoever reviews them may not see others'."""
    if record.office_id is not None:
        return Q(office=record.office_id), _("本级以往中位数（%d 条）")
    return Q(county=record.county_id), _("本县中位数（%d 条）")


def _plain(value: Any) -> Any:
    """A median between two whole numbers may end in a half; one that does not is whole."""
    found = Decimal(str(value))
    return int(found) if found == found.to_integral_value() else found
