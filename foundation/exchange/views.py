"""The pages of every import: upload, sheets, columns, what the check found, confirmation, outcome, undoing."""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.exchange import actions
from foundation.exchange.handing_back import problems_response
from foundation.exchange.matching import How
from foundation.exchange.models import Import, ImportState, Outcome, RowState, StagedRow
from foundation.exchange.resources import ImportResource, OptionsForm, resource_class, resource_of
from foundation.exchange.tables import chosen_sheets, matched, offered, places_named
from foundation.exchange.writing import kept_rows, leave_import, left_rows
from foundation.refusals import Refused
from foundation.ui.problems import problems_told
from foundation.ui.tables import LinkColumn, MomentColumn, NumberColumn, PortalTable, StatusColumn, paginate
from foundation.ui.workbooks import as_download
from foundation.workbooks.limits import MAX_BYTES

#: Rows listed on the page; the workbook of rows that did not fit has them all.
SHOWN_ROWS = 200
_TONES = {
    "checking": "todo",
    "sheets": "soon",
    "columns": "soon",
    "checked": "soon",
    "writing": "todo",
    "done": "done",
    "undoing": "todo",
    "undone": "quiet",
    "failed": "bad",
    "discarded": "quiet",
}


class _CountColumn(NumberColumn):
    """Rows of an import; one that was not read counted none."""

    def render(self, value: Any) -> str:
        return "—" if value is None else super().render(value)


class ImportTable(PortalTable):
    filename = LinkColumn(
        verbose_name=gettext_lazy("文件"),
        linkify=lambda record: resource_class(record.resource).address("", record.pk),
    )
    label = tables.Column(verbose_name=gettext_lazy("内容"), empty_values=(), orderable=False)
    state = StatusColumn(verbose_name=gettext_lazy("状态"), tones=_TONES)
    new = _CountColumn(verbose_name=gettext_lazy("新增（行）"), accessor="counts__new", default=None, orderable=False)
    changed = _CountColumn(verbose_name=gettext_lazy("修改（行）"), accessor="counts__changed", orderable=False)
    unfit = NumberColumn(verbose_name=gettext_lazy("未导入（行）"), orderable=False)
    created_at = MomentColumn(verbose_name=gettext_lazy("上传时间"))

    class Meta(PortalTable.Meta):
        model = Import
        fields = ("filename", "label", "state", "new", "changed", "unfit", "created_at")
        sequence = fields

    def render_label(self, record: Import) -> str:
        return resource_of(record).label


