"""The bigger reads of bodies."""

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from enterprises.models import Body, BodyMeeting, BodyMember
from foundation.accounts.models import Actor


def _number(rows: "models.QuerySet[BodyMember] | models.QuerySet[BodyMeeting]") -> Coalesce:
    """How many rows a body has: each list counted by itself, so that neither multiplies the other."""
    counted = rows.filter(body=OuterRef("pk")).order_by().values("body").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def bodies_for_list(user: Actor) -> models.QuerySet[Body]:
    """What the person may see, with how many belong to each and how often it met."""
    found = Body.objects.visible_to(user).select_related("place__city", "enterprise")
    return found.annotate(
        number_of_members=_number(BodyMember.objects.all()), number_of_meetings=_number(BodyMeeting.objects.all())
    ).order_by("name", "pk")
