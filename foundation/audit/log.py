"""Writing to the audit log. Call inside the transaction of the change it describes."""

import contextlib
import contextvars
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from foundation.accounts.models import Actor
from foundation.audit.models import Entry
from foundation.labels import Label

_events: dict[str, Label] = {}
request_context: contextvars.ContextVar[dict[str, str]] = contextvars.ContextVar(
    "audit_request",
    default={},  # noqa: B039 -- only ever replaced, never written to
)


@contextlib.contextmanager
def as_asked_from(request_id: str, address: str) -> Iterator[None]:
    """What is done inside was asked for by an earlier request, from that address: entries say so."""
    token = request_context.set({"request_id": request_id, "address": address})
    try:
        yield
    finally:
        request_context.reset(token)


_marks: list[Callable[[Actor, Mapping[str, int | None]], str]] = []


def mark_actor_with(mark: Callable[[Actor, Mapping[str, int | None]], str]) -> None:
    """Let the layer that knows say in whose place somebody acts where an entry belongs; "" when in nobody's."""
    _marks[:] = [mark]


def _actor_label(by: Actor | None, columns: Mapping[str, int | None]) -> str:
    if by is None:
        return "system"
    label = f"{by} ({by.get_username()})"
    return " ".join(filter(None, [label, *(mark(by, columns) for mark in _marks)]))[:120]


def register_event(name: str, wording: Label) -> None:
    """Declare an event (``records.approved``) and the words it is shown by. A second wording for a name is an error."""
    if _events.get(name, wording) != wording:
        raise ValueError(f"audit event {name!r} is already registered with other words")
    _events[name] = wording


def event_wording(name: str) -> str:
    """The words of an event; of one that no program registers any longer, that it was something else."""
    return str(_events.get(name) or _("其他操作"))


def registered_events() -> dict[str, str]:
    return {name: str(wording) for name, wording in sorted(_events.items())}


def _scope_of(target: models.Model | None, place: models.Model | None) -> dict[str, int | None]:
    """Where the entry belongs: the given place's ancestors, or the target's own scope columns."""
    source = place or target
    columns = {name: getattr(source, f"{name}_id", None) for name in ("province", "city", "county", "enterprise")}
    # Of a place only: other rows have levels, too.
    if (
        source is not None
        and source._meta.label_lower == "places.place"
        and getattr(source, "level", "") == "enterprise"
    ):
        columns["enterprise"] = source.pk
    return {f"{name}_id": value for name, value in columns.items()}


def _entry(
    event: str,
    *,
    by: Actor | None,
    on: models.Model | None,
    changes: Mapping[str, Any] | None = None,
    note: str = "",
    place: models.Model | None = None,
) -> Entry:
    if event not in _events:
        raise KeyError(f"audit event {event!r} is not registered")
    context = request_context.get({})
    columns = _scope_of(on, place)
    return Entry(
        actor=by if by is not None and by.pk else None,
        actor_label=_actor_label(by, columns),
        event=event,
        target_type=on._meta.label_lower if on is not None else "",
        target_id=str(on.pk) if on is not None else "",
        label=str(on)[:250] if on is not None else "",
        changes=dict(changes or {}),
        note=note,
        request_id=context.get("request_id", ""),
        address=context.get("address") or None,
        **columns,
    )


def log(
    event: str,
    *,
    by: Actor | None,
    on: models.Model | None = None,
    changes: Mapping[str, Any] | None = None,
    note: str = "",
    place: models.Model | None = None,
) -> Entry:
    """Append one entry. ``by`` is None only for what the system does itself. Unknown events raise ``KeyError``."""
    entry = _entry(event, by=by, on=on, changes=changes, note=note, place=place)
    entry.save(force_insert=True)
    return entry


class Noted(NamedTuple):
    """One object of a bulk action: what to say of it, where it belongs when it does not know that itself, and who did it
    when not everybody of the action is the same person."""

    on: models.Model
    note: str
    place: models.Model | None = None
    changes: Mapping[str, Any] | None = None
    by: Actor | None = None


def log_each(event: str, noted: Iterable[Noted], *, by: Actor | None) -> None:
    """Append one entry for each object a bulk action touched, in one statement."""
    entries = [
        _entry(event, by=own or by, on=on, note=note, place=place, changes=changes)
        for on, note, place, changes, own in noted
    ]
    Entry.objects.bulk_create(entries, batch_size=500)
