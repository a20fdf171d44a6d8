"""One record: its values, evidence, history, and the moves the person may make."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.rules import verdict, visible_or_404, where
from foundation.access.scope import scope_of
from foundation.accounts.requests import PortalRequest
from foundation.fields import field_of, unit_of
from foundation.panels import panels_for
from foundation.places.models import Place
from foundation.refusals import NeedsConfirmation, Refused
from foundation.saying import in_marks
from foundation.ui.formats import amount
from records.core.actions import act
from records.core.fields import quantity_of
from records.core.kinds import RecordKind, kind_of
from records.core.lines import Cell, Lines, path_of, place_in, rows_of, total_of
from records.core.listed import in_links, links_of
from records.core.models import LineReference, Record, RecordLine, Status
from records.core.models.cited import UNLINKED
from records.core.queries import clauses_of, comments_on, history_of
from records.core.values import Difference
from records.core.warning_rules import SPEAKS
from records.core.workflow import MOVES, Move, moves_from

#: What a record's pages say about whose it is and who has it.
RELATED = ("enterprise", "office", "county", "city", "province", "created_by", "submitted_by")


class ShownField(NamedTuple):
    """A field as pages show it: its value, what stood there at the last hand-in if that differs, what was remarked."""

    field: "models.Field[Any, Any]"
    value: object
    before: Difference | None
    comment: str


class ShownCell(NamedTuple):
    """A value in a table of lines, or the head of a column, whose unit stands in it."""

    label: str
    is_number: bool
    value: object = None


class ShownLines(NamedTuple):
    """Lines as pages show them: heads, rows, sums of the columns that have one (else None), what changed since the last
    hand-in, what was remarked."""

    name: str
    label: str
    columns: list[ShownCell]
    rows: list[list[ShownCell]]
    sums: list[ShownCell] | None
    changes: list[Difference]
    comment: str


class ShownGroup(NamedTuple):
    """One fieldset of a record as the detail, review and print pages show it."""

    title: str
    rows: list[ShownField]
    lines: ShownLines | None


def _linked(text: str, links: Mapping[str, str]) -> object:
    """Names, each of them that a register has with the way to it."""
    if not links or not text:
        return text or None
    pieces = [format_html('<a href="{}">{}</a>', url, piece) if url else piece for piece, url in in_links(text, links)]
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def shown_fields(
    kind: RecordKind,
    record: Record,
    changes: Sequence[Difference] = (),
    comments: Mapping[str, str] | None = None,
) -> list[ShownGroup]:
    """The groups of fields as the detail, review and print pages show them. What was not asked of the record is left out,
    unless something stands there or is said of it."""
    changed, remarks = {change.field: change for change in changes}, comments or {}
    not_asked = {name for name in kind.fields if not kind.is_shown(record, name)}
    not_asked.update(kind.left_out(record.enterprise))

    def is_told(name: str) -> bool:
        has_value = getattr(record, name) not in (None, "")
        return name not in not_asked or has_value or name in changed or bool(remarks.get(name))

    groups, links = [], links_of(record)
    for group in kind.fieldsets:
        rows = [
            ShownField(
                field_of(kind.model, name),
                _linked(getattr(record, name), links[name]) if name in links else _display(record, name),
                changed.get(name),
                remarks.get(name, ""),
            )
            for name in group.fields
            if is_told(name)
        ]
        lines = kind.lines_named(group.lines)
        shown = None
        if lines is not None and kind.is_shown(record, lines.name):
            shown = _shown_lines(record, lines, changes, remarks.get(lines.name, ""), links)
        if rows or shown:
            groups.append(ShownGroup(str(group.title), rows, shown))
    return groups


def _shown_lines(
    record: Record, lines: Lines, changes: Sequence[Difference], comment: str, links: Mapping[str, Mapping[str, str]]
) -> ShownLines:
    heads = {name: _head(field_of(lines.model, name)) for name in lines.fields}
    rows = rows_of(record, lines)
    summed = {total.column for total in lines.totals}
    sums = None
    if summed and len(rows) > 1:
        found = {name: total_of(rows, name) if name in summed else None for name in lines.fields}
        sums = [
            head._replace(value="" if found[name] is None else _bare(lines.model, name, found[name]))
            for name, head in heads.items()
        ]
    return ShownLines(
        lines.name,
        str(lines.label),
        list(heads.values()),
        [
            [
                head._replace(value=_cell(row, name, links.get(path_of(lines.name, Cell(number, name)), {})))
                for name, head in heads.items()
            ]
            for number, row in enumerate(rows, 1)
        ],
        sums,
        [change for change in changes if place_in(change.field)[0] == lines.name],
        comment,
    )


def _head(field: "models.Field[Any, Any]") -> ShownCell:
    unit = unit_of(field)
    return ShownCell(f"{field.verbose_name}（{unit}）" if unit else str(field.verbose_name), _is_number(field))


def _is_number(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.IntegerField | models.DecimalField) and not field.choices


def _bare(model: type[models.Model], name: str, value: Any) -> str:
    """A number under a head that has its unit."""
    field = field_of(model, name)
    return amount(value, field.decimal_places if isinstance(field, models.DecimalField) else None)


def _cell(row: RecordLine, name: str, links: Mapping[str, str]) -> object:
    value = getattr(row, name)
    if links:
        return _linked(value, links)
    if (
        value is not None
        and _is_number(field := field_of(row, name))
        and (unit_of(field) or isinstance(field, models.DecimalField))
    ):
        return _bare(type(row), name, value)
    return _display(row, name)


def _display(record: models.Model, name: str) -> object:
    field = field_of(record, name)
    value = getattr(record, name)
    if isinstance(field, LineReference):
        if value is None:
            # Of a row of lines it may not be asked at all.
            return str(UNLINKED) if isinstance(record, Record) else None
        return format_html('<a href="{}">{}</a>', reverse("records:detail", args=[value.record_id]), str(value))
    if field.choices:
        return getattr(record, f"get_{name}_display")() or None
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is not None and (isinstance(field, models.DecimalField) or unit_of(field)):
        return quantity_of(record, name, value)
    if isinstance(field, models.URLField) and value:
        return format_html('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>', value)
    return None if value == "" else value


def record_or_404(request: PortalRequest, pk: int) -> Record:
    """The visible record as its own kind, with what its pages show."""
    base = visible_or_404(
        Record.objects.select_related(*RELATED),
        request.user,
        pk=pk,
    )
    record = base.specific()
    for name in RELATED:
        setattr(record, name, getattr(base, name))
    return record


def posted_version(request: PortalRequest) -> int:
    """The version the page was made from; anything that is no number is no version, and so stale."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def allowed_moves(request: PortalRequest, record: Record) -> list[Move]:
    return [move for move in moves_from(record) if verdict(request.user, move.permission, record)]


