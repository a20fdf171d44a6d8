"""What the record list can be narrowed by. Everything lives in the query string, so it survives a reload and a link."""

import django_filters
from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.calendar.periods import Quarter
from foundation.facts.frozen import frozen_amounts
from foundation.fields import field_of, target_of
from foundation.places.models import Place
from foundation.search.searchers import split_terms
from foundation.ui.forms import QuickSelect
from records.core.kinds import RecordKind, all_kinds, choices_of, fact_by_code
from records.core.models import Breach, Record, RecordQuerySet, ReportingQuarter, Status
from records.core.queries import region_q
from records.core.several import SeveralChoices, has


def quarter_choices() -> list[tuple[str, str]]:
    return [(row.code, str(row)) for row in ReportingQuarter.objects.order_by("-code")]


def quarters_from(since: str, quarter: Quarter) -> list[Quarter]:
    """The quarters of a figure that adds up over the year: all from ``since`` on, as far back as the year began; one only
    where nothing is said of a beginning. Raises ``ValueError`` for a beginning that is no quarter."""
    first = Quarter.parse(since) if since else quarter
    return [one for one in quarter.year_to_date() if one >= first]


#: Whose decision a record waits for; ``-overdue``: beyond the day on which it was due.
WAITING = [
    ("county", _("待县级审核")),
    ("county-overdue", _("待县级审核，已超期")),
    ("city", _("待市级审核")),
    ("city-overdue", _("待市级审核，已超期")),
    ("province", _("待省级审核")),
    ("province-overdue", _("待省级审核，已超期")),
]


class ChosenFilter(django_filters.ChoiceFilter):
    """Of a field in which several are chosen: records that have this one among them."""

    def filter(self, queryset: RecordQuerySet, value: str) -> RecordQuerySet:
        return queryset.filter(has(self.field_name, value)) if value else queryset


class RecordFilter(django_filters.FilterSet):
    """Filters of the base. A kind's own filters are added by ``filter_for``."""

    q = django_filters.CharFilter(label=_("标题、企业或编号"), method="search")
    kind = django_filters.ChoiceFilter(
        label=_("类型"),
        choices=lambda: choices_of(all_kinds()),
        empty_label=_("全部类型"),
        widget=QuickSelect,
    )
    status = django_filters.ChoiceFilter(label=_("状态"), choices=Status, empty_label=_("全部状态"))
    quarter = django_filters.ChoiceFilter(label=_("季度"), choices=quarter_choices, empty_label=_("全部季度"))
    region = django_filters.CharFilter(label=_("地区"), method="by_region", widget=forms.HiddenInput)
    enterprise = django_filters.CharFilter(label=_("企业"), method="by_enterprise", widget=forms.HiddenInput)
    office = django_filters.CharFilter(label=_("产改办"), method="by_office", widget=forms.HiddenInput)
    fact = django_filters.CharFilter(label=_("数据项"), method="by_fact", widget=forms.HiddenInput)
    since = django_filters.CharFilter(label=_("自季度"), method="from_quarter", widget=forms.HiddenInput)
    waiting = django_filters.ChoiceFilter(
        label=_("待审级次"), choices=WAITING, method="by_waiting", widget=forms.HiddenInput
    )

    imported = django_filters.NumberFilter(
        label=_("导入批次"), field_name="import_batch_id", widget=forms.HiddenInput, min_value=1, max_value=2**62
    )

    class Meta:
        model = Record
        fields: list[str] = []

    def search(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        """All the words, each in the title, the enterprise or the record's number."""
        return queryset.search(split_terms(value))

    def by_region(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        place = Place.objects.filter(code=value).first()
        return queryset.filter(region_q(place)) if place else queryset.none()

    def by_enterprise(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        return queryset.filter(enterprise__credit_code=value)

    def by_office(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        return queryset.filter(office__code=value)

    def by_waiting(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        level, _dash, overdue = value.partition("-")
        waiting = queryset.filter(status=Status.SUBMITTED, held_by=level)
        return waiting.filter(decide_by__lt=timezone.localdate()) if overdue else waiting

    def by_breach(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        """By what the rules found when the record was handed in."""
        found = Breach.objects.filter(record=models.OuterRef("pk"))
        if value == "none":
            return queryset.filter(~models.Exists(found), first_submitted_at__isnull=False)
        return queryset.filter(models.Exists(found.filter(is_unstated=value == "unstated")))

    def from_quarter(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        """Where a figure of several quarters begins; ``by_fact`` reads it."""
        return queryset

    def by_fact(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        """Exactly the records a figure was counted from: the same condition that filled it; of a closed quarter those that
        were kept when it was closed."""
        try:
            kind, fact = fact_by_code(value)
        except LookupError:
            return queryset.none()
        counted, kept = models.Q(pk__in=[]), models.Q()
        for quarter in self.quarters_of_fact():
            if (frozen := frozen_amounts(fact.code, quarter)) is not None:
                kept |= models.Q(pk__in=frozen.rows.values(frozen.key))
            else:
                counted |= kind.counted(fact, quarter)
        return queryset.filter(models.Q(pk__in=kind.model.objects.filter(counted).values("pk")) | kept)

    def quarters_of_fact(self) -> list[Quarter]:
        """The quarters of the figure that the list opens: one, or with ``since`` all from that one on, as far back as the
        year began."""
        try:
            return quarters_from(self.data.get("since", ""), Quarter.parse(self.data.get("quarter", "")))
        except ValueError:
            return []

    def filter_queryset(self, queryset: RecordQuerySet) -> RecordQuerySet:
        # An annual return speaks for quarters after the one it was filed in: with a figure, the figure's own
        # condition replaces the plain one on the quarter.
        if self.form.cleaned_data.get("fact"):
            self.form.cleaned_data["quarter"] = ""
        found: RecordQuerySet = super().filter_queryset(queryset)
        return found


def filter_for(kind: RecordKind | None) -> type[RecordFilter]:
    """The filter set of the list of one kind, or of all."""
    if kind is None or not (kind.filters or kind.rules):
        return RecordFilter
    own: dict[str, django_filters.Filter] = {}
    if kind.rules:
        own["breach"] = django_filters.ChoiceFilter(
            label=_("法规要求"),
            method="by_breach",
            choices=[("any", _("有不合规定之处")), ("unstated", _("有没有填写的")), ("none", _("没有不合规定之处"))],
            empty_label=_("不限"),
        )
    for name in kind.filters:
        field = field_of(kind.model, name)
        path = f"{kind.model._meta.model_name}__{name}"
        if field.is_relation:
            own[name] = django_filters.ModelChoiceFilter(
                label=field.verbose_name,
                field_name=path,
                queryset=target_of(field)._default_manager.all(),
                empty_label=_("不限"),
            )
        elif isinstance(field, SeveralChoices):
            own[name] = ChosenFilter(
                label=field.verbose_name, field_name=path, choices=field.flatchoices, empty_label=_("不限")
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
