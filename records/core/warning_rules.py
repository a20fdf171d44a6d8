"""What a rule about something unusual is, and what it may look at. The rules every kind is asked: ``records.core.warnings``."""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.db.models import Q, Sum

from foundation.refusals import Question
from records.core.models import Record, Status

#: Of one day's records, so many are compared.
COMPARED = 20
#: What stands for its enterprise: handed in and not refused.
SPEAKS = (Status.SUBMITTED, Status.APPROVED)

_Record = TypeVar("_Record", bound=Record)
_Reader = TypeVar("_Reader")


class Periods(NamedTuple):
    """The period a record counts in and the one before it, as values of a ``column`` of the base."""

    column: str
    own: str
    last: str


class OnFile:
    """What the filer has on file, of the kind, beside the record that is asked about: read when a rule wants it."""

    def same_day(self, record: Record, wanted: Sequence[str] = ()) -> Sequence[Any]:
        """Others of the day that were not rejected, the newest first, with key, title, status and the fields ``wanted``."""
        others = type(record).objects.filed_by(record.filer).filter(happened_on=record.happened_on)
        others = others.exclude(pk=record.pk).exclude(status=Status.REJECTED)
        return list(others.only("kind", "title", "status", *wanted).order_by("-pk")[:COMPARED])

    def sums(self, record: Record, names: Sequence[str], periods: Periods) -> tuple[dict[str, Any], dict[str, Any]]:
        """The sums of the fields over what else was handed in for the own and for the last period; None for none."""
        own, last = Q(**{periods.column: periods.own}), Q(**{periods.column: periods.last})
        rows = type(record).objects.filed_by(record.filer).filter(own | last, status__in=SPEAKS)
        found = rows.exclude(pk=record.pk).aggregate(
            **{f"own_{name}": Sum(name, filter=own) for name in names},
            **{f"last_{name}": Sum(name, filter=last) for name in names},
        )
        return {name: found[f"own_{name}"] for name in names}, {name: found[f"last_{name}"] for name in names}

    def days(self, record: Record) -> Sequence[datetime.date]:
        """The days of what else was handed in, of all years."""
        rows = type(record).objects.filed_by(record.filer).filter(status__in=SPEAKS)
        found = rows.exclude(pk=record.pk).exclude(happened_on=None).values_list("happened_on", flat=True)
        return [day for day in found if day is not None]

    def of_filer(
        self, record: Record, name: str, read: Callable[[Collection[int]], Mapping[int, Any]], default: Any = None
    ) -> Any:
        """What a rule of its own wants to know of whoever filed the record. ``read`` is given keys of their places and
        answers for those of whom there is something; ``name`` says what it is, for whoever asks about many records."""
        return read([record.filer_id]).get(record.filer_id, default)

    def reader(self, make: Callable[[], _Reader]) -> _Reader:
        """What a rule reads with and keeps for the next record: one of a sort for everything that is asked about together."""
        kept: dict[Any, Any] = self.__dict__.setdefault("_readers", {})
        if make not in kept:
            kept[make] = make()
        reader: _Reader = kept[make]
        return reader

    def announced(self) -> Sequence[Record]:
        """Other records that will be asked about, and were not answered with here before."""
        return ()


class WarningRule(Generic[_Record]):
    """Something unusual. ``check`` yields questions; none means there is nothing to ask.

    citation    of a rule that regulation asks for: source and article, shown with the message
    """

    code: ClassVar[str]
    citation: ClassVar[str] = ""

    def check(self, record: _Record, on_file: OnFile) -> Iterator[Question]:
        raise NotImplementedError
