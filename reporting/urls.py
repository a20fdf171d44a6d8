"""URLs of this room."""

from django.urls import path

from reporting import views
from reporting.beside import views as beside
from reporting.bundles import views as bundles
from reporting.compliance import views as compliance
from reporting.crosstable import views as crosstable
from reporting.dashboards import views as dashboards
from reporting.enterprise import views as enterprise
from reporting.measures import views as measures
from reporting.overviews import views as overviews
from reporting.pilots import views as pilots
from reporting.quality import views as quality

app_name = "reporting"

urlpatterns = [
    path("dashboard/", dashboards.dashboard, name="dashboard"),
    path("dashboard/export/", dashboards.dashboard_export, name="dashboard_export"),
    path("dashboard/indicators/", dashboards.dashboard_indicators, name="dashboard_indicators"),
    path("dashboard/units/", dashboards.dashboard_units, name="dashboard_units"),
    path("dashboard/chart/", dashboards.dashboard_chart, name="dashboard_chart"),
    path("dashboard/stamp/", dashboards.dashboard_stamp, name="dashboard_stamp"),
    path("dashboard/regions/<str:code>/", overviews.overview, name="overview"),
    path("dashboard/regions/<str:code>/export/", overviews.overview_export, name="overview_export"),
    path("dashboard/beside/", beside.beside, name="beside"),
    path("dashboard/beside/export/", beside.beside_export, name="beside_export"),
    path("dashboard/table/", crosstable.table, name="table"),
    path("dashboard/table/export/", crosstable.table_export, name="table_export"),
    path("dashboard/table/saved/", crosstable.save, name="table_save"),
    path("dashboard/table/saved/<int:pk>/", crosstable.change, name="table_change"),
    path("dashboard/table/saved/<int:pk>/delete/", crosstable.delete, name="table_delete"),
    path("dashboard/enterprise/", enterprise.own_enterprise, name="own_enterprise"),
    path("dashboard/enterprise/<int:pk>/", enterprise.enterprise_page, name="enterprise"),
    path("dashboard/enterprise/<int:pk>/summary/", enterprise.enterprise_summary, name="enterprise_summary"),
    path("dashboard/enterprise/<int:pk>/export/", enterprise.enterprise_export, name="enterprise_export"),
    path("measures/<str:code>/export/", measures.measures_export, name="measures_export"),
    path("pilot-coverage/", pilots.pilot_coverage, name="pilot_coverage"),
    path("pilot-coverage/export/", pilots.pilot_coverage_export, name="pilot_coverage_export"),
    path("quality/", quality.finding_list, name="findings"),
    path("quality/settle/", quality.findings_settle, name="findings_settle"),
    path("quality/again/", quality.findings_again, name="findings_again"),
    path("quality/thresholds/", quality.thresholds, name="quality_thresholds"),
    path("quality/<int:pk>/", quality.finding_detail, name="finding"),
    path("compliance/", compliance.compliance, name="compliance"),
    path("compliance/rules/<str:code>/", compliance.compliance_rule, name="compliance_rule"),
    path("compliance/results/", compliance.compliance_results, name="compliance_results"),
    path("compliance/results/urge/", compliance.compliance_urge, name="compliance_urge"),
    path("compliance/enterprises/", compliance.compliance_enterprises, name="compliance_enterprises"),
    path("compliance/enterprises/<int:pk>/", compliance.compliance_enterprise, name="compliance_enterprise"),
    path("reports/", views.report_list, name="reports"),
    path("reports/<int:pk>/", views.report_detail, name="report"),
    path("reports/<int:pk>/chart/", views.report_chart, name="report_chart"),
    path("reports/<int:pk>/progress/", views.report_progress, name="progress"),
    path("reports/<int:pk>/commentary/", views.commentary, name="commentary"),
    path("reports/<int:pk>/issue/", views.issue, name="issue"),
    path("reports/<int:pk>/rebuild/", views.rebuild, name="rebuild"),
    path("reports/<int:pk>/<str:file_format>/", views.download, name="download"),
    path("bundles/new/<int:pk>/", bundles.bundle_create, name="bundle_create"),
    path("bundles/<int:pk>/download/", bundles.bundle_download, name="bundle_download"),
    path("verify/", views.verify_form, name="verify_form"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
