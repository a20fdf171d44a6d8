"""A model's columns by name: ``_meta.get_field`` also knows reverse relations, which have no label and no value."""

from typing import Any

from django.db import models


def field_of(model: models.Model | type[models.Model], name: str) -> "models.Field[Any, Any]":
    """The column (or many-to-many field). Raises ``FieldDoesNotExist`` for an unknown name, ``TypeError`` for a reverse relation."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model._meta.label}.{name} is a reverse relation")
    return field


def label_of_field(model: models.Model | type[models.Model], name: str) -> str:
    """What the field is called on pages."""
    return str(field_of(model, name).verbose_name)


def target_of(field: "models.Field[Any, Any]") -> type[models.Model]:
    """The model a reference points to. Raises ``TypeError`` when it is none, or not resolved yet."""
    target = field.related_model
    if not isinstance(target, type):
        raise TypeError(f"{field} refers to no model")
    return target
