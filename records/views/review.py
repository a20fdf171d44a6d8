"""The review queue and the page on which an office decides."""

import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from foundation.access.rules import AccessDenied, require, verdict, visible_or_404
from foundation.ui.tables import DateColumn, PortalTable, paginate
from records.actions import ActionRefused, StaleVersion, act
from records.columns import KindNumberColumn
from records.filters import filter_for
from records.kinds import kind_by_slug, kind_of
from records.models import Record, Status
from records.presence import announce_presence, leave
from records.queries import (
    batches_for,
    changes_since_last_review,
    history_of,
    neighbours_in_queue,
    queue_for,
    reason_of_hand_in,
)
from records.views.detail import files_of, posted_version, record_or_404, shown_fields
from records.warnings import warnings_for
from records.workflow import MOVES


class QueueTable(PortalTable):
    title = tables.LinkColumn("records:review_record", args=[tables.A("pk")], verbose_name=gettext_lazy("标题"))
    kind = tables.Column(verbose_name=gettext_lazy("类型"), orderable=False)
    enterprise = tables.Column(
        verbose_name=gettext_lazy("企业"), accessor="enterprise__name", order_by="enterprise__name"
    )
    county = tables.Column(verbose_name=gettext_lazy("县（市、区）"), accessor="county__name", order_by="county__code")
    quarter = tables.Column(verbose_name=gettext_lazy("统计季度"), accessor="quarter_label", order_by="quarter")
    attendances = KindNumberColumn("attendances", verbose_name=gettext_lazy("人次"))
    submitted_at = DateColumn(verbose_name=gettext_lazy("提交日期"))

    class Meta(PortalTable.Meta):
        model = Record
        fields = ("title", "kind", "enterprise", "county", "quarter", "attendances", "submitted_at")
        sequence = fields

    def render_kind(self, value: str) -> str:
        return kind_by_slug(value).label


def review_queue(request: HttpRequest) -> HttpResponse:
    """What waits for this office, oldest first."""
    require(request.user, "records.review")
    queue = queue_for(request.user).for_list()
    filterset = filter_for(None)(request.GET, queryset=queue)
    table = QueueTable(filterset.qs, request=request)
    first = filterset.qs.values_list("pk", flat=True).first()
    filtered = any(value for name, value in request.GET.items() if name not in {"page", "sort"})
    context = {
        "table": paginate(request, table),
        "filterset": filterset,
        "first": first,
        "is_filtered": filtered,
        "batches": batches_for(request.user),
    }
    return render(request, "records/review_queue.html", context)


def _review_page(request: HttpRequest, record: Record, **extra) -> HttpResponse:
    kind = kind_of(record)
    previous, following = neighbours_in_queue(request.user, record)
    context = {
        "record": record,
        "kind": kind,
        "groups": shown_fields(kind, record),
        **files_of(record),
        "history": history_of(record),
        "warnings": warnings_for(record) if record.status == Status.SUBMITTED else [],
        "confirmed": reason_of_hand_in(record),
        "changed": changes_since_last_review(record),
        "answer": verdict(request.user, "records.review", record),
        "others": announce_presence(record.pk, request.user),
        "previous": previous,
        "following": following,
        **extra,
    }
    return render(request, "records/review_record.html", context, status=409 if extra.get("stale") else 200)


def review_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One waiting record, whole, with the buttons that decide it. A decided record shows its outcome instead."""
    require(request.user, "records.review")
    record = record_or_404(request, pk)
    if request.method == "POST":
        return _decide(request, record)
    return _review_page(request, record)


def _decide(request: HttpRequest, record: Record) -> HttpResponse:
    move = MOVES.get(request.POST.get("do", ""))
    if move is None or not move.is_review:
        raise Http404
    reason = request.POST.get("reason", "")
    following = neighbours_in_queue(request.user, record)[1]
    try:
        act(
            acting_user=request.user,
            record_id=record.pk,
            action=move.action,
            version=posted_version(request),
            reason=reason,
        )
    except StaleVersion:
        return _review_page(request, record_or_404(request, record.pk), typed=reason, stale=_stale_words(record))
    except (ActionRefused, AccessDenied) as refusal:
        return _review_page(request, record_or_404(request, record.pk), typed=reason, refusal=str(refusal))
    leave(record.pk, request.user)
    messages.success(request, _("“%(title)s”%(done)s。") % {"title": record.title, "done": move.done})
    if following:
        return redirect("records:review_record", following)
    messages.info(request, _("待审核的记录都处理完了。"))
    return redirect("records:review")


def _stale_words(record: Record) -> str:
    last = record.steps.select_related("actor").order_by("-pk").first()
    if last is not None and record.status != Status.SUBMITTED:
        return _("%(who)s 刚刚已经处理了这条记录（%(status)s），您的操作没有生效。") % {
            "who": last.actor,
            "status": record.get_status_display(),
        }
    return _("这条记录在您打开之后有了变化，您的操作没有生效。下面是最新内容，请核对后再决定。")


def review_presence(request: HttpRequest, pk: int) -> HttpResponse:
    """Polled by the review page: who else is here, and has the record moved on meanwhile?"""
    record = visible_or_404(Record.objects.select_related("enterprise"), request.user, pk=pk)
    require(request.user, "records.review")
    moved = str(record.version) != request.GET.get("version", "")
    context = {
        "record": record,
        "others": announce_presence(pk, request.user),
        "stale": _stale_words(record) if moved else "",
    }
    return render(request, "records/_presence.html", context)


@require_POST
def review_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent when the page is closed."""
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    require(request.user, "records.review")
    leave(record.pk, request.user)
    return HttpResponse(status=204)
