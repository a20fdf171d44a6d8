"""The same changes of state as ``records.core.actions``, for many records at once: import, take-over of older years, demo.

Django refuses ``bulk_create`` on a child model, so the base rows go in as ``Record`` and the child rows after them.
Checks, transitions and rules are those of the single actions; only the writing is set-based.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, router, transaction
from django.db.models import sql
from django.db.models.constants import OnConflict
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.rules import require, verdict, where
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import Noted, log_each
from foundation.refusals import Refused
from foundation.saying import filled
from records.core.actions import (  # registers the audit events, too
    already_filed,
    is_period_conflict,
    not_reported_by,
    place_columns,
)
from records.core.effects import Moved, Moving
from records.core.facts import append_record_changes
from records.core.kinds import RecordKind, kind_by_slug
from records.core.models import Record, RecordStep, Status, read_lines, write_lines
from records.core.moving import after_save, before_save, carry_out, columns_of, make_move, step_of, step_of_change
from records.core.periods import OpenPeriods, open_quarters
from records.core.transitions import check_values, place_in_time, reason_for
from records.core.values import parts_of, values_of
from records.core.warnings import ManyOnFile
from records.core.workflow import MOVES

#: Rows a statement names by key: below SQLite's limit of variables, large enough to cost nothing.
_CHUNK = 500

#: One moment for all, or one for each record; code only, no page offers it.
When = datetime.datetime | Callable[[Record], datetime.datetime] | None
#: One person for all, or each record's own; code only, no page offers the latter.
Who = Actor | Callable[[Record], Actor]

_T = TypeVar("_T")


class Outcome(NamedTuple):
    """What became of one record: moved, or why not."""

    record_id: int
    ok: bool
    message: str


def _chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    everything = list(items)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]


def _clock(at: When) -> Callable[[Record], datetime.datetime]:
    """Each record's moment. The present is read once: what is moved together is then alike, and written by one UPDATE."""
    moment = timezone.now() if at is None else at
    return moment if callable(moment) else lambda _record: moment


def _person(who: Who) -> Callable[[Record], Actor]:
    return who if callable(who) else lambda _record: who


# --- creating -------------------------------------------------------------------------------------


def _require_filers(acting_user: Who, drafts: Sequence[Record]) -> None:
    if callable(acting_user):
        for draft in drafts:
            action = "records.create" if draft.office is None else "records.create_own"
            require(acting_user(draft), action, draft.filer)
        return
    for office in {draft.office for draft in drafts if draft.office is not None}:
        require(acting_user, "records.create_own", office)
    enterprises = {one.pk: one for one in (draft.enterprise for draft in drafts) if one is not None}
    allowed: set[int] = set()
    for chunk in _chunks(enterprises):
        condition = where(acting_user, "records.create")
        allowed.update(Enterprise.objects.filter(condition, pk__in=chunk).values_list("pk", flat=True))
    for pk, enterprise in enterprises.items():
        if pk not in allowed:
            require(acting_user, "records.create", enterprise)


def _fill_in(draft: Record, kind: RecordKind, acting_user: Actor, at: datetime.datetime) -> None:
    draft.kind, draft.status, draft.version = kind.slug, Status.DRAFT, 1
    for name, value in place_columns(draft.filer).items():
        setattr(draft, name, value)
    draft.created_by = acting_user
    if (enterprise := draft.enterprise) is not None:
        draft.filed_on_behalf = not scope_of(acting_user).covers(enterprise, ENTERPRISE_ROLES)
    draft.created_at = at


def _taken_periods(kind: RecordKind, records: Iterable[Record]) -> dict[tuple[int, str | None], int | None]:
    """The returns on file of whoever filed these records: the key of their place and the period, with the record's key."""
    taken: dict[tuple[int, str | None], int | None] = {}
    for chunk in _chunks({record.filer_id for record in records}):
        filed = Record.objects.of_filers(chunk).filter(kind=kind.slug, period__isnull=False)
        for filer, period, pk in filed.exclude(status=Status.REJECTED).values_list("filing_place", "period", "pk"):
            taken[filer, period] = pk
    return taken


