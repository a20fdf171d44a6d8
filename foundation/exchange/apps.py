"""The import pipeline: resources register with it, files come in, rows wait in a table and are written."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "foundation.exchange"
    label = "exchange"
    verbose_name = _("导入")

    def ready(self) -> None:
        from foundation.exchange import permissions  # noqa: F401, PLC0415 -- registers on import
