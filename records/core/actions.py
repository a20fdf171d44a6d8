"""Every change of state of a single record. Each function is one transaction with its step and audit row inside."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.rules import require
from foundation.access.scope import scope_of
from foundation.access.signin import home_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.places.models import Place
from foundation.refusals import Refused, Stale
from foundation.saying import filled
from records.core.effects import Moving, effects
from records.core.facts import append_record_changes
from records.core.kinds import RecordKind, kind_of
from records.core.models import Record, RecordStep, write_lines
from records.core.moving import after_save, before_save, carry_out, make_move, step_of, step_of_change
from records.core.periods import OpenPeriods, open_quarters
from records.core.queries import standing_return
from records.core.transitions import check_values, comments_for, place_in_time, reason_for
from records.core.values import changes_for_audit, values_of
from records.core.workflow import MOVES, Move

register_event("records.created", gettext_lazy("新建记录"))
register_event("records.edited", gettext_lazy("修改记录"))
register_event("records.discarded", gettext_lazy("删除草稿或撤回的记录"))
for _move in MOVES.values():
    register_event(f"records.{_move.action}", _move.label)


def locked(record_id: int, version: int) -> Record:
    """The row, locked for this transaction and as its own kind. Raises ``Stale``."""
    base = (
        Record.objects.select_for_update(of=("self",))
        .select_related("enterprise", "office")
        .filter(pk=record_id)
        .first()
    )
    if base is None:
        raise Refused(_("这条记录已被删除，可能是您或同事在另一个窗口删的。请回到记录列表查看。"))
    record = base.specific()
    if record.version != version:
        raise Stale(record)
    return record


def is_period_conflict(error: IntegrityError) -> bool:
    """Another return of the enterprise stands for the period. PostgreSQL names the constraint, SQLite its columns."""
    names = ("record_one_return_per_period", "record_one_office_return", "records_record.period")
    return any(name in str(error) for name in names)


def already_filed(record: Record) -> str:
    return _("“%s”已经填过一份。请在记录列表中打开那一份修改，不要另填。") % record.title


def not_reported_by(kind: RecordKind, filer: Enterprise | Place) -> str:
    """Why this filer does not report the kind."""
    if not kind.is_offered:
        return kind.retirement()
    if isinstance(filer, Enterprise):
        return _("“%(kind)s”不适用于这家企业。") % {"kind": kind.label}
    return _("“%(kind)s”不由%(office)s产改办填报。") % {"kind": kind.label, "office": filer.name}


def place_columns(filer: Enterprise | Place) -> dict[str, Any]:
    """Who reports, and where it lies: an office's own record at its own place on every level below it as well."""
    if isinstance(filer, Enterprise):
        return {
            "enterprise": filer,
            "province_id": filer.province_id,
            "city_id": filer.city_id,
            "county_id": filer.county_id,
        }
    city = filer.city_id or filer.pk
    return {
        "office": filer,
        "province_id": filer.province_id,
        "city_id": city,
        "county_id": filer.county_id or filer.pk,
    }


@contextmanager
def period_conflicts(record: Record) -> Iterator[None]:
    """Saves inside raise ``ValidationError`` where the enterprise has another return of the period."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if is_period_conflict(error):
            raise ValidationError({"period": already_filed(record)}) from error
        raise


def write_step(
    record: Record,
    action: str,
    *,
    by: Actor,
    before: str,
    reason: str = "",
    level: str = "",
) -> RecordStep:
    """Append a step that is no move to the record's history, with its values as they stand."""
    step = step_of_change(record, action, by=by, values=values_of(record))
    step.from_status, step.reason, step.level = before, reason, level
    step.save(force_insert=True)
    return step


def _assign(record: Record, kind: RecordKind, values: Mapping[str, Any], quarters: OpenPeriods) -> None:
    known = {*kind.fields, *(lines.name for lines in kind.lines), "period"}
    for name, value in values.items():
        if name in known:
            setattr(record, name, value)
    kind.clear_hidden(record)
    place_in_time(record, kind, quarters)


