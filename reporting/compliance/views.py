"""The pages of compliance."""

from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from openpyxl import Workbook

from enterprises.models import Enterprise
from foundation.access.rules import AccessDenied, require, verdict, visible_or_404
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.audit.log import log, register_event
from foundation.calendar.periods import Quarter
from foundation.crud.exporting import TableExport, export_response, is_export, register_export
from foundation.crud.regions import with_region
from foundation.ui.formats import MOST_SHOWN, moment
from foundation.ui.paging import count_up_to
from foundation.ui.tables import paginate
from foundation.ui.workbooks import as_bytes, as_download, plain_sheet, streamed_workbook
from indicators.compliance.declaring import ComplianceRule, rule_by_code
from indicators.compliance.findings import Finding
from indicators.models import ComplianceResult
from indicators.queries import freshness
from notices.urging import with_urges
from notices.views.urging import ticked, urge_page
from records.core.periods import working_quarter
from records.duties.urging import open_row
from records.models import ReportingQuarter
from reporting.compliance.content import Matrix, RuleRow, matrix_of, own_list, rule_page
from reporting.compliance.links import enterprise_url, matrix_url, results_url, rule_url
from reporting.compliance.tables import (
    TO_URGE,
    EnterpriseFilter,
    EnterpriseTable,
    ResultFilter,
    ResultTable,
    enterprises_with_counts,
)
from reporting.compliance.urging import compliance_matter, compliance_sentence
from reporting.quarters import asked_quarter
from reporting.regions import asked_region, regions_above

register_event("reporting.compliance_exported", gettext_lazy("导出合规汇总表"))


def _known_quarters() -> list[ReportingQuarter]:
    return list(ReportingQuarter.objects.order_by("-code"))


def _common(quarter: Quarter, known: list[ReportingQuarter]) -> dict[str, Any]:
    row = next((row for row in known if row.code == quarter.code), None)
    return {
        "quarter": quarter,
        "quarters": known,
        "quarter_row": row,
        "filled": freshness(quarter, is_open=row is None or row.is_open).known,
    }


@require_GET
def compliance(request: PortalRequest) -> HttpResponse:
    """Rules by unit, for offices and auditors; for whoever works for an enterprise its own list, for several these."""
    require(request.user, "indicators.view_compliance")
    known = _known_quarters()
    quarter = asked_quarter(request.GET, known)
    if not verdict(request.user, "reporting.dashboard"):
        if request.GET.get("region"):
            raise Http404  # a region's table is its office's
        own = scope_of(request.user).enterprise_ids()
        return compliance_enterprise(request, own[0]) if len(own) == 1 else compliance_enterprises(request)
    place = asked_region(request)
    matrix = matrix_of(place, quarter)
    if is_export(request):
        return as_download(_workbook(matrix, acting_user=request.user), f"{_file_title(matrix)}.xlsx")
    context = {
        **_common(quarter, known),
        "matrix": matrix,
        "units": [(unit, matrix_url(unit, quarter)) for unit in matrix.units],
        "path": [(region.name, matrix_url(region, quarter)) for region in regions_above(request, place)],
        "results_url": results_url(place, quarter),
        "enterprises_url": f"{reverse('reporting:compliance_enterprises')}?quarter={quarter.code}&region={place.code}",
    }
    return render(request, "reporting/compliance/matrix.html", context)


def _file_title(matrix: Matrix) -> str:
    return _("%(place)s%(quarter)s合规汇总表") % {"place": matrix.place.full_name(), "quarter": matrix.quarter.label}


def _workbook(matrix: Matrix, *, acting_user: Actor) -> bytes:
    """A row for each rule and unit, the place itself first; the audit log keeps who took it along."""
    with streamed_workbook() as workbook:
        _sheet(workbook, matrix)
        note = matrix.quarter.label
        said = [
            (_("地区"), matrix.place.full_name()),
            (_("季度"), note),
            (_("符合率"), _("“符合”占“符合”与“不符合”之和的比例。")),
            (_("导出人"), str(acting_user)),
            (_("导出时间"), moment(timezone.now())),
        ]
        plain_sheet(workbook, _("说明"), [(_("项目"), 20), (_("内容"), 60)], said)
        log("reporting.compliance_exported", by=acting_user, on=matrix.place, note=note, place=matrix.place)
        return as_bytes(workbook)


