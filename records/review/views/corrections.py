"""Requests of correction: made and decided on the record's own page."""

import django_tables2 as tables
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.refusals import Refused
from foundation.ui.tables import StatusColumn
from records.core.models import Record
from records.core.views.detail import posted_version
from records.review.corrections import ask_correction, decide_correction
from records.review.models import Correction, CorrectionOutcome
from records.review.views.asked import AskedTable, asked_list

TONES = {CorrectionOutcome.OPEN: "todo", CorrectionOutcome.REOPENED: "done", CorrectionOutcome.DECLINED: "quiet"}


def typed_key(record_id: int) -> str:
    """Where the session keeps what was typed and refused, until the page shows it again."""
    return f"correction-text-{record_id}"


class CorrectionTable(AskedTable):
    record = tables.LinkColumn(
        "records:detail",
        args=[tables.A("record_id")],
        accessor="record__title",
        verbose_name=gettext_lazy("标题"),
        orderable=False,
    )
    outcome = StatusColumn(verbose_name=gettext_lazy("处理结果"), tones=TONES)

    class Meta(AskedTable.Meta):
        model = Correction


@require_GET
def correction_list(request: PortalRequest) -> HttpResponse:
    return asked_list(
        request,
        Correction.objects.all(),
        CorrectionTable,
        CorrectionOutcome,
        "records/correction_list.html",
        "records.view_correction",
    )


@require_POST
def correction_ask(request: PortalRequest, pk: int) -> HttpResponse:
    """The enterprise asks that its approved record be reopened."""
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    reason = request.POST.get("reason", "")
    try:
        correction = ask_correction(
            acting_user=request.user, record_id=record.pk, version=posted_version(request), reason=reason
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        request.session[typed_key(pk)] = reason
        return redirect("records:detail", pk)
    day = correction.decide_by.isoformat()
    messages.success(request, _("更正申请已提交，审核单位将在 %s 前答复。答复以前，这条记录照常计入统计。") % day)
    return redirect("records:detail", pk)


@require_POST
def correction_decide(request: PortalRequest, pk: int) -> HttpResponse:
    """The office that approved the record reopens it or declines."""
    correction = visible_or_404(Correction.objects.select_related("record"), request.user, pk=pk)
    answer = request.POST.get("answer", "")
    try:
        correction = decide_correction(
            acting_user=request.user, correction_id=pk, decision=request.POST.get("do", ""), answer=answer
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        request.session[typed_key(correction.record_id)] = answer
    else:
        messages.success(request, _("更正申请已处理：%s。") % correction.get_outcome_display())
    return redirect("records:detail", correction.record_id)
