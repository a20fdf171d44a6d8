"""What the register can be narrowed by."""

import django_filters
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, Industry, Ownership, PilotTier, Size
from enterprises.models.enterprise import EnterpriseQuerySet
from enterprises.profiles.queries import newest_saying
from foundation.places.models import Place
from foundation.search.searchers import split_terms

#: Figures of the register, each as the condition that opens it (``/enterprises/?fact=REG.pilots``).
REGISTER_CONDITIONS: dict[str, models.Q] = {
    "REG.enterprises": models.Q(),
    "REG.pilots": ~models.Q(pilot_tier=PilotTier.NONE),
    "REG.headcount": models.Q(headcount__isnull=False),
    "REG.frontline": models.Q(frontline_count__isnull=False),
    "REG.industrial": newest_saying("industrial_count"),
    "REG.women": newest_saying("women_count"),
    "REG.union_members": newest_saying("union_members"),
    "REG.party_orgs": models.Q(has_party_organisation=True),
    "REG.unions": models.Q(has_union=True),
    "REG.instructors": ~models.Q(instructor="") & ~models.Q(liaison="") & ~models.Q(observer=""),
}


def section_choices() -> list[tuple[str, str]]:
    return [(row.code, str(row)) for row in Industry.objects.filter(level="section")]


class EnterpriseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("名称、拼音首字母或代码"), method="search")
    pilot_tier = django_filters.ChoiceFilter(label=_("试点层级"), choices=PilotTier, empty_label=_("全部层级"))
    ownership = django_filters.ChoiceFilter(label=_("所有制"), choices=Ownership, empty_label=_("全部所有制"))
    size = django_filters.ChoiceFilter(label=_("规模"), choices=Size, empty_label=_("全部规模"))
    industry = django_filters.ChoiceFilter(
        label=_("行业门类"), choices=section_choices, empty_label=_("全部行业"), method="by_section"
    )
    region = django_filters.CharFilter(label=_("地区"), method="by_region", widget=forms.HiddenInput)
    fact = django_filters.CharFilter(label=_("数据项"), method="by_fact", widget=forms.HiddenInput)

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def search(self, queryset: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        for word in split_terms(value):
            queryset = queryset.search(word)
        return queryset

    def by_section(self, queryset: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        return queryset.filter(industry__code__startswith=value)

    def by_region(self, queryset: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        place = Place.objects.filter(code=value).first()
        if place is None:
            return queryset.none()
        column = place.scope_column()
        return queryset.filter(**{f"{'place' if column == 'enterprise' else column}_id": place.pk})

    def by_fact(self, queryset: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        condition = REGISTER_CONDITIONS.get(value)
        return queryset.none() if condition is None else queryset.filter(condition, is_active=True)


class RegisterFilter(EnterpriseFilter):
    """The list of the register: what is closed is shown when asked for."""

    state = django_filters.ChoiceFilter(
        label=_("状态"),
        empty_label=_("在册"),
        method="by_state",
        choices=[("closed", _("已注销")), ("all", _("在册和已注销"))],
    )

    def filter_queryset(self, queryset: EnterpriseQuerySet) -> EnterpriseQuerySet:
        found: EnterpriseQuerySet = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.active()

    def by_state(self, queryset: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        return queryset.filter(is_active=False) if value == "closed" else queryset