@contextmanager
def _one_return_a_period(kind: RecordKind, records: Mapping[int, Record]) -> Iterator[None]:
    """Saves inside raise ``ValidationError``, naming each by its place among the rows, where another return of the period
    was saved since it was looked which are taken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not is_period_conflict(error):
            raise
        taken = _taken_periods(kind, records.values())
        problems = {
            number: [already_filed(record)]
            for number, record in records.items()
            if taken.setdefault((record.filer_id, record.period), record.pk) != record.pk
        }
        if not problems:
            raise
        raise _numbered(problems) from error


def _numbered(problems: Mapping[int, Sequence[str]]) -> ValidationError:
    return ValidationError(
        [
            _("第 %(number)d 条：%(message)s") % {"number": number + 1, "message": text}
            for number, messages in sorted(problems.items())
            for text in messages
        ]
    )


def _check_draft(draft: Record, kind: RecordKind, quarters: OpenPeriods, taken: set[tuple[int, str | None]]) -> None:
    """What is asked of every draft, but for its values."""
    if not kind.is_reported_by(draft.filer):
        raise ValidationError(not_reported_by(kind, draft.filer))
    kind.clear_hidden(draft)
    place_in_time(draft, kind, quarters)
    if draft.period and (draft.filer_id, draft.period) in taken:
        raise ValidationError(_("“%s”已经填过一份。请在记录列表中打开那一份修改，不要另填。") % draft.title)
    taken.add((draft.filer_id, draft.period))


def _insert(kind: RecordKind, drafts: Sequence[Record]) -> None:
    """Base rows as ``Record``, then the child rows that share their keys."""
    columns = [field.attname for field in Record._meta.concrete_fields if not field.primary_key]
    bases = [Record(**{name: getattr(draft, name) for name in columns}) for draft in drafts]
    Record.objects.bulk_create(bases, batch_size=_CHUNK)
    for draft, base in zip(drafts, bases, strict=True):
        draft.pk = draft.id = base.pk
        draft.updated_at = base.updated_at
        draft._state.adding, draft._state.db = False, base._state.db
    _write_children(kind, drafts)
    write_lines(drafts)


def _write_children(kind: RecordKind, rows: Sequence[Record], **on_conflict: Any) -> None:
    """The child rows in one INSERT a batch; with ``on_conflict`` over those that are there."""
    fields = kind.model._meta.local_concrete_fields
    connection = connections[router.db_for_write(kind.model)]
    size = max(connection.ops.bulk_batch_size(fields, rows), 1)
    for start in range(0, len(rows), size):
        query = sql.InsertQuery(kind.model, **on_conflict)
        query.insert_values(fields, list(rows[start : start + size]))
        query.get_compiler(connection=connection).execute_sql()


class Filed(NamedTuple):
    """A record as it was written, and why it stays a draft although it was to be handed in."""

    record: Record
    refusal: str = ""


def _hand_in_draft(
    draft: Record,
    confirmed: Collection[str],
    *,
    acting_user: Actor,
    at: datetime.datetime,
    reason: str,
    quarters: OpenPeriods,
    on_file: ManyOnFile,
) -> Moved | str:
    """The hand-in in memory; or why not: the record is then as it was, its values found possible.
    Raises ``ValidationError`` for values that not even a draft may have."""
    before = columns_of(draft)
    try:
        require(acting_user, MOVES["submit"].permission, draft)
        moved = make_move(
            draft,
            MOVES["submit"],
            acting_user=acting_user,
            at=at,
            reason=reason,
            confirmed=confirmed,
            quarters=quarters,
            on_file=on_file,
        )
    except (ValidationError, Refused) as problem:
        for name, value in before.items():
            setattr(draft, name, value)
        check_values(draft)
        return " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
    on_file.add(draft)
    return moved


@transaction.atomic
def file_records(
    *,
    acting_user: Who,
    kind: RecordKind,
    drafts: Sequence[Record],
    origin: str,
    hand_in: Sequence[Collection[str] | None] = (),
    reason: str = "",
    at: When = None,
) -> list[Filed]:
    """Write unsaved rows of one kind, as ``records.core.actions.file_record`` writes one; all of them or none.

    ``hand_in``: for each draft the keys of the questions that were shown, or None: it stays a draft; ``reason`` is kept
    with those that were asked about. What cannot be handed in is written as a draft and says why. ``origin`` says in the
    audit log where the rows came from. Raises ``AccessDenied`` for an enterprise out of reach and ``ValidationError`` naming
    every refused row."""
    drafts = list(drafts)
    if not drafts:
        return []
    _require_filers(acting_user, drafts)
    quarters, moment, person = open_quarters(), _clock(at), _person(acting_user)
    taken = set(_taken_periods(kind, drafts)) if kind.is_return else set()
    wanted = dict(enumerate(hand_in)) if hand_in else {}
    problems: dict[int, list[str]] = {}
    steps: list[RecordStep] = []
    for number, draft in enumerate(drafts):
        _fill_in(draft, kind, person(draft), moment(draft))
        try:
            _check_draft(draft, kind, quarters, taken)
            if wanted.get(number) is None:
                check_values(draft)
        except ValidationError as problem:
            problems[number] = problem.messages
        step = step_of_change(draft, "create", by=person(draft), values={})
        step.at = draft.created_at
        steps.append(step)
    handing_in = {
        number: confirmed for number, confirmed in wanted.items() if confirmed is not None and number not in problems
    }
    on_file = ManyOnFile(kind)
    moved: list[Moved] = []
    refusals: dict[int, str] = {}
    # In the order of the rows: one that stays a draft is on file, too, for those handed in after it.
    in_order = [number for number in range(len(drafts)) if number not in problems] if handing_in else []
    on_file.read(drafts[number] for number in in_order)
    for number in in_order:
        confirmed = handing_in.get(number)
        if confirmed is None:
            on_file.add_draft(drafts[number])
            continue
        try:
            result = _hand_in_draft(
                drafts[number],
                confirmed,
                acting_user=person(drafts[number]),
                at=moment(drafts[number]),
                reason=reason,
                quarters=quarters,
                on_file=on_file,
            )
        except ValidationError as problem:
            problems[number] = problem.messages
            continue
        if isinstance(result, Moved):
            moved.append(result)
        else:
            refusals[number] = result
            on_file.add_draft(drafts[number])
    if problems:
        raise _numbered(problems)
    moving = Moving(MOVES["submit"], moved, is_notified=at is None)
    if moved:
        before_save(moving)
    with _one_return_a_period(kind, dict(enumerate(drafts))):
        _insert(kind, drafts)
    for draft, step in zip(drafts, steps, strict=True):
        step.record_id, step.values = draft.pk, values_of(draft, {})
    if moved:
        after_save(moving)
        values = {step.record_id: step.values for step in steps}
        steps.extend(step_of(moving, one, values[one.record.pk]) for one in moved)
    RecordStep.objects.bulk_create(steps, batch_size=_CHUNK)
    _audit("records.created", person, drafts, _("%(origin)s：%(kind)s") % {"origin": origin, "kind": kind.label})
    for note in dict.fromkeys(one.reason for one in moved):
        _audit("records.submit", person, [one.record for one in moved if one.reason == note], note)
    return [Filed(draft, refusals.get(number, "")) for number, draft in enumerate(drafts)]


def create_records(
    *, acting_user: Who, kind: RecordKind, drafts: Sequence[Record], origin: str, at: When = None
) -> list[Record]:
    """``file_records`` that stay drafts."""
    filed = file_records(acting_user=acting_user, kind=kind, drafts=drafts, origin=origin, at=at)
    return [one.record for one in filed]


# --- changing -------------------------------------------------------------------------------------


class Change(NamedTuple):
    """New values for one record, and the version they were made from."""

    record_id: int
    version: int
    values: Mapping[str, Any]


def _change(record: Record, change: Change, kind: RecordKind, quarters: OpenPeriods) -> str:
    """Put the values into the record; the words of a refusal, or nothing."""
    if record.version != change.version:
        return _("这条记录刚刚又被修改过（现在是版本 %d），没有覆盖。请重新导出后再改。") % record.version
    for name, value in change.values.items():
        setattr(record, name, value)
    try:
        kind.clear_hidden(record)
        place_in_time(record, kind, quarters)
        check_values(record)
    except ValidationError as problem:
        return " ".join(problem.messages)
    record.version += 1
    return ""


def _allowed(acting_user: Who, permission: str, records: Mapping[int, Record]) -> set[int]:
    """The keys of the records on which the person may do this: by one query, or in memory where each has its own."""
    if callable(acting_user):
        return {pk for pk, record in records.items() if verdict(acting_user(record), permission, record)}
    record_ids = list(records)
    return set(Record.objects.filter(where(acting_user, permission), pk__in=record_ids).values_list("pk", flat=True))


def _why_not(acting_user: Actor, permission: str, record: Record) -> str:
    """Why the rule lets nobody through to this record; never empty, for an empty refusal would count as success."""
    return verdict(acting_user, permission, record).reason or _("您现在不能这样办理这条记录。请刷新后再试。")


def _save_changed(kind: RecordKind, records: Sequence[Record]) -> None:
    """Whole rows written over themselves: a tenth of the time of ``bulk_update``."""
    columns = [field for field in Record._meta.concrete_fields if not field.primary_key]
    bases = [Record(pk=r.pk, **{field.attname: getattr(r, field.attname) for field in columns}) for r in records]
    Record.objects.bulk_create(
        bases, batch_size=_CHUNK, update_conflicts=True, unique_fields=["id"], update_fields=[f.name for f in columns]
    )
    own = [field for field in kind.model._meta.local_concrete_fields if not field.primary_key]
    key = [kind.model._meta.pk]
    _write_children(kind, records, on_conflict=OnConflict.UPDATE, update_fields=own, unique_fields=key)
    write_lines(records)


@transaction.atomic
def update_records(*, acting_user: Actor, kind: RecordKind, changes: Sequence[Change], origin: str) -> list[Outcome]:
    """Change many editable records of one kind, as ``records.core.actions.update_record`` does one. ``values`` are by column
    (``attname``). A record that may not change, or changed since, is left and says why. Raises ``ValidationError`` naming
    each return whose new period is taken."""
    quarters = open_quarters()
    outcomes: list[Outcome] = []
    changed: list[tuple[Record, str]] = []
    for chunk in _chunks(changes):
        pks = [change.record_id for change in chunk]
        records = _locked(pks)
        allowed = _allowed(acting_user, "records.edit", records)
        for change in chunk:
            record = records.get(change.record_id)
            if record is None or not isinstance(record, kind.model):
                refusal = _("没有这条记录，可能已被删除。")
            elif record.pk not in allowed:
                refusal = _why_not(acting_user, "records.edit", record)
            else:
                was_in = record.quarter
                refusal = _change(record, change, kind, quarters)
                if not refusal:
                    changed.append((record, was_in))
            outcomes.append(Outcome(change.record_id, not refusal, refusal))
    if changed:
        records_changed = [record for record, _was_in in changed]
        places = {change.record_id: number for number, change in enumerate(changes)}
        with _one_return_a_period(kind, {places[record.pk]: record for record in records_changed}):
            _save_changed(kind, records_changed)
        _write_edits(acting_user, records_changed)
        _audit("records.edited", _person(acting_user), records_changed, f"{origin}：{kind.label}")
        # Whoever handed something in counts as reporting: now in the other quarter.
        append_record_changes(
            [(record, was_in) for record, was_in in changed if record.first_submitted_at and record.quarter != was_in],
            "edit",
        )
    return outcomes


def _write_edits(acting_user: Actor, records: Sequence[Record]) -> None:
    """A step for each changed record."""
    parts = parts_of(record.pk for record in records)
    steps = [
        step_of_change(record, "edit", by=acting_user, values=values_of(record, parts.get(record.pk, {})))
        for record in records
    ]
    RecordStep.objects.bulk_create(steps, batch_size=_CHUNK)


# --- moving ---------------------------------------------------------------------------------------


def _audit(event: str, person: Callable[[Record], Actor], records: Sequence[Record], note: str) -> None:
    """One entry for each filer and person, so that everybody who may read of it finds it; the steps name each record."""
    counts = Counter((record.filer_id, person(record)) for record in records)
    filers = {record.filer_id: record.filer for record in records}
    noted = [
        Noted(filers[pk], filled(_("%(count)d 条。%(note)s"), {"count": count, "note": note}), by=by)
        for (pk, by), count in counts.items()
    ]
    log_each(event, noted, by=None)


def _locked(record_ids: Sequence[int]) -> dict[int, Record]:
    """The rows, locked, each as its own kind with its lines."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for pk, slug in (
        Record.objects.select_for_update().filter(pk__in=record_ids).order_by("pk").values_list("pk", "kind")
    ):
        by_kind[slug].append(pk)
    found: dict[int, Record] = {}
    for slug, pks in by_kind.items():
        found.update(kind_by_slug(slug).model.objects.select_related("enterprise", "office").in_bulk(pks))
    read_lines(found.values())
    return found


