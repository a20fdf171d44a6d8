"""What a sheet is made of: columns with headings, notes and widgets, made from a model's fields.

``django-import-export`` carries fields, widgets and the outcome of each row; the sheet, the check and the writing are
ours (``docs/adr/0013-excel-exchange.md``).
"""

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from import_export import fields, resources

from foundation.exchange.headings import normal
from foundation.exchange.models import HeadingSynonym
from foundation.exchange.widgets import (
    CellWidget,
    ChoiceWidget,
    DayWidget,
    LineWidget,
    NumberWidget,
    YesNoWidget,
)
from foundation.fields import unit_of

#: Changes when a sheet made by an older version can no longer be read.
FORMAT = 1
#: The sheet that is filled; an export of many kinds names its sheets after them.
SHEET = "填报"
#: The column in which bad rows come back; read over when they are imported again.
REASON = "原因"
#: The running number in front; ``示例`` in it makes a row an example.
NUMBER = "_number"
#: A text of so many characters takes a remark.
ROOM_FOR_WORDS = 300


@dataclass(frozen=True)
class Column:
    """One column of a sheet. ``is_ours``: says which row of the portal the line is, and is no field of the form.
    ``synonyms``: other headings people give it. ``is_personal``: names or numbers of persons; a resource with such a column
    is kept encrypted wherever its rows wait."""

    name: str
    heading: str
    note: str
    needed: bool
    widget: CellWidget
    attribute: str = ""
    max_length: int | None = None
    is_ours: bool = False
    synonyms: tuple[str, ...] = ()
    is_personal: bool = False
    #: Never guessed: only its own heading is it (numbers and versions of an export). In a file that the portal did not
    #: write it is asked about, for a ledger may have a column of that name.
    only_exact: bool = False
    #: Stands in exports for people to look at, and is never read.
    is_shown_only: bool = False

    @property
    def choices(self) -> list[str]:
        """What a drop-down offers."""
        if isinstance(self.widget, ChoiceWidget):
            return list(self.widget.labels.values())
        return [_("是"), _("否")] if self.widget.shape == "yes_no" else []


class Beside(NamedTuple):
    """A further sheet of a workbook, whose rows belong to rows of the first: title, mark, columns, cells."""

    title: str
    slug: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


def widget_for(field: "models.Field[Any, Any]") -> CellWidget:
    if isinstance(field, models.ForeignKey):
        rows = field.related_model._base_manager.complex_filter(field.get_limit_choices_to())
        return ChoiceWidget({row.pk: str(row) for row in rows.order_by("pk")})
    if field.choices:
        return ChoiceWidget(dict(field.flatchoices))
    if isinstance(field, models.BooleanField):
        return YesNoWidget()
    if isinstance(field, models.DateField):
        return DayWidget()
    if isinstance(field, models.DecimalField):
        return NumberWidget(field.decimal_places, unit=unit_of(field), is_percent=_is_percent(field))
    if isinstance(field, models.IntegerField):
        return NumberWidget(unit=unit_of(field))
    return LineWidget() if isinstance(field, models.CharField) else CellWidget()


def _is_percent(field: "models.Field[Any, Any]") -> bool:
    return unit_of(field) in ("%", "％")


def heading_of(field: "models.Field[Any, Any]") -> str:
    """The field's own words with its unit."""
    unit = unit_of(field)
    return f"{field.verbose_name}（{unit}）" if unit else str(field.verbose_name)


def column_of(field: "models.Field[Any, Any]", *, needed: bool, widget: CellWidget | None = None) -> Column:
    """The column of a model's field, with the field's own words and unit, and its usual widget unless another is given."""
    help_text = str(field.help_text)
    return Column(
        field.name,
        heading_of(field),
        help_text,
        needed,
        widget or widget_for(field),
        field.attname,
        field.max_length if isinstance(field, models.CharField | models.TextField) and not field.choices else None,
    )


class SheetResource(resources.Resource):
    """A sheet as django-import-export knows it.

    ``slug`` and ``label`` say what it is of. Without its ``keys`` no line can be told from another; a row of headings
    has one of ``heads``; a line with nothing but ``filled_in`` (by the template) is empty.
    """

    slug: str
    label: str
    keys: Collection[str]
    heads: Collection[str]
    filled_in: Collection[str] = (NUMBER,)
    #: Sheets of the templates that hold nothing to import.
    beside: Collection[str] = ("说明",)

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = list(columns)
        super().__init__()
        for column in self.columns:
            self.fields[column.name] = fields.Field(
                attribute=column.attribute or None,
                column_name=column.heading,
                widget=column.widget,
                readonly=column.is_ours,
            )

    @functools.cached_property
    def by_heading(self) -> dict[str, Column]:
        """Columns by the normal form of their headings."""
        return {normal(column.heading): column for column in self.columns}

    @functools.cached_property
    def synonyms(self) -> dict[str, str]:
        """Names of columns by other headings people give them, in their normal form: the province's list and what the
        declaration adds."""
        found = {normal(word): column.name for column in self.columns for word in column.synonyms}
        for heading, word in HeadingSynonym.objects.in_use():
            column = self.by_heading.get(heading)
            if column is not None and word not in self.by_heading:
                found.setdefault(word, column.name)
        return found

    def words_of(self, column: Column) -> list[str]:
        """The other headings of one column, in their normal form."""
        return [word for word, name in self.synonyms.items() if name == column.name]

    @functools.cached_property
    def for_words(self) -> str:
        """The heading of the column for what other columns have no room for; empty when there is none."""
        prose = [column for column in self.columns if column.widget.shape == "text" and not column.is_ours]
        longest = max(prose, key=lambda column: column.max_length or 0, default=None)
        return longest.heading if longest is not None and (longest.max_length or 0) >= ROOM_FOR_WORDS else ""

    def labels(self) -> Mapping[str, str]:
        """What other sheets of the portal are called, by slug: for the word to somebody who brings the wrong one."""
        return {self.slug: self.label}

    def kin(self) -> Iterable[tuple[str, str, set[str]]]:
        """Tables that a sheet brought for this one may be of: slug, label, and headings in their normal form."""
        return ()

    def sheets_back(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[Beside]:
        """Sheets that go back beside rows that did not go in. ``rows``: each with its ``cells`` and what the check kept
        ``beside`` it."""
        return ()

    def row_of(self, row: models.Model) -> list[Any]:
        """The cells of a row, in the order of ``columns``."""
        # ``export_resource`` looks each field up by search, for each row; the order is the same.
        return [field.export(row) for field in self.fields.values()]
