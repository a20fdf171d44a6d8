"""Pages of the reports: list and request, the report itself, its files, and the public verification page."""

import io
import re

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access.rules import AccessDenied, require, verdict, visible_or_404
from foundation.accounts.middleware import background_request
from foundation.accounts.requests import PortalRequest
from foundation.files.serving import file_response
from foundation.refusals import NeedsConfirmation
from foundation.ui.context_processors import PORTAL_NAME
from foundation.ui.htmx import go_to
from foundation.ui.tables import paginate
from foundation.ui.workbooks import as_download
from reporting import actions
from reporting.canonical import canonical_bytes
from reporting.charted import Chart, export_chart
from reporting.checklist import before_issuing
from reporting.forms import CommentaryForm, IssueForm, ReportFilterForm, RequestReportForm, quarters_offered
from reporting.links import with_links
from reporting.models import COMMENTARY_PARTS, Report
from reporting.rendering.content import Content, Edition, build_content, chart_rows, chinese_date
from reporting.rendering.formats import no_pango
from reporting.tables import ReportTable

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


def _report(request: PortalRequest, pk: int) -> Report:
    return visible_or_404(
        Report.objects.select_related("region", "region__city", "job", "issued_by"), request.user, pk=pk
    )


def _refuse(form: forms.Form, error: ValidationError) -> None:
    """Put an action's refusal where the form shows it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)


@require_http_methods(["GET", "POST"])
def report_list(request: PortalRequest) -> HttpResponse:
    """The list, newest first; above it, for offices, the request for a new one."""
    require(request.user, "reporting.view")
    form = None
    quarters = quarters_offered()
    if verdict(request.user, "reporting.create"):
        given = request.POST if request.method == "POST" else None
        form = RequestReportForm(given, user=request.user, quarters=quarters)
    if request.method == "POST":
        if form is None:
            raise AccessDenied(verdict(request.user, "reporting.create").reason)
        if form.is_valid():
            try:
                report = actions.request_report(acting_user=request.user, **form.cleaned_data)
            except ValidationError as error:
                _refuse(form, error)
            else:
                return redirect(report)
    filters = ReportFilterForm(request.GET, user=request.user, quarters=quarters)
    reports = Report.objects.visible_to(request.user).filter(**filters.conditions()).for_list().newest_first()
    context = {
        "table": paginate(request, ReportTable(reports)),
        "filters": filters,
        "form": form,
        "filtered": bool(filters.conditions()),
    }
    return render(request, "reporting/reports.html", context)


def _chart(report: Report, content: Content) -> Chart | None:
    """The chart of the report with the table behind it; None where nothing was reported."""
    url = reverse("reporting:report_chart", args=[report.pk])
    return Chart(content.chart, *chart_rows(content.snapshot), url) if content.chart else None


def _chart_source(report: Report) -> str:
    said = {"place": report.region.full_name(), "name": report.title, "portal": PORTAL_NAME}
    return _("%(place)s，%(name)s，只统计已通过审核的记录。来源：%(portal)s") % said


def _page(request: PortalRequest, report: Report, **more: object) -> HttpResponse:
    """The report's page, with refused forms when there are any."""
    context: dict[str, object] = {"report": report}
    if report.snapshot is not None:
        content = with_links(build_content(report.snapshot, Edition.of(report)))
        by_enterprise = report.snapshot["units_are"] == "enterprise"
        context |= {
            "content": content,
            "chart": _chart(report, content),
            "chart_source": _chart_source(report),
            "units_style": "by-enterprise" if by_enterprise else "units",
            "issued_on": chinese_date(report.issued_on) if report.issued_on else "",
        }
    may = {name: bool(verdict(request.user, f"reporting.{name}", report)) for name in ("edit", "issue", "rebuild")}
    if may["edit"] and not report.is_building:
        # While files are made the page reloads by itself and would take half-typed words with it.
        texts = {part: report.commentary.get(part, "") for part in COMMENTARY_PARTS}
        context["commentary_form"] = CommentaryForm(initial={**texts, "version": report.version}, prefix="commentary")
    if may["issue"]:
        context["issue_form"] = IssueForm(initial={"version": report.version}, prefix="issue")
        context["questions"] = list(before_issuing(report)) if report.is_ready else []
    context["confirmed"] = request.POST.getlist("confirmed")
    context |= {"may": may, "job": report.job, "no_pango": "" if report.pdf else no_pango(), **more}
    return render(request, "reporting/report.html", context)


