from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    label = "indicators"
    verbose_name = _("指标")

    def ready(self) -> None:
        from indicators import actions, checks, closing, consequences, permissions, receivers  # noqa: F401, PLC0415 -- registers on import
