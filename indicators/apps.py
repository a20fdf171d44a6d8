from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    label = "indicators"
    verbose_name = _("指标")

    def ready(self) -> None:
        """Rules that rooms declare register on import, as kinds do."""
        from indicators import (  # noqa: F401, PLC0415 -- registers on import
            actions,
            checks,
            closing,
            consequences,
            navigation,
            permissions,
            receivers,
            targets,
        )
        from indicators.compliance import rules, source  # noqa: F401, PLC0415 -- register on import

        autodiscover_modules("compliance_rules")
