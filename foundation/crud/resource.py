"""A register is declared once, as a ``Resource`` in its room's ``resources.py``; its pages, its Excel and its API follow.

    @register
    class OrganisationResource(Resource):
        model = Organisation
        name = "organisation"
        columns = ("name", "kind", "county", "code")
        filters = ("kind", "state")
        fieldsets = (Fieldset(_("登记信息"), ("kind", "name", "code", "county")),)
        natural_key = ("county", "name")
        permissions = Permissions(view="enterprises.view_organisations", change="enterprises.keep_organisations")

What follows stands at ``/<room>/<path>/``: list with search, filters, saved views and columns, detail with panels, form,
history, workbook (``foundation.crud.views``, ``foundation.crud.urls``), and ``/api/v1/<path>/`` (``api.views.registers``).
A page that is an ordinary view of the room stands in ``own_pages``. ``foundation.crud.checks`` refuses a
declaration that cannot work when the portal starts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, cast

import django_filters
import django_tables2 as tables
from django import forms
from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import ScopedQuerySet, verdict, where
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.audit.log import register_event
from foundation.audit.models import Entry
from foundation.crud.actions import save_row
from foundation.crud.history import entries_of
from foundation.exchange.widgets import CellWidget
from foundation.labels import Label
from foundation.places.models import Place
from foundation.saved_views.pages import register_list
from foundation.ui.navigation import register_item
from foundation.ui.sections import Section
from foundation.ui.tables import PortalTable

PAGES = ("list", "export", "create", "detail", "edit", "history")


@dataclass(frozen=True)
class Permissions:
    """Names of access rules. Without ``change`` the register's rows are changed elsewhere, or not at all."""

    view: str
    change: str = ""


@dataclass(frozen=True)
class Fieldset:
    """A heading with fields of the model, in the order in which they are asked and shown. ``only_when``: a field and the
    values with which the others are asked and shown at all; of any other row there is nothing to say of them."""

    title: Label
    fields: tuple[str, ...]
    only_when: tuple[str, tuple[str, ...]] | None = None

    def concerns(self, row: object) -> bool:
        return self.only_when is None or getattr(row, self.only_when[0]) in self.only_when[1]


@dataclass(frozen=True)
class Menu:
    """In which section of the menu the list is a tab, and where among them."""

    section: Section
    order: int


@dataclass(frozen=True)
class SheetColumn:
    """A column of the workbook: ``value`` is a path from the row (``county.name``) or a function of it; ``width`` in
    characters."""

    heading: Label
    value: str | Callable[[Any], Any]
    width: int = 16


@dataclass(frozen=True)
class Link:
    """A further button above a list."""

    label: Label
    url: str
    icon: str


