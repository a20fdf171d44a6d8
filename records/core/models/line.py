"""Lines of a record: rows of a child table that belong to one record, are filed, reviewed and replaced with it."""

import copy
import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple, TypeVar

from django.db import models
from django.db.models.fields.related_descriptors import ReverseManyToOneDescriptor
from django.utils.translation import gettext_lazy as _

from records.core.models.record import Record

_CHUNK = 500

_ST = TypeVar("_ST")
_GT = TypeVar("_GT")


class _Kept(NamedTuple):
    """Lines as they are held with their record: ``is_new`` ones replace those of the table when the record is saved."""

    rows: "tuple[RecordLine, ...]"
    is_new: bool


def _kept(rel: Any, record: Any) -> _Kept:
    """In the cache in which Django keeps what a relation leads to: it goes when the record is read again."""
    kept: _Kept = rel.get_cached_value(record)
    return kept


def _keep(rel: Any, record: Any, kept: _Kept) -> None:
    rel.set_cached_value(record, kept)


class LinesOf(ReverseManyToOneDescriptor):  # type: ignore[type-arg]  # generic in the stubs only
    """``session.agenda``: the record's lines in their order, read once. Lines that are set (as instances or as values by
    field) are held with the record, and written by the actions that write it."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        if not self.rel.is_cached(instance):
            read_lines([instance])
        return _kept(self.rel, instance).rows

    def __set__(self, instance: Any, value: Any) -> None:  # type: ignore[override]  # Django's own refuses to be set
        model: type[RecordLine] = self.rel.related_model  # type: ignore[assignment]  # a line's own key, by its class
        rows = tuple(_fresh(model, row, number, instance) for number, row in enumerate(value or (), 1))
        _keep(self.rel, instance, _Kept(rows, True))


def _fresh(model: "type[RecordLine]", row: "RecordLine | Mapping[str, Any]", number: int, record: Any) -> "RecordLine":
    """A line of the record's own, not saved: another record may hold the one it was made from."""
    if isinstance(row, RecordLine):
        made = copy.copy(row)
        made.pk, made._state.adding = None, True
    else:
        references = {field.name: field.attname for field in model.own_fields() if field.is_relation}
        # Of a reference the row it names, or its key.
        keyed = {n: references[n] for n in row if n in references and not isinstance(row[n], models.Model)}
        made = model(**{keyed.get(name, name): value for name, value in row.items()})
    made.position, made.record = number, record
    return made


class LineOf(models.ForeignKey[_ST, _GT]):
    """The record a line belongs to. ``related_name`` is the name of the lines on the record, whose attribute is their
    list and no manager; in queries it is the relation, as of any key."""

    related_accessor_class = LinesOf

    def __init__(
        self, to: Any, on_delete: Any = models.CASCADE, related_name: str | None = None, **kwargs: Any
    ) -> None:
        kwargs = {"editable": False, "db_index": False, **kwargs}
        super().__init__(to, on_delete, related_name=related_name, **kwargs)

    def deconstruct(self) -> Any:
        # To the database, and so to migrations, it is a key like any other.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


class RecordLine(models.Model):
    """Base of all. A concrete class has ``record = LineOf(…)``, its own fields, and a ``Meta`` that inherits this one's.

    Every own field may be empty, because a draft's line may be half filled; the declaration (``records.core.lines.Lines``)
    says what a hand-in needs."""

    record: Any
    record_id: Any
    position = models.PositiveSmallIntegerField(_("行"), editable=False)

    #: (part, whole) among the line's own fields: a part above its whole is refused.
    parts: ClassVar[tuple[tuple[str, str], ...]] = ()
    #: (part, whole): the same, where the whole is a field of the record.
    parts_of_record: ClassVar[tuple[tuple[str, str], ...]] = ()

    class Meta:
        abstract = True
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="%(app_label)s_%(class)s_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}.{self.position}"

    @classmethod
    def own_fields(cls) -> "list[models.Field[Any, Any]]":
        return [field for field in cls._meta.concrete_fields if field.name not in ("id", "record", "position")]


@functools.cache
def line_relations(model: type[models.Model]) -> tuple[Any, ...]:
    """The relations of a kind's model to its lines."""
    return tuple(rel for rel in model._meta.related_objects if issubclass(rel.related_model, RecordLine))


def _by_model(records: Iterable[Record]) -> dict[type[Record], list[Record]]:
    found: dict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        if line_relations(type(record)):
            found[type(record)].append(record)
    return found


def read_lines(records: Iterable[Record]) -> None:
    """Read the lines of many records (each the specific row) that are not held yet, in a query for each sort of line."""
    for model, members in _by_model(records).items():
        for rel in line_relations(model):
            fresh = {record.pk: record for record in members if not rel.is_cached(record)}
            rows: dict[Any, list[RecordLine]] = {pk: [] for pk in fresh}
            for keys in _parts([pk for pk in fresh if pk is not None]):
                for line in _lines(rel.related_model).filter(record__in=keys).order_by("record", "position"):
                    rows[line.record_id].append(line)
            for record in members:
                if not rel.is_cached(record):
                    for line in rows[record.pk] if record.pk is not None else ():
                        line.record = record
                    _keep(rel, record, _Kept(tuple(rows.get(record.pk, ()) if record.pk else ()), False))


def _lines(model: type[RecordLine]) -> "models.QuerySet[Any]":
    """The lines with the rows they refer to: a page of thirty lines asks once."""
    references = [field.name for field in model.own_fields() if field.is_relation]
    # The caller has the records, and with them the right to their lines.
    rows: models.QuerySet[Any] = model._base_manager.all()
    return rows.select_related(*references) if references else rows


def write_lines(records: Iterable[Record]) -> None:
    """Put the lines that were set on saved records in place of those of the table: a DELETE and an INSERT a batch."""
    for model, members in _by_model(records).items():
        for rel in line_relations(model):
            changed = [r for r in members if rel.is_cached(r) and _kept(rel, r).is_new]
            lines: models.Manager[Any] = rel.related_model._base_manager
            for keys in _parts([record.pk for record in changed]):
                lines.filter(record__in=keys).delete()
            rows = []
            for record in changed:
                for line in _kept(rel, record).rows:
                    line.pk, line.record_id = None, record.pk
                    rows.append(line)
            lines.bulk_create(rows, batch_size=_CHUNK)
            for record in changed:
                _keep(rel, record, _Kept(_kept(rel, record).rows, False))


def _parts(keys: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
