"""The few sorts of field a kind is made of. Each may be empty, because a draft may be; a number nobody knows is null.

Ordinary Django fields: forms, lists, filters, the API and figures ask the field itself what it is.
"""

import datetime
from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.fields import field_of, unit_of
from foundation.labels import Label
from foundation.ui import formats
from foundation.ui.formats import quantity


def quantity_of(model: models.Model | type[models.Model], name: str, value: Any) -> str:
    """A number of the field as people read it: ``3,000 人``."""
    field = field_of(model, name)
    places = field.decimal_places if isinstance(field, models.DecimalField) else None
    return quantity(value, unit_of(field), places)


def in_words(row: models.Model, name: str) -> str:
    """A column's value as people read it; empty where there is none."""
    field, value = field_of(row, name), getattr(row, name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _now("是") if value else _now("否")
    if field.choices:
        return str(getattr(row, f"get_{name}_display")())
    if isinstance(field, models.DateField):
        return formats.day(value)
    if isinstance(field, models.IntegerField | models.DecimalField):
        return quantity_of(row, name, value)
    return str(value)


def count(label: Label, unit: Label, hint: Label = "") -> "models.PositiveIntegerField[int | None, int | None]":
    """A whole number with its unit; ``hint`` follows the unit under the field."""
    return models.PositiveIntegerField(
        label, null=True, blank=True, help_text=format_lazy(_("单位：{unit}。{hint}"), unit=unit, hint=hint)
    )


def money(label: Label, hint: Label = "") -> "models.DecimalField[Decimal | None, Decimal | None]":
    """An amount in 万元, with two decimals."""
    return models.DecimalField(
        label,
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=format_lazy(_("单位：万元，最多两位小数。{hint}"), hint=hint),
    )


def yes_no(label: Label, hint: Label = "") -> "models.BooleanField[bool | None, bool | None]":
    """是, 否, or not said."""
    return models.BooleanField(label, null=True, blank=True, help_text=hint)


def choice(label: Label, choices: type[models.TextChoices], hint: Label = "") -> "models.CharField[str, str]":
    """One of a fixed list. A list that offices edit is a table, and the field a reference to it."""
    return models.CharField(label, max_length=16, choices=choices, blank=True, help_text=hint)


def text(label: Label, length: int = 200, hint: Label = "") -> "models.CharField[str, str]":
    """One line."""
    return models.CharField(label, max_length=length, blank=True, help_text=hint)


def long_text(label: Label, hint: Label = "", length: int = 1000) -> "models.TextField[str, str]":
    """A few sentences."""
    return models.TextField(label, max_length=length, blank=True, help_text=hint)


def day(label: Label, hint: Label = "") -> "models.DateField[datetime.date | None, datetime.date | None]":
    return models.DateField(label, null=True, blank=True, help_text=hint)


def link(label: Label, hint: Label = "") -> "models.URLField[str, str]":
    """An address of the web, https only: the portal opens it for others."""
    message = _("请填写以 https:// 开头的完整网址。")
    return models.URLField(
        label,
        max_length=500,
        blank=True,
        help_text=hint,
        validators=[URLValidator(["https"])],
        error_messages={"invalid": message},
    )
