"""The policy documents, cut into parts, measures and clauses with their own numbering."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies"
    label = "policies"
    verbose_name = _("政策")

    def ready(self) -> None:
        from policies import actions, navigation, permissions  # noqa: F401, PLC0415 -- registers on import
