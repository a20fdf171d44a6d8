"""The dashboard page, and the small request by which it notices new figures."""

import datetime
from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.ui.formats import moment
from foundation.ui.tables import PAGE_SIZE
from foundation.ui.workbooks import as_download
from indicators.models import FillState
from indicators.queries import Freshness, freshness, is_over
from records.models import ReportingQuarter
from reporting.attention.declaring import Asked, Attention, attentions
from reporting.charted import export_chart
from reporting.dashboards.content import Dashboard, build_dashboard, dashboard_url, heads_of
from reporting.dashboards.exporting import export_dashboard
from reporting.dashboards.indicators import build_indicators
from reporting.dashboards.offering import offered, shows_of
from reporting.dashboards.units import Unit
from reporting.quarters import asked_quarter
from reporting.regions import asked_region, regions_above


def _stamp(moment: datetime.datetime | None) -> str:
    return moment.isoformat() if moment else ""


class _Shown(NamedTuple):
    """A page of figures as it was asked for, with what it asks for itself."""

    board: Dashboard
    lines: list[Attention]
    fresh: Freshness
    known: list[ReportingQuarter]
    row: ReportingQuarter | None
    is_over: bool


def _shown(request: PortalRequest, *, whole: bool = False) -> _Shown:
    require(request.user, "reporting.dashboard")
    place = asked_region(request)
    known = list(ReportingQuarter.objects.order_by("-code"))
    quarter = asked_quarter(request.GET, known)
    row = next((row for row in known if row.code == quarter.code), None)
    fresh = freshness(quarter, is_open=row is None or row.is_open)
    board = build_dashboard(place, quarter, request.GET.dict(), known, whole=whole)
    over = is_over(row, quarter)
    asked = Asked(request.user, place, quarter, row, board.read, board.below, board.told, over)
    return _Shown(board, attentions(asked), fresh, known, row, over)


@require_GET
def dashboard_export(request: PortalRequest) -> HttpResponse:
    """The page as a workbook, with every figure, every indicator and every unit."""
    shown = _shown(request, whole=True)
    content = export_dashboard(shown.board, shown.lines, shown.fresh, acting_user=request.user)
    name = _("%(place)s%(quarter)s统计看板.xlsx")
    titled = name % {"place": shown.board.place.full_name(), "quarter": shown.board.quarter.label}
    return as_download(content, titled)


def dashboard(request: PortalRequest) -> HttpResponse:
    """Key figures, trend, units below and the indicators to look at, of a region in a quarter."""
    shown = _shown(request)
    board, fresh, quarter, place = shown.board, shown.fresh, shown.board.quarter, shown.board.place
    context = {
        "board": board,
        "attentions": shown.lines,
        "quarters": shown.known,
        "quarter": quarter,
        "quarter_row": shown.row,
        "is_running": quarter.last_day >= timezone.localdate(),
        "is_over": shown.is_over,
        "path": [(region.name, dashboard_url(region, quarter)) for region in regions_above(request, place)],
        "filled": fresh.known,
        "stamp": _stamp(fresh.counted),
        "offered": offered(quarter, board.read.in_force, board.choice),
        "query": board.choice.query(place, quarter),
        "shows": [(one.value, one.label) for one in shows_of(place)],
    }
    return render(request, "reporting/dashboard.html", context)


@require_GET
def dashboard_units(request: PortalRequest) -> HttpResponse:
    """All units below a region by one figure, page by page: a dashboard shows only the first and last of many."""
    shown = _shown(request)
    board = shown.board
    # Length and slices are all that a paginator asks for.
    pages: Paginator[Unit] = Paginator(board.ranked, PAGE_SIZE)  # type: ignore[arg-type]
    page = pages.get_page(request.GET.get("page"))
    context = {
        "board": board,
        "page": page,
        "units": page.object_list,
        "heads": heads_of(board.ranked, reverse("reporting:dashboard_units")),
        "dashboard_url": f"{reverse('reporting:dashboard')}?{board.choice.query(board.place, board.quarter)}",
    }
    return render(request, "reporting/dashboard_units.html", context)


@require_GET
def dashboard_indicators(request: PortalRequest) -> HttpResponse:
    """The indicators of a region in a quarter, area by area."""
    require(request.user, "reporting.dashboard")
    place = asked_region(request)
    known = list(ReportingQuarter.objects.order_by("-code"))
    quarter = asked_quarter(request.GET, known)
    row = next((row for row in known if row.code == quarter.code), None)
    found = build_indicators(place, quarter, request.GET.dict(), known)
    context = {
        "found": found,
        "quarter": quarter,
        "quarters": known,
        "quarter_row": row,
        "is_running": quarter.last_day >= timezone.localdate(),
        "filled": freshness(quarter, is_open=row is None or row.is_open).known,
        "dashboard_url": dashboard_url(place, quarter),
    }
    return render(request, "reporting/dashboard_indicators.html", context)


@require_GET
def dashboard_chart(request: PortalRequest) -> HttpResponse:
    """The figures behind one chart of the page as a workbook."""
    shown = _shown(request)
    board = shown.board
    charts = {"trend": board.trend, "ranking": board.ranking, "map": board.map}
    chart = charts.get(request.GET.get("chart", ""))
    if chart is None:
        raise Http404
    said = [
        (_("地区"), board.place.full_name()),
        (_("季度"), board.quarter.label),
        (_("数据截至"), moment(shown.fresh.known) if shown.fresh.known else _("还没有统计过")),
        (_("数据项或指标"), board.choice.measure.label),
        (_("显示"), str(board.choice.show.label)),
    ]
    content = export_chart(chart, said, place=board.place, acting_user=request.user)
    return as_download(content, f"{chart.label}.xlsx")


def dashboard_stamp(request: PortalRequest) -> HttpResponse:
    """Asked every few seconds; once the stamp differs, the page is told to fetch its figures anew."""
    require(request.user, "reporting.dashboard")
    response = HttpResponse(status=204)
    counted = FillState.objects.filter(name=request.GET.get("quarter", "")).values_list("done_at", flat=True).first()
    if _stamp(counted) != request.GET.get("stamp", ""):
        response["HX-Trigger"] = "figures-changed"
    return response
