from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "rights"
    label = "rights"
    verbose_name = _("权益维护")

    def ready(self) -> None:
        from rights import permissions  # noqa: F401, PLC0415 -- registers on import
