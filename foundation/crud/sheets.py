"""A register as a workbook: the list as filtered, in the columns its resource declares, or those of its table."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.forms import BaseForm
from django.http import QueryDict
from django_filters import FilterSet
from openpyxl import Workbook

from foundation.accounts.models import Actor
from foundation.crud.building import filterset_of, table_of
from foundation.crud.exporting import Found, ListExport, TableExport, register_export
from foundation.crud.opened import OpenedFigure, figure_of_list
from foundation.crud.resource import Resource, SheetColumn
from foundation.crud.values import shown
from foundation.exchange.columns import heading_of
from foundation.exchange.sheets import mark
from foundation.fields import field_of
from foundation.places.models import Place
from foundation.ui.tables import PortalTable
from foundation.ui.workbooks import plain_sheet

#: Of a column whose width nobody declared, in characters.
_WIDTH = 20


def _filtered(resource: Resource, user: Actor, asked: QueryDict) -> FilterSet:
    return filterset_of(resource)(asked, queryset=resource.rows(user))


def _found(resource: Resource, user: Actor, asked: QueryDict) -> models.QuerySet[models.Model]:
    found: models.QuerySet[models.Model] = _filtered(resource, user, asked).qs
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
    """The workbook is called as the resource says, and names what the resource's list was narrowed by."""

    resource: ClassVar[Resource]

    def title_of(self, asked: QueryDict) -> str:
        return self.resource.sheet_title(asked)

    def opened(self, user: Actor, asked: QueryDict) -> OpenedFigure | None:
        return figure_of_list(asked, self.resource.url("list"), _found(self.resource, user, asked))

    def form(self, user: Actor, asked: QueryDict) -> BaseForm:
        form: BaseForm = _filtered(self.resource, user, asked).form
        return form


def _sheet_of(resource: Resource) -> Sequence[SheetColumn]:
    """The columns a resource declares; where it takes workbooks and declares none, those of its form, so that what goes
    out comes back."""
    if resource.sheet or not resource.takes_workbooks:
        return resource.sheet
    fields = [field_of(resource.model, name) for name in resource.fields]
    return [SheetColumn(heading_of(field), field.name, _WIDTH) for field in fields]


def _is_place(resource: Resource, name: str) -> bool:
    """A field of the model that refers to a place, which is shown with its city."""
    fields = {field.name: field for field in resource.model._meta.concrete_fields}
    return name in fields and fields[name].related_model is Place


class _SheetExport(_Titled, ListExport):
    def queryset(self, user: Actor, asked: QueryDict) -> models.QuerySet[models.Model]:
        shown_places = [
            f"{column.value}__city"
            for column in _sheet_of(self.resource)
            if isinstance(column.value, str) and _is_place(self.resource, column.value)
        ]
        return (
            _found(self.resource, user, asked)
            .select_related(*shown_places)
            .prefetch_related(*self.resource.sheet_prefetch)
        )

    def headings(self, user: Actor, asked: QueryDict) -> Sequence[tuple[str, int]]:
        return [(str(column.heading), column.width) for column in _sheet_of(self.resource)]

    def row(self, obj: Any) -> Sequence[Any]:
        return [
            _value(obj, column.value) if isinstance(column.value, str) else column.value(obj)
            for column in _sheet_of(self.resource)
        ]

    def write(self, workbook: Workbook, found: Found) -> None:
        lines = (
            # A row of several lines gave what it gave once.
            [*self.row(line), *(found.counted(row) if number == 0 else ())]
            for row in found.rows()
            for number, line in enumerate(self.resource.sheet_lines(row))
        )
        headings = [*self.headings(found.user, found.asked), *found.counted_headings]
        sheet = plain_sheet(workbook, self.title_of(found.asked), headings, lines)
        if self.resource.takes_workbooks:
            mark(workbook, [(sheet.title, self.resource.key)])


class _TableExport(_Titled, TableExport):
    def table(self, user: Actor, asked: QueryDict) -> PortalTable:
        return table_of(self.resource)(_found(self.resource, user, asked))


_made: dict[str, ListExport] = {}


def export_of(resource: Resource) -> ListExport:
    """The export of a register's list; jobs know it by the resource's key."""
    if resource.key not in _made:
        base = _SheetExport if _sheet_of(resource) else _TableExport
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
