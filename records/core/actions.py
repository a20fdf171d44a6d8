"""Every change of state of a single record. Each function is one transaction with its step and audit row inside."""

import uuid
from collections.abc import Collection, Mapping
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
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.refusals import Refused, Stale, require_confirmed
from foundation.stored_files.actions import attach_files, delete_files
from records.core.facts import append_record_changes
from records.core.kinds import RecordKind, kind_of
from records.core.models import Record, RecordStep
from records.core.notifications import notify_filers
from records.core.transitions import apply_move, comments_for, place_in_time, reason_for
from records.core.values import changes_for_audit, values_of
from records.core.warnings import warnings_for
from records.core.workflow import MOVES, Move
from records.duties.actions import fulfil_duties, lift_nil_statements, release_duties
from records.evidence.models import Attachment
from records.review.reviewing import note_move

register_event("records.created", gettext_lazy("新建记录"))
register_event("records.edited", gettext_lazy("修改记录"))
register_event("records.discarded", gettext_lazy("删除草稿"))
for _move in MOVES.values():
    register_event(f"records.{_move.action}", _move.label)


def locked(record_id: int, version: int) -> Record:
    """The row, locked for this transaction and as its own kind. Raises ``Stale``."""
    base = Record.objects.select_for_update(of=("self",)).select_related("enterprise").filter(pk=record_id).first()
    if base is None:
        raise Refused(_("这条记录已被删除，可能是您或同事在另一个窗口删的。请回到记录列表查看。"))
    record = base.specific()
    if record.version != version:
        raise Stale(record)
    return record


def write_step(
    record: Record,
    action: str,
    *,
    by: Actor,
    before: str,
    reason: str = "",
    level: str = "",
    comments: Mapping[str, str] | None = None,
) -> RecordStep:
    """Append a step to the record's history, with its values as they stand."""
    return RecordStep.objects.create(
        record_id=record.pk,
        action=action,
        from_status=before,
        to_status=record.status,
        level=level,
        actor=by,
        reason=reason,
        comments=dict(comments or {}),
        version=record.version,
        values=values_of(record),
        at=timezone.now(),
    )


def _assign(record: Record, kind: RecordKind, values: Mapping[str, Any]) -> None:
    known = {*kind.fields, "period"}
    for name, value in values.items():
        if name in known:
            setattr(record, name, value)
    kind.clear_hidden(record)
    place_in_time(record, kind)
    record.full_clean(exclude=["kind", "form_token"], validate_unique=False, validate_constraints=False)


def save_unique(record: Record) -> None:
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        if (record.period and "period" in str(error)) or "record_one_return_per_period" in str(error):
            raise ValidationError(
                {"period": _("“%s”已经填过一份。请在记录列表中打开那一份修改，不要另填。") % record.title}
            ) from error
        raise


def _save_once(record: Record, acting_user: Actor) -> Record:
    """The record, saved; or the one that the same form made in the very same moment."""
    try:
        save_unique(record)
    except (IntegrityError, ValidationError) as error:
        if twin := Record.objects.filter(form_token=record.form_token, created_by=acting_user).first():
            return twin.specific()
        if isinstance(error, ValidationError) or not Record.objects.filter(form_token=record.form_token).exists():
            raise
        raise ValidationError(_("这张表已被别人用过。请重新打开填报页面，再填一次。")) from error
    return record


def _adopt_attachments(record: Record, acting_user: Actor) -> None:
    """Files uploaded for this form by this person now belong to the record."""
    attach_files(Attachment, acting_user=acting_user, owner=record, form_token=record.form_token)


