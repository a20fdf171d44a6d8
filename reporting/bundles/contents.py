"""What belongs to an enterprise's year: its records in the order of the index, and the evidence of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from foundation.calendar.periods import Period, Quarter, Year
from foundation.ui.formats import amount, day
from records.core.kinds import RecordKind, all_kinds
from records.models import Attachment, Record, Status
from reporting.bundles.naming import Names, safe_name

#: What counts as handed in and not refused. Drafts and returned records are the enterprise's own affair.
LISTED = (Status.APPROVED, Status.SUBMITTED)
_NOT_ASKED = "—"


@dataclass
class Evidence:
    """One file: its number in the index (``3-2``: the second of record 3) and where it lies in the ZIP."""

    attachment: Attachment
    number: str
    path: str
    is_missing: bool = False


@dataclass
class Entry:
    """One record of the index."""

    number: int
    record: Record
    kind: RecordKind
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def when(self) -> str:
        """The day of an event, the period of a return."""
        if self.record.happened_on:
            return day(self.record.happened_on)
        period = Period.parse(self.record.period or self.record.quarter)
        return period.label if isinstance(period, Year) else period.code

    @property
    def title(self) -> str:
        marks = [
            label
            for label, holds in (
                (_("补报"), self.record.is_late_entry),
                (_("历史补录"), self.record.is_backfill),
                (_("代填"), self.record.filed_on_behalf),
            )
            if holds
        ]
        return f"{self.record.title}（{'、'.join(marks)}）" if marks else self.record.title

    @property
    def people(self) -> str:
        return self._count("number_of_people")

    @property
    def attendances(self) -> str:
        return self._count("attendances")

    def _count(self, name: str) -> str:
        value = getattr(self.record, name)
        return _NOT_ASKED if value is None and name not in self.kind.fields else amount(value)

    @property
    def is_waiting(self) -> bool:
        return self.record.status == Status.SUBMITTED


@dataclass
class Contents:
    """Everything the bundle holds, in order."""

    enterprise: Enterprise
    year: int
    entries: list[Entry]

    def groups(self, entries: list[Entry] | None = None) -> list[tuple[RecordKind, list[Entry]]]:
        """Entries under their kinds, in the order of the index."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries if entries is None else entries:
            found.setdefault(entry.kind.slug, []).append(entry)
        return [(members[0].kind, members) for members in found.values()]

    def evidence(self) -> Iterator[Evidence]:
        for entry in self.entries:
            yield from entry.evidence

    @property
    def waiting(self) -> int:
        return sum(entry.is_waiting for entry in self.entries)

    @property
    def missing(self) -> list[Evidence]:
        return [one for one in self.evidence() if one.is_missing]

    @property
    def files(self) -> int:
        """Pieces of evidence that are in the ZIP."""
        return sum(not one.is_missing for one in self.evidence())


def listed_records(user: Actor, enterprise: Enterprise) -> QuerySet[Record]:
    """The records of the enterprise that this person's bundle may hold."""
    return Record.objects.visible_to(user).filter(enterprise=enterprise, status__in=LISTED)


def years_of(user: Actor, enterprise: Enterprise) -> list[int]:
    """The years in which there is something to list, the latest first."""
    quarters = listed_records(user, enterprise).order_by().values_list("quarter", flat=True).distinct()
    return sorted({Quarter.parse(code).year for code in quarters}, reverse=True)


def read_contents(user: Actor, enterprise: Enterprise, year: int) -> Contents:
    """The records that count in the year, kind by kind and day by day, with names for their evidence."""
    kinds = {kind.slug: (place, kind) for place, kind in enumerate(all_kinds())}
    records = listed_records(user, enterprise).filter(quarter__gte=f"{year}Q1", quarter__lte=f"{year}Q4")
    found = sorted(
        records.select_related("county"),
        key=lambda row: (kinds[row.kind][0], row.quarter, str(row.happened_on or ""), row.pk),
    )
    entries = [Entry(number, row, kinds[row.kind][1]) for number, row in enumerate(found, 1)]
    contents = Contents(enterprise, year, entries)
    _add_evidence(user, contents, records)
    return contents


def _add_evidence(user: Actor, contents: Contents, records: QuerySet[Record]) -> None:
    of_record: dict[int, list[Attachment]] = {}
    for attachment in Attachment.objects.visible_to(user).filter(record__in=records.order_by().values("pk")):
        if attachment.record_id is not None:
            of_record.setdefault(attachment.record_id, []).append(attachment)
    names = Names()
    for place, (kind, entries) in enumerate(contents.groups(), 1):
        folder = f"{place:02d}_{safe_name(kind.label, fallback=kind.slug)}"
        for entry in entries:
            for number, attachment in enumerate(of_record.get(entry.record.pk, ()), 1):
                name = safe_name(attachment.name, fallback=_("未命名文件"))
                path = names.path(f"{folder}/{entry.number:03d}_{entry.record.reference}", name)
                entry.evidence.append(Evidence(attachment, f"{entry.number}-{number}", path))
