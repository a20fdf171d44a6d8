"""The API's addresses, under ``/api/v1/``."""

from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated

from api.serializers import ACTIONS, REPORT_FORMATS
from api.views import (
    base,
    compliance,
    enterprises,
    indicators,
    jobs,
    kinds,
    quality,
    records,
    registers,
    reports,
    table,
)

app_name = "api"

_act = "|".join(ACTIONS)
_format = "|".join(REPORT_FORMATS)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]), name="schema"),
    path(
        "docs/",
        login_required(SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html")),
        name="docs",
    ),
    path("kinds/", kinds.KindList.as_view(), name="kinds"),
    path("kinds/<str:kind>/", kinds.KindDetail.as_view(), name="kind"),
    path("records/", records.RecordList.as_view(), name="records"),
    path("records/<int:pk>/", records.RecordDetail.as_view(), name="record"),
    path("records/<int:pk>/attachments/", records.RecordAttachments.as_view(), name="record-attachments"),
    path(
        "records/<int:pk>/attachments/<int:attachment>/", records.RecordAttachment.as_view(), name="record-attachment"
    ),
    re_path(rf"^records/(?P<pk>[0-9]+)/(?P<action>{_act})/$", records.RecordAct.as_view(), name="record-act"),
    path("enterprises/", enterprises.EnterpriseList.as_view(), name="enterprises"),
    path("enterprises/<str:code>/", enterprises.EnterpriseDetail.as_view(), name="enterprise"),
    path("indicators/values/", indicators.FigureSheet.as_view(), name="figures"),
    path("table/", table.CrossTable.as_view(), name="table"),
    path("compliance/", compliance.ComplianceList.as_view(), name="compliance"),
    path("quality/", quality.QualityFindingList.as_view(), name="quality"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/<int:pk>/", reports.ReportDetail.as_view(), name="report"),
    re_path(rf"^reports/(?P<pk>[0-9]+)/(?P<file_format>{_format})/$", reports.ReportFile.as_view(), name="report-file"),
    path("jobs/", jobs.JobList.as_view(), name="jobs"),
    path("jobs/<int:pk>/", jobs.JobDetail.as_view(), name="job"),
    *registers.register_urls(),
    # With the slash only: without it Django still leads to the address that has one.
    re_path(r"^(?:.*/)?$", base.UnknownAddress.as_view(), name="unknown"),
]
