"""A record's values as JSON, and what differs between two of them."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from foundation.fields import field_of, label_of_field, target_of
from foundation.labels import Label
from records.core.kinds import RecordKind, kind_by_slug
from records.core.models import Record


class Difference(NamedTuple):
    """One field that changed, with both values as people read them."""

    field: str
    label: str
    old: str
    new: str


def stored(record: Record, name: str) -> Any:
    """The value as its column holds it: of a reference the key, and nothing is read for it."""
    return getattr(record, field_of(record, name).attname)


def _plain(field: "models.Field[Any, Any]", value: Any) -> Any:
    """JSON-ready. An amount is text with all its decimals, so that 12.5 typed and 12.50 stored are the same."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(field, models.DecimalField) and value is not None:
        return f"{Decimal(value):.{field.decimal_places}f}"
    return value


@dataclass(frozen=True)
class Part:
    """Something a record has beside its fields, whose names stand among its values: evidence. Registered by the inner
    room that keeps it."""

    name: str
    label: Label
    #: The names by record, of many records in few queries.
    names_of: Callable[[Iterable[int]], Mapping[int, Sequence[str]]]


_parts: dict[str, Part] = {}

#: The names of one record's parts, by part.
PartNames = Mapping[str, Sequence[str]]


def register_part(part: Part) -> None:
    _parts[part.name] = part


def part_names() -> list[str]:
    return list(_parts)


def parts_of(record_ids: Iterable[int]) -> dict[int, dict[str, Sequence[str]]]:
    """The names of the parts of many records, for ``values_of``."""
    keys = list(record_ids)
    found: dict[int, dict[str, Sequence[str]]] = {pk: {} for pk in keys}
    for part in _parts.values():
        for pk, names in part.names_of(keys).items():
            found[pk][part.name] = names
    return found


def values_of(record: Record, parts: PartNames | None = None) -> dict[str, Any]:
    """The kind's fields and the names of its parts, JSON-ready. ``record`` must be the specific row.

    Bulk actions read the parts of many records at once (``parts_of``) and hand them in."""
    kind = kind_by_slug(type(record).kind_slug())
    values: dict[str, Any] = {}
    for name in (*kind.fields, "period"):
        values[name] = _plain(field_of(record, name), stored(record, name))
    if parts is None:
        parts = parts_of([record.pk])[record.pk] if record.pk else {}
    for name in _parts:
        values[name] = sorted(parts.get(name, ()))
    return values


def referred_to(field: "models.Field[Any, Any]", key: Any) -> str:
    """What a stored reference points at, in words; the key itself once its row is gone."""
    found = target_of(field)._base_manager.filter(pk=key).first()
    return str(key if found is None else found)


def _shown(field: "models.Field[Any, Any] | None", value: Any) -> str:
    if value is None or value == "" or value == []:
        return _("未填报")
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and field.is_relation:
        return referred_to(field, value)
    return str(value)


def label_of(kind: RecordKind, name: str) -> str:
    if name in _parts:
        return str(_parts[name].label)
    return label_of_field(kind.model, name)


def differences(kind: RecordKind, old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """The fields whose values differ, in the order of the form."""
    found = []
    for name in [*kind.fields, "period", *_parts]:
        if old.get(name) == new.get(name) or (name not in old and name not in new):
            continue
        field = None if name in _parts else field_of(kind.model, name)
        found.append(Difference(name, label_of(kind, name), _shown(field, old.get(name)), _shown(field, new.get(name))))
    return found


def changes_for_audit(kind: RecordKind, old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[str]]:
    return {change.label: [change.old, change.new] for change in differences(kind, old, new)}
