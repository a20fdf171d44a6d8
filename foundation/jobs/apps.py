from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "foundation.jobs"
    label = "jobs"
    verbose_name = _("后台任务")

    def ready(self) -> None:
        """Register the access rules and the menu item."""
        from foundation.access.rules import verdict
        from foundation.jobs import permissions  # noqa: F401
        from foundation.ui.navigation import register_item

        register_item(
            _("系统"),
            _("后台任务"),
            "jobs:list",
            "clock",
            order=800,
            visible=lambda request: bool(verdict(request.user, "jobs.view")),
        )
