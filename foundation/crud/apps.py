"""Pages from one declaration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CrudConfig(AppConfig):
    name = "foundation.crud"
    label = "crud"
    verbose_name = _("页面机制")

    def ready(self) -> None:
        from foundation.crud import checks  # noqa: F401, PLC0415 -- registers on import

        autodiscover_modules("resources")
