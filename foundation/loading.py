"""Loading reference data: rows in a file become rows in a table, by code, and a second load changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

BATCH = 500


@dataclass(frozen=True)
class Loaded:
    """What a load did. ``kept`` are rows no longer in the data that something still refers to."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0

    @property
    def touched(self) -> int:
        """Rows written or removed."""
        return self.created + self.changed + self.removed

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(
            self.created + other.created,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.removed + other.removed,
            self.kept + other.kept,
        )

    def __str__(self) -> str:
        text = f"{self.created} created, {self.changed} changed, {self.unchanged} unchanged"
        if self.removed or self.kept:
            text += f", {self.removed} removed, {self.kept} kept because in use"
        return text


def upsert(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> Loaded:
    """Create missing rows and change differing ones, by primary key, in bulk. Every row names the same fields,
    by attribute name (``part_id``), its key among them. Rows must come parents first."""
    wanted = {row[_key(model, row)]: row for row in rows}
    present = model._base_manager.in_bulk(list(wanted))
    created = [model(**row) for key, row in wanted.items() if key not in present]
    changed = []
    for key, item in present.items():
        if any(getattr(item, name) != value for name, value in wanted[key].items()):
            for name, value in wanted[key].items():
                setattr(item, name, value)
            changed.append(item)
    model._base_manager.bulk_create(created, batch_size=BATCH)
    if changed:
        model._base_manager.bulk_update(changed, _written(model, next(iter(wanted.values()))), batch_size=BATCH)
    return Loaded(created=len(created), changed=len(changed), unchanged=len(present) - len(changed))


def _key(model: type[models.Model], row: Mapping[str, Any]) -> str:
    name = model._meta.pk.attname
    if name not in row:
        raise ValueError(f"row for {model._meta.label} lacks its key {name!r}: {dict(row)!r}")
    return name


def _written(model: type[models.Model], row: Mapping[str, Any]) -> Sequence[str]:
    return [name for name in row if name != model._meta.pk.attname]


def is_referred_to(item: models.Model) -> bool:
    """Whether any row of any table points at this one."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: item}).exists()
        for relation in item._meta.related_objects
    )
