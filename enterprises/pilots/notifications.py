"""Telling the people of an enterprise that it became a pilot, or is one no longer."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Pilot
from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.queries import people_at
from foundation.notify.actions import notify
from foundation.notify.registry import register_kind

register_kind("enterprises.pilot", gettext_lazy("本企业试点设立和终止"))


def tell(pilot: Pilot, title: str, text: str = "") -> None:
    """A park or chain has no people of its own."""
    if pilot.enterprise is not None:
        place = pilot.enterprise.place
        people = people_at([place.pk], ENTERPRISE_ROLES)
        notify(event="enterprises.pilot", to=people, title=title, text=text, url=pilot.get_absolute_url(), place=place)


def notify_opened(pilot: Pilot) -> None:
    words = {"enterprise": pilot.enterprise, "tier": pilot.get_tier_display()}
    tell(pilot, _("“%(enterprise)s”已登记为%(tier)s") % words, pilot.document)


def notify_ended(pilot: Pilot) -> None:
    words = {"enterprise": pilot.enterprise, "tier": pilot.get_tier_display(), "day": pilot.ended_on}
    tell(pilot, _("“%(enterprise)s”的%(tier)s自 %(day)s 终止") % words, pilot.end_reason)
