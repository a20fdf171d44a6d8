"""Each person's own views of lists."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SavedViewsConfig(AppConfig):
    name = "foundation.saved_views"
    label = "saved_views"
    verbose_name = _("我的视图")

    def ready(self) -> None:
        from foundation.saved_views import permissions  # noqa: F401, PLC0415 -- registers on import
