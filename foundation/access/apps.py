from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "foundation.access"
    label = "access"
    verbose_name = _("权限")

    def ready(self) -> None:
        """Register the rules, the receivers that log sign-ins, and the account menu's role and place."""
        from foundation.access import permissions, second_factor, signin  # noqa: F401
        from foundation.access.scope import scope_of
        from foundation.ui.navigation import describe_person_with

        describe_person_with(lambda request: [str(grant) for grant in scope_of(request.user).grants])
