"""A resource for each kind, made from its declaration: which columns its sheets have and what their cells mean.

``django-import-export`` carries fields, widgets and the outcome of each row; the sheet, the check and the writing are
ours (``docs/adr/0013-excel-exchange.md``).
"""

import functools
import re
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from import_export import fields, resources

from records.exchange.widgets import (
    CellWidget,
    ChoiceWidget,
    CodeWidget,
    DayWidget,
    NumberWidget,
    PeriodWidget,
    YesNoWidget,
    narrow,
)
from records.kinds import RecordKind, Rhythm, kind_by_slug
from records.models import Status

#: Changes when a sheet made by an older version can no longer be read.
FORMAT = 1
#: The sheet that is filled; an export of many kinds names its sheets after them.
SHEET = "填报"
#: The column in which bad rows come back; read over when they are imported again.
REASON = "原因"
NUMBER, CODE, FIRM, PERIOD, REFERENCE, VERSION, STATUS = (
    "_number", "_code", "_firm", "period", "_reference", "_version", "_status",
)  # fmt: skip
_UNIT = re.compile(r"单位：([^，。；,;]+)")


@dataclass(frozen=True)
class Column:
    """One column of a kind's sheet. ``is_ours``: says which record the row is, and is no field of the form."""

    name: str
    heading: str
    note: str
    needed: bool
    widget: CellWidget
    attribute: str = ""
    max_length: int | None = None
    is_ours: bool = False

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


def _widget_for(field: models.Field) -> CellWidget:
    if field.is_relation:
        rows = field.remote_field.model._base_manager.complex_filter(field.get_limit_choices_to())
        return ChoiceWidget({row.pk: str(row) for row in rows.order_by("pk")})
    if field.choices:
        return ChoiceWidget(dict(field.flatchoices))
    if isinstance(field, models.BooleanField):
        return YesNoWidget()
    if isinstance(field, models.DateField):
        return DayWidget()
    if isinstance(field, models.DecimalField):
        return NumberWidget(field.decimal_places)
    return NumberWidget() if isinstance(field, models.IntegerField) else CellWidget()


def _own_column(kind: RecordKind, name: str) -> Column:
    field = kind.model._meta.get_field(name)
    help_text = str(field.help_text)
    unit = found.group(1) if (found := _UNIT.search(help_text)) else ""
    heading = f"{field.verbose_name}（{unit}）" if unit else str(field.verbose_name)
    return Column(
        name, heading, help_text, name in kind.required, _widget_for(field), field.attname,
        field.max_length if isinstance(field, models.CharField | models.TextField) and not field.choices else None,
    )  # fmt: skip


def _period_column(kind: RecordKind) -> Column:
    annual = kind.rhythm is Rhythm.ANNUAL
    note = _("例如 2026 或 2026年度。") if annual else _("例如 2026Q3 或 2026年第三季度。")
    return Column(PERIOD, _("报告期"), note, True, PeriodWidget(annual), "period")


def columns_for(kind: RecordKind) -> list[Column]:
    """Every column of the kind's sheet, in order; the last three come with an export only."""
    own = [_own_column(kind, name) for name in kind.fields if not (kind.is_return and name == "title")]
    return [
        Column(NUMBER, _("序号"), _("可以不填。写着“示例”的行不会导入。"), False, CellWidget(), is_ours=True),
        Column(CODE, _("统一社会信用代码"), _("18 位代码，以文本填写。只有一家企业的可以留空。"), False, CodeWidget(),
               "enterprise__credit_code", 18, True),
        Column(FIRM, _("企业名称"), _("可以不填；没有代码时按企业全称查找。"), False, CellWidget(), "enterprise__name", 200, True),
        *([_period_column(kind)] if kind.is_return else []),
        *own,
        Column(REFERENCE, _("记录编号"), _("导出时自动写上，用来找到原来的记录。新增的行请留空。"), False, CodeWidget(),
               "reference", None, True),
        Column(VERSION, _("版本"), _("导出时自动写上，请不要修改。"), False, NumberWidget(), "version", None, True),
        Column(STATUS, _("状态"), _("仅供查看，导入时不读取。"), False, ChoiceWidget(dict(Status.choices)), "status",
               None, True),
    ]  # fmt: skip


class KindResource(resources.Resource):
    """The sheet of one kind as django-import-export knows it."""

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind
        self.columns = columns_for(kind)
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

    def row_of(self, record: models.Model) -> list[Any]:
        """The cells of a record, in the order of ``columns``."""
        # ``export_resource`` looks each field up by search, for each row; the order is the same.
        return [field.export(record) for field in self.fields.values()]


def resource_for(slug: str) -> KindResource:
    """A fresh resource: the lists that offices edit may have changed since the last one."""
    return KindResource(kind_by_slug(slug))
