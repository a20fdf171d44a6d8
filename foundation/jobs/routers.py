"""Where the fast-changing rows live when the portal runs embedded."""

from typing import Any

from django.conf import settings
from django.db import models


class EphemeralRouter:
    """Sends the cache table to the second SQLite file; nothing else ever goes there."""

    @staticmethod
    def _alias(app_label: str) -> str | None:
        if app_label == "django_cache":
            return "ephemeral" if "ephemeral" in settings.DATABASES else "default"
        return None

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        return self._alias(model._meta.app_label)

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str | None:
        return self._alias(model._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if db == "ephemeral":
            return app_label == "django_cache"
        return None if app_label != "django_cache" else db == self._alias(app_label)
