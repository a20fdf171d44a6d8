"""Decisions on many records: confirmed here, watched here, and what became of each record."""

from collections.abc import Iterator
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db import models
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.ui.problems import problems_told
from foundation.ui.tables import LinkColumn, MomentColumn, NumberColumn, PortalTable, StatusColumn, paginate
from foundation.ui.workbooks import as_bytes, as_download, plain_sheet, streamed_workbook
from records.core.actions import note_export
from records.core.in_short import numbers_in_short
from records.core.kinds import kind_by_slug
from records.core.models import HIGH_RISK, Record
from records.core.workflow import MOVES
from records.review.batches import confirm_batch, drop_batch, freeze_to_reopen, still_approved
from records.review.models import Outcome, ReviewBatch, ReviewBatchRow
from records.review.settings import phrases_for
from records.review.views.queue import attention_of

_BATCH_TONES = {"asked": "soon", "running": "todo", "done": "done", "cancelled": "quiet"}
_ROW_TONES = {Outcome.WAITING: "quiet", Outcome.DONE: "done", Outcome.SKIPPED: "soon"}


class BatchTable(PortalTable):
    action = LinkColumn(verbose_name=gettext_lazy("办理"), linkify=("records:batch", [tables.A("pk")]), orderable=False)
    count = NumberColumn(verbose_name=gettext_lazy("条数（条）"))
    asked = tables.Column(verbose_name=gettext_lazy("选取条件"), orderable=False)
    state = StatusColumn(verbose_name=gettext_lazy("状态"), tones=_BATCH_TONES)
    created_at = MomentColumn(verbose_name=gettext_lazy("发起时间"))

    class Meta(PortalTable.Meta):
        model = ReviewBatch
        fields = ("action", "count", "asked", "state", "created_at")
        sequence = fields

    def render_action(self, value: str) -> str:
        return _("批量%s") % MOVES[value].label


class OutcomeTable(PortalTable):
    record = LinkColumn(
        verbose_name=gettext_lazy("标题"),
        accessor="record__title",
        order_by="record__title",
        linkify=("records:detail", [tables.A("record_id")]),
    )
    kind = tables.Column(verbose_name=gettext_lazy("类型"), accessor="record__kind", orderable=False)
    enterprise = tables.Column(
        verbose_name=gettext_lazy("企业"), accessor="record__filer__name", order_by="record__enterprise__name"
    )
    numbers = tables.Column(verbose_name=gettext_lazy("主要数字"), accessor="record", orderable=False)
    attention = tables.Column(verbose_name=gettext_lazy("关注"), empty_values=(), orderable=False)
    outcome = StatusColumn(verbose_name=gettext_lazy("结果"), tones=_ROW_TONES)
    now = StatusColumn(verbose_name=gettext_lazy("现在"), accessor="record__status", orderable=False)
    message = tables.Column(verbose_name=gettext_lazy("说明"), default="—", orderable=False)

    class Meta(PortalTable.Meta):
        model = ReviewBatchRow
        fields = ("record", "kind", "enterprise", "numbers", "attention", "outcome", "now", "message")
        sequence = fields

    def render_kind(self, value: str) -> str:
        return kind_by_slug(value).label

    @cached_property
    def told(self) -> dict[int, str]:
        """Of the records on the page."""
        return numbers_in_short(row.record.record for row in self.paginated_rows)

    def render_numbers(self, value: Record) -> str:
        return self.told[value.pk] or _("未填数字")

    def render_attention(self, record: ReviewBatchRow) -> SafeString | str:
        attention = attention_of(record.record)
        if not record.record.is_flagged:
            return attention
        return format_html('<span class="chip">{}</span> {}', _("已标记"), attention)


def batch_list(request: PortalRequest) -> HttpResponse:
    """This person's decisions on many records, the latest first."""
    require(request.user, "records.view_review_batch")
    table = BatchTable(ReviewBatch.objects.visible_to(request.user))
    return render(request, "records/batch_list.html", {"table": paginate(request, table)})


def _rows_of(batch: ReviewBatch) -> models.QuerySet[ReviewBatchRow]:
    return batch.rows.select_related("record__enterprise").order_by("pk")


