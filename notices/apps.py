from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    label = "notices"
    verbose_name = _("通知")

    def ready(self) -> None:
        from notices import navigation, panels, permissions  # noqa: F401, PLC0415 -- registers on import
