"""What stands above a list: the person's own views as chips, and the choice of columns.

Everything is in the list's query string (``columns=title&columns=status``), so it survives a reload and a link.
A table names the columns it shows only when asked for in ``optional``.
"""

from dataclasses import dataclass

import django_tables2 as tables
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst

from foundation.accounts.requests import PortalRequest
from foundation.crud.regions import with_region
from foundation.saved_views.actions import clean_query
from foundation.saved_views.models import SavedView
from foundation.saved_views.pages import list_address

COLUMNS = "columns"
#: Parameters that do not narrow a list.
NOT_FILTERS = {"page", "sort", "all", COLUMNS}


@dataclass(frozen=True)
class ViewChip:
    view: SavedView
    url: str
    is_current: bool


@dataclass(frozen=True)
class ColumnChoice:
    name: str
    label: str
    is_shown: bool


@dataclass(frozen=True)
class ListTools:
    """What ``crud/list_tools.html`` draws."""

    page: str
    address: str
    query: str
    chips: list[ViewChip]
    columns: list[ColumnChoice]
    kept: list[tuple[str, str]]

    @property
    def default(self) -> SavedView | None:
        return next((chip.view for chip in self.chips if chip.view.is_default), None)

    @property
    def clear_url(self) -> str:
        """The list with nothing chosen: not its bare address where that opens the default view."""
        return f"{self.address}?all=1" if self.default else self.address


def _table_columns(table_class: type[tables.Table]) -> list[str]:
    hidden = getattr(table_class._meta, "exclude", ()) or ()
    names = [name for name in table_class.base_columns if name not in hidden]
    first = [name for name in table_class._meta.sequence or () if name in names]
    return [*first, *(name for name in names if name not in first)]


def chosen_columns(request: PortalRequest, table_class: type[tables.Table]) -> list[str]:
    """The columns to show, in the table's order. The first is the row's name and always shown."""
    names = _table_columns(table_class)
    wanted = {name for part in request.GET.getlist(COLUMNS) for name in part.split(",")} & set(names)
    if not wanted:
        wanted = set(names) - set(getattr(table_class, "optional", ()))
    return [name for number, name in enumerate(names) if name in wanted or number == 0]


def hidden_columns(request: PortalRequest, table_class: type[tables.Table]) -> tuple[str, ...]:
    """For ``Table(exclude=…)``."""
    shown = chosen_columns(request, table_class)
    return tuple(name for name in _table_columns(table_class) if name not in shown)


def _own_views(request: PortalRequest, page: str) -> list[SavedView]:
    """The person's views of the list, read once a request."""
    read: dict[str, list[SavedView]] = request.__dict__.setdefault("_saved_views", {})
    if page not in read:
        read[page] = list(SavedView.objects.visible_to(request.user).filter(page=page))
    return read[page]


def list_tools(request: PortalRequest, page: str, table_class: type[tables.Table]) -> ListTools:
    """The chips and the columns for this person and this request."""
    query = clean_query(request.GET.urlencode())
    address = list_address(page)
    own = _own_views(request, page)
    shown = chosen_columns(request, table_class)
    columns = [
        ColumnChoice(name, capfirst(str(table_class.base_columns[name].verbose_name or name)), name in shown)
        for name in _table_columns(table_class)[1:]
    ]
    kept = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if name not in {"page", "all", COLUMNS} and value
    ]
    chips = [ViewChip(view, f"{address}?{view.query or 'all=1'}", view.query == query) for view in own]
    return ListTools(page, address, query, chips, columns, kept)


def open_default(request: PortalRequest, page: str) -> HttpResponse | None:
    """A list opened by its bare address shows the person's default view, when there is one, else the region they chose
    above any list."""
    if not request.GET:
        default = next((view for view in _own_views(request, page) if view.is_default), None)
        if default is not None and default.query:
            return redirect(f"{list_address(page)}?{default.query}")
    return with_region(request)


def is_narrowed(request: PortalRequest) -> bool:
    """Whether the list shows less than all there is."""
    return any(value for name, value in request.GET.items() if name not in NOT_FILTERS)
