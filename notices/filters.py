"""What the lists of received notices and of units can be narrowed by."""

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.places.models import PLACE_NAMES, Place
from notices.models import Delivery, DeliveryQuerySet

UNIT_STATES = [
    ("behind", _("还没有完成（可催办）")),
    ("unread", _("未读")),
    ("unreceipted", _("未签收")),
    ("unanswered", _("未反馈")),
    ("read", _("已读")),
    ("receipted", _("已签收")),
    ("answered", _("已反馈")),
]
_CONDITIONS = {
    "unread": Q(read_at__isnull=True),
    "read": Q(read_at__isnull=False),
    "receipted": Q(receipted_at__isnull=False),
    "answered": Q(answered_at__isnull=False),
}


def in_state(deliveries: models.QuerySet[Delivery], state: str) -> models.QuerySet[Delivery]:
    """Raises ``KeyError`` for a state that is none of ``UNIT_STATES``."""
    unreceipted, unanswered = DeliveryQuerySet.unreceipted(), DeliveryQuerySet.unanswered()
    asking = {
        "behind": DeliveryQuerySet.owing(),
        "unreceipted": unreceipted,
        "unanswered": unanswered,
    }
    return deliveries.filter({**_CONDITIONS, **asking}[state])


class ReceivedFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("标题或文号"), method="search")
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=[("todo", _("待处理"))], empty_label=_("全部"), method="by_state"
    )

    class Meta:
        model = Delivery
        fields: list[str] = []

    def search(self, queryset: models.QuerySet[Delivery], name: str, value: str) -> models.QuerySet[Delivery]:
        return queryset.filter(Q(notice__title__icontains=value) | Q(notice__number__icontains=value))

    def by_state(self, queryset: DeliveryQuerySet, name: str, value: str) -> DeliveryQuerySet:
        return queryset.to_do()


class UnitFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("单位名称、拼音首字母或代码"), method="search")
    state = django_filters.ChoiceFilter(
        label=_("进度"), choices=UNIT_STATES, empty_label=_("全部单位"), method="by_state"
    )
    region = django_filters.CharFilter(label=_("地区"), method="by_region", widget=forms.HiddenInput)

    class Meta:
        model = Delivery
        fields: list[str] = []

    def search(self, queryset: models.QuerySet[Delivery], name: str, value: str) -> models.QuerySet[Delivery]:
        text = value.strip()
        return queryset.filter(
            PLACE_NAMES.holding(
                text,
                Q(place__code__startswith=text.upper()),
                Q(place__initials__startswith=text.lower()),
                prefix="place__",
            )
        )

    def by_state(self, queryset: models.QuerySet[Delivery], name: str, value: str) -> models.QuerySet[Delivery]:
        return in_state(queryset, value)

    def by_region(self, queryset: models.QuerySet[Delivery], name: str, value: str) -> models.QuerySet[Delivery]:
        place = Place.objects.filter(code=value).first()
        return queryset.filter(**{f"{place.scope_column()}_id": place.pk}) if place else queryset.none()
