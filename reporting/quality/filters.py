"""By what the worklist is narrowed: the page, its workbook and the API ask in the same way."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.places.models import Place
from records.core.filters import quarter_choices
from records.core.queries import region_q
from reporting.quality.models import FindingQuerySet, FindingState, Sort

EVERY = "every"


class FindingFilter(django_filters.FilterSet):
    """Without a choice of state the list shows what is not over."""

    q = django_filters.CharFilter(label=gettext_lazy("企业名称或信用代码"), method="by_name")
    region = django_filters.CharFilter(label=gettext_lazy("地区"), method="by_region", widget=forms.HiddenInput)
    sort_of = django_filters.ChoiceFilter(
        field_name="sort", label=gettext_lazy("疑点"), choices=Sort, empty_label=gettext_lazy("全部疑点")
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"),
        method="by_state",
        choices=[*FindingState.choices, (EVERY, gettext_lazy("全部，含已了结的"))],
        empty_label=gettext_lazy("没有了结的"),
    )
    quarter = django_filters.ChoiceFilter(
        label=gettext_lazy("季度"), choices=quarter_choices, empty_label=gettext_lazy("全部季度")
    )

    def by_name(self, queryset: FindingQuerySet, name: str, value: str) -> FindingQuerySet:
        return queryset.filter(enterprise__in=Enterprise.objects.search(value).order_by().values("pk"))

    def by_region(self, queryset: FindingQuerySet, name: str, value: str) -> FindingQuerySet:
        place = Place.objects.filter(code=value).first()
        return queryset.filter(region_q(place)) if place else queryset.none()

    def by_state(self, queryset: FindingQuerySet, name: str, value: str) -> FindingQuerySet:
        return queryset if value == EVERY else queryset.filter(state=value)

    def filter_queryset(self, queryset: FindingQuerySet) -> FindingQuerySet:
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.live()
        found: FindingQuerySet = super().filter_queryset(queryset)
        return found


class OwnFindingFilter(FindingFilter):
    """Of an enterprise's own: how what it was asked ended is shown as well."""

    q = region = None
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=FindingState, empty_label=gettext_lazy("全部状态")
    )

    def filter_queryset(self, queryset: FindingQuerySet) -> FindingQuerySet:
        found: FindingQuerySet = django_filters.FilterSet.filter_queryset(self, queryset)
        return found


def is_above(user: Actor) -> bool:
    """An office or auditor: to them the worklist is of what was found, to an enterprise of what it was asked."""
    return scope_of(user).has_role(*OFFICE_ROLES, Role.AUDITOR)


def filter_for(user: Actor) -> type[FindingFilter]:
    return FindingFilter if is_above(user) else OwnFindingFilter
