"""The first page: what needs doing, then what is known, by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from backoffice.workbenches import enterprise_bench, office_bench, queue_state
from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.scope import scope_of
from foundation.calendar.quarters import Quarter
from foundation.crud.panels import panels_for
from records.models import ReportingQuarter


def workbench(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request.user)
    now = Quarter.of(timezone.localdate())
    open_rows = list(ReportingQuarter.objects.filter(is_open=True, code__lte=now.code).order_by("-code"))
    context: dict[str, object] = {"scope": scope, "quarter": now, "today": timezone.localdate()}
    if scope.is_enterprise:
        context["mine"] = enterprise_bench(scope, open_rows)
    if scope.has_role(Role.COUNTY, Role.CITY):
        context["queue"] = queue_state(request.user)
    if scope.has_role(*OFFICE_ROLES):
        # The quarter an office works on is the oldest one still open; its figures are the ones asked for.
        working = open_rows[-1].quarter if open_rows else now
        context["office"] = office_bench(scope.regions()[0], working)
        context["working_row"] = open_rows[-1] if open_rows else None
    context["is_auditor"], context["is_admin"] = scope.is_auditor, scope.is_admin
    context["panels"] = panels_for("backoffice.workbench", request, request.user)
    return render(request, "backoffice/workbench.html", context)
