"""The dashboard page, and the small request by which it notices new figures."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from foundation.access.rules import require, where
from foundation.access.scope import scope_of
from foundation.calendar.quarters import Quarter
from foundation.places.models import Place
from indicators.models import FillState
from indicators.queries import freshness
from indicators.register_facts import declared_facts
from records.models import ReportingQuarter
from reporting.dashboards.content import COMPARED, build_dashboard, dashboard_url


def _region(request: HttpRequest) -> Place:
    """The region asked for, or the person's own; 404 outside their area."""
    own = scope_of(request.user).regions()
    code = request.GET.get("region", "")
    for place in own:
        if place.code == code or not code:
            return place
    allowed = Place.objects.filter(where(request.user, "reporting.dashboard")).select_related("province", "city")
    place = allowed.filter(code=code).first()
    if place is None:
        raise Http404
    return place


def _quarter(request: HttpRequest, known: list[ReportingQuarter]) -> Quarter:
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


def _path_to(request: HttpRequest, place: Place, quarter: Quarter) -> list[tuple[str, str]]:
    """(name, address) of the regions above this one that the person may see."""
    own = {region.pk for region in scope_of(request.user).regions()}
    if place.pk in own:
        return []
    above = [place.province, place.city] if place.is_county_level else [place.province]
    chain = [region for region in above if region is not None and region.pk != place.pk]
    while chain and chain[0].pk not in own:
        chain.pop(0)
    return [(region.name, dashboard_url(region, quarter)) for region in chain]


def _stamp(moment: datetime.datetime | None) -> str:
    return moment.isoformat() if moment else ""


def dashboard(request: HttpRequest) -> HttpResponse:
    """Key figures, trend, units below and indicators of a region in a quarter."""
    require(request.user, "reporting.dashboard")
    place = _region(request)
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
        "path": _path_to(request, place, quarter),
        "filled": fresh.known,
        "stamp": _stamp(fresh.counted),
        "compared": [(code, facts[code].label) for code in COMPARED],
    }
    return render(request, "reporting/dashboard.html", context)


def dashboard_stamp(request: HttpRequest) -> HttpResponse:
    """Asked every few seconds; once the stamp differs, the page is told to fetch its figures anew."""
    require(request.user, "reporting.dashboard")
    response = HttpResponse(status=204)
    counted = FillState.objects.filter(name=request.GET.get("quarter", "")).values_list("done_at", flat=True).first()
    if _stamp(counted) != request.GET.get("stamp", ""):
        response["HX-Trigger"] = "figures-changed"
    return response