def _note_on_file(on_file: ManyOnFile, record: Record, *, is_moved: bool) -> None:
    """The record has been asked about, or was not let through: what it is now, it is for those after it."""
    if is_moved:
        on_file.add(record)
    elif record.status != Status.REJECTED:
        on_file.add_draft(record)


@transaction.atomic
def move_records(
    *,
    acting_user: Who,
    record_ids: Sequence[int],
    action: str,
    reason: str = "",
    confirmed: Mapping[int, Collection[str]] | None = None,
    at: When = None,
    asks: bool = True,
) -> list[Outcome]:
    """Make one move of ``records.core.workflow`` on many records: the same rules and the same end state as
    ``records.core.actions.act``. A record that may not move is left as it is and its outcome says why; the others go on.
    Raises ``Refused`` when the move needs a reason and none is given.

    A hand-in asks the same questions, of one record after the other: ``confirmed`` has the keys of what was shown by
    record, ``reason`` is kept with those that were asked about. ``asks`` False asks nothing: for samples and seeding,
    by code only."""
    move = MOVES[action]
    reason = reason_for(move, reason)
    keys = list(dict.fromkeys(record_ids))
    quarters, person = open_quarters(), _person(acting_user)
    asking: dict[str, ManyOnFile] = {}
    outcomes: list[Outcome] = []
    for chunk in _chunks(keys):
        records, moment = _locked(chunk), _clock(at)
        allowed = _allowed(acting_user, move.permission, records)
        if move.action == "submit" and asks:
            for slug in {record.kind for record in records.values()}:
                on_file = asking.setdefault(slug, ManyOnFile(kind_by_slug(slug), leaving_out=frozenset(keys)))
                on_file.read(record for record in records.values() if record.kind == slug)
        moved: list[Moved] = []
        for pk in chunk:
            record, refusal = records.get(pk), ""
            if record is None:
                refusal = _("没有这条记录，可能已被删除。")
            elif pk not in allowed:
                refusal = _why_not(person(record), move.permission, record)
            else:
                try:
                    moved.append(
                        make_move(
                            record,
                            move,
                            acting_user=person(record),
                            at=moment(record),
                            reason=reason,
                            confirmed=(confirmed or {}).get(pk, ()) if asks else None,
                            quarters=quarters,
                            on_file=asking.get(record.kind),
                        )
                    )
                except ValidationError as problem:
                    refusal = " ".join(problem.messages)
                except Refused as refused:
                    refusal = str(refused)
            if record is not None and record.kind in asking:
                _note_on_file(asking[record.kind], record, is_moved=not refusal)
            outcomes.append(Outcome(pk, not refusal, refusal or str(move.done)))
        if moved:
            carry_out(Moving(move, moved, is_notified=at is None))
            if move.is_decision:
                # A decision is somebody's own: each record is named in the log.
                log_each(f"records.{move.action}", [Noted(one.record, one.reason, by=one.by) for one in moved], by=None)
                continue
            for note in dict.fromkeys(one.reason for one in moved):
                same = [one.record for one in moved if one.reason == note]
                _audit(f"records.{move.action}", person, same, note)
    return outcomes
