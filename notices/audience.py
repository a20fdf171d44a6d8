"""To whom a notice goes: which units an office may choose from, and which those are it chose."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.labels import Label
from foundation.places.models import COUNTY_LEVELS, Level, Place
from notices.models import Notice

#: What stands for counties and zones together.
COUNTIES, CITIES, ENTERPRISES = "county", "city", "enterprise"


def level_choices(office: Place) -> list[tuple[str, Label]]:
    """The levels below an office, highest first."""
    choices: list[tuple[str, Label]] = [(ENTERPRISES, _("企业"))]
    if not office.is_county_level:
        choices.insert(0, (COUNTIES, _("县（市、区）和功能区产改办")))
    if office.level == Level.PROVINCE:
        choices.insert(0, (CITIES, _("设区市产改办")))
    return choices


def units_below(office: Place) -> models.QuerySet[Place]:
    """Every unit the office may send to: offices below it, and enterprises that are registered and active."""
    active = Q(level=Level.ENTERPRISE, pk__in=Enterprise.objects.active().order_by().values("pk"))
    offices = Q(level__in=[Level.CITY, *COUNTY_LEVELS])
    return Place.objects.within(office).open().filter(offices | active).exclude(pk=office.pk)


def chosen_units(notice: Notice) -> models.QuerySet[Place]:
    """The units a notice goes to if it is sent now, each once."""
    chosen = Q(pk__in=notice.places.order_by().values("pk"))
    if CITIES in notice.levels:
        chosen |= Q(level=Level.CITY)
    if COUNTIES in notice.levels:
        chosen |= Q(level__in=COUNTY_LEVELS)
    if ENTERPRISES in notice.levels:
        enterprises = Enterprise.objects.active()
        if notice.tiers:
            enterprises = enterprises.filter(pilot_tier__in=notice.tiers)
        chosen |= Q(pk__in=enterprises.order_by().values("pk"))
    return units_below(notice.office).filter(chosen)
