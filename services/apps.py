from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "services"
    label = "services"
    verbose_name = _("服务保障")

    def ready(self) -> None:
        from services import permissions  # noqa: F401, PLC0415 -- registers on import
