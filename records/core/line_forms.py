"""The lines of a record on its form: one field whose value is the list of lines, drawn as a table.

The page sends a cell as ``agenda-0-votes_for``; API and import give the field a list of objects. Rows with nothing in them are
none, so that a page without JavaScript can offer a few empty ones.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.db import models
from django.forms.renderers import BaseRenderer
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from foundation.fields import choosable, field_of, label_of_field, unit_of
from foundation.folding import standard
from foundation.ui.forms import mark
from records.core.form_fields import asked_of
from records.core.lines import Cell, Lines, in_the_row, path_of
from records.core.models import CitedLine, LineReference, RecordLine
from records.core.models.cited import LineChoiceField

#: Empty rows a form offers: of new lines, and below those that are there.
ROOM, ROOM_BELOW = 3, 1
_EMPTY = (None, "", "unknown")
#: Far more rows than any kind takes: what lies beyond is not looked at.
_MOST_READ = 1000


class LineProblem(forms.ValidationError):
    """What is wrong at one place of the lines: ``path`` names it, the message says it as well."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message.replace("%", "%%"), params={})
        self.path = path


class _YesNo(forms.NullBooleanSelect):
    """是 or 否 in a cell: radio buttons have no room there."""

    def __init__(self) -> None:
        super().__init__()
        self.choices = [("unknown", _("请选择")), ("true", _("是")), ("false", _("否"))]


class LinesWidget(forms.Widget):
    """The table. Its field gives it what it draws."""

    use_fieldset = True
    field: "LinesField"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if name in data and not isinstance(data[name], str):
            return data[name]
        cell = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-(\w+)")
        rows: dict[int, dict[str, Any]] = {}
        for key in data:
            if (found := cell.fullmatch(key)) and int(found[1]) < _MOST_READ:
                rows.setdefault(int(found[1]), {})[found[2]] = data[key]
        return [rows[number] for number in sorted(rows)]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        context = {"table": self.field.table(name, value or []), "id": (attrs or {}).get("id", f"id_{name}")}
        if renderer is None:
            raise TypeError("lines are drawn by a form's renderer")
        # As Django's own widgets do: what a renderer makes is a template's.
        return mark_safe(renderer.render("records/_lines_table.html", context))  # noqa: S308


