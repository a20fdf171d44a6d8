"""What a move does to a record in memory. Single and bulk actions both go through here, so they cannot differ."""

import datetime
import functools
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import Grant, Role
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.fields import label_of_field
from foundation.refusals import Refused, says_something
from foundation.saying import filled
from records.core.business_rules import check_gaps
from records.core.kinds import RecordKind, kind_by_slug, kind_of
from records.core.lines import check_lines, in_the_row, path_of, rows_of
from records.core.models import Record, Status
from records.core.periods import OpenPeriods, counting_quarter, first_period, open_quarters
from records.core.values import label_of, part_names, stored
from records.core.workflow import Move

#: A remark on one field; what is longer belongs into the reason.
LONGEST_COMMENT = 300
#: What a form adds to a gap; whoever can keep no draft, as a row of a file, is told without it.
OR_A_DRAFT = gettext_lazy("；暂时没有数据可先存草稿")
SAYS_NOTHING = gettext_lazy("一项也没有填。没有开展的请填 0 或选“否”；暂时没有数据可先存草稿。")


def untitled(kind: RecordKind) -> str:
    """What stands in lists for a draft whose title is not written yet; it never counts as a title."""
    return _("（未填标题）%s") % kind.label


def says_nothing(record: Record, kind: RecordKind) -> bool:
    """Whether no field is filled, and no line there, of a return that requires none by itself."""
    if kind.required or any(rows_of(record, lines) for lines in kind.lines):
        return False
    return all(stored(record, name) in (None, "") for name in kind.fields)


def place_in_time(record: Record, kind: RecordKind, quarters: OpenPeriods | None = None) -> None:
    """Set quarter, late mark and, for returns, the title, from the date or period. A back entry is refused once its
    own quarter is closed: it belongs there or nowhere.

    ``quarters``: the open quarters, when the caller has read them already."""
    quarters = open_quarters() if quarters is None else quarters
    if kind.is_return and not record.period:
        record.period = first_period(kind, quarters)
    quarter, late = counting_quarter(kind, happened_on=record.happened_on, period=record.period, quarters=quarters)
    if late and record.is_backfill:
        raise ValidationError(
            {
                "happened_on": _(
                    "%s没有开放填报，历史补录只能计入活动当季。请联系省产改办重新开放该季度，或不勾选“历史补录”。"
                )
                % Quarter.of(record.happened_on or timezone.localdate()).label
            }
        )
    record.quarter, record.is_late_entry = quarter.code, late
    if record.period:
        record.title = kind.title_for(record.period)
    elif not record.title:
        record.title = untitled(kind)


@functools.cache
def _not_checked(model: type[Record]) -> frozenset[str]:
    """What no form asks of the kind: the machinery's own columns; and references, which are chosen from what is there
    and held by the database."""
    asked = {*kind_by_slug(model.kind_slug()).fields, "period"}
    fields = model._meta.concrete_fields
    return frozenset(field.name for field in fields if field.is_relation or field.name not in asked)


def check_values(record: Record) -> None:
    """Each field's own checks and the model's ``clean()``, and those of the lines, without a query. Constraints are the
    database's."""
    found: dict[str, list[str]] = {}
    try:
        record.full_clean(exclude=_not_checked(type(record)), validate_unique=False, validate_constraints=False)
    except ValidationError as problem:
        found.update(problem.message_dict)
    found.update(lines_refused(record))
    if found:
        raise ValidationError(found)


def lines_refused(record: Record, *, is_complete: bool = False) -> dict[str, list[str]]:
    """What is wrong with the record's lines, each message with its place, by path (``agenda.2.votes_for``)."""
    kind = kind_of(record)
    return {
        path_of(name, cell): [in_the_row(lines, cell, message) for message in messages]
        for lines in kind.lines
        if kind.is_shown(record, lines.name)
        for (name, cell), messages in check_lines(record, lines, is_complete=is_complete).items()
    }


def empty_required(record: Record) -> list[str]:
    """The fields that have to be filled before the hand-in and are not."""
    kind = kind_of(record)
    return [
        name
        for name in kind.required_of(record)
        if stored(record, name) in (None, "") or (name == "title" and record.title == untitled(kind))
    ]


def check_complete(record: Record) -> None:
    """Raise ``ValidationError`` with everything that keeps the record from being handed in: empty required fields (where
    none is required, all of them empty), impossible values, and rules of policy."""
    kind = kind_of(record)
    errors: dict[str, list[str]] = {}
    for name in empty_required(record):
        label = label_of_field(kind.model, name)
        errors[name] = [_("“%(field)s”还没有填。提交前请填好；暂时没有数据可先存草稿。") % {"field": label}]
    if says_nothing(record, kind):
        errors["__all__"] = [str(SAYS_NOTHING)]
    errors.update(lines_refused(record, is_complete=True))
    try:
        check_values(record)
    except ValidationError as problem:
        errors.update({name: messages for name, messages in problem.message_dict.items() if name not in errors})
    try:
        check_gaps(record, kind.rules)
    except ValidationError as problem:
        for name, messages in problem.message_dict.items():
            errors.setdefault(name, []).extend(messages)
    if errors:
        raise ValidationError(errors)


