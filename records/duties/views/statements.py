"""季度确认 in one click, and its undoing."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Enterprise
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.ui.problems import problems_told
from records.duties.actions import make_statement, undo_statement


@require_POST
def make(request: PortalRequest, quarter: str) -> HttpResponse:
    """``answer``: complete, nil or undo."""
    enterprise = (
        Enterprise.objects.allowing(request.user, "records.make_statement")
        .filter(credit_code=request.POST.get("enterprise", ""))
        .first()
    )
    answer = request.POST.get("answer")
    try:
        wanted = Quarter.parse(quarter)
    except ValueError as error:
        raise Http404 from error
    if enterprise is None or answer not in {"complete", "nil", "undo"}:
        raise Http404
    with problems_told(request):
        if answer == "undo":
            undo_statement(acting_user=request.user, enterprise=enterprise, quarter=wanted)
            messages.success(request, _("已取消%s的季度确认。") % wanted.label)
        else:
            make_statement(acting_user=request.user, enterprise=enterprise, quarter=wanted, is_nil=answer == "nil")
            said = _("%s已确认为零报告。") if answer == "nil" else _("%s已确认填报完整。")
            messages.success(request, said % wanted.label)
    return redirect("backoffice:workbench")
