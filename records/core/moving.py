"""One move of one or many records, from the decision in memory to the last row written. The actions lock, ask whether
it is allowed, and write the audit entries."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from foundation.accounts.models import Actor
from foundation.refusals import Question, require_confirmed
from records.core.effects import Moved, Moving, effects
from records.core.facts import append_record_changes
from records.core.models import Record, RecordStep
from records.core.periods import OpenPeriods
from records.core.transitions import apply_move
from records.core.values import parts_of, values_of
from records.core.warning_rules import OnFile
from records.core.warnings import warnings_for
from records.core.workflow import Move

#: What a move may change on the base row.
MOVED_COLUMNS = (
    "status",
    "held_by",
    "reason",
    "version",
    "title",
    "period",
    "quarter",
    "is_late_entry",
    "submitted_by_id",
    "submitted_at",
    "first_submitted_at",
    "decided_at",
    "decide_by",
    "appeal_until",
    "risk",
    "risk_reasons",
    "is_sampled",
    "assigned_to_id",
)


def columns_of(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in MOVED_COLUMNS}


def make_move(
    record: Record,
    move: Move,
    *,
    acting_user: Actor,
    at: datetime.datetime,
    reason: str = "",
    confirmed: Collection[str] | None = (),
    comments: Mapping[str, str] | None = None,
    quarters: OpenPeriods | None = None,
    on_file: OnFile | None = None,
) -> Moved:
    """The move in memory. A hand-in is checked and asked about: ``confirmed`` are the keys of the questions that were
    shown; None asks nothing (seeding, by code only). What cannot be handed in raises ``ValidationError`` or
    ``NeedsConfirmation``; the record is spoilt then and not to be saved."""
    before = columns_of(record)
    apply_move(record, move, acting_user=acting_user, reason=reason, at=at, quarters=quarters)
    moved = Moved(record, before, at, acting_user, reason, comments=comments or {})
    if move.action == "submit" and confirmed is not None:
        moved.questions = warnings_for(record, on_file)
        again = moved.questions and before["first_submitted_at"]
        answered, earlier = _answered_before(record, moved.questions) if again else (set(), "")
        moved.reason = require_confirmed(moved.questions, {*confirmed, *answered}, reason.strip() or earlier)
    return moved


def _answered_before(record: Record, questions: Sequence[Question]) -> tuple[set[str], str]:
    """The keys of the questions that the last hand-in answered already, found just the same; and, where those are all of
    them, the reason given then: a record sent back for something else is not asked about the same figure again."""
    last = RecordStep.objects.filter(record=record.pk, action="submit").order_by("-pk").first()
    if last is None:
        return set(), ""
    same = {question.key for question in questions if question.stands and question.kept in last.questions}
    return same, last.reason if len(same) == len(questions) else ""


def before_save(moving: Moving) -> None:
    for effect in effects():
        effect.before_save(moving)


def save_moved(moved: Iterable[Moved]) -> None:
    """One UPDATE for all rows that change alike: for an office that decides a page of records, one in all."""
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for one in moved:
        changes = {name: value for name, value in columns_of(one.record).items() if value != one.before[name]}
        one.record.updated_at = one.at
        alike[(*changes.items(), ("updated_at", one.at))].append(one.record.pk)
    for same, pks in alike.items():
        Record.objects.filter(pk__in=pks).update(**dict(same))


def after_save(moving: Moving) -> None:
    """What other rooms do about it, and the change feed."""
    for effect in effects():
        effect.after_save(moving)
    append_record_changes([(one.record, one.before["quarter"]) for one in moving.moved], moving.move.action)


def step_of(moving: Moving, one: Moved, values: Mapping[str, Any]) -> RecordStep:
    """The step of a move, not yet saved."""
    return RecordStep(
        record_id=one.record.pk,
        action=moving.move.action,
        from_status=one.before["status"],
        to_status=one.record.status,
        level=one.before["held_by"] if one.level is None else one.level,
        actor=one.by,
        reason=one.reason,
        comments=dict(one.comments),
        questions=[asked.kept for asked in one.questions],
        version=one.record.version,
        values=values,
        at=one.at,
    )


def step_of_change(record: Record, action: str, *, by: Actor, values: Mapping[str, Any]) -> RecordStep:
    """The step of a change that is no move, not yet saved."""
    return RecordStep(
        record_id=record.pk,
        action=action,
        from_status="" if action == "create" else record.status,
        to_status=record.status,
        actor=by,
        version=record.version,
        values=values,
        at=timezone.now(),
    )


def carry_out(moving: Moving) -> None:
    """Save records that are there already, with all that follows and a step for each."""
    before_save(moving)
    save_moved(moving.moved)
    after_save(moving)
    parts = parts_of(record.pk for record in moving.records)
    RecordStep.objects.bulk_create(
        [step_of(moving, one, values_of(one.record, parts[one.record.pk])) for one in moving.moved], batch_size=500
    )