def reason_for(move: Move, reason: str) -> str:
    """The reason, trimmed. Raises ``Refused`` when the move needs one and there is none, or one that says nothing."""
    reason = reason.strip()
    if move.needs_reason and not says_something(reason):
        message = _("请写明“%(what)s”的原因，企业要据此修改。")
        if move.target == Status.REJECTED:
            message = _("请写明“%(what)s”的原因。企业不能再修改，只能据此申诉一次。")
        raise Refused(message % {"what": move.label}, field="reason")
    return reason


def comments_for(move: Move, record: Record, comments: Mapping[str, str] | None) -> dict[str, str]:
    """Remarks on single fields, trimmed, in the order of the form. Raises ``Refused`` for a field the record's
    kind has not, for a remark too long, and for a move that takes none."""
    said = {name: text.strip() for name, text in (comments or {}).items() if text.strip()}
    if said and not move.takes_comments:
        raise Refused(_("“%(what)s”不能带逐项意见，只有退回和重新打开可以。") % {"what": move.label})
    kind = kind_of(record)
    known = [*kind.fields, *(lines.name for lines in kind.lines), *part_names()]
    if unknown := [name for name in said if name not in known]:
        raise Refused(
            _("“%(kind)s”没有 %(names)s 这样的字段，请核对字段名。") % {"kind": kind.label, "names": "、".join(unknown)}
        )
    for name, text in said.items():
        if len(text) > LONGEST_COMMENT:
            raise Refused(
                filled(
                    _("对“%(field)s”的意见有 %(size)d 个字，最多 %(most)d 个。请写短些，其余写在审核意见中。"),
                    {"field": label_of(kind, name), "size": len(text), "most": LONGEST_COMMENT},
                )
            )
    return {name: said[name] for name in known if name in said}


def first_level(record: Record, acting_user: Actor) -> str:
    """The level of the office that looks at a hand-in first. What an office reports itself is confirmed by a colleague
    there, or where it has nobody else by the office above; the province has none above it."""
    office = record.office
    if office is None:
        return kind_of(record).review_levels[0]
    own = office.scope_column()
    theirs = Grant.objects.in_force().filter(place=office, role=own, user__is_active=True)
    if own == Role.PROVINCE or theirs.exclude(user__in=[acting_user.pk, record.created_by_id]).exists():
        return own
    return Role.CITY if own == Role.COUNTY else Role.PROVINCE


def _submit(record: Record, acting_user: Actor, at: datetime.datetime) -> None:
    record.submitted_by, record.submitted_at = acting_user, at
    record.first_submitted_at = record.first_submitted_at or at
    record.held_by, record.reason = first_level(record, acting_user), ""
    record.status = Status.SUBMITTED


def _still_counts(record: Record, quarters: OpenPeriods | None) -> None:
    """The quarter may have closed since the hand-in: an event then counts in an open one, a return no longer can."""
    try:
        place_in_time(record, kind_of(record), quarters)
    except ValidationError as problem:
        raise Refused(" ".join(problem.messages)) from problem


def _decide(record: Record, move: Move, reason: str, at: datetime.datetime, quarters: OpenPeriods | None) -> None:
    """A review move: climbs to the kind's next level, or decides."""
    levels = kind_of(record).review_levels
    if move.climbs and not record.is_of_office and record.held_by != levels[-1]:
        record.held_by = levels[levels.index(record.held_by) + 1]
        return
    if move.target == Status.APPROVED:
        _still_counts(record, quarters)
    record.status, record.held_by, record.reason = move.target, "", reason
    record.decided_at = at


def apply_move(
    record: Record,
    move: Move,
    *,
    acting_user: Actor,
    reason: str,
    at: datetime.datetime,
    quarters: OpenPeriods | None = None,
) -> None:
    """Change the record as the move says; nothing is saved. A hand-in that is not complete raises
    ``ValidationError``. Permission and reason are the caller's to check."""
    if move.action == "submit":
        check_complete(record)
        place_in_time(record, kind_of(record), quarters)
        _submit(record, acting_user, at)
    elif move.action == "withdraw":
        record.status, record.held_by = move.target, ""
    else:
        _decide(record, move, reason, at, quarters)
    record.version += 1