class Resource:
    """One register. Subclasses are declarations; ``register`` makes the one instance."""

    # --- what it is -----------------------------------------------------------------------------------
    model: ClassVar[type[models.Model]]
    #: The singular in addresses' names and audit events (``enterprises:organisation``, ``enterprises.organisation_saved``).
    name: ClassVar[str]
    #: The plural, ``name`` with an s unless said otherwise: the list's name, and its address.
    plural: ClassVar[str] = ""
    #: The address under the room's own and under ``/api/v1/``, where it differs from ``plural``.
    path: ClassVar[str] = ""
    #: The namespace of the room's addresses, where it differs from the model's app.
    namespace: ClassVar[str] = ""
    #: The field that names a row in an address: the number, or a code that never changes.
    lookup: ClassVar[str] = "pk"
    #: What identifies a row for people and files; unique in the database.
    natural_key: ClassVar[tuple[str, ...]]
    permissions: ClassVar[Permissions]
    #: Which pages are the generic ones.
    pages: ClassVar[tuple[str, ...]] = PAGES
    #: Which pages are ordinary views of the room instead, under the names they would have.
    own_pages: ClassVar[tuple[str, ...]] = ()
    #: Figures of the register, for the registry of facts.
    facts: ClassVar[tuple[Any, ...]] = ()

    # --- the list -------------------------------------------------------------------------------------
    #: Fields, or (name, column) for what no field is. The first leads to the row.
    columns: ClassVar[tuple[str | tuple[str, tables.Column], ...]] = ()
    #: Columns shown only to who asks for them.
    optional: ClassVar[tuple[str, ...]] = ()
    #: Columns whose heads sort: each needs an index, or ``few_rows``.
    sort: ClassVar[tuple[str, ...]] = ()
    #: The whole province has at most some thousands of them, so that sorting needs no index.
    few_rows: ClassVar[bool] = False
    #: Choice and yes/no fields, ``state`` (in use or not, by ``is_active``), or (name, filter).
    filters: ClassVar[tuple[str | tuple[str, django_filters.Filter], ...]] = ()
    #: Fields searched for each word; ``^`` before a field: from its beginning.
    search: ClassVar[tuple[str, ...]] = ("name",)
    search_label: ClassVar[Label] = ""
    #: Relations every page reads along.
    related: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ()
    #: A table or a filter set of the room's own instead of ``columns`` and ``filters``.
    table: ClassVar[type[PortalTable] | None] = None
    filterset: ClassVar[type[django_filters.FilterSet] | None] = None
    #: Where the list stands in the menu, if it does.
    menu: ClassVar[Menu | None] = None

    # --- detail and form ------------------------------------------------------------------------------
    fieldsets: ClassVar[tuple[Fieldset, ...]] = ()
    #: Asked when a row is entered, never changed later.
    fixed: ClassVar[tuple[str, ...]] = ()
    #: The reference (to a place, or to what lies in one) from which the row takes its province, city and county.
    place_field: ClassVar[str] = ""
    #: A form of the room's own. A bare subclass of ``foundation.crud.building.ResourceForm`` is given the declared fields.
    form: ClassVar["type[forms.ModelForm[models.Model]] | None"] = None

    # --- workbook and API -----------------------------------------------------------------------------
    #: Columns of the workbook; those of the list unless said otherwise.
    sheet: ClassVar[tuple[SheetColumn, ...]] = ()
    #: Relations of many that only the workbook reads.
    sheet_prefetch: ClassVar[tuple[str, ...]] = ()
    #: Rows may come from a workbook (``foundation.crud.importing``); wants a generic form, and references that a cell can
    #: name: to places, to lists of choices (``foundation.crud.choice_lists``), and those of ``cells``.
    has_import: ClassVar[bool] = True
    #: How a workbook names what other references lead to: the field, and what makes the widget that reads a cell as the
    #: key of the row referred to and writes it.
    cells: ClassVar[Mapping[str, Callable[[], CellWidget]]] = {}
    #: In a workbook a reference to a place may name an enterprise as well, by its unified social credit code.
    names_enterprises: ClassVar[bool] = False
    has_api: ClassVar[bool] = True
    #: What the API answers: the fields of ``fieldsets`` unless said otherwise. (name, type) for what no field is.
    api_fields: ClassVar[tuple[str | tuple[str, type], ...]] = ()

    # --- texts ----------------------------------------------------------------------------------------
    icon: ClassVar[str] = "list-details"
    #: What stands above the list; the model's own name unless said otherwise.
    title: ClassVar[Label] = ""
    #: 登记院校或机构: the button, and the heading of the empty form.
    new_label: ClassVar[Label] = ""
    #: What belongs here, while nothing does.
    empty_text: ClassVar[Label] = ""
    #: What to try when a search finds nothing.
    nothing_text: ClassVar[Label] = ""
    #: Templates that extend ``crud/list.html``, ``crud/detail.html`` and ``crud/form.html``.
    list_template: ClassVar[str] = "crud/list.html"
    detail_template: ClassVar[str] = "crud/detail.html"
    form_template: ClassVar[str] = "crud/form.html"

    # --- what a room may say differently ----------------------------------------------------------------

    def rows(self, user: Actor) -> models.QuerySet[models.Model]:
        """The rows the person may see, with what the list shows, in the list's order."""
        found = cast(ScopedQuerySet[models.Model], self.model._default_manager.all()).visible_to(user)
        return found.select_related(*self.related).order_by(*self.list_ordering)

    def save(
        self, *, acting_user: Actor, values: Mapping[str, Any], row: Any = None, version: int | None = None
    ) -> models.Model:
        """Enter a row, or change one: the room's own action where it has one. Raises ``AccessDenied``, ``Stale`` and
        ``ValidationError``."""
        return save_row(self, acting_user=acting_user, values=values, row=row, version=version)

    def prepare(self, row: Any) -> None:
        """What follows from the values of a row before it is checked, and what they must not be: raises
        ``ValidationError``. Called inside the transaction of ``save``."""

    def taken_back(self, row: Any) -> None:
        """A row that an import made is deleted again: what else follows from that. Called inside the transaction, on the
        row as it was."""

    def open_places(self) -> models.QuerySet[Place]:
        """What a field may refer to that refers to a place: open counties for ``county``, else open regions."""
        found = Place.objects.counties() if self.place_field == "county" else Place.objects.regions()
        return found.open()

    def places(self, user: Actor) -> models.QuerySet[Place]:
        """Of these, where the person may keep rows: a place has the columns of a row that lies there, so that the rule on
        rows speaks of places too."""
        return self.open_places().filter(where(user, self.permissions.change))

    def list_context(self, request: PortalRequest, filterset: Any) -> dict[str, Any]:
        """What the room's own ``list_template`` needs besides."""
        return {}

    def list_links(self, request: PortalRequest) -> Sequence[Link]:
        """Further buttons above the list."""
        return ()

    def detail_context(self, request: PortalRequest, row: Any) -> dict[str, Any]:
        """What the room's own ``detail_template`` needs besides."""
        return {}

    def sheet_title(self, asked: QueryDict) -> str:
        """What the workbook is called that holds the list for this query string."""
        return self.heading

    def sheet_lines(self, row: Any) -> Iterable[Any]:
        """The objects that are lines of the workbook: the row itself, or its parts."""
        return (row,)

    def history(self, row: Any) -> models.QuerySet[Entry]:
        """What the history page shows."""
        return entries_of(row)

    # --- what follows -----------------------------------------------------------------------------------

    @cached_property
    def room(self) -> str:
        return self.namespace or self.model._meta.app_label

    @cached_property
    def plural_name(self) -> str:
        return self.plural or f"{self.name}s"

    @cached_property
    def key(self) -> str:
        """``enterprises.organisations``: names the resource, and its list among saved views."""
        return f"{self.room}.{self.plural_name}"

    @property
    def list_page(self) -> str:
        """The list's name among saved views."""
        return self.key

    @property
    def panel_page(self) -> str:
        """The detail page's name among panels."""
        return f"{self.room}.{self.name}"

    @cached_property
    def address(self) -> str:
        return self.path or self.plural_name.replace("_", "-")

    @property
    def label(self) -> str:
        """The name of one, in sentences."""
        return str(self.model._meta.verbose_name)

    @property
    def heading(self) -> str:
        return str(self.title or self.model._meta.verbose_name_plural)

    @property
    def new_text(self) -> str:
        return str(self.new_label or _("登记%s") % self.label)

    @cached_property
    def list_ordering(self) -> tuple[str, ...]:
        """Ends with the key, so that rows of equal rank keep one order over all pages."""
        ordering = tuple(str(name) for name in self.ordering or self.model._meta.ordering or ())
        return ordering if ordering and ordering[-1].lstrip("-") == "pk" else (*ordering, "pk")

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields of the form and the detail page."""
        return tuple(name for fieldset in self.fieldsets for name in fieldset.fields)

    @cached_property
    def is_versioned(self) -> bool:
        return any(field.name == "version" for field in self.model._meta.concrete_fields)

    @property
    def saved_event(self) -> str:
        return f"{self.room}.{self.name}_saved"

    @property
    def taken_back_event(self) -> str:
        """A row that an import made goes again."""
        return f"{self.room}.{self.name}_taken_back"

    @property
    def exported_event(self) -> str:
        return f"{self.room}.{self.plural_name}_exported"

    def url_name(self, page: str) -> str:
        """``enterprises:organisation_edit``"""
        names = {"list": self.plural_name, "detail": self.name}
        return f"{self.room}:{names.get(page, f'{self.name}_{page}')}"

    def url(self, page: str, row: models.Model | None = None) -> str:
        """The address of a page; those of one row take the row."""
        return reverse(self.url_name(page), args=[] if row is None else [getattr(row, self.lookup)])

    @property
    def list_url(self) -> str:
        return self.url("list")

    @property
    def new_url(self) -> str:
        """The address of the empty form; empty where there is none."""
        return self.url("create") if self.has_page("create") else ""

    @property
    def takes_workbooks(self) -> bool:
        return self.has_import and "create" in self.pages

    @property
    def import_url(self) -> str:
        return reverse(f"{self.room}:{self.name}_imports") if self.takes_workbooks else ""

    @property
    def export_url(self) -> str:
        return self.url("export") if self.has_page("export") else ""

    def has_page(self, page: str) -> bool:
        return page in self.pages or page in self.own_pages

    def home_of(self, row: models.Model) -> str:
        """Where a row is looked at: its own page, or the list where it has none."""
        return self.url("detail", row) if self.has_page("detail") else self.url("list")

    def may_create(self, user: Actor) -> bool:
        return bool(self.permissions.change and verdict(user, self.permissions.change))


_resources: dict[str, Resource] = {}


def register(declared: type[Resource]) -> type[Resource]:
    """Class decorator: makes the resource, its menu entry, its list among saved views and its audit events known."""
    resource = declared()
    if resource.key in _resources:
        raise ValueError(f"resource {resource.key!r} is registered twice")
    _resources[resource.key] = resource
    register_list(resource.list_page, resource.url_name("list"))
    label = resource.title or resource.model._meta.verbose_name_plural or resource.key
    if resource.permissions.change and declared.save is Resource.save:
        register_event(resource.saved_event, format_lazy(gettext_lazy("登记和修改{label}"), label=label))
    if resource.takes_workbooks:
        register_event(resource.taken_back_event, format_lazy(gettext_lazy("撤销导入{label}"), label=label))
    if "export" in resource.pages:
        register_event(resource.exported_event, format_lazy(gettext_lazy("导出{label}"), label=label))
    if resource.menu is not None:
        register_item(
            section=resource.menu.section,
            label=label,
            url_name=resource.url_name("list"),
            icon=resource.icon,
            order=resource.menu.order,
            visible=lambda person: bool(verdict(person, resource.permissions.view)),
        )
        _register_pages_of_change(resource, resource.menu)
    return declared


def _register_pages_of_change(resource: Resource, menu: Menu) -> None:
    """The empty form and the import are no tabs: the list leads to them, and the search finds them."""
    one = resource.model._meta.verbose_name or resource.key
    pages = [
        (
            resource.has_page("create"),
            resource.new_label or format_lazy(gettext_lazy("登记{label}"), label=one),
            "create",
        ),
        (resource.takes_workbooks, format_lazy(gettext_lazy("导入{label}"), label=one), "imports"),
    ]
    for exists, label, page in pages:
        if exists:
            register_item(
                section=menu.section,
                label=label,
                url_name=resource.url_name(page),
                icon="plus" if page == "create" else "upload",
                order=menu.order,
                visible=lambda person: resource.may_create(person),
                is_tab=False,
            )


def all_resources() -> tuple[Resource, ...]:
    return tuple(_resources.values())


def resource_by_key(key: str) -> Resource:
    """Raises ``LookupError`` for what nobody registered."""
    try:
        return _resources[key]
    except KeyError:
        raise LookupError(f"unknown resource {key!r}") from None
