"""What the review queue can be narrowed by."""

import datetime
from collections.abc import Iterable
from typing import Any

import django_filters
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Actor
from foundation.calendar.workdays import add_working_days
from records.core.filters import RecordFilter
from records.core.models import HIGH_RISK, RecordQuerySet
from records.review.queries import queue_order

#: A record is due soon when it falls due within so many working days.
SOON_DAYS = 1


DUE_STATES = [("overdue", _("已超期")), ("soon", _("今明两个工作日到期")), ("later", _("未到期"))]


MARKS = [
    ("high", _("重点关注")),
    ("flagged", _("已标记")),
    ("again", _("退回后再次提交")),
    ("late", _("补报")),
    ("behalf", _("代填")),
    ("backfill", _("历史补录")),
]


_MARKED = {
    "high": Q(risk__gte=HIGH_RISK),
    "flagged": Q(is_flagged=True),
    "again": Q(risk_reasons__contains="again"),
    "late": Q(is_late_entry=True),
    "behalf": Q(filed_on_behalf=True),
    "backfill": Q(is_backfill=True),
}


def due_q(state: str, today: datetime.date | None = None) -> Q:
    """The waiting records that are overdue, due soon or later."""
    today = today or timezone.localdate()
    if state == "overdue":
        return Q(decide_by__lt=today)
    soon = add_working_days(today, SOON_DAYS)
    return Q(decide_by__range=(today, soon)) if state == "soon" else Q(decide_by__gt=soon)


class QueueFilter(RecordFilter):
    """What the review queue can be narrowed by. ``colleagues`` and ``counties`` are the office's own."""

    status = fact = None
    due = django_filters.ChoiceFilter(
        label=_("审核期限"), choices=DUE_STATES, method="by_due", empty_label=_("全部期限")
    )
    mark = django_filters.ChoiceFilter(label=_("特征"), choices=MARKS, method="by_mark", empty_label=_("不限"))
    assigned = django_filters.ChoiceFilter(label=_("分派给"), method="by_assigned", empty_label=_("不限"))

    def __init__(self, *args: Any, user: Actor, colleagues: Iterable[models.Model], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        others = [(str(person.pk), str(person)) for person in colleagues if person.pk != user.pk]
        self.filters["assigned"].extra["choices"] = [("me", _("我")), ("nobody", _("还没有分派")), *others]

    def by_due(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        return queryset.filter(due_q(value))

    def by_mark(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        return queryset.filter(_MARKED[value])

    def by_assigned(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        if value == "nobody":
            return queryset.filter(assigned_to=None)
        return queryset.filter(assigned_to=self.user.pk if value == "me" else int(value))

    def filter_queryset(self, queryset: RecordQuerySet) -> RecordQuerySet:
        return super().filter_queryset(queryset).order_by(*queue_order(self.data.get("sort", "")))
