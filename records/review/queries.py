"""What waits for an office, and what a reviewer looks at."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Count, Min, Q

from foundation.access.models import Grant, Role
from foundation.access.rules import verdict
from foundation.access.scope import Scope, scope_of
from foundation.accounts.models import Actor, User
from records.core.kinds import kind_by_slug, kind_of
from records.core.models import Record
from records.core.values import Difference, differences
from records.review.permissions import held_by_office


def queue_for(user: Actor) -> models.QuerySet[Record]:
    """What waits for this person's decision, longest first."""
    return Record.objects.allowing(user, "records.review").order_by("submitted_at", "pk")


def held_for(user: Actor) -> models.QuerySet[Record]:
    """What waits at this person's office, with what they filed themselves and so may not decide."""
    return (
        Record.objects.filter(held_by_office(scope_of(user)))
        if verdict(user, "records.review")
        else Record.objects.none()
    )


def queue_order(sort: str) -> tuple[str, ...]:
    """The order of the queue for a list's ``sort``: by risk, the oldest of equals first; else by age."""
    if sort in ("risk", "-risk"):
        return ("-risk", "submitted_at", "pk")
    return ("-submitted_at", "-pk") if sort == "-submitted_at" else ("submitted_at", "pk")


def neighbours_in_queue(queue: models.QuerySet[Record], record: Record) -> tuple[int | None, int | None]:
    """(previous, next) record around this one in a sorted queue; past the end the next wraps to the first."""
    others = queue.exclude(pk=record.pk).values_list("pk", flat=True)
    if record.submitted_at is None:
        return None, others.first()
    names = [str(name) for name in queue.query.order_by]
    following = others.filter(_beyond(names, record)).first() or others.first()
    back = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in names]
    return others.filter(_beyond(back, record)).order_by(*back).first(), following


def _beyond(names: Sequence[str], record: Record) -> Q:
    """Rows that come after the record in an order by these columns."""
    condition = Q(pk__in=[])
    for name in reversed(names):
        column = name.removeprefix("-")
        value, side = getattr(record, column), "lt" if name.startswith("-") else "gt"
        condition = Q(**{f"{column}__{side}": value}) | (Q(**{column: value}) & condition)
    return condition


def colleagues_of(scope: Scope, roles: Sequence[str] = (Role.COUNTY, Role.CITY)) -> models.QuerySet[User]:
    """The people who hold the same office, the person included, by name."""
    places = [place.pk for place in scope.places(*roles)]
    held = Grant.objects.in_force().filter(role__in=[role for role in roles if scope.has_role(role)], place__in=places)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("full_name", "pk")


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


def batches_for(user: Actor) -> list[dict[str, Any]]:
    """Imports of which several records wait for this person's decision, oldest first."""
    rows = (
        Record.objects.allowing(user, "records.review")
        .filter(import_batch__isnull=False)
        .values("import_batch", "import_batch__filename", "is_backfill", "kind")
        .annotate(count=Count("pk"), enterprises=Count("enterprise", distinct=True), since=Min("submitted_at"))
        .filter(count__gt=1)
        .order_by("since")
    )
    return [{**row, "label": kind_by_slug(row["kind"]).label} for row in rows[:10]]