def _hand_in(
    record: Record, acting_user: Actor, quarters: OpenPeriods, confirmed: Collection[str], reason: str
) -> Moving:
    """The hand-in of a record with new values, in memory: checked whole, asked about, not saved yet."""
    require(acting_user, MOVES["submit"].permission, record)
    if record.period and standing_return(kind_of(record), record.filer, record.period, instead_of=record):
        # Nobody explains numbers of a return that is not taken.
        raise ValidationError({"period": already_filed(record)})
    moved = make_move(
        record,
        MOVES["submit"],
        acting_user=acting_user,
        at=timezone.now(),
        reason=reason,
        confirmed=confirmed,
        quarters=quarters,
    )
    moving = Moving(MOVES["submit"], [moved])
    before_save(moving)
    return moving


def _note_filing(
    record: Record, event: str, step: RecordStep, changes: Mapping[str, Any], moving: Moving | None, acting_user: Actor
) -> None:
    """The history of what was filed: the step of the new values (not saved yet) and, handed in, that of the move."""
    steps = [step]
    log(f"records.{event}", by=acting_user, on=record, changes=changes)
    if moving is not None:
        after_save(moving)
        steps.append(step_of(moving, moving.moved[0], step.values))
        log("records.submit", by=acting_user, on=record, note=moving.moved[0].reason)
    RecordStep.objects.bulk_create(steps)


@transaction.atomic
def file_record(
    *,
    acting_user: Actor,
    kind: RecordKind,
    filer: Enterprise | Place,
    values: Mapping[str, Any],
    hand_in: bool = False,
    confirmed: Collection[str] = (),
    reason: str = "",
    form_token: uuid.UUID | None = None,
) -> Record:
    """A new draft, or with ``hand_in`` a record handed in at once; all of it or nothing. The same ``form_token`` twice
    gives the same record. ``filer``: the enterprise, or the office that reports what it did itself.

    Raises ``AccessDenied``, ``ValidationError`` and, for a hand-in, what ``act`` raises; ``confirmed`` and ``reason``
    answer its questions."""
    require(acting_user, "records.create" if isinstance(filer, Enterprise) else "records.create_own", filer)
    if not kind.is_reported_by(filer):
        raise ValidationError(not_reported_by(kind, filer))
    if form_token and (twin := Record.objects.filter(form_token=form_token, created_by=acting_user).first()):
        return twin.specific()
    record = kind.model(
        kind=kind.slug, created_by=acting_user, form_token=form_token or uuid.uuid4(), **place_columns(filer)
    )
    if isinstance(filer, Enterprise):
        record.filed_on_behalf = not scope_of(acting_user).covers(filer, ENTERPRISE_ROLES)
    quarters = open_quarters()
    _assign(record, kind, values, quarters)
    step = step_of_change(record, "create", by=acting_user, values={})
    moving = None
    if hand_in:
        moving = _hand_in(record, acting_user, quarters, confirmed, reason)
    else:
        check_values(record)
    try:
        with period_conflicts(record):
            record.save()
            write_lines([record])
    except (IntegrityError, ValidationError) as error:
        # The same form may have made its record in this very moment.
        if twin := Record.objects.filter(form_token=record.form_token, created_by=acting_user).first():
            return twin.specific()
        if isinstance(error, ValidationError) or not Record.objects.filter(form_token=record.form_token).exists():
            raise
        raise ValidationError(_("这张表已被别人用过。请重新打开填报页面，再填一次。")) from error
    for effect in effects():
        effect.filed(record, acting_user=acting_user)
    step.record_id, step.values = record.pk, values_of(record)
    _note_filing(record, "created", step, changes_for_audit(kind, {}, step.values), moving, acting_user)
    return record


