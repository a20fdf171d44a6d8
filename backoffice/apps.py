from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    name = "backoffice"
    label = "backoffice"
    verbose_name = _("工作台")

    def ready(self) -> None:
        """Add the menu entries and the access rules."""
        from backoffice import events, navigation, permissions  # noqa: F401
        from backoffice.account_import import importing  # noqa: F401
