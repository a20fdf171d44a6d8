"""The page of one enterprise, its summary on paper and its workbook."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.models import Enterprise
from foundation.access.rules import require, verdict, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.panels import panels_for
from foundation.ui.workbooks import as_download
from indicators.queries import freshness
from records.models import ReportingQuarter
from reporting.enterprise.content import figures_of, too_few
from reporting.enterprise.exporting import export_enterprise
from reporting.enterprise.steps import next_steps
from reporting.quarters import asked_quarter

#: What the printed summary names of what is to be done.
PRINTED_STEPS = 5


def _context(request: PortalRequest, enterprise: Enterprise) -> dict[str, Any]:
    """What page, summary and workbook share."""
    known = list(ReportingQuarter.objects.order_by("-code"))
    quarter = asked_quarter(request.GET, known)
    row = next((row for row in known if row.code == quarter.code), None)
    return {
        "enterprise": enterprise,
        "figures": figures_of(enterprise, quarter),
        "steps": next_steps(enterprise, request.user),
        "is_own": bool(verdict(request.user, "reporting.own_figures", enterprise)),
        "may_urge": bool(verdict(request.user, "notices.urge", enterprise.place)),
        "quarter": quarter,
        "quarters": known,
        "quarter_row": row,
        "filled": freshness(quarter, is_open=row is None or row.is_open).known,
        "too_few": too_few(),
    }


def _enterprise(request: PortalRequest, pk: int) -> Enterprise:
    found = Enterprise.objects.select_related("place", "county__city", "industry")
    return visible_or_404(found, request.user, pk=pk)


def _page(request: PortalRequest, enterprise: Enterprise) -> HttpResponse:
    panels = panels_for("reporting.enterprise", request, enterprise)
    return render(request, "reporting/enterprise/page.html", {**_context(request, enterprise), "panels": panels})


@require_GET
def enterprise_page(request: PortalRequest, pk: int) -> HttpResponse:
    """Its figures beside its past and what is usual, and what it does best next."""
    return _page(request, _enterprise(request, pk))


@require_GET
def own_enterprise(request: PortalRequest) -> HttpResponse:
    """The page of the person's own enterprise; of several, the list of them."""
    require(request.user, "reporting.own_figures")
    own = Enterprise.objects.allowing(request.user, "reporting.own_figures")
    found = list(own.select_related("place", "county__city", "industry"))
    if len(found) == 1:
        return _page(request, found[0])
    return render(request, "reporting/enterprise/own.html", {"enterprises": found})


@require_GET
def enterprise_summary(request: PortalRequest, pk: int) -> HttpResponse:
    """One page for the enterprise's management, to be printed."""
    context = _context(request, _enterprise(request, pk))
    panels = panels_for("reporting.enterprise_summary", request, context["enterprise"])
    steps = context["steps"]
    extra = {"panels": panels, "steps": steps[:PRINTED_STEPS], "more": len(steps) - PRINTED_STEPS}
    return render(request, "reporting/enterprise/summary.html", {**context, **extra, "printed_at": timezone.now()})


@require_GET
def enterprise_export(request: PortalRequest, pk: int) -> HttpResponse:
    """The page as a workbook."""
    context = _context(request, _enterprise(request, pk))
    content = export_enterprise(context["figures"], context["steps"], acting_user=request.user)
    name = _("%(name)s_%(quarter)s数据.xlsx") % {
        "name": context["enterprise"].name,
        "quarter": context["quarter"].label,
    }
    return as_download(content, name)
