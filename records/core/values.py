"""A record's values as JSON, and what differs between two of them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from foundation.fields import field_of, label_of_field
from records.core.kinds import RecordKind, kind_by_slug
from records.core.models import Record
from records.evidence.models import Attachment

#: The name under which a record's evidence stands among its values.
ATTACHMENTS = "attachments"


class Difference(NamedTuple):
    """One field that changed, with both values as people read them."""

    field: str
    label: str
    old: str
    new: str


def stored(record: Record, name: str) -> Any:
    """The value as its column holds it: of a reference the key, and nothing is read for it."""
    return getattr(record, field_of(record, name).attname)


def _plain(field: models.Field, value: Any) -> Any:
    """JSON-ready. An amount is text with all its decimals, so that 12.5 typed and 12.50 stored are the same."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(field, models.DecimalField) and value is not None:
        return f"{Decimal(value):.{field.decimal_places}f}"
    return value


def values_of(record: Record, attachment_names: Iterable[str] | None = None) -> dict[str, Any]:
    """The kind's fields and the names of its evidence, JSON-ready. ``record`` must be the specific row.

    Bulk actions read the names of many records at once and hand them in."""
    kind = kind_by_slug(type(record).kind_slug())
    values: dict[str, Any] = {}
    for name in (*kind.fields, "period"):
        values[name] = _plain(field_of(record, name), stored(record, name))
    if attachment_names is None:
        attachment_names = record.attachments.values_list("name", flat=True) if record.pk else []
    values[ATTACHMENTS] = sorted(attachment_names)
    return values


def evidence_names(record_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the evidence of many records, for ``values_of``."""
    names: dict[int, list[str]] = defaultdict(list)
    everything = list(record_ids)
    for start in range(0, len(everything), 500):
        found = Attachment.objects.filter(record_id__in=everything[start : start + 500])
        for pk, name in found.values_list("record_id", "name"):
            names[pk].append(name)
    return names


def referred_to(field: models.Field, key: Any) -> str:
    """What a stored reference points at, in words; the key itself once its row is gone."""
    found = field.remote_field.model._base_manager.filter(pk=key).first()
    return str(key if found is None else found)


def _shown(field: models.Field | None, value: Any) -> str:
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
    if name == ATTACHMENTS:
        return _("佐证材料")
    return label_of_field(kind.model, name)


def differences(kind: RecordKind, old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """The fields whose values differ, in the order of the form."""
    found = []
    for name in [*kind.fields, "period", ATTACHMENTS]:
        if old.get(name) == new.get(name) or (name not in old and name not in new):
            continue
        field = None if name == ATTACHMENTS else field_of(kind.model, name)
        found.append(Difference(name, label_of(kind, name), _shown(field, old.get(name)), _shown(field, new.get(name))))
    return found


def changes_for_audit(kind: RecordKind, old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[str]]:
    return {change.label: [change.old, change.new] for change in differences(kind, old, new)}
