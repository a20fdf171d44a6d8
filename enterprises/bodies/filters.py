"""What the register of bodies can be narrowed by."""

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.bodies.facts import BodyFacts
from enterprises.history import county_on, day_of, lying_in
from enterprises.models import Body, BodyKind, BodyLevel
from foundation.calendar.periods import Quarter
from foundation.crud.opened import quarter_of_figure
from foundation.facts.declaring import source_of_fact
from foundation.places.models import Place
from foundation.search.searchers import split_terms


class BodyFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("名称或拼音首字母"), method="find")
    kind = django_filters.ChoiceFilter(label=_("种类"), choices=BodyKind, empty_label=_("全部种类"))
    level = django_filters.ChoiceFilter(label=_("级别"), choices=BodyLevel, empty_label=_("全部级别"))
    standing = django_filters.ChoiceFilter(
        label=_("状态"),
        empty_label=_("全部状态"),
        choices=[("standing", _("仍在运行")), ("dissolved", _("已撤销"))],
        method="by_standing",
    )
    confirmed = django_filters.ChoiceFilter(
        label=_("今年核对"),
        empty_label=_("今年核对与否"),
        choices=[("yes", _("今年已核对")), ("no", _("今年未核对"))],
        method="by_confirmed",
    )
    region = django_filters.CharFilter(label=_("地区"), method="by_region", widget=forms.HiddenInput)
    fact = django_filters.CharFilter(label=_("数据项"), method="by_fact", widget=forms.HiddenInput)

    class Meta:
        model = Body
        fields: list[str] = []

    def find(self, queryset: models.QuerySet[Body], name: str, value: str) -> models.QuerySet[Body]:
        for word in split_terms(value):
            queryset = queryset.filter(Q(name__icontains=word) | Q(initials__icontains=word))
        return queryset

    def by_standing(self, queryset: models.QuerySet[Body], name: str, value: str) -> models.QuerySet[Body]:
        return queryset.filter(dissolved_on__isnull=value == "standing")

    def by_confirmed(self, queryset: models.QuerySet[Body], name: str, value: str) -> models.QuerySet[Body]:
        year = timezone.localdate().year
        if value == "yes":
            return queryset.filter(confirmed_for=year)
        return queryset.filter(Q(confirmed_for__isnull=True) | ~Q(confirmed_for=year), dissolved_on__isnull=True)

    def by_region(self, queryset: models.QuerySet[Body], name: str, value: str) -> models.QuerySet[Body]:
        """A region with all below it; one enterprise, too, where a figure of it is opened."""
        place = Place.objects.filter(code=value).first()
        if place is None:
            return queryset.none()
        if (quarter := self.figures_of()) is not None:
            then = county_on(day_of(quarter), enterprise="enterprise_id", county="county_id")
            own = Q(enterprise__isnull=True) & (Q(place=place) | Q(**self._within(place)))
            of_enterprises = Q(enterprise__isnull=False) & lying_in(place, enterprise="enterprise_id")
            return queryset.annotate(county_then=then).filter(own | of_enterprises)
        return queryset.filter(**self._within(place))

    def _within(self, place: Place) -> dict[str, int]:
        column = place.scope_column()
        return {f"{column if column in ('province', 'city', 'county') else 'place'}_id": place.pk}

    def figures_of(self) -> Quarter | None:
        """The quarter whose figure the list opens: then it is as on that quarter's last day."""
        return quarter_of_figure(self.data)

    def by_fact(self, queryset: models.QuerySet[Body], name: str, value: str) -> models.QuerySet[Body]:
        """Exactly the bodies a figure was counted from: the same condition that filled it."""
        quarter = self.figures_of()
        try:
            source = source_of_fact(value)
        except LookupError:
            return queryset.none()
        if quarter is None or not isinstance(source, BodyFacts):
            return queryset.none()
        fact = next(fact for fact in source.facts if fact.code == value)
        return queryset.filter(pk__in=source.evidence(fact, quarter).values("pk"))
