"""Filling a form as last time: what repeats from one activity to the next, and never what is different each time."""

from typing import Any

from django.db import models

from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from records.core.kinds import RecordKind
from records.core.models import Record
from records.core.transitions import untitled
from records.core.values import stored

#: Each activity has its own days, numbers and links; taken over unseen they would be wrong.
_EACH_TIME = (
    models.DateField,
    models.IntegerField,
    models.DecimalField,
    models.FloatField,
    models.URLField,
    models.FileField,
)


def last_of(user: Actor, kind: RecordKind, enterprise: Enterprise) -> Record | None:
    """The enterprise's latest record of the kind that the person may see."""
    rows = Record.objects.visible_to(user).filter(kind=kind.slug, enterprise=enterprise)
    return rows.order_by("-pk").first()


def as_last_time(kind: RecordKind, source: Record) -> dict[str, Any]:
    """The values of ``source`` (the specific row) that a new record may start from. Evidence is never taken over."""
    values: dict[str, Any] = {}
    for name in kind.fields:
        if not isinstance(kind.model._meta.get_field(name), _EACH_TIME):
            values[name] = stored(source, name)
    if values.get("title") == untitled(kind) or kind.is_return:
        values.pop("title", None)
    return values
