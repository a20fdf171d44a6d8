from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeologyConfig(AppConfig):
    name = "ideology"
    label = "ideology"
    verbose_name = _("思想引领")

    def ready(self) -> None:
        from ideology import permissions  # noqa: F401, PLC0415 -- registers on import
