"""Names of schools, institutions and associations in records, and the row of the register that each is found to be."""

from typing import Any

from django import forms
from django.db import models
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.models.organisation import Organisation, OrganisationKind
from foundation.labels import Label


class ListedName(models.CharField):  # type: ignore[type-arg]  # generic in the stubs only
    """A name as it was written. Whoever reports cannot enter a row in the register of schools and institutions, so that a
    name need not stand there: it is looked up while somebody types, and ``row`` names the field that keeps what was found
    when the record was handed in (``records.core.listed``). ``kinds``: of the register only these."""

    def __init__(self, *args: Any, row: str = "", kinds: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.row, self.kinds = row, kinds
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        # To the database, and so to migrations, it is a text like any other.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        query = "&".join(f"kind={kind}" for kind in self.kinds)
        address = format_lazy("{}?{}", reverse_lazy("enterprises:organisation_search"), query)
        widget = forms.TextInput(attrs={"data-suggest-url": address, "autocomplete": "off"})
        return super().formfield(**{"widget": widget, **kwargs})


def listed_name(label: Label, row: str, *kinds: OrganisationKind, hint: Label = "") -> ListedName:
    """A field for a name of the register."""
    said = format_lazy("{}{}", _("写全称；边写边从“院校和机构”名录中提示，名录中没有的照写。"), hint)
    return ListedName(label, max_length=120, blank=True, row=row, kinds=tuple(map(str, kinds)), help_text=said)


def listed_row() -> "models.ForeignKey[Organisation | None, Organisation | None]":
    """The field that keeps the row a name was found to be; empty where the register has none of that name."""
    return models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("名录中的院校或机构"),
    )


def listed_names(model: type[models.Model]) -> list[ListedName]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ListedName)]