def _sheet(workbook: Workbook, matrix: Matrix) -> None:
    findings = [(_("%s（家）") % finding.label, 12) for finding in Finding]
    headings = [(_("领域"), 14), (_("规则"), 60), (_("依据"), 50), (_("地区"), 16), *findings, (_("符合率（%）"), 12)]

    def lines(row: RuleRow) -> list[list[Any]]:
        return [
            [
                row.rule.area_label,
                row.rule.title,
                row.rule.citation,
                cell.unit.name,
                *(number for _label, number, _url in cell.numbers),
                cell.counts.share,
            ]
            for cell in (row.total, *row.cells)
        ]

    plain_sheet(workbook, matrix.quarter.label, headings, [line for row in matrix.rows for line in lines(row)])


def _rule_or_404(code: str) -> ComplianceRule:
    try:
        return rule_by_code(code)
    except LookupError:
        raise Http404 from None


@require_GET
def compliance_rule(request: PortalRequest, code: str) -> HttpResponse:
    """One rule: its words and source, what it looks at, and what it found in a region and below."""
    require(request.user, "reporting.dashboard")
    rule, place, known = _rule_or_404(code), asked_region(request), _known_quarters()
    quarter = asked_quarter(request.GET, known)
    page = rule_page(rule, place, quarter)
    context = {
        **_common(quarter, known),
        "page": page,
        "rule": rule,
        "place": place,
        "units": [(cell, rule_url(rule, cell.unit, quarter)) for cell in page.cells],
        "path": [(region.name, rule_url(rule, region, quarter)) for region in regions_above(request, place)],
        "matrix_url": matrix_url(place, quarter),
    }
    return render(request, "reporting/compliance/rule.html", context)


def _matter_rule(asked: QueryDict) -> ComplianceRule | None:
    try:
        return rule_by_code(asked.get("rule", ""))
    except LookupError:
        return None


def _asked_quarter(asked: QueryDict) -> Quarter:
    """As lists read it: what is no quarter stands for the one offices work on."""
    try:
        return Quarter.parse(asked.get("quarter", ""))
    except ValueError:
        return working_quarter()


def result_filter(user: Actor, asked: QueryDict) -> ResultFilter:
    """The results in the person's scope, as the list is filtered."""
    quarter = _asked_quarter(asked)
    rows: QuerySet[ComplianceResult] = ComplianceResult.objects.visible_to(user).filter(quarter=quarter.code)
    rows = with_urges(rows, compliance_matter(quarter, _matter_rule(asked)).subject, "enterprise_id")
    rows = rows.select_related("enterprise", "county__city").order_by("pk")
    return ResultFilter({**asked.dict(), "quarter": quarter.code}, queryset=rows)


@register_export
class ResultExport(TableExport):
    name, title, permission = "reporting.compliance", gettext_lazy("合规清单"), "indicators.view_compliance"

    def title_of(self, asked: QueryDict) -> str:
        return _asked_quarter(asked).label + str(self.title)

    def form(self, user: Actor, asked: QueryDict) -> BaseForm:
        form: BaseForm = result_filter(user, asked).form
        return form

    def table(self, user: Actor, asked: QueryDict) -> ResultTable:
        return ResultTable(result_filter(user, asked).qs, is_small=_matter_rule(asked) is not None)


@require_GET
def compliance_results(request: PortalRequest) -> HttpResponse:
    """The results behind a number: enterprises with what a rule found of them, and the boxes by which an office urges."""
    require(request.user, "indicators.view_compliance")
    if is_export(request):
        return export_response(request, ResultExport())
    if chosen := with_region(request):
        return chosen
    quarter, rule = _asked_quarter(request.GET), _matter_rule(request.GET)
    filterset = result_filter(request.user, request.GET)
    may_urge = _may_urge(request, quarter)
    hidden = [] if may_urge else ["tick"]
    if not scope_of(request.user).is_office and scope_of(request.user).is_enterprise:
        hidden += ["urged"]
    if rule is not None:
        hidden.append("rule")
    table = ResultTable(filterset.qs, exclude=hidden, is_small=rule is not None)
    context = {
        "filterset": filterset,
        # Rule and reason are read to their end, so that a row is tall: a telephone gets no more than some screens of them.
        "table": paginate(request, table, per_page=15),
        # What a line of figures opens says how many it is.
        "listed": count_up_to(filterset.qs, MOST_SHOWN) if request.GET.get("change") else None,
        "quarter": quarter,
        "rule": rule,
        "urge_url": reverse("reporting:compliance_urge") if may_urge else "",
        "urge_hint": _("只催“不符合”和“未说明”的企业；下一步写催办的话并确认。"),
        "is_office": bool(verdict(request.user, "reporting.dashboard")),
    }
    return render(request, "reporting/compliance/results.html", context)


