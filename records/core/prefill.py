"""What a new form may start from: what repeats from one activity to the next, and never what is different each time."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import Truncator

from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from foundation.calendar.periods import Period
from foundation.fields import field_of
from foundation.places.models import Place
from foundation.ui.formats import amount
from records.core.fields import in_words
from records.core.kinds import RecordKind
from records.core.lines import Lines, stored_rows
from records.core.models import Record, Status
from records.core.transitions import untitled
from records.core.values import stored
from records.core.warning_rules import SPEAKS

#: Each activity has its own days, numbers and links; taken over unseen they would be wrong.
_EACH_TIME = (
    models.DateField,
    models.IntegerField,
    models.DecimalField,
    models.FloatField,
    models.URLField,
    models.FileField,
)
#: Fields that usually stay what they were: a new form starts with them.
USUAL = ("form", "venue", "speaker")
#: Characters of a text that stand beside its field.
_LONGEST_SHOWN = 40
#: So many earlier records say which words were used before.
_LOOKED_AT = 60


def last_of(user: Actor, kind: RecordKind, filer: Enterprise | Place) -> Record | None:
    """The filer's latest record of the kind that the person may see and that was not taken back or rejected."""
    rows = Record.objects.visible_to(user).filed_by(filer).filter(kind=kind.slug)
    return rows.exclude(status__in=[Status.WITHDRAWN, Status.REJECTED]).order_by("-pk").first()


def as_last_time(kind: RecordKind, source: Record) -> dict[str, Any]:
    """The values of ``source`` (the specific row) that a new record may start from; nothing empty. Evidence is never
    taken over."""
    values: dict[str, Any] = {}
    for name in kind.fields:
        if not isinstance(kind.model._meta.get_field(name), _EACH_TIME):
            values[name] = stored(source, name)
    if values.get("title") == untitled(kind) or kind.is_return:
        values.pop("title", None)
    for lines in kind.lines:
        values[lines.name] = _rows_as_last_time(lines, stored_rows(source, lines))
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _rows_as_last_time(lines: Lines, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What each line said, without days and numbers; a line of which nothing is left is dropped. Where lines are in force
    until a day, those that still are, whole."""
    if lines.stands_until:
        return [dict(row) for row in lines.in_force(rows, timezone.localdate())]
    names = [name for name in lines.fields if not isinstance(field_of(lines.model, name), _EACH_TIME)]
    kept = [{name: row[name] for name in names if row[name] not in (None, "")} for row in rows]
    return [row for row in kept if row]


def usual_values(kind: RecordKind, last: Record | None) -> dict[str, Any]:
    """What a new event starts with without being asked. ``last`` is the specific row."""
    if last is None or kind.is_return:
        return {}
    return {name: value for name, value in as_last_time(kind, last).items() if name in USUAL}


def used_before(user: Actor, kind: RecordKind, filer: Enterprise | Place) -> dict[str, list[str]]:
    """For each short text field of the kind the words the filer has written there, the latest first."""
    names = [
        name
        for name in kind.fields
        if name != "title" and type(field := field_of(kind.model, name)) is models.CharField and not field.choices
    ]
    if not names:
        return {}
    rows = kind.model.objects.visible_to(user).filed_by(filer).order_by("-pk")
    latest = list(rows.values_list(*names)[:_LOOKED_AT])
    found = {name: list(dict.fromkeys(row[at] for row in latest if row[at])) for at, name in enumerate(names)}
    return {name: words for name, words in found.items() if words}


def last_period(
    kind: RecordKind, filer: Enterprise | Place, *, before: str = ""
) -> tuple[str, Mapping[str, str]] | None:
    """(label of the period, each value as shown) of the latest return that stands; ``before``: of those of earlier periods
    only. Long texts are cut."""
    rows = kind.model.objects.filed_by(filer).filter(status__in=SPEAKS).exclude(period=None)
    if before:
        rows = rows.filter(period__lt=before)
    last = rows.order_by("-period").first()
    if last is None or last.period is None:
        return None
    told = {}
    for name in kind.fields:
        value, field = getattr(last, name), field_of(last, name)
        if isinstance(field, models.DecimalField) and value is not None:
            told[name] = amount(value, field.decimal_places)
        elif isinstance(field, models.IntegerField) and not field.choices and value is not None:
            told[name] = amount(value)
        elif name != "title" and (words := in_words(last, name)):
            told[name] = Truncator(words).chars(_LONGEST_SHOWN)
    return Period.parse(last.period).label, told
