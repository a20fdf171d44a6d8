"""Finds the rows of the register of schools and institutions that records name, when they are handed in."""

from collections import defaultdict

from enterprises.models import Organisation
from foundation.folding import fold
from records.core.effects import Effect, Moving, register_effect
from records.core.models import Record, listed_names

_CHUNK = 500


@register_effect
class NamesFound(Effect):
    order = 11

    def after_save(self, moving: Moving) -> None:
        if not moving.move.hands_in:
            return
        by_model: dict[type[Record], list[Record]] = defaultdict(list)
        for record in moving.records:
            if listed_names(type(record)):
                by_model[type(record)].append(record)
        for model, records in by_model.items():
            find_rows(model, records)


def find_rows(model: type[Record], records: list[Record]) -> None:
    """Keep the row that each name is. Of two of one name in different counties that of the record's county, else none."""
    for field in listed_names(model):
        named = [record for record in records if getattr(record, field.name) or getattr(record, f"{field.row}_id")]
        if not named:
            continue
        known: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
        rows = Organisation.objects.active().filter(kind__in=field.kinds).values_list("pk", "county", "name")
        for pk, county, name in rows:
            known[fold(name)].append((pk, county))
        found: dict[int | None, list[int]] = defaultdict(list)
        for record in named:
            rows_named = known.get(fold(getattr(record, field.name)), [])
            own = [pk for pk, county in rows_named if county == record.county_id or len(rows_named) == 1]
            row = own[0] if own else None
            if getattr(record, f"{field.row}_id") != row:
                setattr(record, f"{field.row}_id", row)
                found[row].append(record.pk)
        for row, keys in found.items():
            for start in range(0, len(keys), _CHUNK):
                model._base_manager.filter(pk__in=keys[start : start + _CHUNK]).update(**{field.row: row})
