from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandbookConfig(AppConfig):
    name = "foundation.handbook"
    label = "handbook"
    verbose_name = _("使用手册")

    def ready(self) -> None:
        from foundation.handbook import navigation  # noqa: F401, PLC0415 -- registers on import
