"""System checks: a child of Record without a kind, or a kind that names what does not exist, stops the start."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from foundation.fields import field_of
from records.core.kinds import RecordKind, all_kinds
from records.core.models import Record


def _unknown_fields(kind: RecordKind) -> list[str]:
    named = [*kind.fields, *kind.required, *kind.columns, *kind.filters, *(f.amount for f in kind.facts if f.amount)]
    named += [*kind.twin_fields, *kind.shown_when, *(other for other, _values in kind.shown_when.values())]
    unknown = []
    for name in named:
        try:
            field_of(kind.model, name)
        except FieldDoesNotExist:
            unknown.append(name)
    return unknown


def _no_filters(kind: RecordKind) -> list[str]:
    """Filters offer a list to choose from: choices, yes-no fields, references."""
    fields = {name: field_of(kind.model, name) for name in kind.filters}
    return [
        name
        for name, field in fields.items()
        if not (field.choices or field.is_relation or isinstance(field, models.BooleanField))
    ]


@checks.register
def check_kinds(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    registered = {kind.model for kind in all_kinds()}
    for model in apps.get_models():
        if not issubclass(model, Record) or model is Record:
            continue
        if model not in registered:
            found.append(checks.Error(f"{model.__name__} is a record without a registered kind", id="records.E001"))
        if model.__mro__[1] is not Record:
            found.append(checks.Error(f"{model.__name__}: records inherit one level deep only", id="records.E002"))
    for kind in all_kinds():
        if unknown := _unknown_fields(kind):
            found.append(checks.Error(f"kind {kind.slug} names unknown fields: {unknown}", id="records.E003"))
        elif blunt := _no_filters(kind):
            found.append(checks.Error(f"kind {kind.slug} cannot be filtered by {blunt}", id="records.E005"))
        if not set(kind.required) <= set(kind.fields) or not (kind.required or kind.is_return):
            found.append(checks.Error(f"kind {kind.slug}: required fields must be on its form", id="records.E004"))
    return found
