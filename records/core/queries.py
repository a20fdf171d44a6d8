"""Bigger reads of the record core."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES
from foundation.access.scope import Scope
from foundation.places.models import SMALL_LEVELS, Place
from records.core.kinds import kind_of
from records.core.models import Record, RecordStep, Status
from records.core.values import Difference, differences, label_of


def region_q(place: Place, *, enterprise: str = "enterprise") -> Q:
    """Rows filed in a place: one indexed column. A township or park has none: it holds the enterprises assigned to it."""
    column = place.scope_column()
    if place.level in SMALL_LEVELS:
        return Q(
            **{f"{enterprise}__enterprise__{column}" if enterprise == "place" else f"{enterprise}__{column}": place.pk}
        )
    return Q(**{f"{enterprise if column == 'enterprise' else column}_id": place.pk})


@dataclass(frozen=True)
class HistoryLine:
    """A step, what it changed against the step before, and its remarks on single fields as (label, text)."""

    step: RecordStep
    changes: list[Difference]
    comments: list[tuple[str, str]]


def history_of(record: Record) -> list[HistoryLine]:
    """Newest first, each with its differences."""
    kind = kind_of(record)
    lines: list[HistoryLine] = []
    previous: dict[str, Any] = {}
    for step in record.steps.select_related("actor").order_by("pk"):
        changes = [] if step.action == "create" else differences(kind, previous, step.values)
        comments = [(label_of(kind, name), text) for name, text in step.comments.items()]
        lines.append(HistoryLine(step, changes, comments))
        previous = step.values
    return lines[::-1]


def comments_on(record: Record) -> dict[str, str]:
    """What the office remarked on single fields, by name: stays until the record is handed in again."""
    if record.status not in (Status.RETURNED, Status.WITHDRAWN):
        return {}
    last = record.steps.filter(action__in=["submit", "return", "reopen"]).order_by("-pk").first()
    return last.comments if last is not None else {}


def returned_to(scope: Scope) -> models.QuerySet[Record]:
    """Records that came back to the person's enterprises (or to an office that filed them), newest decision first."""
    mine = scope.q(ENTERPRISE_ROLES) | (scope.q(OFFICE_ROLES) & Q(created_by_id=scope.user_id))
    return Record.objects.filter(mine, status=Status.RETURNED).for_list().order_by("-decided_at")


def waiting_of(scope: Scope) -> models.QuerySet[Record]:
    """What the person's enterprises have handed in and no office has decided, the longest waiting first."""
    mine = scope.q(ENTERPRISE_ROLES)
    return Record.objects.filter(mine, status=Status.SUBMITTED).for_list().order_by("submitted_at", "pk")


def drafts_of(scope: Scope) -> models.QuerySet[Record]:
    mine = scope.q(ENTERPRISE_ROLES) | (scope.q(OFFICE_ROLES) & Q(created_by_id=scope.user_id))
    return Record.objects.filter(mine, status__in=[Status.DRAFT, Status.WITHDRAWN]).for_list().order_by("-updated_at")
