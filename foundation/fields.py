"""A model's columns by name: ``_meta.get_field`` also knows reverse relations, which have no label and no value."""

import re
from typing import Any

from django.db import models

_UNIT = re.compile(r"单位：([^，。；,;]+)")


def field_of(model: models.Model | type[models.Model], name: str) -> "models.Field[Any, Any]":
    """The column (or many-to-many field). Raises ``FieldDoesNotExist`` for an unknown name, ``TypeError`` for a reverse relation."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model._meta.label}.{name} is a reverse relation")
    return field


def label_of_field(model: models.Model | type[models.Model], name: str) -> str:
    """What the field is called on pages."""
    return str(field_of(model, name).verbose_name)


def unit_of(field: "models.Field[Any, Any]") -> str:
    """The unit its help text names; empty for none."""
    return unit_named(str(field.help_text))


def unit_named(help_text: str) -> str:
    """The unit a help text names; empty for none."""
    found = _UNIT.search(help_text)
    return found.group(1).strip() if found else ""


def longest(model: models.Model | type[models.Model], name: str) -> int:
    """How many characters a text column takes. Raises ``TypeError`` for one without a limit."""
    limit = field_of(model, name).max_length
    if limit is None:
        raise TypeError(f"{model._meta.label}.{name} has no greatest length")
    return limit


def choosable(field: "models.Field[Any, Any]") -> "models.QuerySet[models.Model]":
    """The rows a reference may point to. Raises ``TypeError`` for a field that is no reference."""
    if not isinstance(field, models.ForeignKey):
        raise TypeError(f"{field} is no reference")
    return target_of(field)._base_manager.complex_filter(field.get_limit_choices_to())


def target_of(field: "models.Field[Any, Any]") -> type[models.Model]:
    """The model a reference points to. Raises ``TypeError`` when it is none, or not resolved yet."""
    target = field.related_model
    if not isinstance(target, type):
        raise TypeError(f"{field} refers to no model")
    return target
