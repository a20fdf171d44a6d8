"""What the list of bases is narrowed by when a figure opens it: the very rows the figure was counted from."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.bases.facts import BaseFacts
from enterprises.history import county_on, day_of, lying_in
from enterprises.models import Base
from foundation.crud.opened import quarter_of_figure
from foundation.facts.declaring import source_of_fact
from foundation.places.models import Place


class FactFilter(django_filters.CharFilter):
    def __init__(self) -> None:
        super().__init__(label=_("数据项"), widget=forms.HiddenInput)

    def filter(self, qs: QuerySet[Base], value: str) -> QuerySet[Base]:
        quarter = quarter_of_figure(self.parent.data)
        if not value or quarter is None:
            return qs
        try:
            source = source_of_fact(value)
        except LookupError:
            return qs.none()
        if not isinstance(source, BaseFacts):
            return qs.none()
        fact = next(fact for fact in source.facts if fact.code == value)
        return qs.filter(pk__in=source.evidence(fact, quarter).values("pk"))


class RegionFilter(django_filters.CharFilter):
    """By where a base lies; behind a figure, by where its enterprise lay then."""

    def __init__(self) -> None:
        super().__init__(label=_("地区"), widget=forms.HiddenInput)

    def filter(self, qs: QuerySet[Base], value: str) -> QuerySet[Base]:
        if not value:
            return qs
        place = Place.objects.filter(code=value).first()
        if place is None:
            return qs.none()
        here = Q(**{f"{place.scope_column()}_id": place.pk})
        if (quarter := quarter_of_figure(self.parent.data)) is None:
            return qs.filter(here)
        then = county_on(day_of(quarter), enterprise="enterprise_id", county="enterprise__county_id")
        held = Q(enterprise__isnull=False) & lying_in(place, enterprise="enterprise_id")
        return qs.annotate(county_then=then).filter(held | Q(enterprise__isnull=True) & here)
