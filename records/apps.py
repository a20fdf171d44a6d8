from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules, module_has_submodule
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "records"
    label = "records"
    verbose_name = _("记录")

    def ready(self) -> None:
        """What registers itself on import: rules, consequences, effects, facts, searchers, menu items, panels, kinds, sentences."""
        for room in ("core", "evidence", "duties", "review", "exchange"):
            for name in (
                "permissions",
                "breaches",
                "cited",
                "listed",
                "effects",
                "consequences",
                "checks",
                "facts",
                "search",
                "importing",
            ):
                if module_has_submodule(import_module(f"records.{room}"), name):
                    import_module(f"records.{room}.{name}")
        for name in ("navigation", "panels"):
            import_module(f"records.{name}")
        autodiscover_modules("kinds", "sentences", "questions")
