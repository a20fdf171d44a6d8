"""What the list of yearly profiles can be narrowed by."""

import django_filters
from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from enterprises.models.enterprise import EnterpriseQuerySet
from enterprises.profiles.queries import open_years, this_year, with_profile
from foundation.places.models import Place


def _years() -> list[tuple[int, str]]:
    return [(year, _("%d 年度") % year) for year in open_years()]


class ProfileFilter(django_filters.FilterSet):
    """Enterprises with what they said of the year (this one unless chosen otherwise); with ``state`` only those that
    have filed it, or have not."""

    q = django_filters.CharFilter(label=gettext_lazy("名称、拼音首字母或代码"), method="search")
    year = django_filters.ChoiceFilter(label=gettext_lazy("年度"), choices=_years, empty_label=None, method="unchanged")
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"),
        empty_label=gettext_lazy("全部"),
        choices=[("missing", gettext_lazy("未填报")), ("filed", gettext_lazy("已填报"))],
        method="by_state",
    )
    region = django_filters.CharFilter(label=gettext_lazy("地区"), method="by_region", widget=forms.HiddenInput)

    class Meta:
        model = Enterprise
        fields: list[str] = []

    @property
    def chosen_year(self) -> int:
        self.form.is_valid()
        return int(self.form.cleaned_data.get("year") or this_year())

    def filter_queryset(self, queryset: models.QuerySet[Enterprise]) -> models.QuerySet[Enterprise]:
        found: models.QuerySet[Enterprise] = super().filter_queryset(with_profile(queryset, self.chosen_year))
        return found

    def search(self, queryset: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        return queryset.search(value)

    def by_region(self, queryset: models.QuerySet[Enterprise], name: str, value: str) -> models.QuerySet[Enterprise]:
        place = Place.objects.regions().filter(code=value).first()
        return queryset.filter(**{f"{place.scope_column()}_id": place.pk}) if place else queryset.none()

    def unchanged(self, queryset: models.QuerySet[Enterprise], name: str, value: str) -> models.QuerySet[Enterprise]:
        """The year decides which profile is joined, not which enterprises are listed."""
        return queryset

    def by_state(self, queryset: models.QuerySet[Enterprise], name: str, value: str) -> models.QuerySet[Enterprise]:
        return queryset.filter(models.Q(said__isnull=value == "missing"))
