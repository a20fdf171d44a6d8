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
        from foundation.ui.sections import TOP_BAR

        register_item(
            TOP_BAR,
            _("后台任务"),
            "jobs:list",
            "clock",
            order=800,
            visible=lambda person: bool(verdict(person, "jobs.view")),
        )
