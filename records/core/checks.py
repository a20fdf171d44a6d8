"""System checks: a child of Record without a kind, or a kind that names what does not exist, stops the start."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from foundation.fields import field_of
from records.core.kinds import RecordKind, all_kinds
from records.core.models import Record
from records.core.models.line import line_relations


def _unknown_fields(kind: RecordKind) -> list[str]:
    named = [
        *kind.fields,
        *kind.required,
        *kind.columns,
        *kind.filters,
        *(f.amount for f in kind.facts if f.amount and not f.lines),
    ]
    named += [one.fills for one in kind.shown if one.fills]
    named += [*kind.twin_fields, *kind.shown_when, *(other for other, _values in kind.shown_when.values())]
    of_lines = {lines.name for lines in kind.lines}
    unknown = []
    for name in named:
        if name in of_lines:
            continue
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


def _wrong_lines(kind: RecordKind) -> Iterator[str]:
    """What is wrong with the declaration of a kind's lines, and with facts that count them."""
    relations = {rel.get_accessor_name(): rel.related_model for rel in line_relations(kind.model)}
    declared = {lines.name: lines.model for lines in kind.lines}
    for name in sorted(relations.keys() - declared.keys()):
        yield f"the model has lines {name!r} that are not declared"
    placed = [group.lines for group in kind.fieldsets if group.lines]
    for lines in kind.lines:
        if relations.get(lines.name) is not lines.model:
            yield f"{lines.name!r} is no LineOf of {lines.model.__name__}"
            continue
        if placed.count(lines.name) != 1:
            yield f"{lines.name!r} must stand in one fieldset"
        own = {field.name for field in lines.model.own_fields()}
        if set(lines.fields) != own:
            yield f"{lines.name!r} must name all fields of a line: {sorted(set(lines.fields) ^ own)}"
        if missing := {*lines.required, *lines.unique, *(total.column for total in lines.totals)} - own:
            yield f"{lines.name!r} names unknown fields of a line: {sorted(missing)}"
        if missing := {total.field for total in lines.totals} - set(kind.fields):
            yield f"{lines.name!r} compares with unknown fields: {sorted(missing)}"
        if not any(isinstance(c, models.UniqueConstraint) for c in lines.model._meta.constraints):
            yield f"{lines.model.__name__}.Meta must inherit RecordLine.Meta"
        if not 0 <= lines.at_least <= lines.most:
            yield f"{lines.name!r} needs more lines than it takes"
    if missing := set(placed) - declared.keys():
        yield f"fieldsets show unknown lines: {sorted(missing)}"
    for fact in kind.facts:
        model = declared.get(fact.lines)
        if fact.lines and model is None:
            yield f"fact {fact.code} counts unknown lines {fact.lines!r}"
        elif model is not None and fact.amount and fact.amount not in {f.name for f in model.own_fields()}:
            yield f"fact {fact.code} sums unknown field {fact.amount!r} of a line"


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
        found += [checks.Error(f"kind {kind.slug}: {wrong}", id="records.E006") for wrong in _wrong_lines(kind)]
    return found
