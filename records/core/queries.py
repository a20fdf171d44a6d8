"""Bigger reads of the record core."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, Count, Max, Q, QuerySet, When

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES
from foundation.access.rules import where
from foundation.access.scope import Scope
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.places.models import SMALL_LEVELS, Place
from policies.models import Clause
from policies.queries import clauses_answered_by
from records.core.kinds import RecordKind, all_kinds, kind_of
from records.core.models import Breach, Record, RecordStep, Status
from records.core.values import Difference, differences, label_of


def clauses_of(kind: RecordKind) -> QuerySet[Clause]:
    """The clauses that the kind answers, of shipped documents and of those that the province has linked to it."""
    return clauses_answered_by(kind.slug, [fact.code for fact in kind.facts], kind.clauses)


@dataclass(frozen=True)
class BreachCount:
    """A rule of regulation that was not kept: its words and its source, in how many records of how many enterprises; and how
    many left out what the rule would like to know."""

    rule: str
    words: str
    citation: str
    enterprises: int
    records: int
    unstated: int


def breaches_by_rule(place: Place, quarter: Quarter) -> tuple[int, list[BreachCount]]:
    """What approved records of the quarter say was not so, by rule, most enterprises first; before it how many enterprises
    there are in all. Two queries, whatever the place."""
    kept = Breach.objects.filter(region_q(place, enterprise="record__enterprise", prefix="record__"))
    kept = kept.filter(record__quarter=quarter.code, record__status=Status.APPROVED).order_by()
    broken = Q(is_unstated=False)
    found = kept.values("rule").annotate(
        source=Max("citation"),
        enterprises=Count("record__enterprise", distinct=True, filter=broken),
        records=Count("record", distinct=True, filter=broken),
        unstated=Count("record__enterprise", distinct=True, filter=~broken),
    )
    rules = {rule.code: rule for kind in all_kinds() for rule in kind.rules}
    counts = [
        BreachCount(
            rule=row["rule"],
            words=str(rules[row["rule"]].__doc__ or "").strip() if row["rule"] in rules else row["rule"],
            citation=row["source"],
            enterprises=row["enterprises"],
            records=row["records"],
            unstated=row["unstated"],
        )
        for row in found
    ]
    in_all = kept.filter(broken).aggregate(n=Count("record__enterprise", distinct=True))["n"]
    return in_all, sorted(counts, key=lambda one: (-one.enterprises, -one.unstated, one.rule))


def own_offices(user: Actor, kind: RecordKind) -> list[Place]:
    """The offices of the person that report the kind of themselves. One query; none for a kind that no office reports."""
    if not kind.is_for_offices:
        return []
    own = Place.objects.filter(where(user, "records.create_own")).order_by("code")
    return [office for office in own if kind.is_reported_by(office)]


def region_q(place: Place, *, enterprise: str = "enterprise", prefix: str = "") -> Q:
    """Rows filed in a place: one indexed column. A township or park has none: it holds the enterprises assigned to it.
    ``prefix`` leads to the row that has the columns."""
    column = place.scope_column()
    if place.level in SMALL_LEVELS:
        return Q(
            **{f"{enterprise}__enterprise__{column}" if enterprise == "place" else f"{enterprise}__{column}": place.pk}
        )
    return Q(**{f"{enterprise if column == 'enterprise' else prefix + column}_id": place.pk})


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


def standing_return(
    kind: RecordKind, filer: Enterprise | Place, period: str, *, instead_of: Record | None = None
) -> Record | None:
    """The return that the filer has for the period, beside this one; a rejected one stands for nothing."""
    rows = Record.objects.filed_by(filer).filter(kind=kind.slug, period=period).exclude(status=Status.REJECTED)
    if instead_of is not None and instead_of.pk is not None:
        rows = rows.exclude(pk=instead_of.pk)
    return rows.first()


def returned_and_waiting(scope: Scope, most: int, *, rejected: Q) -> tuple[list[Record], list[Record], list[Record]]:
    """Records that came back to the person's enterprises (or to an office that filed them), the newest decision first;
    those that the condition ``rejected`` singles out; and what the enterprises have handed in and no office has decided, the
    longest waiting first. One query of ``most`` rows, those that came back before all others."""
    own = scope.q(ENTERPRISE_ROLES)
    returned = (own | (scope.q(OFFICE_ROLES) & Q(created_by_id=scope.user_id))) & Q(status=Status.RETURNED)
    rows = Record.objects.filter(returned | rejected | (own & Q(status=Status.SUBMITTED))).for_list()
    back_first = Case(When(status=Status.RETURNED, then=0), When(status=Status.REJECTED, then=1), default=2)
    found: dict[str, list[Record]] = {Status.RETURNED: [], Status.REJECTED: [], Status.SUBMITTED: []}
    for record in rows.order_by(back_first, "submitted_at", "pk")[:most]:
        found[record.status].append(record)
    came_back = found[Status.RETURNED]
    came_back.sort(key=lambda record: record.decided_at or record.updated_at, reverse=True)
    return came_back, found[Status.REJECTED], found[Status.SUBMITTED]


def drafts_of(scope: Scope) -> models.QuerySet[Record]:
    mine = scope.q(ENTERPRISE_ROLES) | (scope.q(OFFICE_ROLES) & Q(created_by_id=scope.user_id))
    return Record.objects.filter(mine, status__in=[Status.DRAFT, Status.WITHDRAWN]).for_list().order_by("-updated_at")
