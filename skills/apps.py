from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SkillsConfig(AppConfig):
    name = "skills"
    label = "skills"
    verbose_name = _("素质提升")

    def ready(self) -> None:
        from skills import panels, permissions  # noqa: F401, PLC0415 -- register on import
