from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "foundation.audit"
    label = "audit"
    verbose_name = _("审计日志")

    def ready(self) -> None:
        """Have the database itself guard the log, after every migration."""
        from foundation.audit import archive  # noqa: F401, PLC0415 -- registers its event on import
        from foundation.audit.trigger import install

        post_migrate.connect(install, sender=self, dispatch_uid="audit-trigger")
