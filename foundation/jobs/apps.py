from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "foundation.jobs"
    label = "jobs"
    verbose_name = _("后台任务")

    def ready(self) -> None:
        """Register the access rules."""
        from foundation.jobs import permissions  # noqa: F401
