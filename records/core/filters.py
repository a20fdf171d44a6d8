"""What the record list can be narrowed by. Everything lives in the query string, so it survives a reload and a link."""

import datetime
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.calendar.workdays import add_working_days
from foundation.fields import field_of
from foundation.places.models import Place
from foundation.search.searchers import split_terms
from foundation.ui.forms import QuickSelect
from records.core.kinds import RecordKind, all_kinds, fact_by_code
from records.core.models import HIGH_RISK, Record, ReportingQuarter, Status
from records.core.queries import queue_order, region_q


def quarter_choices() -> list[tuple[str, str]]:
    return [(row.code, str(row)) for row in ReportingQuarter.objects.order_by("-code")]


class RecordFilter(django_filters.FilterSet):
    """Filters of the base. A kind's own filters are added by ``filter_for``."""

    q = django_filters.CharFilter(label=_("标题、企业或编号"), method="search")
    kind = django_filters.ChoiceFilter(
        label=_("类型"),
        choices=lambda: [(k.slug, k.label) for k in all_kinds()],
        empty_label=_("全部类型"),
        widget=QuickSelect,
    )
    status = django_filters.ChoiceFilter(label=_("状态"), choices=Status, empty_label=_("全部状态"))
    quarter = django_filters.ChoiceFilter(label=_("季度"), choices=quarter_choices, empty_label=_("全部季度"))
    region = django_filters.CharFilter(label=_("地区"), method="by_region", widget=forms.HiddenInput)
    enterprise = django_filters.CharFilter(label=_("企业"), method="by_enterprise", widget=forms.HiddenInput)
    fact = django_filters.CharFilter(label=_("数据项"), method="by_fact", widget=forms.HiddenInput)

    class Meta:
        model = Record
        fields: list[str] = []

    def search(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """All the words, each in the title, the enterprise or the record's number."""
        return queryset.search(split_terms(value))

    def by_region(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        place = Place.objects.filter(code=value).first()
        return queryset.filter(region_q(place)) if place else queryset.none()

    def by_enterprise(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return queryset.filter(enterprise__credit_code=value)

    def by_fact(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Exactly the records a figure was counted from: the same condition that filled it."""
        try:
            kind, fact = fact_by_code(value)
            quarter = Quarter.parse(self.data.get("quarter", ""))
        except (LookupError, ValueError):
            return queryset.none()
        counted = kind.model.objects.filter(kind.counted(fact, quarter)).values("pk")
        return queryset.filter(pk__in=counted)

    def filter_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        # An annual return speaks for quarters after the one it was filed in: with a figure, the figure's own
        # condition replaces the plain one on the quarter.
        if self.form.cleaned_data.get("fact"):
            self.form.cleaned_data["quarter"] = ""
        return super().filter_queryset(queryset)


#: A record is due soon when it falls due within so many working days.
SOON_DAYS = 1
DUE_STATES = [("overdue", _("已超期")), ("soon", _("今明两个工作日到期")), ("later", _("未到期"))]
MARKS = [
    ("high", _("重点关注")),
    ("flagged", _("已标记")),
    ("again", _("退回后再次提交")),
    ("late", _("补报")),
    ("behalf", _("代填")),
    ("backfill", _("历史补录")),
]
_MARKED = {
    "high": Q(risk__gte=HIGH_RISK),
    "flagged": Q(is_flagged=True),
    "again": Q(risk_reasons__contains="again"),
    "late": Q(is_late_entry=True),
    "behalf": Q(filed_on_behalf=True),
    "backfill": Q(is_backfill=True),
}


def due_q(state: str, today: datetime.date | None = None) -> Q:
    """The waiting records that are overdue, due soon or later."""
    today = today or timezone.localdate()
    if state == "overdue":
        return Q(decide_by__lt=today)
    soon = add_working_days(today, SOON_DAYS)
    return Q(decide_by__range=(today, soon)) if state == "soon" else Q(decide_by__gt=soon)


class QueueFilter(RecordFilter):
    """What the review queue can be narrowed by. ``colleagues`` and ``counties`` are the office's own."""

    status = fact = None
    region = django_filters.ChoiceFilter(label=_("地区"), method="by_region", empty_label=_("全部地区"))
    due = django_filters.ChoiceFilter(
        label=_("审核期限"), choices=DUE_STATES, method="by_due", empty_label=_("全部期限")
    )
    mark = django_filters.ChoiceFilter(label=_("特征"), choices=MARKS, method="by_mark", empty_label=_("不限"))
    assigned = django_filters.ChoiceFilter(label=_("分派给"), method="by_assigned", empty_label=_("不限"))

    def __init__(self, *args: Any, user: Actor, colleagues: Iterable[models.Model], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        others = [(str(person.pk), str(person)) for person in colleagues if person.pk != user.pk]
        self.filters["assigned"].extra["choices"] = [("me", _("我")), ("nobody", _("还没有分派")), *others]
        regions = scope_of(user).places(Role.CITY)
        counties = Place.objects.counties().filter(city__in=regions).order_by("code") if regions else []
        self.filters["region"].extra["choices"] = [(place.code, place.name) for place in counties]
        if not regions and "region" not in self.data:
            del self.filters["region"]

    def by_due(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return queryset.filter(due_q(value))

    def by_mark(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return queryset.filter(_MARKED[value])

    def by_assigned(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        if value == "nobody":
            return queryset.filter(assigned_to=None)
        return queryset.filter(assigned_to=self.user.pk if value == "me" else int(value))

    def filter_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        return super().filter_queryset(queryset).order_by(*queue_order(self.data.get("sort", "")))


def filter_for(kind: RecordKind | None) -> type[RecordFilter]:
    """The filter set of the list of one kind, or of all."""
    if kind is None or not kind.filters:
        return RecordFilter
    own: dict[str, django_filters.Filter] = {}
    for name in kind.filters:
        field = field_of(kind.model, name)
        path = f"{kind.model._meta.model_name}__{name}"
        if field.is_relation:
            own[name] = django_filters.ModelChoiceFilter(
                label=field.verbose_name,
                field_name=path,
                queryset=field.remote_field.model.objects.all(),
                empty_label=_("不限"),
            )
        elif isinstance(field, models.BooleanField):
            own[name] = django_filters.TypedChoiceFilter(
                label=field.verbose_name,
                field_name=path,
                coerce=lambda value: value == "true",
                choices=[("", _("不限")), ("true", _("是")), ("false", _("否"))],
            )
        else:
            own[name] = django_filters.ChoiceFilter(
                label=field.verbose_name, field_name=path, choices=field.choices, empty_label=_("不限")
            )
    return type(f"{kind.model.__name__}Filter", (RecordFilter,), own)
