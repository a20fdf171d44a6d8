"""Units and groups side by side: the page and its workbook."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from foundation.ui.regions import regions_offered
from foundation.ui.workbooks import as_download
from indicators.queries import Freshness, freshness
from records.models import ReportingQuarter
from reporting.beside.asking import READY, BesideForm
from reporting.beside.content import build_beside
from reporting.beside.exporting import export_beside
from reporting.dashboards.content import dashboard_url
from reporting.regions import asked_region


def beside_url(query: str) -> str:
    return f"{reverse('reporting:beside')}?{query}"


def _fresh(quarter: Quarter) -> Freshness:
    is_open = not ReportingQuarter.objects.filter(code=quarter.code, is_open=False).exists()
    return freshness(quarter, is_open=is_open)


def _ready(region: Place, form: BesideForm) -> list[tuple[str, str]]:
    """Comparisons at one click: those offices ask for, and the first units below."""
    kept = [(name, form.data[name]) for name in ("area", "quarter") if form.data.get(name)]
    sides = [(str(label), codes) for label, codes in READY]
    units = [code for code, place in form.places.items() if place.parent_id == region.pk][:2]
    if len(units) == 2:
        names = [form.places[code].short_name for code in units]
        sides.append((_("%(first)s和%(second)s") % {"first": names[0], "second": names[1]}, tuple(units)))
    return [
        (label, beside_url(urlencode([("region", region.code), *(("side", code) for code in codes), *kept])))
        for label, codes in sides
    ]


@require_GET
def beside(request: PortalRequest) -> HttpResponse:
    """The sides its address asks for; without a choice, pilots against others."""
    require(request.user, "reporting.dashboard")
    region = asked_region(request)
    form = BesideForm(request.GET, region=region)
    is_valid = form.is_valid()
    context: dict[str, Any] = {
        "form": form,
        "region": region,
        "region_groups": regions_offered(request),
        "ready": _ready(region, form),
    }
    if not is_valid:
        return render(request, "reporting/beside/page.html", context, status=400)
    asked = form.asked()
    context |= {
        "found": build_beside(asked),
        "filled": _fresh(asked.quarter).known,
        "export_url": f"{reverse('reporting:beside_export')}?{asked.query()}",
        "dashboard_url": dashboard_url(region, asked.quarter),
    }
    return render(request, "reporting/beside/page.html", context)


@require_GET
def beside_export(request: PortalRequest) -> HttpResponse:
    """The same as a workbook; what cannot be shown, the page says."""
    require(request.user, "reporting.dashboard")
    form = BesideForm(request.GET, region=asked_region(request))
    if not form.is_valid():
        return redirect(beside_url(request.GET.urlencode()))
    asked = form.asked()
    content = export_beside(build_beside(asked), _fresh(asked.quarter), acting_user=request.user)
    return as_download(content, f"{_('对比')}_{timezone.localtime():%Y%m%d_%H%M}.xlsx")
