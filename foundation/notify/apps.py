from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    name = "foundation.notify"
    label = "notify"
    verbose_name = _("消息")

    def ready(self) -> None:
        from foundation.notify import navigation, permissions  # noqa: F401 -- they register on import
