from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TextSearchConfig(AppConfig):
    name = "foundation.textsearch"
    label = "textsearch"
    verbose_name = _("文本检索")

    def ready(self) -> None:
        """Give SQLite the function its triggers call, and see after every migration that the triggers are there."""
        from foundation.textsearch.embedded import add_function, repair_all

        connection_created.connect(add_function, dispatch_uid="textsearch-function")
        post_migrate.connect(repair_all, sender=self, dispatch_uid="textsearch-triggers")
