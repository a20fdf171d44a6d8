"""Names of schools, enterprises, bodies and so on in records, and the rows of registers that they are found to be."""

import functools
import operator
import re
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.models import Body, Cluster, Enterprise, Organisation
from foundation.labels import Label
from records.core.models.record import Record

#: What stands between names where one field takes several.
BETWEEN = re.compile(r"([、，,;；\n]+)")


class Among(models.TextChoices):
    """A register in which names are looked up; the words say what it is called."""

    ORGANISATION = "organisation", _("院校和机构")
    ENTERPRISE = "enterprise", _("企业名录")
    CLUSTER = "cluster", _("产业园区和产业链")
    BODY = "body", _("组织与会议")
    CONTEST = "contest", _("已填报的竞赛")
    MEMBER = "member", _("联席会议成员单位")


#: What the registers have for a row besides its name, which may be written in its place.
NUMBERS = {
    Among.ORGANISATION: _("代码"),
    Among.ENTERPRISE: _("统一社会信用代码"),
    Among.CONTEST: _("记录编号"),
}
_COLUMNS = (Among.ORGANISATION, Among.ENTERPRISE, Among.CLUSTER, Among.BODY, Among.CONTEST)


def _only(column: str) -> Q:
    """That of all columns for rows this one is filled."""
    return Q(**{f"{other.value}__isnull": other != column for other in _COLUMNS})


class NamedRow(models.Model):
    """The row that a name in a record was found to be, when the record was handed in (``records.core.listed``). ``path`` is the
    field's name, or the place in the record's lines; ``name`` what stood there. Names that were not found have none."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="named_rows")
    path = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, null=True, related_name="+")
    cluster = models.ForeignKey(Cluster, models.CASCADE, null=True, related_name="+")
    body = models.ForeignKey(Body, models.CASCADE, null=True, related_name="+")
    contest = models.ForeignKey(Record, models.CASCADE, null=True, related_name="+")

    #: The columns that hold a row, by register.
    COLUMNS = _COLUMNS

    class Meta:
        verbose_name = verbose_name_plural = _("名称对应的名录行")
        ordering = ["record", "path", "position"]
        constraints = [
            models.UniqueConstraint(fields=["record", "path", "position"], name="named_row_once"),
            models.CheckConstraint(
                condition=functools.reduce(operator.or_, map(_only, _COLUMNS)),
                name="named_row_is_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListedName(models.CharField):  # type: ignore[type-arg]  # generic in the stubs only
    """A name as it was written, or several. Whoever reports cannot enter rows in most registers, so that a name need not stand
    there: it is looked up while somebody types, and found when the record is handed in.

    among     the registers it is looked up in
    sorts     of organisations and bodies only these kinds; of records those of these
    is_many   several names may be written, with 、 between them
    is_asked  a name that is not found is asked about when the record is handed in
    """

    def __init__(
        self,
        *args: Any,
        among: tuple[str, ...] = (),
        sorts: tuple[str, ...] = (),
        is_many: bool = False,
        is_asked: bool = True,
        **kwargs: Any,
    ) -> None:
        self.among = tuple(map(Among, among))
        self.sorts, self.is_many, self.is_asked = sorts, is_many, is_asked
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        # To the database, and so to migrations, it is a text like any other.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    @property
    def register_label(self) -> str:
        return "、".join(str(one.label) for one in self.among)

    def formfield(self, **kwargs: Any) -> Any:
        address = reverse_lazy("records:names", args=[self.model._meta.label_lower, self.name])
        attrs = {"data-suggest-url": address, "autocomplete": "off"}
        if self.is_many:
            attrs["data-suggest-many"] = ""
        return super().formfield(**{"widget": forms.TextInput(attrs=attrs), **kwargs})


def listed_name(
    label: Label,
    *among: Among,
    sorts: tuple[str, ...] = (),
    hint: Label = "",
    length: int = 120,
    is_many: bool = False,
    is_asked: bool = True,
) -> ListedName:
    """A field for a name of a register, see ``ListedName``."""
    registers = format_lazy("{}" + "、{}" * (len(among) - 1), *(one.label for one in among))
    numbers = format_lazy(_("也可以写{numbers}。"), numbers=NUMBERS[among[0]]) if among[0] in NUMBERS else ""
    said = format_lazy(
        _("写全称，边写边从“{registers}”中提示，其中没有的照写。{numbers}{hint}"),
        registers=registers,
        numbers=numbers,
        hint=hint,
    )
    return ListedName(
        label,
        max_length=length,
        blank=True,
        among=among,
        sorts=tuple(map(str, sorts)),
        is_many=is_many,
        is_asked=is_asked,
        help_text=said,
    )


def listed_names(model: type[models.Model]) -> list[ListedName]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ListedName)]


def parts_of(text: str) -> list[str]:
    """The names in a text that takes several."""
    return [part for part in (one.strip() for one in BETWEEN.split(text)[::2]) if part]