def batch_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """What will happen to which records; then how far it is; then the outcome of each."""
    batch = visible_or_404(ReviewBatch.objects.select_related("job"), request.user, pk=pk)
    rows = _rows_of(batch)
    wanted = request.GET.get("outcome", "")
    if wanted in Outcome.values:
        rows = rows.filter(outcome=wanted)
    counted = dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))
    context = {
        "batch": batch,
        "move": MOVES[batch.action],
        "tone": _BATCH_TONES[batch.state],
        "counts": [(value, label, counted.get(value, 0)) for value, label in Outcome.choices],
        "waiting": counted.get(Outcome.WAITING, 0),
        "done": counted.get(Outcome.DONE, 0),
        "skipped": counted.get(Outcome.SKIPPED, 0),
        "to_reopen": still_approved(batch).count() if batch.action == "approve" and batch.state != "asked" else 0,
        "kinds": _by_kind(batch) if batch.state == "asked" else [],
        "to_look_at": batch.rows.filter(outcome=Outcome.WAITING, record__risk__gte=HIGH_RISK).count(),
        "wanted": wanted,
        "phrases": phrases_for(request.user) if batch.state == "asked" and batch.action != "approve" else [],
        "typed": request.session.pop(f"batch-reason-{pk}", ""),
        "table": paginate(request, OutcomeTable(rows)),
    }
    return render(request, "records/batch_detail.html", context)


def _by_kind(batch: ReviewBatch) -> list[tuple[str, int]]:
    found = batch.rows.filter(outcome=Outcome.WAITING).order_by().values_list("record__kind").annotate(n=Count("pk"))
    return [(kind_by_slug(slug).label, count) for slug, count in found.order_by("-n")]


@require_POST
def batch_confirm(request: PortalRequest, pk: int) -> HttpResponse:
    batch = visible_or_404(ReviewBatch.objects.all(), request.user, pk=pk)
    reason = request.POST.get("reason", "")
    request.session[f"batch-reason-{pk}"] = reason
    with problems_told(request):
        confirm_batch(acting_user=request.user, batch_id=batch.pk, reason=reason)
        del request.session[f"batch-reason-{pk}"]
    return redirect("records:batch", pk)


@require_POST
def batch_drop(request: PortalRequest, pk: int) -> HttpResponse:
    batch = visible_or_404(ReviewBatch.objects.all(), request.user, pk=pk)
    with problems_told(request):
        drop_batch(acting_user=request.user, batch_id=batch.pk)
        messages.success(request, _("已放弃这次批量办理，没有改动任何记录。"))
        return redirect("records:review")
    return redirect("records:batch", pk)


@require_POST
def batch_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask to take back a bulk approval: leads to the page that confirms it."""
    batch = visible_or_404(ReviewBatch.objects.all(), request.user, pk=pk)
    with problems_told(request):
        return redirect("records:batch", freeze_to_reopen(acting_user=request.user, batch_id=batch.pk).pk)
    return redirect("records:batch", pk)


@require_GET
def batch_export(request: PortalRequest, pk: int) -> HttpResponse:
    """The outcome of each record as a workbook."""
    batch = visible_or_404(ReviewBatch.objects.all(), request.user, pk=pk)
    headings = [(_("编号"), 22), (_("标题"), 40), (_("类型"), 24), (_("企业"), 32), (_("结果"), 16), (_("说明"), 50)]
    name = _("批量%(what)s结果_%(number)d.xlsx") % {"what": MOVES[batch.action].label, "number": batch.pk}
    with streamed_workbook() as workbook:
        plain_sheet(workbook, _("批量审核结果"), headings, _sheet_rows(batch))
        note_export(request.user, batch.rows.count(), _("批量审核结果"))
        return as_download(as_bytes(workbook), name)


def _sheet_rows(batch: ReviewBatch) -> Iterator[list[Any]]:
    for row in _rows_of(batch).select_related("record__county").iterator(500):
        record = row.record
        kind = kind_by_slug(record.kind).label
        yield [record.reference, record.title, kind, record.filer.name, row.get_outcome_display(), row.message]
