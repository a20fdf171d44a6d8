from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "api"
    label = "api"
    verbose_name = _("接口")

    def ready(self) -> None:
        from api import permissions  # noqa: F401, PLC0415 -- registers on import