@transaction.atomic
def file_record(
    *,
    acting_user: Actor,
    kind: RecordKind,
    enterprise: Enterprise,
    values: Mapping[str, Any],
    hand_in: bool = False,
    confirmed: Collection[str] = (),
    reason: str = "",
    form_token: uuid.UUID | None = None,
) -> Record:
    """A new draft, or with ``hand_in`` a record handed in at once; all of it or nothing. The same ``form_token`` twice
    gives the same record.

    Raises ``AccessDenied``, ``ValidationError`` and, for a hand-in, what ``act`` raises; ``confirmed`` and ``reason``
    answer its questions."""
    require(acting_user, "records.create", enterprise)
    if not kind.applies_to(enterprise):
        raise ValidationError(_("“%(kind)s”不适用于这家企业。") % {"kind": kind.label})
    if form_token and (twin := Record.objects.filter(form_token=form_token, created_by=acting_user).first()):
        return twin.specific()
    record = kind.model(
        enterprise=enterprise,
        province_id=enterprise.province_id,
        city_id=enterprise.city_id,
        county_id=enterprise.county_id,
        created_by=acting_user,
        form_token=form_token or uuid.uuid4(),
        filed_on_behalf=not scope_of(acting_user).covers(enterprise, ENTERPRISE_ROLES),
    )
    _assign(record, kind, values)
    if (saved := _save_once(record, acting_user)) is not record:
        return saved
    _adopt_attachments(record, acting_user)
    write_step(record, "create", by=acting_user, before="")
    log("records.created", by=acting_user, on=record, changes=changes_for_audit(kind, {}, values_of(record)))
    if hand_in:
        _make_move(record, MOVES["submit"], acting_user, confirmed=confirmed, reason=reason)
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
    kind, was_in = kind_of(record), record.quarter
    before = (
        RecordStep.objects.filter(record_id=record.pk).order_by("-pk").values_list("values", flat=True).first() or {}
    )
    _assign(record, kind, values)
    _adopt_attachments(record, acting_user)
    changes = changes_for_audit(kind, before, values_of(record))
    if changes:
        record.version += 1
        save_unique(record)
        write_step(record, "edit", by=acting_user, before=record.status)
        log("records.edited", by=acting_user, on=record, changes=changes)
        if record.first_submitted_at and record.quarter != was_in:
            # Whoever handed something in counts as reporting: now in the other quarter.
            append_record_changes([(record, was_in)], "edit")
    if hand_in:
        _make_move(record, MOVES["submit"], acting_user, confirmed=confirmed, reason=reason)
    return record


@transaction.atomic
def discard_draft(*, acting_user: Actor, record_id: int, version: int) -> None:
    """Delete a draft that was never handed in; the audit row keeps its values."""
    record = locked(record_id, version)
    require(acting_user, "records.discard", record)
    log(
        "records.discarded",
        by=acting_user,
        on=record,
        changes=changes_for_audit(kind_of(record), values_of(record), {}),
    )
    delete_files(record.attachments.all())
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
    _make_move(record, MOVES[action], acting_user, confirmed=confirmed, reason=reason, comments=comments)
    return record


def _make_move(
    record: Record,
    move: Move,
    acting_user: Actor,
    *,
    confirmed: Collection[str],
    reason: str,
    comments: Mapping[str, str] | None = None,
) -> None:
    """The move of a row that is locked or was made in this transaction, with all that follows from it."""
    require(acting_user, move.permission, record)
    comments = comments_for(move, record, comments)
    reason = reason_for(move, reason or (_("请按各栏旁的意见修改。") if comments else ""))
    before, level, was_in, now = record.status, record.held_by, record.quarter, timezone.now()
    apply_move(record, move, acting_user=acting_user, reason=reason, at=now)
    questions = warnings_for(record) if move.action == "submit" else []
    if move.action == "submit":
        reason = require_confirmed(questions, confirmed, reason)
    note_move([record], move, at=now, questions={record.pk: questions})
    save_unique(record)
    release_duties([record])
    if move.action == "submit":
        fulfil_duties([record])
        lift_nil_statements(acting_user=acting_user, records=[record])
    write_step(record, move.action, by=acting_user, before=before, reason=reason, level=level, comments=comments)
    log(f"records.{move.action}", by=acting_user, on=record, note=reason)
    append_record_changes([(record, was_in)], move.action)
    notify_filers([record], move, reason)
