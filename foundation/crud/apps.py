"""Pages from one declaration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrudConfig(AppConfig):
    name = "foundation.crud"
    label = "crud"
    verbose_name = _("页面机制")
