"""The registers of indicators and of targets: their lists, workbooks, history and API."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import django_filters
import django_tables2 as tables
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import verdict
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.crud.building import ResourceForm
from foundation.crud.resource import Fieldset, Link, Menu, Permissions, Resource, SheetColumn, register
from foundation.fields import field_of
from foundation.places.models import Place
from foundation.ui.formats import quarter_label
from foundation.ui.forms import mark
from foundation.ui.sections import FIGURES
from foundation.ui.tables import LinkColumn, NumberColumn, QuarterColumn
from indicators.catalogue import waiting_rows
from indicators.formulas import formula_text
from indicators.models import Direction, Indicator, Target

CENT = Decimal("0.01")
EXPONENT = gettext_lazy("“%s”用了科学记数法，容易看错。请把数字写全，例如 1200。")


def formula_of(indicator: Indicator) -> str:
    return formula_text(indicator.numerator, indicator.denominator, indicator.scale)


def state_of(indicator: Indicator) -> str:
    """In force, or until when it was."""
    if indicator.valid_to is None:
        return _("使用中")
    return _("%s后停用") % quarter_label(indicator.valid_to)


class FormulaColumn(tables.Column):
    """The formula in words."""

    def render(self, record: Indicator) -> str:
        return formula_of(record)


class StateColumn(tables.Column):
    """In force or retired."""

    def render(self, record: Indicator) -> str:
        return state_of(record)


def _by_state(queryset: models.QuerySet[Indicator], name: str, value: str) -> models.QuerySet[Indicator]:
    return queryset.filter(valid_to__isnull=value == "used")


class IndicatorFilter(django_filters.FilterSet):
    """The filters of the list of indicators, its workbook and its API."""

    q = django_filters.CharFilter(label=gettext_lazy("编号或名称"), method="find")
    area = django_filters.AllValuesFilter(label=gettext_lazy("领域"), empty_label=gettext_lazy("全部领域"))
    direction = django_filters.ChoiceFilter(
        label=gettext_lazy("方向"), choices=Direction.choices, empty_label=gettext_lazy("全部方向")
    )
    used = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"),
        choices=[("used", gettext_lazy("使用中")), ("retired", gettext_lazy("已停用"))],
        empty_label=gettext_lazy("全部状态"),
        method=_by_state,
    )

    class Meta:
        model = Indicator
        fields: list[str] = []

    def find(self, queryset: models.QuerySet[Indicator], name: str, value: str) -> models.QuerySet[Indicator]:
        found = queryset
        for word in value.split():
            found = found.filter(models.Q(code__icontains=word) | models.Q(name__icontains=word))
        return found


@register
class IndicatorResource(Resource):
    """The newest version of each; those before stand beside it on its own page. Made and changed by actions of their own
    (``indicators.actions``)."""

    model = Indicator
    name = "indicator"
    lookup = "code"
    natural_key = ("code", "version")
    pages = ("list", "export")
    own_pages = ("detail",)
    permissions = Permissions(view="indicators.view")
    columns = (
        ("code", LinkColumn(verbose_name=gettext_lazy("编号"))),
        ("name", tables.Column(verbose_name=gettext_lazy("指标"))),
        ("formula", FormulaColumn(verbose_name=gettext_lazy("口径"), accessor="pk", orderable=False)),
        ("unit", tables.Column(verbose_name=gettext_lazy("单位"))),
        ("direction", tables.Column(verbose_name=gettext_lazy("方向"), attrs={"td": {"class": "text-nowrap"}})),
        ("area", tables.Column(verbose_name=gettext_lazy("领域"))),
        ("version", NumberColumn(verbose_name=gettext_lazy("版本"))),
        ("valid_from", QuarterColumn(verbose_name=gettext_lazy("启用季度"))),
        ("state", StateColumn(verbose_name=gettext_lazy("状态"), accessor="pk", orderable=False)),
        ("owner", tables.Column(verbose_name=gettext_lazy("责任处室（单位）"), default="—")),
    )
    optional = ("area", "owner")
    few_rows = True
    filterset = IndicatorFilter
    search = ("code", "name")
    fieldsets = (
        Fieldset(
            gettext_lazy("指标"),
            (
                "code",
                "name",
                "area",
                "unit",
                "direction",
                "period",
                "numerator",
                "denominator",
                "scale",
                "target",
                "owner",
                "source",
                "note",
                "version",
                "valid_from",
                "valid_to",
            ),
        ),
    )
    has_import = False
    sheet = (
        SheetColumn(gettext_lazy("编号"), "code", 10),
        SheetColumn(gettext_lazy("指标"), "name", 36),
        SheetColumn(gettext_lazy("领域"), "area", 18),
        SheetColumn(gettext_lazy("口径"), formula_of, 60),
        SheetColumn(gettext_lazy("单位"), "unit", 8),
        SheetColumn(gettext_lazy("方向"), lambda indicator: indicator.get_direction_display(), 12),
        SheetColumn(gettext_lazy("周期"), lambda indicator: indicator.get_period_display(), 12),
        SheetColumn(gettext_lazy("要求值"), "target", 10),
        SheetColumn(gettext_lazy("责任处室（单位）"), "owner", 20),
        SheetColumn(gettext_lazy("依据"), "source", 40),
        SheetColumn(gettext_lazy("版本"), "version", 8),
        SheetColumn(gettext_lazy("启用季度"), lambda indicator: quarter_label(indicator.valid_from), 16),
        SheetColumn(gettext_lazy("状态"), state_of, 20),
    )
    title = gettext_lazy("指标")
    icon = "target"
    menu = Menu(FIGURES, 34)
    list_template = "indicators/list.html"
    empty_text = gettext_lazy("装载基础数据后，目录中能算的指标会列在这里。")
    nothing_text = gettext_lazy("换个编号、名称或领域再试。")

    def rows(self, user: Actor) -> models.QuerySet[models.Model]:
        return Indicator.objects.visible_to(user).newest().order_by("order", "code", "pk")

    def list_links(self, request: PortalRequest) -> tuple[Link, ...]:
        if not verdict(request.user, "indicators.revise"):
            return ()
        return (Link(gettext_lazy("新设指标"), reverse("indicators:indicator_create"), "plus"),)

    def list_context(self, request: PortalRequest, filterset: Any) -> dict[str, Any]:
        """What the catalogue asks for and nothing answers yet stands below the list, unless the list is narrowed."""
        return {"waiting": [] if request.GET.get("q") or request.GET.get("area") else waiting_rows()}


def has_exponent(text: str) -> bool:
    """Whether a number is written like 1e9: a slip of a key rather than what somebody sets."""
    return re.fullmatch(r"[+-]?[\d.]+[eE][+-]?\d+", text.strip()) is not None


def _names(field: str) -> Subquery:
    """Of the newest version of the indicator of a target."""
    newest = Indicator.objects.filter(code=OuterRef("indicator")).order_by("-version")
    return Subquery(newest.values(field)[:1])


def _kept(name: str, value: Decimal | int | None) -> Any:
    """What is no number, or too long, stays for the field itself to refuse."""
    field = field_of(Target, name)
    try:
        found = field.to_python(value)
        return found if found is None else found.quantize(CENT) if found == found.quantize(CENT) else found
    except (ValidationError, InvalidOperation):
        return value


class TargetForm(ResourceForm):
    """The indicator is typed or chosen from those that have a better and a worse, by its number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("indicator"):
            field.widget.attrs["list"] = "indicator-codes"
            mark(field, offered=SimpleLazyObject(_offered))

    def clean_indicator(self) -> str:
        """``D02 高技能人才占技能人才比例`` as it is offered, or the number alone."""
        return str(self.cleaned_data["indicator"]).split()[0]

    def clean(self) -> dict[str, Any]:
        """The numbers as they were typed: once read, 1e9 is a number like any other."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("value", "start"):
            typed = str(self.data.get(self.add_prefix(name), ""))
            if name in data and has_exponent(typed):
                self.add_error(name, EXPONENT % typed)
        return data


def _offered() -> list[str]:
    found = Indicator.objects.filter(valid_to__isnull=True).exclude(direction=Direction.NONE)
    return [str(indicator) for indicator in found]


@register
class TargetResource(Resource):
    """Targets one by one; a page of many at once is ``indicators.views.target_table``."""

    model = Target
    name = "target"
    natural_key = ("indicator", "place", "year")
    fixed = ("indicator", "place", "year")
    place_field = "place"
    columns = (
        ("indicator", LinkColumn(verbose_name=gettext_lazy("指标"))),
        ("indicator_name", tables.Column(verbose_name=gettext_lazy("指标名称"), default="—")),
        "place",
        ("year", tables.Column(verbose_name=gettext_lazy("年度"))),
        ("value", NumberColumn(verbose_name=gettext_lazy("目标值"))),
        ("unit", tables.Column(verbose_name=gettext_lazy("单位"), accessor="indicator_unit", default="—")),
        ("start", tables.Column(verbose_name=gettext_lazy("起点值"), default="—")),
        "note",
    )
    optional = ("start", "note")
    few_rows = True
    filters = (("year", django_filters.NumberFilter(label=gettext_lazy("年度"))),)
    search = ("indicator", "place__name")
    search_label = gettext_lazy("指标编号或地区")
    related = ("place__city",)
    fieldsets = (
        Fieldset(gettext_lazy("哪个目标"), ("indicator", "place", "year")),
        Fieldset(gettext_lazy("达到多少"), ("value", "start", "note")),
    )
    form = TargetForm
    permissions = Permissions(view="indicators.view_targets", change="indicators.set_targets")
    sheet = (
        SheetColumn(gettext_lazy("指标编号"), "indicator", 12),
        SheetColumn(gettext_lazy("指标名称"), "indicator_name", 36),
        SheetColumn(gettext_lazy("地区"), lambda target: target.place.full_name(), 20),
        SheetColumn(gettext_lazy("年度"), "year", 8),
        SheetColumn(gettext_lazy("目标值"), "value", 12),
        SheetColumn(gettext_lazy("单位"), "indicator_unit", 8),
        SheetColumn(gettext_lazy("起点值"), "start", 12),
        SheetColumn(gettext_lazy("说明"), "note", 30),
    )
    api_fields = (
        "indicator",
        ("indicator_name", str),
        ("indicator_unit", str),
        "place",
        "year",
        "value",
        "start",
        "note",
    )
    icon = "target"
    menu = Menu(FIGURES, 35)
    new_label = gettext_lazy("下达一个目标")
    empty_text = gettext_lazy("省级给设区市、设区市给县（市、区）下达的年度目标列在这里；看板上的指标按它亮灯。")
    nothing_text = gettext_lazy("换个指标、地区或年度再试。")

    def rows(self, user: Actor) -> models.QuerySet[Any]:
        found = Target.objects.visible_to(user).select_related(*self.related).order_by(*self.list_ordering)
        return found.annotate(indicator_name=_names("name"), indicator_unit=_names("unit"))

    def open_places(self) -> models.QuerySet[Place]:
        return Place.objects.regions().open()

    def prepare(self, row: Target) -> None:
        """Numbers with the decimals they are kept with, so that 35 is no change of 35.00."""
        row.value = _kept("value", row.value)
        row.start = _kept("start", row.start)

    def list_links(self, request: PortalRequest) -> tuple[Link, ...]:
        label = gettext_lazy("按表填写") if self.may_create(request.user) else gettext_lazy("目标和进度表")
        return (Link(label, reverse("indicators:target_table"), "layout-dashboard"),)
