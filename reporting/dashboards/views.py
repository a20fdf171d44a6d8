"""The dashboard page, and the small request by which it notices new figures."""

import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import declared_facts
from indicators.models import FillState
from indicators.queries import freshness
from records.models import ReportingQuarter
from reporting.dashboards.content import COMPARED, build_dashboard, dashboard_url
from reporting.regions import asked_region, regions_above


def _quarter(request: PortalRequest, known: list[ReportingQuarter]) -> Quarter:
    """The quarter asked for; without one, the latest that has begun."""
    codes = [row.code for row in known]
    wanted = request.GET.get("quarter", "")
    if wanted:
        if wanted not in codes:
            raise Http404
        return Quarter.parse(wanted)
    running = Quarter.of(timezone.localdate())
    begun = [code for code in codes if code <= running.code]
    return Quarter.parse(begun[0]) if begun else running


def _stamp(moment: datetime.datetime | None) -> str:
    return moment.isoformat() if moment else ""


def dashboard(request: PortalRequest) -> HttpResponse:
    """Key figures, trend, units below and indicators of a region in a quarter."""
    require(request.user, "reporting.dashboard")
    place = asked_region(request)
    known = list(ReportingQuarter.objects.order_by("-code"))
    quarter = _quarter(request, known)
    row = next((row for row in known if row.code == quarter.code), None)
    facts = declared_facts()
    fresh = freshness(quarter, is_open=row is None or row.is_open)
    context = {
        "board": build_dashboard(place, quarter, request.GET.get("fact", "")),
        "quarters": known,
        "quarter": quarter,
        "quarter_row": row,
        "is_running": quarter.last_day >= timezone.localdate(),
        "path": [(region.name, dashboard_url(region, quarter)) for region in regions_above(request, place)],
        "filled": fresh.known,
        "stamp": _stamp(fresh.counted),
        "compared": [(code, facts[code].label) for code in COMPARED],
    }
    return render(request, "reporting/dashboard.html", context)


def dashboard_stamp(request: PortalRequest) -> HttpResponse:
    """Asked every few seconds; once the stamp differs, the page is told to fetch its figures anew."""
    require(request.user, "reporting.dashboard")
    response = HttpResponse(status=204)
    counted = FillState.objects.filter(name=request.GET.get("quarter", "")).values_list("done_at", flat=True).first()
    if _stamp(counted) != request.GET.get("stamp", ""):
        response["HX-Trigger"] = "figures-changed"
    return response
