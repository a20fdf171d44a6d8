"""The search everywhere."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "foundation.search"
    label = "search"
    verbose_name = _("查找")

    def ready(self) -> None:
        from foundation.search import pages  # noqa: F401, PLC0415 -- registers on import

        autodiscover_modules("search")