def _may_urge(request: PortalRequest, quarter: Quarter) -> bool:
    """Nobody is urged about a closed quarter, nor about what is in order."""
    finding = request.GET.get("finding", "")
    return (
        finding not in (Finding.HOLDS, Finding.NOT_APPLICABLE)
        and bool(verdict(request.user, "notices.urge"))
        and open_row(quarter) is not None
    )


@require_POST
def compliance_urge(request: PortalRequest) -> HttpResponse:
    """Urge the enterprises of those ticked, or of all in the list as filtered, of which something is not in order."""
    require(request.user, "indicators.view_compliance")
    require(request.user, "notices.urge")
    quarter, rule = _asked_quarter(request.GET), _matter_rule(request.GET)
    if open_row(quarter) is None:
        raise AccessDenied(_("%s没有开放填报，不能催办。需要补报请联系省产改办重新开放。") % quarter.label)
    rows = result_filter(request.user, request.GET).qs.filter(finding__in=TO_URGE, enterprise__is_active=True)
    ids = ticked(request)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    enterprises = rows.order_by("enterprise_id").values_list("enterprise_id", flat=True).distinct()
    return urge_page(
        request,
        matter=compliance_matter(quarter, rule),
        place_ids=list(enterprises),
        sentence=compliance_sentence(quarter, rule),
        back=reverse("reporting:compliance_results"),
        nobody=_("没有要催办的单位：没有勾选，或选中的都是“符合”或“不适用”。"),
    )


def enterprise_filter(user: Actor, asked: QueryDict) -> EnterpriseFilter:
    quarter = _asked_quarter(asked)
    results = ComplianceResult.objects.visible_to(user).filter(quarter=quarter.code).order_by()
    rows = enterprises_with_counts(user, quarter)
    return EnterpriseFilter({**asked.dict(), "quarter": quarter.code}, queryset=rows, results=results)


@register_export
class EnterpriseExport(ResultExport):
    name, title = "reporting.compliance_enterprises", gettext_lazy("企业合规情况")

    def form(self, user: Actor, asked: QueryDict) -> BaseForm:
        form: BaseForm = enterprise_filter(user, asked).form
        return form

    def table(self, user: Actor, asked: QueryDict) -> EnterpriseTable:
        return EnterpriseTable(enterprise_filter(user, asked).qs, quarter=_asked_quarter(asked))


@require_GET
def compliance_enterprises(request: PortalRequest) -> HttpResponse:
    """Enterprises with how many rules they keep, page by page."""
    require(request.user, "indicators.view_compliance")
    if is_export(request):
        return export_response(request, EnterpriseExport())
    if chosen := with_region(request):
        return chosen
    quarter = _asked_quarter(request.GET)
    filterset = enterprise_filter(request.user, request.GET)
    context = {
        "filterset": filterset,
        "table": paginate(request, EnterpriseTable(filterset.qs, quarter=quarter)),
        "quarter": quarter,
    }
    return render(request, "reporting/compliance/enterprises.html", context)


@require_GET
def compliance_enterprise(request: PortalRequest, pk: int) -> HttpResponse:
    """An enterprise's own list: what is broken, what is not known, what to do until when, and what is in order."""
    require(request.user, "indicators.view_compliance")
    enterprise = visible_or_404(Enterprise.objects.select_related("county__city"), request.user, pk=pk)
    known = _known_quarters()
    quarter = asked_quarter(request.GET, known)
    context = {
        **_common(quarter, known),
        "own": own_list(request.user, enterprise, quarter),
        "address": enterprise_url(enterprise.pk, quarter),
    }
    return render(request, "reporting/compliance/enterprise.html", context)
