"""Reports: ask for one, see how far it is, fetch it."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.idempotency import idempotent
from api.inputs import StrictSerializer, read
from api.problems import InvalidInput, Problem, validation_problems
from api.requests import ApiRequest
from api.serializers import REPORT_FORMATS, ReportSerializer
from api.views.base import (
    IDEMPOTENCY,
    PAGE_PARAMETERS,
    WRITE_PROBLEMS,
    AnyAccept,
    PortalView,
    problems,
    quarter_from,
    query,
    refuse_unknown_parameters,
    region_for,
)
from foundation.access.rules import require, visible_or_404
from reporting.actions import request_report
from reporting.models import Kind, Report, ReportQuerySet
from reporting.views import download

_LABELS = {"kind": "报告类型", "type": "报告类型", "region": "地区", "quarter": "季度"}


class ReportInput(StrictSerializer):
    type = serializers.CharField(label=_LABELS["type"], help_text="quarterly：产改季报")
    region = serializers.CharField(label=_LABELS["region"], help_text="行政区划代码：32、3201、320115")
    quarter = serializers.CharField(label=_LABELS["quarter"], help_text="例如 2026Q3")


def _shown() -> ReportQuerySet:
    return Report.objects.for_list()


class ReportList(PortalView):
    serializer_class = ReportSerializer

    @extend_schema(
        operation_id="reports_list",
        summary="报告列表",
        parameters=[query("region", "行政区划代码"), query("quarter", "季度，例如 2026Q3"), *PAGE_PARAMETERS],
        responses={200: ReportSerializer(many=True), **problems(400, 403, 404)},
        tags=["reports"],
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown_parameters(request, ["region", "quarter"])
        require(request.user, "reporting.view")
        reports = _shown().visible_to(request.user)
        if code := request.query_params.get("quarter"):
            reports = reports.filter(quarter=quarter_from(code).code)
        if code := request.query_params.get("region"):
            reports = reports.filter(region=region_for(request.user, "reporting.dashboard", code))
        return self.answer_page(reports)

    @extend_schema(
        operation_id="reports_create",
        summary="生成报告",
        description="在后台生成：回答中有报告编号和任务；同一地区、季度正在生成时，得到正在生成的那一份。",
        parameters=[IDEMPOTENCY],
        request=ReportInput,
        responses={202: ReportSerializer, **problems(*WRITE_PROBLEMS)},
        tags=["reports"],
    )
    @idempotent
    def post(self, request: ApiRequest) -> Response:
        require(request.user, "reporting.create")
        given = read(ReportInput, request.data)
        quarter = quarter_from(given["quarter"])
        if given["type"] not in Kind.values:
            reason = _("没有“%s”这种报告。请写 quarterly（产改季报）。") % given["type"]
            raise InvalidInput(validation_problems(ValidationError({"type": reason}), lambda name: _LABELS[name]))
        region = region_for(request.user, "reporting.create", given["region"])
        try:
            report = request_report(acting_user=request.user, region=region, quarter=quarter, kind=given["type"])
        except ValidationError as problem:
            raise InvalidInput(validation_problems(problem, lambda name: _LABELS.get(name, name))) from problem
        # The job may have been sent and done meanwhile: answer what is so now.
        shown = self.get_serializer(_shown().visible_to(request.user).get(pk=report.pk)).data
        return Response(shown, status=202, headers={"Location": reverse("api:report", args=[report.pk])})


class ReportDetail(PortalView):
    serializer_class = ReportSerializer

    @extend_schema(
        operation_id="reports_retrieve",
        summary="一份报告：状态、进度、校验值、下载地址",
        responses={200: ReportSerializer, **problems(404)},
        tags=["reports"],
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(self.get_serializer(visible_or_404(_shown(), request.user, pk=pk)).data)


class ReportFile(PortalView):
    serializer_class = ReportSerializer
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="reports_file",
        summary="下载报告",
        parameters=[OpenApiParameter("file_format", str, OpenApiParameter.PATH, enum=REPORT_FORMATS)],
        responses={(200, "application/octet-stream"): bytes, **problems(404, 409)},
        tags=["reports"],
    )
    def get(self, request: ApiRequest, pk: int, file_format: str) -> HttpResponseBase:
        """The page's own answer, once there is one."""
        report = visible_or_404(Report.objects.select_related("region__city", "job"), request.user, pk=pk)
        if not report.is_ready:
            raise Problem("refused", 409, _unready(report))
        try:
            return download(request._request, pk, file_format)
        except (FileNotFoundError, ValueError) as error:
            raise Http404 from error


def _unready(report: Report) -> str:
    if report.has_failed:
        return _("这份报告没有生成成功。请重新发起生成。")
    return _("报告还在生成。请稍候，状态变为 ready 后再下载。")
