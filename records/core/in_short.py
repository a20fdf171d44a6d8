"""What a record says, in one line: its first numbers, for lists in which records of many kinds stand among each other."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _

from foundation.fields import field_of, label_of_field
from records.core.fields import quantity_of
from records.core.kinds import RecordKind, kind_by_slug
from records.core.models import Record

#: Of one record so many numbers are told, in the order of its form.
NUMBERS = 4
_NUMBERS = (models.IntegerField, models.DecimalField)


def numbers_in_short(records: Iterable[Record]) -> dict[int, str]:
    """By key of the record: ``本季度提出 12 条；采纳 5 条``; empty where none is filled in. One query for each kind among
    them."""
    keys: dict[str, list[int]] = defaultdict(list)
    for record in records:
        keys[record.kind].append(record.pk)
    told: dict[int, str] = {}
    for slug, pks in keys.items():
        kind = kind_by_slug(slug)
        names = [name for name in kind.fields if isinstance(field_of(kind.model, name), _NUMBERS)]
        for row in kind.model._default_manager.filter(pk__in=pks).only("kind", *names):
            told[row.pk] = _told(kind, row, names)
    return told


def _told(kind: RecordKind, row: Record, names: list[str]) -> str:
    filled = [name for name in names if getattr(row, name) is not None]
    words = _("；").join(
        f"{label_of_field(row, name)} {quantity_of(row, name, getattr(row, name))}" for name in filled[:NUMBERS]
    )
    return _("%s 等") % words if len(filled) > NUMBERS else words
