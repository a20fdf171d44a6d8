from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "api"
    label = "api"
    verbose_name = _("接口")

    def ready(self) -> None:
        """What the log shows by name is known in every process, also where no token is ever issued."""
        from api import actions  # noqa: F401, PLC0415 -- registers its audit event on import
