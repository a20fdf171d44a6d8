"""Assigning enterprises to townships and parks; and what moves and closings do to that."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.facts import append_register_changes
from enterprises.models import Enterprise
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.fields import label_of_field
from foundation.places.models import SMALL_LEVELS, Level, Place

register_event("enterprises.assigned", gettext_lazy("设置所属乡镇（街道）和园区"))


def small_places(county: Place) -> models.QuerySet[Place]:
    """The townships, streets and parks of a county that may be chosen."""
    return Place.objects.open().filter(county=county, level__in=SMALL_LEVELS).order_by("level", "code")


def _checked(enterprise: Enterprise, name: str, place: Place | None) -> None:
    fits = place is None or (place.level == name and place.county_id == enterprise.county_id and not place.is_closed)
    if not fits:
        raise ValidationError({name: _("“%s”不在企业所在的县（市、区）或已经撤销。请从列表中选择。") % place})


@transaction.atomic
def assign_places(*, acting_user: Actor, enterprise_id: int, township: Place | None, park: Place | None) -> Enterprise:
    """Set both; None takes it out. Raises ``AccessDenied`` and ``ValidationError``."""
    rows = Enterprise.objects.select_for_update(of=("self",)).select_related("township", "park")
    enterprise = rows.get(pk=enterprise_id)
    require(acting_user, "enterprises.edit", enterprise)
    changes = {}
    for name, place in ((str(Level.TOWNSHIP), township), (str(Level.PARK), park)):
        _checked(enterprise, name, place)
        before = getattr(enterprise, name)
        if before != place:
            label = label_of_field(enterprise, name)
            changes[label] = [str(before or ""), str(place or "")]
            setattr(enterprise, name, place)
    if changes:
        enterprise.version += 1
        enterprise.save(update_fields=[str(Level.TOWNSHIP), str(Level.PARK), "version", "updated_at"])
        log("enterprises.assigned", by=acting_user, on=enterprise, changes=changes)
        append_register_changes([enterprise.pk])
    return enterprise


def clear_place(place: Place) -> int:
    """A township or park was closed: nobody belongs to it any more. Returns how many did. Call inside a transaction."""
    enterprises = Enterprise.objects.filter(**{str(place.level): place})
    return enterprises.update(**{str(place.level): None, "version": F("version") + 1})
