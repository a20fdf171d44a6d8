from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "records"
    label = "records"
    verbose_name = _("记录")

    def ready(self) -> None:
        from records import navigation, panels  # noqa: F401, PLC0415 -- registers on import
        from records.core import checks, consequences, permissions, search  # noqa: F401, PLC0415
        from records.exchange import importing as _importing  # noqa: F401, PLC0415
        from records.review import permissions as _review  # noqa: F401, PLC0415

        autodiscover_modules("kinds")