@require_http_methods(["GET", "POST"])
def import_list(request: PortalRequest, resource: str) -> HttpResponse:
    """The form for the next file, the template, and what this person imported so far."""
    found = resource_class(resource)
    require(request.user, found.permission)
    initial = {name: request.GET.get(name) for name in found.option_fields if name in request.GET}
    form = OptionsForm(found, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            batch = actions.start_import(
                acting_user=request.user, resource=resource, upload=form.cleaned_data["file"], options=form.options
            )
        except Refused as problem:
            form.add_error("file", str(problem))
        else:
            return redirect(found.address("", batch.pk))
    mine = Import.objects.visible_to(request.user).filter(resource=resource)
    mine = mine.defer("layout", "preview", "columns", "notes", "plan", "answers")
    context = {
        "form": form,
        "resource": found,
        "template_url": "" if found.template_by else found.address("_template"),
        "table": paginate(request, ImportTable(mine)),
        "max_bytes": MAX_BYTES,
        **found.list_context(request),
    }
    return render(request, "exchange/list.html", context)


@require_GET
def import_template(request: PortalRequest, resource: str, **options: Any) -> HttpResponse:
    """The workbook to fill."""
    found = resource_class(resource)
    require(request.user, found.permission)
    try:
        content, name = found.for_options(options).template(request.user)
    except (LookupError, NotImplementedError) as error:
        raise Http404 from error
    return as_download(content, name)


def _batch(request: PortalRequest, resource: str, pk: int) -> Import:
    return visible_or_404(Import.objects.select_related("job"), request.user, pk=pk, resource=resource)


@require_GET
def import_detail(request: PortalRequest, resource: str, pk: int) -> HttpResponse:
    """Progress, then what has to be chosen, then everything the check found, then the outcome."""
    return _page(request, _batch(request, resource, pk))


def _page(request: PortalRequest, batch: Import, *, status: int = 200) -> HttpResponse:
    resource = resource_of(batch)
    context: dict[str, Any] = {
        "batch": batch,
        "resource": resource,
        "tone": _TONES[batch.state],
        "described": resource.described(batch),
        "addresses": {
            step: resource.address(f"_{step}", batch.pk) for step in _STEPS if step != "undo" or resource.can_undo
        },
        "list_url": resource.address("s"),
        "is_stuck": actions.is_stuck(batch),
    }
    if batch.state == ImportState.SHEETS:
        context["sheets"] = _with_preview(batch, offered(batch.layout))
        context["has_hidden"] = any(sheet["hidden_rows"] for sheet in offered(batch.layout))
        context["has_merged"] = any(sheet["merged"] for sheet in offered(batch.layout))
    elif batch.state == ImportState.COLUMNS:
        context["headings"] = _headings(batch, resource)
        context["choices"] = [
            (column.name, column.heading)
            for column in resource.columns
            if not (column.only_exact or column.is_shown_only)
        ]
        context["is_ours"] = bool(batch.layout.get("is_ours"))
        context["looks_like"] = next(filter(None, (s.get("looks_like") for s in chosen_sheets(batch.layout))), None)
    elif batch.state in (ImportState.CHECKED, ImportState.DONE, ImportState.UNDONE):
        context |= _outcome(request, batch, resource)
    return render(request, "exchange/detail.html", context, status=status)


_STEPS = ("sheets", "columns", "as", "forget", "confirm", "discard", "undo", "problems")


def _with_preview(batch: Import, sheets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sheets with their headings and first rows as they were read; where rows are hidden and cells merged."""
    previews = batch.preview or {}
    return [
        {
            **sheet,
            "headings": [entry[1] for entry in sheet["matches"]],
            "preview": previews.get(sheet["name"], []),
            "hidden_named": places_named(sheet, "hidden_at") if sheet["hidden_rows"] else "",
            "merged_named": places_named(sheet, "merged_at") if sheet["merged"] else "",
        }
        for sheet in sheets
    ]


def _headings(batch: Import, resource: ImportResource) -> list[dict[str, Any]]:
    """Every heading of the chosen sheets once, what it is taken for, and its first values."""
    found: dict[str, dict[str, Any]] = {}
    for sheet in chosen_sheets(batch.layout):
        rows = (batch.preview or {}).get(sheet["name"], [])
        for at, match in enumerate(matched(sheet, batch.layout, resource)):
            if match.heading in found:
                continue
            values = [row[at] for row in rows if at < len(row) and row[at]]
            found[match.heading] = {
                "heading": match.heading,
                "column": match.column,
                "how": How(match.how).label if match.column else "",
                "is_one_of_several": match.how == How.SEVERAL,
                "is_exact": match.how == How.EXACT,
                "fixed": _fixed(resource, match.column),
                "values": values[:3],
            }
    return list(found.values())


def _fixed(resource: ImportResource, name: str) -> str:
    """The heading of a column that can only be this one or be left out; "" for all others."""
    column = resource.by_name.get(name)
    return column.heading if column is not None and column.only_exact else ""


def _first_rows(batch: Import, resource: ImportResource) -> dict[str, Any]:
    """The first rows as they were read, under the columns they were read into."""
    read = (batch.preview or {}).get("read", [])
    # What stands in a file for people to look at only is not read, and was not lost.
    unread = {column.name for column in resource.columns if column.is_shown_only}
    columns = [column for column in batch.columns if column["name"] not in unread]
    return {
        "headings": [column["heading"] for column in columns],
        "rows": [
            {
                "sheet": row["sheet"],
                "number": row["row"],
                "outcome": resource.outcome_labels.get(row["outcome"], Outcome(row["outcome"]).label),
                "cells": [row["cells"].get(column["name"], "") for column in columns],
            }
            for row in read
        ],
    }


def _outcome(request: PortalRequest, batch: Import, resource: ImportResource) -> dict[str, Any]:
    rows = StagedRow.objects.filter(batch=batch)
    left = kept_rows(batch) if batch.state == ImportState.UNDONE else left_rows(batch)
    problems, listed = _problems(left)
    asked = rows.filter(is_unusual=True).order_by("pk") if batch.state == ImportState.CHECKED else rows.none()
    changed = rows.filter(outcome=Outcome.CHANGED, state__in=[RowState.WAITING, RowState.WRITTEN]).order_by(
        "-stands_first", "pk"
    )
    sheets = chosen_sheets(batch.layout) if batch.layout else []
    return {
        "counts": [(label, batch.counts.get(name, 0)) for name, label in resource.outcome_labels.items()],
        "sentence": resource.outcome_sentence(batch),
        "result_url": resource.result_address(batch),
        "questions": [
            {"row": row.number, "sheet": row.sheet, "title": row.said.get("title", ""), "asked": row.said["questions"]}
            for row in asked[:SHOWN_ROWS]
        ],
        "more_questions": max(batch.unusual - SHOWN_ROWS, 0),
        "problems": problems,
        "more_problems": left.count() - listed if listed else 0,
        "has_left": bool(problems),
        "samples": [
            {
                "row": row.number,
                "title": row.said.get("title", ""),
                "url": resource.row_address(row.target),
                "changes": row.said.get("changes", ()),
            }
            for row in changed[: resource.samples]
        ],
        "first_rows": _first_rows(batch, resource) if batch.state == ImportState.CHECKED else {},
        "was_recalled": "recalled" in batch.layout,
        "several_sheets": len(sheets) > 1,
        "can_undo": actions.can_be_undone(batch, resource),
        **resource.confirm_context(request, batch),
    }


def _problems(left: QuerySet[StagedRow]) -> tuple[list[dict[str, Any]], int]:
    """What is wrong with the first rows, each row whole, and how many rows these are."""
    problems: list[dict[str, Any]] = []
    listed = 0
    for row in left[:SHOWN_ROWS]:
        said, cells = row.said.get("problems", ()), row.said.get("cells", {})
        if problems and len(problems) + len(said) > SHOWN_ROWS:
            break
        where = {"row": row.number, "sheet": row.sheet}
        problems += [{**where, "found": cells.get(problem["name"], ""), **problem} for problem in said]
        listed += 1
    return problems, listed


@require_POST
def import_sheets(request: PortalRequest, resource: str, pk: int) -> HttpResponse:
    """``sheet``: names of the sheets to read; ``hidden``: skip or read; ``merged``: leave or fill."""
    batch = _batch(request, resource, pk)
    with problems_told(request):
        actions.choose_sheets(
            acting_user=request.user,
            batch_id=batch.pk,
            names=request.POST.getlist("sheet"),
            hidden=request.POST.get("hidden", "skip"),
            merged=request.POST.get("merged", "leave"),
        )
    return redirect(resource_class(resource).address("", pk))


@require_POST
def import_columns(request: PortalRequest, resource: str, pk: int) -> HttpResponse:
    """``heading`` and ``column``, by turns: what each heading is taken for."""
    batch = _batch(request, resource, pk)
    pairs = zip(request.POST.getlist("heading"), request.POST.getlist("column"), strict=False)
    with problems_told(request):
        actions.match_columns(acting_user=request.user, batch_id=batch.pk, chosen=dict(pairs))
    return redirect(resource_class(resource).address("", pk))


@require_POST
def import_as(request: PortalRequest, resource: str, pk: int) -> HttpResponse:
    """``slug``: the table that the headings look like."""
    batch = _batch(request, resource, pk)
    with problems_told(request):
        actions.import_as(acting_user=request.user, batch_id=batch.pk, slug=request.POST.get("slug", ""))
    return redirect(resource_class(resource).address("", pk))


@require_POST
def import_forget(request: PortalRequest, resource: str, pk: int) -> HttpResponse:
    """The columns were recalled and are wrong."""
    batch = _batch(request, resource, pk)
    with problems_told(request):
        actions.forget_columns(acting_user=request.user, batch_id=batch.pk)
        messages.success(request, _("以前的对应已清除，没有写入任何内容。请重新上传，逐列核对。"))
        return redirect(resource_class(resource).address("s"))
    return redirect(resource_class(resource).address("", pk))


@require_POST
def import_confirm(request: PortalRequest, resource: str, pk: int) -> HttpResponse:
    """``rows``: ``good`` writes the fit rows, ``all`` only if every row is fit; what else is said is the resource's."""
    batch = _batch(request, resource, pk)
    rows = request.POST.get("rows")
    if rows not in {"good", "all"}:
        raise Http404
    try:
        actions.confirm_import(
            acting_user=request.user,
            batch_id=batch.pk,
            all_or_none=rows == "all",
            answers={name: value for name, value in request.POST.items() if isinstance(value, str)},
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, batch)
    return redirect(resource_class(resource).address("", pk))


@require_POST
def import_discard(request: PortalRequest, resource: str, pk: int) -> HttpResponse:
    """Throw it away before anything is written; of one that got stuck later, go no further."""
    batch = _batch(request, resource, pk)
    with problems_told(request):
        batch = leave_import(acting_user=request.user, batch_id=batch.pk)
        if batch.state == ImportState.DISCARDED:
            messages.success(request, _("已放弃这次导入，上传的文件已删除，没有写入任何内容。"))
    return redirect(resource_class(resource).address("", pk))


@require_POST
def import_undo(request: PortalRequest, resource: str, pk: int) -> HttpResponse:
    batch = _batch(request, resource, pk)
    with problems_told(request):
        actions.undo_import(acting_user=request.user, batch_id=batch.pk)
    return redirect(resource_class(resource).address("", pk))


@require_GET
def import_problems(request: PortalRequest, resource: str, pk: int) -> HttpResponse:
    """The rows that did not fit, as a workbook to mend and import again."""
    return problems_response(request, _batch(request, resource, pk))
