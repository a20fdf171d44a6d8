from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "foundation.access"
    label = "access"
    verbose_name = _("权限")

    def ready(self) -> None:
        """Register the rules, the receivers that log sign-ins, and the account menu's role and place."""
        from foundation.access import permissions, second_factor, signin, tokens  # noqa: F401
        from foundation.access.regions import name_of_region, regions_below
        from foundation.access.succession import substitute_mark
        from foundation.access.switching import person_lines, places_offered
        from foundation.audit.log import mark_actor_with
        from foundation.ui.navigation import describe_person_with, offer_places_with
        from foundation.ui.regions import offer_regions_with

        describe_person_with(person_lines)
        offer_places_with(places_offered)
        offer_regions_with(regions_below, name_of_region)
        mark_actor_with(substitute_mark)
