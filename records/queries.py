"""Bigger reads of the record core."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Min, Q

from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES
from foundation.access.scope import Scope
from foundation.places.models import Place
from records.kinds import kind_by_slug, kind_of
from records.models import Duty, Record, RecordStep, ReportingQuarter, Status
from records.values import Difference, differences


def region_q(place: Place, *, enterprise: str = "enterprise") -> Q:
    """Rows filed in a place: one indexed column."""
    column = place.scope_column()
    return Q(**{f"{enterprise if column == 'enterprise' else column}_id": place.pk})


def queue_for(user: models.Model) -> models.QuerySet[Record]:
    """What waits for this person's decision, oldest first."""
    return Record.objects.allowing(user, "records.review").order_by("submitted_at", "pk")


def neighbours_in_queue(user: models.Model, record: Record) -> tuple[int | None, int | None]:
    """(previous, next) waiting record around this one; past the end the next wraps to the oldest still waiting."""
    queue = queue_for(user).exclude(pk=record.pk)
    key = record.submitted_at
    after = Q(submitted_at__gt=key) | Q(submitted_at=key, pk__gt=record.pk) if key else Q()
    before = Q(submitted_at__lt=key) | Q(submitted_at=key, pk__lt=record.pk) if key else Q(pk__in=[])
    following = queue.filter(after).values_list("pk", flat=True).first() or queue.values_list("pk", flat=True).first()
    preceding = queue.filter(before).order_by("-submitted_at", "-pk").values_list("pk", flat=True).first()
    return preceding, following


@dataclass(frozen=True)
class HistoryLine:
    """A step and what it changed against the step before."""

    step: RecordStep
    changes: list[Difference]


def history_of(record: Record) -> list[HistoryLine]:
    """Newest first, each with its differences."""
    kind = kind_of(record)
    lines: list[HistoryLine] = []
    previous: dict = {}
    for step in record.steps.select_related("actor").order_by("pk"):
        changes = [] if step.action == "create" else differences(kind, previous, step.values)
        lines.append(HistoryLine(step, changes))
        previous = step.values
    return lines[::-1]


def changes_since_last_review(record: Record) -> list[Difference] | None:
    """What the enterprise changed between the hand-in an office last answered and this one; None at the first hand-in."""
    submits = list(record.steps.filter(action="submit").order_by("-pk").values_list("values", flat=True)[:2])
    if len(submits) < 2:
        return None
    return differences(kind_of(record), submits[1], submits[0])


def reason_of_hand_in(record: Record) -> str:
    """What the enterprise wrote when it last handed the record in although something looked unusual."""
    last = record.steps.filter(action="submit").order_by("-pk").values_list("reason", flat=True).first()
    return last or ""


def open_duties(scope: Scope) -> models.QuerySet[Duty]:
    """What the person's enterprises still owe and can still file, by day due. A closed quarter takes nothing more."""
    still_open = ReportingQuarter.objects.filter(is_open=True).values("code")
    return (
        Duty.objects.filter(
            scope.q(ENTERPRISE_ROLES), fulfilled_at=None, quarter__in=still_open, enterprise__is_active=True
        )
        .select_related("enterprise")
        .order_by("due", "kind", "pk")
    )


def returned_to(scope: Scope) -> models.QuerySet[Record]:
    """Records that came back to the person's enterprises (or to an office that filed them), newest decision first."""
    mine = scope.q(ENTERPRISE_ROLES) | (scope.q(OFFICE_ROLES) & Q(created_by_id=scope.user.pk))
    return Record.objects.filter(mine, status=Status.RETURNED).for_list().order_by("-decided_at")


def drafts_of(scope: Scope) -> models.QuerySet[Record]:
    mine = scope.q(ENTERPRISE_ROLES) | (scope.q(OFFICE_ROLES) & Q(created_by_id=scope.user.pk))
    return Record.objects.filter(mine, status__in=[Status.DRAFT, Status.WITHDRAWN]).for_list().order_by("-updated_at")


def batches_for(user: models.Model) -> list[dict[str, Any]]:
    """Imports of which several records wait for this person's decision, oldest first."""
    rows = (
        Record.objects.allowing(user, "records.review")
        .filter(import_batch__isnull=False)
        .values("import_batch", "import_batch__filename", "import_batch__is_backfill", "kind")
        .annotate(count=Count("pk"), firms=Count("enterprise", distinct=True), since=Min("submitted_at"))
        .filter(count__gt=1)
        .order_by("since")
    )
    return [{**row, "label": kind_by_slug(row["kind"]).label} for row in rows[:10]]
