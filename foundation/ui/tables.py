"""Tables: one look, columns that know how values are written, and pages without counting."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

import django_tables2 as tables
from django.core.paginator import EmptyPage
from django.db import models
from django.http import HttpRequest
from django.template import Context
from django.template.base import render_value_in_context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2.columns import library
from django_tables2.paginators import LazyPaginator
from django_tables2.rows import BoundRow, BoundRows
from django_tables2.utils import AttributeDict, OrderByTuple, signature

from foundation.labels import Label
from foundation.ui import formats
from foundation.ui.badges import badge_markup
from foundation.ui.paging import page_of, parse_address

PAGE_SIZE = 25
_NOTHING, _CLOSE = format_html("{}", ""), format_html("</{}>", "td")


class PortalTable(tables.Table):
    """Base of every table. Below 640 px each row becomes a card whose lines carry the column heads.

    ``empty_text`` (Meta or argument) says what belongs here; the first column's cell is the card's title.
    """

    empty_text: Label | None

    class Meta:
        template_name = "ui/table.html"
        attrs = {"class": "table portal-table"}

    #: Of a table of very many rows: the columns it may be sorted by, each with an index in which the rows stand in that
    #: order (place, column, key). Such a table is not counted either. None: a short table, sorted by any column.
    sorts: ClassVar[tuple[str, ...] | None] = None

    #: On a telephone a row is a card of these columns, one line each; all columns when none are named. A column that is
    #: ``is_on_phone`` stands there in whatever table it is put.
    phone: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, is_small: bool = False, **kwargs: Any) -> None:
        """``is_small``: few rows, so that sorting by any column costs nothing."""
        super().__init__(*args, **kwargs)
        for name, bound in self.columns.columns.items():
            if self.phone and name not in self.phone and not getattr(bound.column, "is_on_phone", False):
                bound.column.attrs = _with_class(bound.column.attrs, "off-phone")
        self.is_small = is_small or self.sorts is None
        if self.sorts is not None and not is_small:
            for name, bound in self.columns.columns.items():
                bound.column.orderable = name in self.sorts and bound.column.orderable is not False
        # Not in Meta: a subclass with a Meta of its own would lose it.
        if self.empty_text is None:
            self.empty_text = _("没有符合条件的内容。请放宽筛选条件再试。")

    @property
    def order_by(self) -> OrderByTuple:
        return self._order_by

    @order_by.setter
    def order_by(self, value: str | Iterable[str] | None) -> None:
        """What is no column, or none to sort by, is left out first: some text (``..``) is not even read as a name."""
        names = value.split(",") if isinstance(value, str) else value or ()
        offered = {name for name, bound in self.columns.columns.items() if bound.orderable}
        known = [name for name in names if str(name).removeprefix("-") in offered]
        tables.Table.order_by.fset(self, known)

    def lines(self) -> Iterator[tuple[SafeString, SafeString]]:
        """What the template prints: of each row its attributes and its cells.

        Opening tags and the signatures of the render methods are worked out once a column, not once a cell, and the
        cells are put together here: a page of 25 rows takes half the time."""
        printers = [_CellPrinter(column) for column in self.columns]
        for row in self.paginated_rows:
            cells = _NOTHING
            for printer in printers:
                cells += printer(row)
            yield row.attrs.as_html(), cells


class _CellPrinter:
    """Prints the cells of one column as django-tables2 would, without asking again what does not change."""

    def __init__(self, column: tables.columns.BoundColumn) -> None:
        self.column = column
        self.context = Context()
        self.arguments, self.takes_all = signature(column.render)
        attrs = {**column._table.attrs, **column.column.attrs}
        follows_row = any(callable(value) for value in attrs.get("td", attrs.get("cell", {})).values())
        self.opening = None if follows_row else self._opening()
        self.labels = self._labels()

    def _labels(self) -> dict[object, str] | None:
        """What a choice is called; Django's ``get_…_display`` works the whole list out again for each row."""
        model = getattr(self.column._table.data, "model", None)
        field = self.column.accessor.get_field(model) if model else None
        choices = getattr(field, "flatchoices", None)
        return {value: str(label) for value, label in choices} if choices else None

    def _content(self, row: BoundRow) -> object:
        column = self.column
        if self.labels is None:
            return row._get_and_render_with(column, lambda *found: self._render(row, *found), column.default)
        value = column.accessor.resolve(row.record, safe=True, quiet=True)
        value = self.labels.get(value, value)
        return column.default if value in column.column.empty_values else self._render(row, column, value)

    def _opening(self) -> SafeString:
        attrs = AttributeDict(self.column.attrs["td"]).as_html()
        return format_html('<td data-label="{}" {}>', self.column.header, attrs)

    def __call__(self, row: BoundRow) -> SafeString:
        column = self.column
        # The library's own attributes: callables in ``attrs`` are given them.
        column.current_record = row.record
        column.current_value = self._content(row)
        # Escaped by the context: all three are safe, and a sum of safe strings is safe.
        content = SafeString(render_value_in_context(column.current_value, self.context))
        return (self.opening or self._opening()) + content + _CLOSE

    def _render(self, row: BoundRow, column: tables.columns.BoundColumn, value: object = None) -> object:
        known = row._optional_cell_arguments(column, value)
        wanted = known if self.takes_all else {name: known[name] for name in self.arguments}
        content = column.render(**wanted)
        return column.link(content, **known) if column.link else content


def _with_class(attrs: Mapping[str, Any] | None, css_class: str) -> dict[str, Any]:
    """The attributes with a class added to head, cell and foot."""
    merged = dict(attrs or {})
    for part in ("th", "td", "tf"):
        inner = dict(merged.get(part, {}))
        inner["class"] = f"{inner.get('class', '')} {css_class}".strip()
        merged[part] = inner
    return merged


