"""A record's values as JSON, and what differs between two of them."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from foundation.fields import field_of, label_of_field, target_of
from foundation.labels import Label
from records.core.kinds import RecordKind, kind_by_slug
from records.core.lines import Cell, Lines, path_of, place_in, place_label, rows_of, stored_cells
from records.core.models import LineReference, Record, RecordLine
from records.core.models.cited import UNLINKED
from records.core.several import SeveralChoices


class Difference(NamedTuple):
    """One field, or one line or cell of the lines, that changed, with both values as people read them."""

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
    for lines in kind.lines:
        values[lines.name] = [plain_cells(row, lines) for row in rows_of(record, lines)]
    if parts is None:
        parts = parts_of([record.pk])[record.pk] if record.pk else {}
    for name in _parts:
        values[name] = sorted(parts.get(name, ()))
    return values


def plain_cells(row: RecordLine, lines: Lines) -> dict[str, Any]:
    """A line's values, JSON-ready."""
    return {name: _plain(field_of(row, name), value) for name, value in stored_cells(row, lines).items()}


def referred_to(field: "models.Field[Any, Any]", key: Any) -> str:
    """What a stored reference points at, in words; the key itself once its row is gone."""
    found = target_of(field)._base_manager.filter(pk=key).first()
    return str(key if found is None else found)


def _shown(field: "models.Field[Any, Any] | None", value: Any) -> str:
    if value is None or value == "" or value == []:
        return str(UNLINKED) if isinstance(field, LineReference) else _("未填报")
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(field, SeveralChoices):
        return field.words_of(value)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and field.is_relation:
        return referred_to(field, value)
    return str(value)


def label_of(kind: RecordKind, name: str) -> str:
    """What a field, a part, the lines or a place in them is called."""
    if name in _parts:
        return str(_parts[name].label)
    of_lines, cell = place_in(name)
    if (lines := kind.lines_named(of_lines)) is not None:
        return place_label(lines, cell)
    return label_of_field(kind.model, name)


def differences(kind: RecordKind, old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """The fields whose values differ, in the order of the form."""
    found = []
    for name in [*kind.fields, *(lines.name for lines in kind.lines), "period", *_parts]:
        if old.get(name) == new.get(name) or (name not in old and name not in new):
            continue
        if (lines := kind.lines_named(name)) is not None:
            found += _differences_of_lines(lines, old.get(name) or [], new.get(name) or [])
            continue
        field = None if name in _parts else field_of(kind.model, name)
        found.append(Difference(name, label_of(kind, name), _shown(field, old.get(name)), _shown(field, new.get(name))))
    return found


def _differences_of_lines(
    lines: Lines, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> list[Difference]:
    """Which line was added, removed or changed, and in what. Lines are told apart by what they say: one that stands between
    the same neighbours and says something else is the same line, changed."""
    shown = _words_of_cells(lines, [*old, *new])
    before, after = ([tuple(row.get(name) for name in lines.fields) for row in rows] for rows in (old, new))
    found: list[Difference] = []
    for what, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        common = min(last - first, end - start)
        for step in range(common):
            found += _changed_cells(lines, start + step + 1, old[first + step], new[start + step], shown)
        for number in range(first + common, last):
            label = _("%(lines)s删去第 %(row)d 行") % {"lines": lines.label, "row": number + 1}
            path = path_of(lines.name, Cell(number + 1, ""))
            found.append(Difference(path, label, _row_in_words(lines, old[number], shown), _("（已删去）")))
        for number in range(start + common, end):
            label = _("%(lines)s增加第 %(row)d 行") % {"lines": lines.label, "row": number + 1}
            path = path_of(lines.name, Cell(number + 1, ""))
            found.append(Difference(path, label, _("（没有）"), _row_in_words(lines, new[number], shown)))
    return found


#: What a cell of a line says, by its field and value.
_Shown = Callable[[str, Any], str]


def _words_of_cells(lines: Lines, rows: Sequence[Mapping[str, Any]]) -> _Shown:
    """What cells of these rows say; what their references point at is read once for all."""
    fields = {name: field_of(lines.model, name) for name in lines.fields}
    names: dict[str, dict[str, str]] = {}
    for name, field in fields.items():
        if field.is_relation and (keys := {row[name] for row in rows if row.get(name) not in (None, "")}):
            # The words for a key that is known already.
            names[name] = {str(row.pk): str(row) for row in target_of(field)._base_manager.filter(pk__in=keys)}

    def shown(name: str, value: Any) -> str:
        if name in names and value not in (None, ""):
            return names[name].get(str(value), str(value))
        return _shown(fields[name], value)

    return shown


def _changed_cells(
    lines: Lines, number: int, old: Mapping[str, Any], new: Mapping[str, Any], shown: _Shown
) -> Iterator[Difference]:
    for name in lines.fields:
        if old.get(name) != new.get(name):
            cell = Cell(number, name)
            was, now = shown(name, old.get(name)), shown(name, new.get(name))
            yield Difference(path_of(lines.name, cell), place_label(lines, cell), was, now)


def _row_in_words(lines: Lines, row: Mapping[str, Any], shown: _Shown) -> str:
    """What a line says, its empty cells left out."""
    said = [name for name in lines.fields if row.get(name) not in (None, "")]
    words = [f"{label_of_field(lines.model, name)} {shown(name, row[name])}" for name in said]
    return "，".join(words) or _("未填报")


def changes_for_audit(kind: RecordKind, old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[str]]:
    return {change.label: [change.old, change.new] for change in differences(kind, old, new)}
