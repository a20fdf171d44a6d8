"""The dashboard page, and the small request by which it notices new figures."""

import datetime
from decimal import Decimal
from typing import NamedTuple

import django_tables2 as tables
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django_tables2.data import TableListData

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.facts.declaring import declared_facts
from foundation.ui.formats import amount
from foundation.ui.tables import NumberColumn, PortalTable, paginate
from foundation.ui.workbooks import as_download
from indicators.models import FillState
from indicators.queries import Freshness, figures, freshness, is_over
from records.models import ReportingQuarter
from reporting.attention.declaring import Asked, Attention, attentions
from reporting.dashboards.content import Dashboard, RankedUnits, Unit, build_dashboard, compared, dashboard_url
from reporting.dashboards.exporting import export_dashboard
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


def _shown(request: PortalRequest) -> _Shown:
    require(request.user, "reporting.dashboard")
    place = asked_region(request)
    known = list(ReportingQuarter.objects.order_by("-code"))
    quarter = asked_quarter(request.GET, known)
    row = next((row for row in known if row.code == quarter.code), None)
    fresh = freshness(quarter, is_open=row is None or row.is_open)
    board = build_dashboard(place, quarter, request.GET.get("fact", ""), known)
    over = is_over(row, quarter)
    asked = Asked(request.user, place, quarter, row, board.read, board.below, board.told, over)
    return _Shown(board, attentions(asked), fresh, known, row, over)


@require_GET
def dashboard_export(request: PortalRequest) -> HttpResponse:
    """The page as a workbook, with every figure and every unit."""
    shown = _shown(request)
    content = export_dashboard(shown.board, shown.lines, shown.fresh, acting_user=request.user)
    name = _("%(place)s%(quarter)s统计看板.xlsx")
    titled = name % {"place": shown.board.place.full_name(), "quarter": shown.board.quarter.label}
    return as_download(content, titled)


def dashboard(request: PortalRequest) -> HttpResponse:
    """Key figures, trend, units below and indicators of a region in a quarter."""
    shown = _shown(request)
    board, fresh, quarter, place = shown.board, shown.fresh, shown.board.quarter, shown.board.place
    facts = declared_facts()
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
        "compared": [(one.code, facts[one.code].label) for one in compared()],
    }
    return render(request, "reporting/dashboard.html", context)


class UnitTable(PortalTable):
    """The units below a region with one figure."""

    place = tables.Column(
        verbose_name=gettext_lazy("单位"), accessor="row__place__name", attrs={"td": {"class": "main"}}
    )
    reported = NumberColumn(verbose_name=gettext_lazy("已填报企业（家）"), accessor="row__reported")
    enterprises = NumberColumn(verbose_name=gettext_lazy("在册企业（家）"), accessor="row__enterprises")
    rate = tables.Column(
        verbose_name=gettext_lazy("填报率"), default="—", attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )

    class Meta(PortalTable.Meta):
        orderable = False

    def render_place(self, value: str, record: Unit) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.url, value)

    def render_value(self, value: Decimal | None, record: Unit) -> SafeString:
        if value is None:
            return format_html('<span class="missing">{}</span>', amount(value))
        return format_html('<a href="{}">{}</a>', record.figure_url, amount(value))

    def render_reported(self, value: int, record: Unit) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.reported_url, amount(value))

    def render_rate(self, value: Decimal) -> str:
        return f"{value}%"


def dashboard_units(request: PortalRequest) -> HttpResponse:
    """All units below a region by one figure, page by page: a dashboard shows only the highest and lowest of many."""
    require(request.user, "reporting.dashboard")
    place = asked_region(request)
    quarter = asked_quarter(request.GET, list(ReportingQuarter.objects.order_by("-code")))
    code = request.GET.get("fact", "")
    codes = [one.code for one in compared()]
    figure = figures(place, quarter)[code if code in codes else codes[0]]
    units = RankedUnits(place, quarter, figure)
    value = NumberColumn(verbose_name=f"{figure.label}（{figure.unit}）")
    context = {
        "place": place,
        "quarter": quarter,
        "figure": figure,
        "table": paginate(
            request,
            UnitTable(TableListData(units), extra_columns=[("value", value)], sequence=("place", "value", "...")),
        ),
        "dashboard_url": dashboard_url(place, quarter, figure.code),
    }
    return render(request, "reporting/dashboard_units.html", context)


def dashboard_stamp(request: PortalRequest) -> HttpResponse:
    """Asked every few seconds; once the stamp differs, the page is told to fetch its figures anew."""
    require(request.user, "reporting.dashboard")
    response = HttpResponse(status=204)
    counted = FillState.objects.filter(name=request.GET.get("quarter", "")).values_list("done_at", flat=True).first()
    if _stamp(counted) != request.GET.get("stamp", ""):
        response["HX-Trigger"] = "figures-changed"
    return response
