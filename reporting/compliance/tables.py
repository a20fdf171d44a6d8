"""Two lists: results of rules, and enterprises with how many of each finding they have."""

from typing import Any, cast

import django_filters
import django_tables2 as tables
from django import forms
from django.db import models
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from enterprises.models.enterprise import EnterpriseQuerySet
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from foundation.ui.tables import DateColumn, NumberColumn, PortalTable, StatusColumn, TickColumn
from indicators.compliance.declaring import all_rules
from indicators.compliance.findings import Finding
from indicators.compliance.reading import newly_broken
from indicators.models import ComplianceResult
from notices.tables import UrgedColumn
from records.core.filters import quarter_choices
from reporting.compliance.content import TONES, rule_choices
from reporting.compliance.links import enterprise_url

#: What an office urges about.
TO_URGE = (Finding.BROKEN, Finding.NOT_STATED)


class ResultTable(PortalTable):
    tick = TickColumn(offered=lambda result: result.finding in TO_URGE)
    enterprise = tables.Column(
        verbose_name=_("企业"),
        accessor="enterprise__name",
        order_by="enterprise__name",
        attrs={"td": {"class": "main"}},
    )
    county = tables.Column(verbose_name=_("县（市、区）"), accessor="county__full_name", order_by="county__code")
    rule = tables.Column(verbose_name=_("规则"), orderable=False, attrs={"td": {"class": "phone-wraps"}})
    finding = StatusColumn(verbose_name=_("结论"), tones={finding.value: tone for finding, tone in TONES.items()})
    said = tables.Column(verbose_name=_("说明"), default="—", orderable=False, attrs={"td": {"class": "phone-wraps"}})
    cure = tables.Column(verbose_name=_("怎么办"), default="—", orderable=False)
    cure_by = DateColumn(verbose_name=_("期限"), default="—")
    urged = UrgedColumn()

    #: Of everybody's results of all rules there are hundreds of thousands; of one rule a table is short.
    sorts = ()
    phone = ("tick", "enterprise", "rule", "finding", "said")

    class Meta(PortalTable.Meta):
        model = ComplianceResult
        fields = ("tick", "enterprise", "county", "rule", "finding", "said", "cure", "cure_by", "urged")
        sequence = fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = {rule.code: rule.title for rule in all_rules()}

    def render_enterprise(self, value: str, record: ComplianceResult) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', enterprise_url(record.enterprise_id, Quarter.parse(record.quarter)), value
        )

    def render_rule(self, value: str) -> str:
        return self.titles.get(value, value)


class ResultFilter(django_filters.FilterSet):
    """Everything lives in the address."""

    q = django_filters.CharFilter(label=_("企业名称、拼音首字母或代码"), method="search")
    quarter = django_filters.ChoiceFilter(label=_("季度"), choices=quarter_choices, empty_label=None, method="as_given")
    rule = django_filters.ChoiceFilter(label=_("规则"), choices=rule_choices, empty_label=_("全部规则"))
    finding = django_filters.ChoiceFilter(label=_("结论"), choices=Finding, empty_label=_("全部结论"))
    change = django_filters.ChoiceFilter(
        label=_("变化"),
        choices=[("new", _("这个季度新出现的不符合"))],
        empty_label=_("不限"),
        method="by_change",
    )
    region = django_filters.CharFilter(label=_("地区"), method="by_region", widget=forms.HiddenInput)

    class Meta:
        model = ComplianceResult
        fields: list[str] = []

    def by_change(self, rows: "QuerySet[ComplianceResult]", name: str, value: str) -> "QuerySet[ComplianceResult]":
        return newly_broken(rows)

    def search(self, rows: "QuerySet[ComplianceResult]", name: str, value: str) -> "QuerySet[ComplianceResult]":
        return rows.filter(enterprise__in=Enterprise.objects.search(value))

    def as_given(self, rows: "QuerySet[models.Model]", name: str, value: str) -> "QuerySet[models.Model]":
        return rows

    def by_region(self, rows: "QuerySet[ComplianceResult]", name: str, value: str) -> "QuerySet[ComplianceResult]":
        place = Place.objects.regions().filter(code=value).first()
        return rows.filter(**{f"{place.scope_column()}_id": place.pk}) if place else rows.none()


class EnterpriseTable(PortalTable):
    name = tables.Column(verbose_name=_("企业"), attrs={"td": {"class": "main"}})
    county = tables.Column(
        verbose_name=_("县（市、区）"), accessor="county__full_name", order_by="county__code", orderable=False
    )
    broken = NumberColumn(verbose_name=_("不符合（条）"), orderable=False)
    not_stated = NumberColumn(verbose_name=_("未说明（条）"), orderable=False)
    holds = NumberColumn(verbose_name=_("符合（条）"), orderable=False)
    not_applicable = NumberColumn(verbose_name=_("不适用（条）"), orderable=False)

    sorts = ("name",)
    phone = ("name", "broken", "not_stated", "holds")

    class Meta(PortalTable.Meta):
        model = Enterprise
        fields = ("name", "county", "broken", "not_stated", "holds", "not_applicable")
        sequence = fields

    def __init__(self, *args: Any, quarter: Quarter, **kwargs: Any) -> None:
        self.quarter = quarter
        super().__init__(*args, **kwargs)

    def render_name(self, value: str, record: Enterprise) -> SafeString:
        return format_html('<a href="{}">{}</a>', enterprise_url(record.pk, self.quarter), value)


class EnterpriseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("企业名称、拼音首字母或代码"), method="search")
    quarter = django_filters.ChoiceFilter(label=_("季度"), choices=quarter_choices, empty_label=None, method="as_given")
    region = django_filters.CharFilter(label=_("地区"), method="by_region", widget=forms.HiddenInput)

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def __init__(self, *args: Any, results: "QuerySet[ComplianceResult]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.results = results

    def search(self, rows: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        return rows.search(value)

    def as_given(self, rows: "QuerySet[models.Model]", name: str, value: str) -> "QuerySet[models.Model]":
        return rows

    def by_region(self, rows: "QuerySet[Enterprise]", name: str, value: str) -> "QuerySet[Enterprise]":
        """Who lay in the region then."""
        place = Place.objects.regions().filter(code=value).first()
        if place is None:
            return rows.none()
        there = self.results.filter(enterprise=OuterRef("pk"), **{f"{place.scope_column()}_id": place.pk})
        return rows.filter(Exists(there))


def enterprises_with_counts(user: Actor, quarter: Quarter) -> "QuerySet[Enterprise]":
    """The enterprises of which there are results this person may see, each with how many of each finding it has."""
    results = ComplianceResult.objects.visible_to(user).filter(quarter=quarter.code).order_by()
    mine = results.filter(enterprise=OuterRef("pk"))
    numbers = {
        finding.value: Coalesce(
            Subquery(mine.filter(finding=finding).values("enterprise").annotate(number=Count("pk")).values("number")),
            0,
        )
        for finding in Finding
    }
    rows = Enterprise.objects.visible_to(user).filter(Exists(mine)).annotate(**numbers)
    return cast("QuerySet[Enterprise]", rows.select_related("county__city"))
