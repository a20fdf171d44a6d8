"""The questions of ``records.core.warnings`` for a whole workbook: what is on file is read once an enterprise, and each row
that is fit counts for the rows after it."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Sum

from records.core.kinds import RecordKind
from records.core.models import Record, Status
from records.core.warnings import COMPARED, SPEAKS, OnFile, own_and_last_period, summed_fields

_Period = tuple[tuple[str, str], ...]


class SheetOnFile(OnFile):
    """What the enterprises of a workbook have on file, with its own rows so far."""

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind
        self._fields = summed_fields(kind)
        self._records: dict[int, dict[datetime.date, list[Record]]] = {}
        self._sums: dict[tuple[int, _Period], dict[str, Any]] = {}

    def add(self, record: Record) -> None:
        """The row is fit: from now on it is on file."""
        if record.happened_on is not None:
            self._of(record)[record.happened_on].append(record)
        if (periods := own_and_last_period(self.kind, record)) is not None:
            sums = self._sums_of(record, periods[0])
            for name in self._fields:
                if (value := getattr(record, name)) is not None:
                    sums[name] = (sums[name] or 0) + value

    def same_day(self, kind: RecordKind, record: Record) -> Sequence[Record]:
        newest_first = reversed(self._of(record).get(record.happened_on, []))
        return [other for other in newest_first if other.pk is None or other.pk != record.pk][:COMPARED]

    def figures(self, kind: RecordKind, record: Record, names: Sequence[str], period: dict[str, str]) -> dict[str, Any]:
        sums = self._sums_of(record, period)
        return {name: sums[name] for name in names}

    def days(self, kind: RecordKind, record: Record) -> Sequence[datetime.date]:
        of_enterprise = self._of(record)
        return [
            day
            for day, others in of_enterprise.items()
            if any(_speaks(other) for other in others if other is not record)
        ]

    def _of(self, record: Record) -> dict[datetime.date, list[Record]]:
        """The enterprise's records of the kind by day, oldest first."""
        if record.enterprise_id not in self._records:
            by_day: dict[datetime.date, list[Record]] = defaultdict(list)
            rows = self.kind.model.objects.filter(enterprise_id=record.enterprise_id, happened_on__isnull=False)
            wanted = ("kind", "title", "status", "happened_on", "enterprise_id", *self.kind.twin_fields)
            for row in rows.exclude(status=Status.REJECTED).only(*wanted).order_by("pk"):
                by_day[row.happened_on].append(row)
            self._records[record.enterprise_id] = by_day
        return self._records[record.enterprise_id]

    def _sums_of(self, record: Record, period: dict[str, str]) -> dict[str, Any]:
        key = (record.enterprise_id, tuple(sorted(period.items())))
        if key not in self._sums:
            rows = self.kind.model.objects.filter(enterprise_id=record.enterprise_id, status__in=SPEAKS, **period)
            empty = dict.fromkeys(self._fields)
            self._sums[key] = rows.aggregate(**{name: Sum(name) for name in self._fields}) if self._fields else empty
        return self._sums[key]


def _speaks(record: Record) -> bool:
    """Handed in, or a row of the workbook that will be."""
    return record.pk is None or record.status in SPEAKS