def record_detail(request: PortalRequest, pk: int) -> HttpResponse:
    record = record_or_404(request, pk)
    kind = kind_of(record)
    moves = [move for move in allowed_moves(request, record) if not move.is_review]
    if record.status == Status.RETURNED:
        # It is handed in again from its form, where it is mended.
        moves = [move for move in moves if not move.hands_in]
    comments = comments_on(record)
    context = {
        "record": record,
        "kind": kind,
        "groups": shown_fields(kind, record, comments=comments),
        "comments": comments,
        "history": history_of(record),
        "moves": moves,
        "just_filed": "filed" in request.GET and record.status == Status.SUBMITTED,
        "may_edit": bool(verdict(request.user, "records.edit", record)),
        "may_discard": bool(verdict(request.user, "records.discard", record)),
        "may_review": bool(verdict(request.user, "records.review", record)),
        "following": _following(request, kind, record),
        "clauses": list(clauses_of(kind)),
        "panels": panels_for("records.detail", request, record),
    }
    return render(request, "records/detail.html", context)


def _following(request: PortalRequest, kind: RecordKind, record: Record) -> dict[str, str] | None:
    """Where the record that follows this one is filed, and which step it tells; None where nothing follows, or the person
    reports neither for who filed this one nor for an office of their own."""
    if kind.steps is None or record.status not in SPEAKS or not (step := kind.steps.after(record)):
        return None
    by: dict[str, str] = {}
    if record.enterprise is not None and scope_of(request.user).covers(record, ENTERPRISE_ROLES):
        by = {"enterprise": record.enterprise.credit_code}
    elif kind.is_for_offices:
        own = Place.objects.filter(where(request.user, "records.create_own")).order_by("code")
        by = next(({"office": office.code} for office in own if kind.is_reported_by(office)), {})
    if not by:
        return None
    choices = dict(field_of(kind.model, kind.steps.field).flatchoices)
    url = f"{reverse('records:create', args=[kind.slug])}?{urlencode({**by, 'after': str(record.pk)})}"
    return {"url": url, "label": str(choices[step])}


def record_print(request: PortalRequest, pk: int) -> HttpResponse:
    """The record on paper: every value, the names of its evidence, its history, the policy it carries out."""
    record = record_or_404(request, pk)
    kind = kind_of(record)
    context = {
        "record": record,
        "kind": kind,
        "groups": shown_fields(kind, record),
        "files": list(record.attachments.all()),
        "history": history_of(record)[::-1],
        "citations": [*dict.fromkeys(one.citation for one in clauses_of(kind))],
        "printed_at": timezone.now(),
        "panels": panels_for("records.print", request, record),
    }
    return render(request, "records/print.html", context)


@require_POST
def record_act(request: PortalRequest, pk: int, action: str) -> HttpResponse:
    """A move from the detail page: hand in, take back, reopen."""
    move = MOVES.get(action)
    if move is None:
        raise Http404
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    try:
        record = act(
            acting_user=request.user,
            record_id=record.pk,
            action=action,
            version=posted_version(request),
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as problem:
        for message in problem.messages:
            messages.error(request, message)
        return redirect("records:edit" if action == "submit" else "records:detail", pk)
    except NeedsConfirmation:
        # The form shows what looks unusual, with the field for the word of reason.
        return redirect(reverse("records:edit", args=[pk]) + "?check")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("records:detail", pk)
    messages.success(request, _("%(title)s%(done)s。") % {"title": in_marks(record.title), "done": move.done})
    return redirect("records:detail", pk)
