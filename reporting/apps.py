from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    label = "reporting"
    verbose_name = _("统计与报告")

    def ready(self) -> None:
        from reporting import navigation, permissions, print_panel  # noqa: F401, PLC0415 -- registers on import
        from reporting.attention import finders  # noqa: F401, PLC0415 -- registers on import
        from reporting.bundles import panel  # noqa: F401, PLC0415 -- registers on import
        from reporting.bundles import permissions as bundle_permissions  # noqa: F401, PLC0415
        from reporting.compliance import panel as compliance_panel  # noqa: F401, PLC0415
        from reporting.crosstable import permissions as table_permissions  # noqa: F401, PLC0415
        from reporting.dashboards import registrations  # noqa: F401, PLC0415 -- registers on import
        from reporting.enterprise import registrations as enterprise  # noqa: F401, PLC0415
        from reporting.measures import answers, beside  # noqa: F401, PLC0415 -- registers on import
        from reporting.quality import panels as quality_panels  # noqa: F401, PLC0415 -- registers on import
        from reporting.quality import permissions as quality_permissions  # noqa: F401, PLC0415
