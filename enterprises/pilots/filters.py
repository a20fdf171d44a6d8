"""What the lists of pilots, parks and chains can be narrowed by."""

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import ClusterKind, Pilot, Stage
from enterprises.models.pilot import TIER_CHOICES, in_force_on
from enterprises.pilots.queries import subject_q
from foundation.places.models import Place

SUBJECTS = [("enterprise", _("企业")), *ClusterKind.choices]
STATES = [("now", _("试点中")), ("later", _("尚未开始")), ("ended", _("已终止"))]


class PilotFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("名称、拼音首字母或文号"), method="search")
    tier = django_filters.ChoiceFilter(label=_("试点层级"), choices=TIER_CHOICES, empty_label=_("全部层级"))
    stage = django_filters.ChoiceFilter(label=_("阶段"), choices=Stage, empty_label=_("全部阶段"))
    subject = django_filters.ChoiceFilter(
        label=_("试点对象"), choices=SUBJECTS, empty_label=_("全部对象"), method="by_subject"
    )
    state = django_filters.ChoiceFilter(label=_("状态"), choices=STATES, empty_label=_("全部状态"), method="by_state")
    region = django_filters.CharFilter(label=_("地区"), method="by_region", widget=forms.HiddenInput)

    class Meta:
        model = Pilot
        fields: list[str] = []

    def search(self, queryset: models.QuerySet[Pilot], name: str, value: str) -> models.QuerySet[Pilot]:
        words = value.strip()
        subject = subject_q(words, "enterprise__") | subject_q(words, "cluster__")
        return queryset.filter(subject | Q(document__icontains=words))

    def by_subject(self, queryset: models.QuerySet[Pilot], name: str, value: str) -> models.QuerySet[Pilot]:
        if value == "enterprise":
            return queryset.filter(enterprise__isnull=False)
        return queryset.filter(cluster__kind=value)

    def by_state(self, queryset: models.QuerySet[Pilot], name: str, value: str) -> models.QuerySet[Pilot]:
        today = timezone.localdate()
        conditions = {
            "now": in_force_on(today),
            "later": Q(started_on__gt=today),
            "ended": Q(ended_on__lte=today),
        }
        return queryset.filter(conditions[value])

    def by_region(self, queryset: models.QuerySet[Pilot], name: str, value: str) -> models.QuerySet[Pilot]:
        place = Place.objects.regions().filter(code=value).first()
        if place is None:
            return queryset.none()
        column = f"{place.scope_column()}_id"
        return queryset.filter(Q(**{f"enterprise__{column}": place.pk}) | Q(**{f"cluster__{column}": place.pk}))
