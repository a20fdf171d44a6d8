"""The list of records: one for all kinds, with a kind's own columns when one kind is chosen."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import verdict
from foundation.access.scope import Scope, scope_of
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.crud.lists import NOT_FILTERS, hidden_columns, is_narrowed, list_tools, open_default
from foundation.crud.opened import opened_figure
from foundation.fields import field_of, unit_of
from foundation.saved_views.pages import register_list
from foundation.ui.tables import (
    DateColumn,
    NumberColumn,
    PortalTable,
    QuarterColumn,
    StatusColumn,
    YesNoColumn,
    paginate,
)
from records.core.columns import KindNumberColumn
from records.core.filters import WAITING, filter_for
from records.core.kinds import RecordKind, fact_by_code, in_groups, kind_by_slug, kinds_to_fill
from records.core.models import HANDED_IN, REPORTED_ATTENDANCES, Record, RecordQuerySet
from records.core.queries import own_offices
from records.core.several import SeveralChoices

LIST = "records.list"
register_list(LIST, "records:list")


class RecordTable(PortalTable):
    title = tables.LinkColumn("records:detail", args=[tables.A("pk")], verbose_name=gettext_lazy("标题"))
    kind = tables.Column(verbose_name=gettext_lazy("类型"))
    enterprise = tables.Column(
        verbose_name=gettext_lazy("填报单位"), accessor="filer__name", order_by="enterprise__name"
    )
    county = tables.Column(
        verbose_name=gettext_lazy("县（市、区）"), accessor="county__full_name", order_by="county__code"
    )
    quarter = QuarterColumn(verbose_name=gettext_lazy("计入"))
    attendances = KindNumberColumn("attendances", verbose_name=gettext_lazy("人次"))
    status = StatusColumn(verbose_name=gettext_lazy("状态"))
    submitted_at = DateColumn(verbose_name=gettext_lazy("提交日期"))
    happened_on = DateColumn(verbose_name=gettext_lazy("活动日期"))
    number_of_people = KindNumberColumn("number_of_people", verbose_name=gettext_lazy("人数"))
    city = tables.Column(verbose_name=gettext_lazy("设区市"), accessor="city__name", order_by="city__code")

    #: Shown when the person asks for them.
    optional: ClassVar[tuple[str, ...]] = ("number_of_people", "city")
    phone: ClassVar[tuple[str, ...]] = ("title", "enterprise", "happened_on", "status")
    sorts = ("attendances", "submitted_at")

    class Meta(PortalTable.Meta):
        model = Record
        fields = (
            "title",
            "kind",
            "enterprise",
            "county",
            "happened_on",
            "quarter",
            "attendances",
            "status",
            "submitted_at",
        )
        sequence: tuple[str, ...] = fields
        order_by = "-pk"

    def order_attendances(self, queryset: RecordQuerySet, is_descending: bool) -> tuple[RecordQuerySet, bool]:
        column = REPORTED_ATTENDANCES
        return queryset.order_by(
            column.desc() if is_descending else column.asc(), "-pk" if is_descending else "pk"
        ), True

    def order_submitted_at(self, queryset: RecordQuerySet, is_descending: bool) -> tuple[RecordQuerySet, bool]:
        column = HANDED_IN
        return queryset.order_by(
            column.desc() if is_descending else column.asc(), "-pk" if is_descending else "pk"
        ), True

    def render_kind(self, value: str) -> str:
        return kind_by_slug(value).label

    def render_title(self, record: Record, value: str) -> str:
        return _("%s（代填）") % value if record.filed_on_behalf else value

    def render_quarter(self, record: Record) -> str:
        late = _("（补报）") if record.is_late_entry else ""
        return f"{record.year.label if record.year else Quarter.parse(record.quarter).short_label}{late}"


class SeveralColumn(tables.Column):
    """What is chosen, in words."""

    def __init__(self, field: SeveralChoices, **kwargs: Any) -> None:
        self.field = field
        super().__init__(**kwargs)

    def render(self, value: str) -> str:
        return self.field.words_of(value)


def _column_for(field: "models.Field[Any, Any]", path: str) -> tables.Column:
    """A column that writes the field's values as people read them; choices and references have their own words."""
    unit = unit_of(field)
    head = f"{field.verbose_name}（{unit}）" if unit else field.verbose_name
    wording: dict[str, Any] = {"verbose_name": head, "accessor": path, "order_by": path}
    if isinstance(field, SeveralChoices):
        return SeveralColumn(field, **wording)
    if isinstance(field, models.DecimalField):
        return NumberColumn(places=field.decimal_places, **wording)
    if isinstance(field, models.IntegerField):
        return NumberColumn(**wording)
    if isinstance(field, models.BooleanField):
        return YesNoColumn(**wording)
    return DateColumn(**wording) if isinstance(field, models.DateField) else tables.Column(**wording)


def _table_for(kind: RecordKind | None) -> tuple[type[RecordTable], tuple[str, ...]]:
    """The table and the relations it reads. One kind: its own columns, without the columns that say the same thing."""
    if kind is None:
        return RecordTable, ()
    child = str(kind.model._meta.model_name)
    own: dict[str, tables.Column] = {}
    joined = [child]
    offered = [name for name in kind.fields if name not in kind.columns and _fits_a_column(kind, name)]
    for name in (*kind.columns, *offered):
        field = field_of(kind.model, name)
        if name in RecordTable.base_columns:
            continue
        own[name] = _column_for(field, f"{child}__{name}")
        if field.is_relation:
            joined.append(f"{child}__{name}")
    shown = [name for name in kind.columns if name not in ("title", "attendances")]
    if "happened_on" in kind.fields and "happened_on" not in shown:
        shown.insert(0, "happened_on")
    asked_for = [name for name in dict.fromkeys((*RecordTable.optional, *offered, "attendances")) if name != "title"]
    hidden = tuple(name for name in ("kind", "attendances", "happened_on") if name not in kind.fields)
    base = ("title", "enterprise", "county", *shown, "attendances", "quarter", "status", "submitted_at")

    class Meta(RecordTable.Meta):
        exclude = hidden
        sequence = tuple(name for name in base if name not in hidden)

    declared = {
        **own,
        "Meta": Meta,
        "optional": tuple(name for name in asked_for if name not in (*kind.columns, "happened_on")),
    }
    return type(f"{kind.model.__name__}Table", (RecordTable,), declared), tuple(joined)


