"""Finds, in a migration, the rows of registers that records on file name: what a hand-in does from then on."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from records.core.listed import Names, Whose, kept_rows
from records.core.models import ListedName

#: Records that are read and answered at once.
BATCH = 2_000
_Run = Callable[[StateApps, BaseDatabaseSchemaEditor], None]
_WHOSE = ("enterprise_id", "office_id", "county_id", "city_id", "province_id")


def find_names(app_label: str, model: str, name: str, field: ListedName, *, lines: str = "") -> _Run:
    """For ``RunPython``: the rows of what stands in a field of records that were handed in, or of their ``lines``. Texts stay as
    they are."""
    prefix = "record__" if lines else ""

    def find(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        rows = apps.get_model(app_label, model)._base_manager.filter(**{f"{prefix}first_submitted_at__isnull": False})
        key, position = ("record_id", "position") if lines else ("pk", "pk")
        columns = ("pk", key, position, name, *(prefix + column for column in _WHOSE))
        kept = apps.get_model("records", "NamedRow")
        for part in _parts(rows.exclude(**{name: ""}).order_by("pk").values_list(*columns)):
            names = Names(apps.get_model)
            told = [
                (record, f"{lines}.{number}.{name}" if lines else name, Whose(*whose), text)
                for _pk, record, number, text, *whose in part
            ]
            names.read_texts((whose, field, text) for _record, _path, whose, text in told)
            made = [
                row
                for record, path, whose, text in told
                for row in kept_rows(kept, record, path, names.of_text(whose, field, text))
            ]
            kept.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)

    return find


def carry_over(app_label: str, model: str, name: str, column: str) -> _Run:
    """For ``RunPython``: rows that were kept in a column of the kind's own."""

    def carry(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        rows = apps.get_model(app_label, model)._base_manager.filter(**{f"{column}__isnull": False}).order_by("pk")
        kept = apps.get_model("records", "NamedRow")
        for part in _parts(rows.values_list("pk", name, f"{column}_id")):
            made = [kept(record_id=pk, path=name, name=text, organisation_id=row) for pk, text, row in part]
            kept.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)

    return carry


def _parts(rows: Any) -> Iterator[list[Any]]:
    last = 0
    while part := list(rows.filter(pk__gt=last)[:BATCH]):
        yield part
        last = part[-1][0]
