from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "foundation.ui"
    label = "ui"
    verbose_name = _("界面")

    def ready(self) -> None:
        from foundation.ui.wording import speak_plainly  # noqa: PLC0415 -- forms need the settings

        speak_plainly()
