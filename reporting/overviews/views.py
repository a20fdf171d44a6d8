"""The page of a region and its workbook: for the office itself and those above it."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.access.rules import require, where
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from foundation.ui.workbooks import as_download
from indicators.compliance.findings import Finding
from indicators.queries import Freshness, freshness
from records.models import ReportingQuarter
from reporting.compliance.links import matrix_url, results_url
from reporting.dashboards.content import dashboard_url
from reporting.overviews.content import Overview, notes_of, overview_of
from reporting.overviews.exporting import export_overview
from reporting.quarters import asked_quarter
from reporting.regions import regions_above


class _Shown(NamedTuple):
    found: Overview
    known: list[ReportingQuarter]
    row: ReportingQuarter | None
    fresh: Freshness


def overview_url(place: Place, quarter: Quarter) -> str:
    return f"{reverse('reporting:overview', args=[place.code])}?{urlencode({'quarter': quarter.code})}"


def _shown(request: PortalRequest, code: str) -> _Shown:
    require(request.user, "reporting.dashboard")
    allowed = Place.objects.filter(where(request.user, "reporting.dashboard"))
    place = allowed.filter(code=code).select_related("parent", "province", "city").first()
    if place is None:
        raise Http404
    known = list(ReportingQuarter.objects.order_by("-code"))
    quarter = asked_quarter(request.GET, known)
    row = next((row for row in known if row.code == quarter.code), None)
    found = overview_of(place, quarter, request.user, known, row)
    return _Shown(found, known, row, freshness(quarter, is_open=row is None or row.is_open))


@require_GET
def overview(request: PortalRequest, code: str) -> HttpResponse:
    found, known, row, fresh = _shown(request, code)
    place, quarter = found.place, found.quarter
    asked = urlencode({"region": place.code, "quarter": quarter.code})
    context = {
        "found": found,
        "place": place,
        "quarter": quarter,
        "quarters": known,
        "quarter_row": row,
        "filled": fresh.known,
        "is_running": quarter.last_day >= timezone.localdate(),
        "path": [(region.name, overview_url(region, quarter)) for region in regions_above(request, place)],
        "below": [(unit.name, overview_url(unit, quarter)) for unit in found.below],
        "notes": notes_of(found),
        "attentions": found.lines,
        "dashboard_url": dashboard_url(place, quarter),
        "units_url": f"{reverse('reporting:dashboard_units')}?{asked}",
        "enterprises_url": f"{reverse('enterprises:list')}?{urlencode({'region': place.code})}",
        "duties_url": f"{reverse('records:duties')}?{asked}&fact={'DUT.overdue' if found.is_over else 'DUT.missing'}",
        "progress_url": f"{reverse('records:progress')}?{asked}",
        "compliance_url": matrix_url(place, quarter),
        "broken_url": results_url(place, quarter, finding=Finding.BROKEN.value),
        "new_url": results_url(place, quarter, change="new"),
    }
    return render(request, "reporting/overviews/page.html", context)


@require_GET
def overview_export(request: PortalRequest, code: str) -> HttpResponse:
    """The page as a workbook."""
    found, _known, _row, fresh = _shown(request, code)
    content = export_overview(found, fresh, acting_user=request.user)
    titled = _("%(place)s%(quarter)s概况.xlsx") % {"place": found.place.full_name(), "quarter": found.quarter.label}
    return as_download(content, titled)
