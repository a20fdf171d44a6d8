"""A register as a workbook: the list as filtered, in the columns its resource declares, or those of its table."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.http import QueryDict
from openpyxl import Workbook

from foundation.accounts.models import Actor
from foundation.crud.building import filterset_of, table_of
from foundation.crud.exporting import Found, ListExport, TableExport, register_export
from foundation.crud.resource import Resource
from foundation.crud.values import shown
from foundation.exchange.sheets import mark
from foundation.ui.tables import PortalTable
from foundation.ui.workbooks import plain_sheet


def _found(resource: Resource, user: Actor, asked: QueryDict) -> models.QuerySet[models.Model]:
    found: models.QuerySet[models.Model] = filterset_of(resource)(asked, queryset=resource.rows(user)).qs
    return found


def _value(row: Any, path: str) -> Any:
    """``county.city.name``; the last part as people read it (a choice by its label). None where a part is missing."""
    *parts, last = path.split(".")
    for part in parts:
        row = getattr(row, part, None)
    if row is None:
        return None
    names = {field.name for field in row._meta.concrete_fields}
    return shown(row, last) if last in names else getattr(row, last)


class _Titled:
    """The workbook is called as the resource says."""

    resource: ClassVar[Resource]

    def title_of(self, asked: QueryDict) -> str:
        return self.resource.sheet_title(asked)


class _SheetExport(_Titled, ListExport):
    def queryset(self, user: Actor, asked: QueryDict) -> models.QuerySet[models.Model]:
        return _found(self.resource, user, asked).prefetch_related(*self.resource.sheet_prefetch)

    def headings(self, user: Actor, asked: QueryDict) -> Sequence[tuple[str, int]]:
        return [(str(column.heading), column.width) for column in self.resource.sheet]

    def row(self, obj: Any) -> Sequence[Any]:
        return [
            _value(obj, column.value) if isinstance(column.value, str) else column.value(obj)
            for column in self.resource.sheet
        ]

    def write(self, workbook: Workbook, found: Found) -> None:
        lines = (self.row(line) for row in found.rows() for line in self.resource.sheet_lines(row))
        sheet = plain_sheet(workbook, self.title_of(found.asked), self.headings(found.user, found.asked), lines)
        if self.resource.takes_workbooks:
            mark(workbook, [(sheet.title, self.resource.key)])


class _TableExport(_Titled, TableExport):
    def table(self, user: Actor, asked: QueryDict) -> PortalTable:
        return table_of(self.resource)(_found(self.resource, user, asked))


_made: dict[str, ListExport] = {}


def export_of(resource: Resource) -> ListExport:
    """The export of a register's list; jobs know it by the resource's key."""
    if resource.key not in _made:
        base = _SheetExport if resource.sheet else _TableExport
        named = {
            "resource": resource,
            "name": resource.key,
            "title": resource.title or resource.model._meta.verbose_name_plural,
            "permission": resource.permissions.view,
            "event": resource.exported_event,
        }
        made = register_export(type(f"{type(resource).__name__}Export", (base,), named))
        _made[resource.key] = made()
    return _made[resource.key]
