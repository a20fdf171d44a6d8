"""URLs of this room."""

from django.urls import path

from reporting import views
from reporting.bundles import views as bundles
from reporting.dashboards import views as dashboards
from reporting.pilots import views as pilots

app_name = "reporting"

urlpatterns = [
    path("dashboard/", dashboards.dashboard, name="dashboard"),
    path("dashboard/units/", dashboards.dashboard_units, name="dashboard_units"),
    path("dashboard/stamp/", dashboards.dashboard_stamp, name="dashboard_stamp"),
    path("pilot-coverage/", pilots.pilot_coverage, name="pilot_coverage"),
    path("pilot-coverage/export/", pilots.pilot_coverage_export, name="pilot_coverage_export"),
    path("reports/", views.report_list, name="reports"),
    path("reports/<int:pk>/", views.report_detail, name="report"),
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
