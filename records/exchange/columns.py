"""The columns of a kind's fields: the usual ones, and those of fields that only records have."""

from dataclasses import replace
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from foundation.exchange.columns import Column, column_of
from foundation.exchange.widgets import CellWidget
from records.core.models import CitedLine, LineReference
from records.core.several import SeveralChoices


class ReferenceWidget(CellWidget):
    """A line of another kind, by day and subject; the form, which knows whose record it is, finds the line."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        # What a sheet was brought with is written back as it stood.
        return value.named if isinstance(value, CitedLine) else str(value or "")


class SeveralWidget(CellWidget):
    """Several of a list, with 、 between them; the form knows the words."""

    def __init__(self, field: SeveralChoices, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field = field

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.field.words_of(value) if str(value or "").startswith(",") else str(value or "")


def record_column(field: "models.Field[Any, Any]", *, needed: bool) -> Column:
    """The column of a field of a record or of one of its lines."""
    if isinstance(field, LineReference):
        column = column_of(field, needed=needed, widget=ReferenceWidget())
        note = _("写会议日期和议题，例如：2026-03-12 集体合同草案。")
        # The row it refers to, not its key.
        return replace(column, attribute=field.name, note=f"{column.note}{note}")
    if isinstance(field, SeveralChoices):
        column = column_of(field, needed=needed, widget=SeveralWidget(field))
        note = _("可写几项，用顿号隔开：%s。") % "、".join(str(label) for _code, label in field.flatchoices)
        return replace(column, note=f"{column.note}{note}")
    return column_of(field, needed=needed)