@transaction.atomic
def update_record(
    *,
    acting_user: Actor,
    record_id: int,
    version: int,
    values: Mapping[str, Any],
    hand_in: bool = False,
    confirmed: Collection[str] = (),
    reason: str = "",
) -> Record:
    """Change a draft, returned or withdrawn record, and with ``hand_in`` hand it in. Raises ``Stale``,
    ``AccessDenied``, ``ValidationError``, and for a hand-in what ``act`` raises."""
    record = locked(record_id, version)
    require(acting_user, "records.edit", record)
    kind, was_in, quarters = kind_of(record), record.quarter, open_quarters()
    last = RecordStep.objects.filter(record_id=record.pk).order_by("-pk").values_list("values", flat=True).first()
    _assign(record, kind, values, quarters)
    for effect in effects():
        effect.filed(record, acting_user=acting_user)
    now = values_of(record)
    changes = changes_for_audit(kind, last or {}, now)
    if not changes:
        if hand_in:
            _move_locked(record, MOVES["submit"], acting_user, confirmed=confirmed, reason=reason)
        return record
    record.version += 1
    step = step_of_change(record, "edit", by=acting_user, values=now)
    moving = None
    if hand_in:
        moving = _hand_in(record, acting_user, quarters, confirmed, reason)
        moving.moved[0].before["quarter"] = was_in
    else:
        check_values(record)
    with period_conflicts(record):
        record.save()
        write_lines([record])
    _note_filing(record, "edited", step, changes, moving, acting_user)
    if moving is None and record.first_submitted_at and record.quarter != was_in:
        # Whoever handed something in counts as reporting: now in the other quarter.
        append_record_changes([(record, was_in)], "edit")
    return record


@transaction.atomic
def discard_record(*, acting_user: Actor, record_id: int, version: int) -> None:
    """Delete a draft, or a record that was taken back before any office decided on it; the audit row keeps its values."""
    record = locked(record_id, version)
    require(acting_user, "records.discard", record)
    changes = changes_for_audit(kind_of(record), values_of(record), {})
    log("records.discarded", by=acting_user, on=record, changes=changes)
    for effect in effects():
        effect.discarding(record)
    record.delete()


@transaction.atomic
def act(
    *,
    acting_user: Actor,
    record_id: int,
    action: str,
    version: int,
    confirmed: Collection[str] = (),
    reason: str = "",
    comments: Mapping[str, str] | None = None,
) -> Record:
    """Make one move of ``records.core.workflow``. Raises ``Stale``, ``AccessDenied`` (with the rule's reason),
    ``Refused`` (no reason given), ``ValidationError`` (a hand-in that is not complete) and ``NeedsConfirmation``: a
    hand-in that looks unusual is asked about (``records.core.warnings``), and made only with the keys of exactly these
    questions in ``confirmed`` and a ``reason``, kept with the step for the reviewer.

    ``comments`` are remarks on single fields, by name; for moves that send a record back (``takes_comments``)."""
    record = locked(record_id, version)
    _move_locked(record, MOVES[action], acting_user, confirmed=confirmed, reason=reason, comments=comments)
    return record


def _move_locked(
    record: Record,
    move: Move,
    acting_user: Actor,
    *,
    confirmed: Collection[str],
    reason: str,
    comments: Mapping[str, str] | None = None,
) -> None:
    require(acting_user, move.permission, record)
    comments = comments_for(move, record, comments)
    reason = reason_for(move, reason or (_("请按各栏旁的意见修改。") if comments else ""))
    moved = make_move(
        record,
        move,
        acting_user=acting_user,
        at=timezone.now(),
        reason=reason,
        confirmed=confirmed,
        comments=comments,
    )
    carry_out(Moving(move, [moved]))
    log(f"records.{move.action}", by=acting_user, on=record, note=moved.reason)


def export_note(what: str, count: int) -> str:
    return filled(_("%(what)s，%(count)d 条"), {"what": what, "count": count})


def note_export(user: Actor, count: int, what: str) -> None:
    """Every export stands in the audit log with how much it took along."""
    log("records.exported", by=user, note=export_note(what, count), place=home_of(user))