@require_GET
def report_detail(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, _report(request, pk))


@background_request
@require_GET
def report_progress(request: PortalRequest, pk: int) -> HttpResponse:
    """The fragment asked for while the report is being made; when it is over, the whole page is loaded again."""
    report = _report(request, pk)
    if not report.is_building:
        return go_to(request, report.get_absolute_url())
    return render(request, "reporting/_progress.html", {"report": report})


@require_GET
def report_chart(request: PortalRequest, pk: int) -> HttpResponse:
    """The figures behind the chart as a workbook."""
    report = _report(request, pk)
    content = build_content(report.snapshot, Edition.of(report)) if report.snapshot is not None else None
    chart = _chart(report, content) if content else None
    if content is None or chart is None:
        raise Http404
    said = [(_("报告"), content.title), (_("来源"), _chart_source(report))]
    workbook = export_chart(chart, said, place=report.region, acting_user=request.user)
    return as_download(workbook, f"{chart.label}.xlsx")


@require_POST
def commentary(request: PortalRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    require(request.user, "reporting.edit", report)
    form = CommentaryForm(request.POST, prefix="commentary")
    if form.is_valid():
        try:
            actions.edit_commentary(report, acting_user=request.user, **form.cleaned_data)
        except ValidationError as error:
            _refuse(form, error)
        else:
            request.session["autosave_clear"] = f"{request.user.pk}:report-{pk}"
            messages.success(request, _("意见已保存，正在重新排版。"))
            return redirect(report)
    return _page(request, report, commentary_form=form)


_ASKS_TICKS = gettext_lazy("签发前请逐项核对下面列出的情况，并逐项打勾。")


@require_POST
def issue(request: PortalRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    require(request.user, "reporting.issue", report)
    form = IssueForm(request.POST, prefix="issue")
    if form.is_valid():
        try:
            actions.issue_report(
                report,
                acting_user=request.user,
                site_url=request.build_absolute_uri("/"),
                confirmed=request.POST.getlist("confirmed"),
                **form.cleaned_data,
            )
        except ValidationError as error:
            _refuse(form, error)
        except NeedsConfirmation as asked:
            form.add_error(None, _ASKS_TICKS)
            return _page(request, report, issue_form=form, questions=asked.questions)
        else:
            messages.success(request, _("报告已签发，正在印制正式件。"))
            return redirect(report)
    # Everything that is to be mended is said at once.
    if report.is_ready and {question.key for question in before_issuing(report)} - {*request.POST.getlist("confirmed")}:
        form.add_error(None, _ASKS_TICKS)
    return _page(request, report, issue_form=form)


@require_POST
def rebuild(request: PortalRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    actions.rebuild_report(report, acting_user=request.user)
    return redirect(report)


@require_GET
def download(request: PortalRequest, pk: int, file_format: str) -> HttpResponseBase:
    """One of the files, under a name people can read."""
    report = _report(request, pk)
    if file_format not in CONTENT_TYPES or not report.is_ready:
        raise Http404
    if file_format != "json" and not getattr(report, file_format):
        raise Http404
    name, content_type = report.file_name(file_format), CONTENT_TYPES[file_format]
    if file_format != "json":
        return file_response(getattr(report, file_format), name=name, content_type=content_type, as_attachment=True)
    body = io.BytesIO(canonical_bytes(report.frozen()))
    return FileResponse(body, as_attachment=True, filename=name, content_type=content_type)


@login_not_required
@require_GET
def verify_form(request: PortalRequest) -> HttpResponse:
    """Where a person types the code printed on a report."""
    # A slash is in no code, and no address of one code can hold it.
    if code := request.GET.get("code", "").strip().replace("/", ""):
        return redirect("reporting:verify", code=code[:40])
    return render(request, "reporting/verify.html", {"asked": False})


@login_not_required
@require_GET
def verify(request: PortalRequest, code: str) -> HttpResponse:
    """What was issued under this code; open to anybody who holds the paper."""
    # As people copy it from paper: in groups, in small letters.
    code = re.sub(r"[^0-9A-Za-z]", "", code).upper()
    issued = Report.objects.issued().filter(verify_code=code).select_related("region", "region__city").first()
    context = {"asked": True, "code": code, "report": issued, "newer": issued.newer_issue() if issued else None}
    return render(request, "reporting/verify.html", context, status=200 if issued else 404)
