"""A row's values as pages, workbooks and the audit log write them."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from foundation.fields import field_of, label_of_field
from foundation.places.models import Place


def shown(row: models.Model, name: str) -> Any:
    """The value of a field for a person: a choice by its label, yes or no, a place with its city; None where nothing is
    known."""
    value = getattr(row, name)
    if field_of(row, name).choices:
        return getattr(row, f"get_{name}_display")() or None
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Place):
        return value.full_name()
    return None if value == "" else value


def logged(row: models.Model, names: Iterable[str]) -> dict[str, str]:
    """{label: text} of the fields, for the differences in the audit log; empty text where nothing is known."""
    found: dict[str, str] = {}
    for name in names:
        value = shown(row, name)
        found[label_of_field(row, name)] = "" if value is None else str(value)
    return found


def differences(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """{label: [old, new]} of what changed."""
    return {label: [before.get(label, ""), text] for label, text in after.items() if before.get(label, "") != text}
