"""Columns that are worked out of another one."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from foundation.folding import fold

#: Rows of a full table that are filled in one transaction.
BATCH = 2_000


class FoldedField(models.CharField):  # type: ignore[type-arg]  # generic in the stubs only
    """The key of a name in the column ``of``: what two spellings of one name have in common (``foundation.folding``).

    Written with the row. Whoever updates only some columns names both of them; ``bulk_update`` and ``update`` write what
    they are given."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = fold(getattr(model_instance, self.of) or "")[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


def fill_folded(
    app_label: str, model: str, *, name: str, of: str
) -> Callable[[StateApps, BaseDatabaseSchemaEditor], None]:
    """For ``RunPython`` in a migration that says ``atomic = False``: fills the column of a full table by parts, each in a
    transaction of its own; begun again it goes on with what is empty."""

    def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        rows = apps.get_model(app_label, model)._base_manager.using(schema_editor.connection.alias)
        for part in _parts(rows, name):
            for row in part:
                setattr(row, name, fold(getattr(row, of))[: row._meta.get_field(name).max_length])
            rows.bulk_update(part, [name], batch_size=500)

    return fill


def _parts(rows: Any, name: str) -> Iterator[list[Any]]:
    last: Any = None
    while True:
        waiting = rows.filter(**{name: ""}).order_by("pk")
        part = list((waiting.filter(pk__gt=last) if last is not None else waiting)[:BATCH])
        if not part:
            return
        last = part[-1].pk
        yield part
