"""What the register can be narrowed by."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.facts import RegisterSource
from enterprises.history import county_on, day_of, lying_in
from enterprises.models import Enterprise, EnterpriseQuerySet, Industry, Ownership, PilotTier, Size
from foundation.calendar.periods import Quarter
from foundation.crud.opened import quarter_of_figure
from foundation.facts.declaring import source_of_fact
from foundation.places.models import Place
from foundation.search.searchers import split_terms


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
        if (quarter := self.figures_of()) is not None:
            return queryset.annotate(county_then=county_on(day_of(quarter))).filter(lying_in(place))
        column = place.scope_column()
        return queryset.filter(**{f"{'place' if column == 'enterprise' else column}_id": place.pk})

    def figures_of(self) -> Quarter | None:
        """The quarter whose figure the list opens: then it is the register of that quarter's last day."""
        return quarter_of_figure(self.data)

    def by_fact(self, queryset: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        """Exactly the enterprises a figure was counted from: the same condition that filled it."""
        quarter = self.figures_of()
        try:
            source = source_of_fact(value)
        except LookupError:
            return queryset.none()
        if quarter is None or not isinstance(source, RegisterSource):
            return queryset.none()
        fact = next(fact for fact in source.facts if fact.code == value)
        return queryset.filter(pk__in=source.evidence(fact, quarter).values("pk"))


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
        return found if self.form.cleaned_data.get("state") or self.figures_of() else found.active()

    def by_state(self, queryset: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        return queryset.filter(is_active=False) if value == "closed" else queryset