class NumberColumn(tables.Column):
    """Right-aligned tabular figures; None is 未填报. The unit belongs into the head: ``verbose_name="人数（人）"``."""

    empty_values = ()

    def __init__(
        self, *args: Any, places: int | None = None, attrs: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.places = places
        super().__init__(*args, attrs=_with_class(attrs, "num"), **kwargs)

    def render(self, value: Any) -> str:
        if value is None or value == "":
            return format_html('<span class="missing">{}</span>', formats.not_reported())
        return formats.amount(value, self.places)

    def value(self, value: object) -> object:
        return value


class PercentColumn(NumberColumn):
    """A ratio (0.856) as 85.6%."""

    def render(self, value: Any) -> str:
        return formats.percent(value)


@library.register
class DateColumn(tables.Column):
    """``2026-09-30``"""

    def __init__(self, *args: Any, attrs: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, attrs=_with_class(attrs, "date"), **kwargs)

    def render(self, value: Any) -> str:
        return formats.day(value)

    @classmethod
    def from_field(cls, field: "models.Field[Any, Any]", **kwargs: Any) -> "DateColumn | None":
        return cls(**kwargs) if type(field) is models.DateField else None


@library.register
class MomentColumn(DateColumn):
    """``2026-09-30 14:05``"""

    def render(self, value: Any) -> str:
        return formats.moment(value)

    @classmethod
    def from_field(cls, field: "models.Field[Any, Any]", **kwargs: Any) -> "MomentColumn | None":
        return cls(**kwargs) if type(field) is models.DateTimeField else None


class YesNoColumn(tables.Column):
    """是 or 否; None is 未填报."""

    empty_values = ()

    def render(self, value: bool | None) -> Label:
        if value is None:
            return format_html('<span class="missing">{}</span>', formats.not_reported())
        return _("是") if value else _("否")


class QuarterColumn(tables.Column):
    """``2026Q3`` as 2026年第三季度, on one line."""

    def __init__(self, *args: Any, attrs: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, attrs=_with_class(attrs, "date"), **kwargs)

    def render(self, value: object) -> str:
        return formats.quarter_label(value)


class StatusColumn(tables.Column):
    """A choice field as a badge: the model's own label; the tone from ``foundation.ui.badges`` or from ``tones``."""

    def __init__(self, *args: Any, tones: Mapping[Any, str] | None = None, **kwargs: Any) -> None:
        self.tones = tones or {}
        super().__init__(*args, **kwargs)

    def render(self, record: object, value: object, bound_column: tables.columns.BoundColumn) -> SafeString:
        raw = bound_column.accessor.resolve(record, safe=True, quiet=True)
        return badge_markup(value, status=str(raw), tone=self.tones.get(str(raw), ""))


class LinkColumn(tables.Column):
    """A cell that opens the row's own page (``get_absolute_url``), or what ``linkify`` says."""

    def __init__(
        self, *args: Any, linkify: object = None, attrs: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        opens = linkify or (lambda record: record.get_absolute_url())
        super().__init__(*args, linkify=opens, attrs=_with_class(attrs, "main"), **kwargs)


class TickColumn(tables.Column):
    """A box to tick, sending the row's key. Stands first; below 640 px beside the card's title. ``offered`` says for
    which rows; the others have none."""

    empty_values = ()

    def __init__(
        self,
        *args: Any,
        name: str = "tick",
        offered: Callable[[Any], bool] = lambda record: True,
        attrs: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.name, self.offered = name, offered
        kwargs.setdefault("verbose_name", _("选择"))
        kwargs.setdefault("exclude_from_export", True)
        super().__init__(*args, accessor="pk", orderable=False, attrs=_with_class(attrs, "tick-cell"), **kwargs)

    def render(self, value: object, record: object) -> SafeString | str:
        if not self.offered(record):
            return ""
        return format_html(
            '<input class="form-check-input" type="checkbox" name="{}" value="{}" aria-label="{}">',
            self.name,
            value,
            _("选择“%s”") % record,
        )


def sort_as_asked(request: HttpRequest, table: tables.Table) -> bool:
    """Sort the table as the query string says; whether it says anything.

    Views do not hand ``request`` to the table: django-tables2 would cut it into pages at once, and count it for that."""
    wanted = request.GET.getlist(table.prefixed_order_by_field)
    if wanted:
        table.order_by = [name for part in wanted for name in part.split(",")]
    return bool(wanted)


def paginate(request: HttpRequest, table: tables.Table, *, per_page: int = PAGE_SIZE) -> tables.Table:
    """Sort as the query string says and cut to one page; a page that does not exist shows the first.

    Rows of a table are cut by key (``foundation.ui.paging``), other rows and orders made of more than columns by number.
    Rows of equal rank keep one order over all pages.
    """
    sort_as_asked(request, table)
    table.request = request
    address = parse_address(request.GET.get(table.prefixed_page_field, ""))
    rows = table.data.data
    if isinstance(rows, models.QuerySet):
        try:
            found = page_of(rows, address, per_page, is_counted=getattr(table, "is_small", True))
        except ValueError:
            if table.order_by and "pk" not in rows.query.order_by:
                table.data.data = rows.order_by(*rows.query.order_by, "pk")
        else:
            table.page = found.with_rows(BoundRows(data=found.object_list, table=table))
            return table
    try:
        table.paginate(page=address.number, per_page=per_page, paginator_class=LazyPaginator)
    except EmptyPage:
        table.paginate(page=1, per_page=per_page, paginator_class=LazyPaginator)
    return table
