"""Appeals: made by the enterprise on the record's page, decided here by the office above."""

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from foundation.access.rules import AccessDenied, verdict, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.refusals import Refused
from foundation.ui.tables import StatusColumn
from records.core.kinds import kind_of
from records.core.models import Record
from records.core.queries import history_of
from records.core.views.detail import posted_version, record_or_404, shown_fields
from records.review.appeals import decide_appeal, make_appeal
from records.review.models import Appeal, AppealOutcome
from records.review.views.asked import AskedTable, asked_list

_TONES = {AppealOutcome.OPEN: "todo", AppealOutcome.UPHELD: "quiet", AppealOutcome.OVERTURNED: "done"}


class AppealTable(AskedTable):
    record = tables.LinkColumn(
        "records:appeal",
        args=[tables.A("pk")],
        accessor="record__title",
        verbose_name=gettext_lazy("标题"),
        orderable=False,
    )
    outcome = StatusColumn(verbose_name=gettext_lazy("处理结果"), tones=_TONES)

    class Meta(AskedTable.Meta):
        model = Appeal


def appeal_list(request: PortalRequest) -> HttpResponse:
    return asked_list(
        request, Appeal.objects.all(), AppealTable, AppealOutcome, "records/appeal_list.html", "records.view_appeal"
    )


def appeal_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """What was rejected and why, what the enterprise says, and the decision."""
    appeal = visible_or_404(Appeal.objects.select_related("record", "made_by", "decided_by"), request.user, pk=pk)
    typed, refusal = {}, ""
    if request.method == "POST":
        typed = {"decision": request.POST.get("do", ""), "answer": request.POST.get("answer", "")}
        try:
            appeal = decide_appeal(acting_user=request.user, appeal_id=appeal.pk, **typed)
        except AccessDenied:
            raise
        except ValidationError as problem:
            refusal = " ".join(problem.messages)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("申诉已处理：%s。") % appeal.get_outcome_display())
            return redirect("records:appeal", pk)
    record = record_or_404(request, appeal.record_id)
    context = {
        "appeal": appeal,
        "tone": _TONES[AppealOutcome(appeal.outcome)],
        "record": record,
        "kind": kind_of(record),
        "groups": shown_fields(kind_of(record), record),
        "history": history_of(record),
        "rejection": record.steps.filter(action="reject").order_by("-pk").first(),
        "answer": verdict(request.user, "records.decide_appeal", appeal),
        "typed": typed,
        "refusal": refusal,
    }
    return render(request, "records/appeal_detail.html", context)


@require_POST
def appeal_make(request: PortalRequest, pk: int) -> HttpResponse:
    """The enterprise asks the office above."""
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    reason = request.POST.get("reason", "")
    try:
        appeal = make_appeal(
            acting_user=request.user, record_id=record.pk, version=posted_version(request), reason=reason
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        request.session[f"appeal-reason-{pk}"] = reason
        return redirect("records:detail", pk)
    day = appeal.decide_by.isoformat()
    messages.success(request, _("申诉已提交，上一级产改办将在 %s 前答复。") % day)
    return redirect("records:detail", pk)
