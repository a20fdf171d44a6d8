"""The list of what enterprises asked of an office, for appeals and requests of correction alike."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from foundation.access.rules import ScopedQuerySet, require
from foundation.accounts.requests import PortalRequest
from foundation.crud.regions import with_region
from foundation.places.models import Place
from foundation.ui.tables import DateColumn, PortalTable, paginate
from records.core.kinds import kind_by_slug
from records.core.queries import region_q


class AskedTable(PortalTable):
    """``record`` and ``outcome`` are the subclass's own: where a row leads, and how it may end."""

    phone = ("record", "enterprise", "decide_by", "outcome")

    kind = tables.Column(verbose_name=gettext_lazy("类型"), accessor="record__kind", orderable=False)
    enterprise = tables.Column(verbose_name=gettext_lazy("企业"), accessor="enterprise__name", orderable=False)
    county = tables.Column(verbose_name=gettext_lazy("县（市、区）"), accessor="county__full_name", orderable=False)
    made_at = DateColumn(verbose_name=gettext_lazy("提出日期"))
    decide_by = DateColumn(verbose_name=gettext_lazy("处理期限"))

    class Meta(PortalTable.Meta):
        fields = ("record", "kind", "enterprise", "county", "made_at", "decide_by", "outcome")
        sequence = fields

    def render_kind(self, value: str) -> str:
        return kind_by_slug(value).label


def asked_list(
    request: PortalRequest,
    rows: ScopedQuerySet[Any],
    table: type[AskedTable],
    outcomes: type[models.TextChoices],
    template: str,
    permission: str,
) -> HttpResponse:
    """Those this person may see; ``state=open``: those still to be decided."""
    require(request.user, permission)
    if chosen := with_region(request):
        return chosen
    filterset = _filter(outcomes)(
        request.GET, queryset=rows.visible_to(request.user).select_related("record", "enterprise", "county__city")
    )
    return render(request, template, {"table": paginate(request, table(filterset.qs)), "filterset": filterset})


class AskedFilter(django_filters.FilterSet):
    region = django_filters.CharFilter(label=gettext_lazy("地区"), method="by_region", widget=forms.HiddenInput)

    def by_region(self, queryset: models.QuerySet[Any], name: str, value: str) -> models.QuerySet[Any]:
        place = Place.objects.filter(code=value).first()
        return queryset.filter(region_q(place)) if place else queryset.none()


def _filter(outcomes: type[models.TextChoices]) -> type[AskedFilter]:
    state = django_filters.ChoiceFilter(
        field_name="outcome",
        label=gettext_lazy("处理结果"),
        choices=outcomes.choices,
        empty_label=gettext_lazy("全部"),
    )
    return type("Filter", (AskedFilter,), {"state": state})
