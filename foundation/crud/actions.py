"""Entering and changing a row of a register: what every register's own action does, once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log
from foundation.crud.values import differences, logged
from foundation.places.models import pinyin_initials
from foundation.refusals import Stale

if TYPE_CHECKING:
    from foundation.crud.resource import Resource


@transaction.atomic
def save_row(
    resource: "Resource",
    *,
    acting_user: Actor,
    values: Mapping[str, Any],
    row: models.Model | None = None,
    version: int | None = None,
) -> models.Model:
    """Enter a row, or change one: where it was and where it comes to lie must both be the person's. Columns that follow
    from others (province, city, county, initials) are filled. Raises ``AccessDenied``, ``Stale`` and
    ``ValidationError``."""
    permission = resource.permissions.change
    before: dict[str, str] = {}
    is_new = row is None
    if row is None:
        row = resource.model()
    else:
        row = resource.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        require(acting_user, permission, row)
        if resource.is_versioned:
            if version is not None and version != row.version:  # type: ignore[attr-defined]  # is_versioned: it has one
                raise Stale(row)
            row.version += 1  # type: ignore[attr-defined]  # is_versioned: it has one
        before = logged(row, resource.fields)
    filled(resource, row, values, is_new=is_new)
    require(acting_user, permission, row)
    row.full_clean()
    row.save()
    changes = differences(before, logged(row, resource.fields))
    log(resource.saved_event, by=acting_user, on=row, changes=changes)
    return row


def filled(resource: "Resource", row: Any, values: Mapping[str, Any], *, is_new: bool) -> Any:
    """The row with these values, and with what follows from them; not checked, not saved. Raises ``ValidationError`` for
    what the room's own ``prepare`` refuses."""
    for name in resource.fields:
        if name in values and (is_new or name not in resource.fixed):
            setattr(row, name, values[name])
    names = {field.name for field in row._meta.concrete_fields}
    if resource.place_field:
        place = getattr(row, resource.place_field)
        for column in {"province", "city", "county"} & names - {resource.place_field}:
            setattr(row, f"{column}_id", getattr(place, f"{column}_id"))
    if {"name", "initials"} <= names:
        row.initials = pinyin_initials(row.name)[: row._meta.get_field("initials").max_length]
    resource.prepare(row)
    return row
