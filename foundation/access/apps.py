from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "foundation.access"
    label = "access"
    verbose_name = _("权限")

    def ready(self) -> None:
        """Register the rules and the receivers that write sign-ins to the audit log."""
        from foundation.access import permissions, signin  # noqa: F401
