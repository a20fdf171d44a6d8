"""Pages from one declaration, panels other rooms add to them, each person's own views of lists, and the search."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CrudConfig(AppConfig):
    name = "foundation.crud"
    label = "crud"
    verbose_name = _("页面机制")

    def ready(self) -> None:
        from foundation.crud import permissions  # noqa: F401, PLC0415 -- registers on import

        autodiscover_modules("search")
