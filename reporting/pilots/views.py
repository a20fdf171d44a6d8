"""The page of the pilots' reach."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.models.pilot import TIERS
from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.ui.workbooks import as_download
from reporting.pilots.exporting import export_reach
from reporting.pilots.queries import pilot_reach
from reporting.regions import asked_region, regions_above


@require_GET
def pilot_coverage(request: PortalRequest) -> HttpResponse:
    """The pilots of a region by tier and unit, ownership, industry; as they stand today."""
    require(request.user, "reporting.dashboard")
    place = asked_region(request)
    address = reverse("reporting:pilot_coverage")
    context = {
        "reach": pilot_reach(place),
        "tiers": TIERS,
        "today": timezone.localdate(),
        "path": [(region.name, f"{address}?region={region.code}") for region in regions_above(request, place)],
    }
    return render(request, "reporting/pilots/coverage.html", context)


@require_GET
def pilot_coverage_export(request: PortalRequest) -> HttpResponse:
    require(request.user, "reporting.dashboard")
    reach = pilot_reach(asked_region(request))
    return as_download(export_reach(reach, acting_user=request.user), _("试点覆盖表.xlsx"))
