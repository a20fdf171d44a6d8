"""What a sheet is made of: columns with headings, notes and widgets, made from a model's fields.

``django-import-export`` carries fields, widgets and the outcome of each row; the sheet, the check and the writing are
ours (``docs/adr/0013-excel-exchange.md``).
"""

import functools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from import_export import fields, resources

from foundation.exchange.widgets import CellWidget, ChoiceWidget, DayWidget, NumberWidget, YesNoWidget, narrow

#: Changes when a sheet made by an older version can no longer be read.
FORMAT = 1
#: The sheet that is filled; an export of many kinds names its sheets after them.
SHEET = "填报"
#: The column in which bad rows come back; read over when they are imported again.
REASON = "原因"
#: The running number in front; ``示例`` in it makes a row an example.
NUMBER = "_number"
_UNIT = re.compile(r"单位：([^，。；,;]+)")


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
    #: Never guessed: only its own heading is it (numbers and versions of an export).
    only_exact: bool = False

    @property
    def choices(self) -> list[str]:
        """What a drop-down offers."""
        if isinstance(self.widget, ChoiceWidget):
            return list(self.widget.labels.values())
        return [_("是"), _("否")] if self.widget.shape == "yes_no" else []


def normal(heading: Any) -> str:
    """A heading without what people change about it: marks, units, spaces, line breaks."""
    text = narrow(str(heading or "")).replace("\n", "").replace(" ", "").strip("*")
    return re.sub(r"[(\[][^()\[\]]*[)\]]$", "", text).strip("*")


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
        return NumberWidget(field.decimal_places, is_percent=_is_percent(field))
    return NumberWidget() if isinstance(field, models.IntegerField) else CellWidget()


def _is_percent(field: "models.Field[Any, Any]") -> bool:
    found = _UNIT.search(str(field.help_text))
    return found is not None and found.group(1).strip() in ("%", "％")


def column_of(field: "models.Field[Any, Any]", *, needed: bool) -> Column:
    """The column of a model's field, with the field's own words and unit."""
    help_text = str(field.help_text)
    unit = found.group(1) if (found := _UNIT.search(help_text)) else ""
    heading = f"{field.verbose_name}（{unit}）" if unit else str(field.verbose_name)
    return Column(
        field.name,
        heading,
        help_text,
        needed,
        widget_for(field),
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

    def labels(self) -> Mapping[str, str]:
        """What other sheets of the portal are called, by slug: for the word to somebody who brings the wrong one."""
        return {self.slug: self.label}

    def row_of(self, row: models.Model) -> list[Any]:
        """The cells of a row, in the order of ``columns``."""
        # ``export_resource`` looks each field up by search, for each row; the order is the same.
        return [field.export(row) for field in self.fields.values()]