class LinesField(forms.Field):
    """Cleaned it is a list of lines, not saved. ``offered`` says what a reference of a row may name.
    Cells that cannot be read are kept as they were typed and named by ``problems``, with what the kind's checks find of them (``take``)."""

    def __init__(
        self, lines: Lines, offered: Callable[[LineReference], Sequence[CitedLine]] = lambda field: ()
    ) -> None:
        self.lines, self.offered = lines, offered
        self.problems: dict[Cell, list[str]] = {}
        widget = LinesWidget()
        super().__init__(required=False, label=str(lines.label), help_text=str(lines.help), widget=widget)
        # The field keeps a copy of the widget it is given.
        self.widget: LinesWidget
        self.widget.field = self
        mark(self, needed=lines.at_least > 0)

    @cached_property
    def row_form(self) -> type[forms.Form]:
        """The form of one row. What may be chosen is read once for all rows."""
        cells = {name: self._cell(field_of(self.lines.model, name)) for name in self.lines.fields}
        return type("RowForm", (forms.Form,), cells)

    def _cell(self, field: "models.Field[Any, Any]") -> forms.Field:
        made: forms.Field | None
        if isinstance(field, LineReference):
            named = LineChoiceField.of(field)
            named.offer(self.offered(field))
            made = named
        elif field.is_relation:
            rows = {str(row.pk): row for row in choosable(field).order_by(*_order(field))}
            made = forms.TypedChoiceField(
                choices=[("", _("请选择")), *((key, str(row)) for key, row in rows.items())],
                coerce=rows.__getitem__,
                empty_value=None,
                label=str(field.verbose_name),
                help_text=str(field.help_text),
            )
            made.error_messages["invalid_choice"] = _("“%(value)s”不在可选的范围内。请从列表中选择。")
        else:
            made = asked_of(field)
            if made is None:
                raise TypeError(f"{field} cannot be asked for")
        if isinstance(made, forms.NullBooleanField):
            made.widget = _YesNo()
        if isinstance(made.widget, forms.Textarea):
            made.widget.attrs["rows"] = "2"
        made.required = False
        mark(made, needed=field.name in self.lines.required, unit=unit_of(field))
        return made

    def rows_typed(self, value: Any) -> list[Mapping[str, Any]]:
        """The rows in which anything stands."""
        return [row for row in value or () if any(row.get(name) not in _EMPTY for name in self.lines.fields)]

    def clean(self, value: Any) -> list[RecordLine]:
        self.problems = {}
        made = []
        for number, row in enumerate(self.rows_typed(value), 1):
            form = self.row_form({name: row.get(name) for name in self.lines.fields})
            form.full_clean()
            for name, messages in form.errors.items():
                self.problems[Cell(number, name)] = [str(message) for message in messages]
            said = {name: standard(cell) if isinstance(cell, str) else cell for name, cell in form.cleaned_data.items()}
            made.append(self.lines.model(**said))
        return made

    def take(self, found: Mapping[Cell, Sequence[str]]) -> Iterator[LineProblem]:
        """What is wrong with the lines as errors of the form: cells that cannot be read, and what the checks found of the
        others. They stay known for the drawing."""
        unread = set(self.problems)
        for cell, messages in found.items():
            if cell not in unread:
                self.problems[cell] = list(messages)
        for cell in sorted(self.problems, key=lambda cell: (cell.row, [*self.lines.fields, ""].index(cell.field))):
            for message in self.problems[cell]:
                yield LineProblem(in_the_row(self.lines, cell, message), path_of(self.lines.name, cell))

    def placed(self, cell: Cell, message: str) -> LineProblem:
        """An action's refusal, which says its place; the cell is marked."""
        self.problems.setdefault(cell, [])
        return LineProblem(message, path_of(self.lines.name, cell))

    def forget(self) -> None:
        self.problems = {}

    # --- the table

    def table(self, name: str, value: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        rows = self.rows_typed(value)
        room = ROOM_BELOW if rows else ROOM
        room = max(0, min(room, self.lines.most - len(rows)))
        return {
            "name": name,
            "label": self.lines.label,
            "most": self.lines.most,
            "columns": [self._column(field) for field in self.lines.fields],
            "rows": [self._row(name, number, row) for number, row in enumerate([*rows, *[{}] * room], 1)],
            "blank": self._row(name, 0, {}),
        }

    def _column(self, name: str) -> dict[str, Any]:
        field = self.row_form.base_fields[name]
        unit = getattr(field, "unit", "")
        label = label_of_field(self.lines.model, name)
        return {
            "label": f"{label}（{unit}）" if unit else label,
            "is_needed": getattr(field, "needed", False),
            "shape": _shape(field),
        }

    def _row(self, name: str, number: int, typed: Mapping[str, Any]) -> dict[str, Any]:
        """A row as it is drawn; number 0 is the one that further rows are copied from."""
        prefix = f"{name}-{number - 1 if number else '__n__'}"
        form = self.row_form(initial={key: typed.get(key) for key in self.lines.fields}, prefix=prefix)
        cells = []
        for field, column in zip(self.lines.fields, map(self._column, self.lines.fields), strict=True):
            problems = self.problems.get(Cell(number, field)) if number else None
            attrs = form.fields[field].widget.attrs
            attrs["aria-label"] = (
                _("第 %(row)d 行 %(column)s") % {"row": number, "column": column["label"]}
                if number
                else column["label"]
            )
            if problems is not None:
                attrs |= {"class": "is-invalid", "aria-invalid": "true"}
                if problems:
                    attrs["aria-describedby"] = f"id_{prefix}-{field}_error"
            cells.append({"bound": form[field], "problems": problems or (), "column": column})
        return {"number": number, "cells": cells, "problems": self.problems.get(Cell(number, ""), ()) if number else ()}


def _order(field: "models.Field[Any, Any]") -> list[str]:
    ordering = (field.related_model._meta.ordering or ()) if isinstance(field.related_model, type) else ()
    return [str(name) for name in ordering] or ["pk"]


def _shape(field: forms.Field) -> str:
    """How wide a column is."""
    if isinstance(field, forms.IntegerField):
        return "number"
    if isinstance(field, forms.DateField):
        return "day"
    if isinstance(field, forms.ChoiceField | forms.NullBooleanField):
        return "choice"
    return "text"
