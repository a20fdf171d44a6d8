"""The first page: what needs doing, then what is known, by role."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.actions import show_first_steps
from backoffice.first_steps import steps_for
from backoffice.workbenches import enterprise_bench, office_bench, overdue_duties, queue_state
from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.scope import scope_of
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.panels import panels_for
from records.core.periods import working_quarter
from records.models import ReportingQuarter


def workbench(request: PortalRequest) -> HttpResponse:
    scope = scope_of(request.user)
    now = Quarter.of(timezone.localdate())
    open_rows = list(ReportingQuarter.objects.filter(is_open=True, code__lte=now.code).order_by("-code"))
    context: dict[str, object] = {"scope": scope, "quarter": now, "today": timezone.localdate()}
    if scope.is_enterprise:
        context["mine"] = enterprise_bench(scope, open_rows)
    if scope.has_role(Role.COUNTY, Role.CITY):
        context["queue"] = queue = queue_state(request.user)
        request.counted = {"records:review": queue.waiting}
    if scope.has_role(*OFFICE_ROLES):
        working = working_quarter(open_rows)
        place = scope.regions()[0]
        context["office"] = office = office_bench(place, working)
        units = {unit.place.pk: unit.place for unit in office.units}
        context["overdue"] = overdue_duties(request.user, place, [row.quarter for row in open_rows], units)
        context["working_row"] = next((row for row in open_rows if row.quarter == working), None)
    context["is_auditor"], context["is_admin"] = scope.is_auditor, scope.is_admin
    context["panels"] = panels_for("backoffice.workbench", request, request.user)
    return render(request, "backoffice/workbench.html", context)


@require_http_methods(["GET", "POST"])
def first_steps(request: PortalRequest) -> HttpResponse:
    """What the person's roles do first, fetched by the workbench after it stands; POST puts it away or brings it back.
    When everything is done it stays away by itself, unless it was asked for."""
    if request.method == "POST":
        shown = request.POST.get("do") == "show"
        show_first_steps(acting_user=request.user, shown=shown)
        if shown:
            return redirect(f"{reverse('backoffice:workbench')}?steps=1")
        messages.info(request, _("“第一次使用”已收起，以后可以从右上角的账号菜单打开。"))
        return redirect("backoffice:workbench")
    steps = steps_for(request.user)
    open_steps = [step for step in steps if not step.is_done]
    if not steps or not (open_steps or request.GET.get("all")):
        return HttpResponse()
    done = len(steps) - len(open_steps)
    is_open = not done or bool(request.GET.get("all"))
    context = {"steps": steps, "done": done, "left": len(open_steps), "is_open": is_open}
    return render(request, "backoffice/_first_steps.html", context)
