"""Rows that many tests start from, made once in a process by the actions and put in again by one INSERT a table.

Making the cast takes some fifty milliseconds of CPU, and nearly every test wants one.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction


def _tables() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and not model._meta.parents:
            yield model


def _rows() -> dict[type[models.Model], dict[Any, models.Model]]:
    """Of every table, in the order of the keys: what stood in for another comes after it."""
    return {model: {row.pk: row for row in model._base_manager.order_by("pk")} for model in _tables()}


def _stored(row: models.Model) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


@dataclass(frozen=True)
class KeptRows:
    """What ``make`` returned, and the rows it wrote."""

    made: Any
    rows: dict[type[models.Model], list[models.Model]]

    @classmethod
    def of(cls, make: Callable[[], Any]) -> "KeptRows":
        """Make it, note what was written, and take it back. Rows that were there must stand as they did: only new ones are
        put in again (``AssertionError``)."""
        with transaction.atomic():
            before = _rows()
            made = make()
            new: dict[type[models.Model], list[models.Model]] = {}
            for model, rows in _rows().items():
                for pk, old in before[model].items():
                    assert pk in rows and _stored(rows[pk]) == _stored(old), f"{model.__name__} {pk} was changed"
                if written := [row for pk, row in rows.items() if pk not in before[model]]:
                    new[model] = written
            transaction.set_rollback(True)
        return cls(made, new)

    def put_in(self) -> Any:
        """The rows once more, with their keys; a copy of what was made."""
        for model, rows in self.rows.items():
            model._base_manager.bulk_create([copy.copy(row) for row in rows])
        return copy.deepcopy(self.made)