def _without_what_is_known(table_class: type[RecordTable], scope: Scope) -> type[RecordTable]:
    """What is the same in every row the person may see stands in none unless asked for: the county of a county's office,
    the name of the enterprise somebody works for."""
    declared: dict[str, Any] = {}
    if not scope.is_office and len(scope.enterprise_ids()) == 1:
        declared = {
            "optional": (*table_class.optional, "enterprise", "county"),
            "phone": ("title", "kind", "happened_on", "status"),
        }
    elif scope.is_office and len(places := scope.places()) == 1 and places[0].is_county_level:
        declared = {"optional": (*table_class.optional, "county")}
    return type(table_class.__name__, (table_class,), declared) if declared else table_class


def _fits_a_column(kind: RecordKind, name: str) -> bool:
    return not isinstance(field_of(kind.model, name), models.TextField)


def _kind_from(request: PortalRequest) -> RecordKind | None:
    try:
        return kind_by_slug(request.GET["kind"]) if request.GET.get("kind") else None
    except LookupError:
        return None


def _narrowed_by(request: PortalRequest) -> list[str]:
    """In words, the filters that have no visible field: a figure, an enterprise."""
    words = []
    if code := request.GET.get("fact"):
        try:
            words.append(_("数据项：%s（下面就是这个数由哪些记录得来）") % fact_by_code(code)[1].label)
        except LookupError:
            words.append(_("数据项：%s（没有这个数据项）") % code)
    if code := request.GET.get("enterprise"):
        words.append(_("企业代码：%s") % code)
    if code := request.GET.get("office"):
        words.append(_("本级填报：%s") % code)
    if request.GET.get("imported"):
        words.append(_("同一次导入写入的"))
    if label := dict(WAITING).get(request.GET.get("waiting", "")):
        words.append(str(label))
    return words


#: What a row of the base shows. Reading no more than that takes a tenth off the page.
_SHOWN = (
    "title",
    "kind",
    "quarter",
    "period",
    "is_late_entry",
    "attendances",
    "number_of_people",
    "happened_on",
    "status",
    "submitted_at",
    "filed_on_behalf",
    "enterprise__name",
    "office__name",
    "county__name",
    "county__level",
    "county__city__name",
)


def _rows(request: PortalRequest, joined: tuple[str, ...], hidden: tuple[str, ...]) -> RecordQuerySet:
    """The visible records with what the list shows of them; a kind's own table is read whole."""
    records = Record.objects.visible_to(request.user)
    cities = () if "city" in hidden else ("city",)
    if joined:
        return records.select_related("enterprise", "office", "county__city", *cities, *joined)
    return records.select_related("enterprise", "office", "county__city", *cities).only(
        *_SHOWN, *(f"{name}__name" for name in cities)
    )


def _asks_for_the_kind_alone(request: PortalRequest) -> bool:
    """Whether the list is that of a kind, narrowed by nothing else."""
    return {name for name, value in request.GET.items() if value and name not in NOT_FILTERS} == {"kind"}


def _why_none_begins(kind: RecordKind) -> str:
    """Why the person begins no record of the kind: who files it, or that nobody does."""
    if not kind.is_offered:
        return kind.retirement()
    files = [_("企业")] * kind.is_for_enterprises + [kind.reporting_offices] * kind.is_for_offices
    return _("这一项由%s填报，提交之后会显示在这里。") % _("、").join(files)


def record_list(request: PortalRequest) -> HttpResponse:
    """Every record in the person's scope."""
    if default := open_default(request, LIST):
        return default
    kind = _kind_from(request)
    table_class, joined = _table_for(kind)
    scope = scope_of(request.user)
    table_class = _without_what_is_known(table_class, scope)
    hidden = hidden_columns(request, table_class)
    filterset = filter_for(kind)(request.GET, queryset=_rows(request, joined, hidden))
    opened = opened_figure(request.GET.get("fact", ""), filterset.quarters_of_fact(), filterset.qs)
    more = opened.add_to(table_class) if opened else {}
    table = table_class(filterset.qs, exclude=hidden, is_small=not scope.is_office and scope.is_enterprise, **more)
    table = paginate(request, table)
    if opened:
        opened.read(table)
    to_fill = kinds_to_fill() if verdict(request.user, "records.create") else []
    begins = bool(kind and (kind in to_fill or own_offices(request.user, kind)))
    context = {
        "table": table,
        "opened": opened,
        "filterset": filterset,
        "kind": kind,
        "begins": begins,
        "why_not": _why_none_begins(kind) if kind and not begins else "",
        "kind_groups": in_groups(to_fill),
        "narrowed_by": _narrowed_by(request),
        "is_enterprise": scope.is_enterprise,
        "is_filtered": is_narrowed(request) and not (kind and _asks_for_the_kind_alone(request)),
        "unseen": verdict(request.user, "records.view").reason,
        "tools": list_tools(request, LIST, table_class),
    }
    return render(request, "records/list.html", context)
