"""The bigger reads of pilots, parks and chains."""

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from enterprises.models import Cluster, ClusterMember, Enterprise, Part, Pilot
from foundation.accounts.models import Actor


def pilots_for_list(user: Actor) -> models.QuerySet[Pilot]:
    """What the person may see, with what a list sorts by."""
    return (
        Pilot.objects.visible_to(user)
        .with_subject()
        .annotate(
            subject_name=Coalesce("enterprise__name", "cluster__name"),
            place_code=Coalesce("enterprise__county__code", "cluster__place__code"),
        )
        .order_by("place_code", "subject_name", "pk")
    )


def clusters_for_list(user: Actor) -> models.QuerySet[Cluster]:
    """Parks and chains the person may see, with how many belong to them."""
    return (
        Cluster.objects.visible_to(user)
        .select_related("place__city")
        .annotate(number=Count("members"))
        .order_by("name", "pk")
    )


def parts_of(enterprise: Enterprise) -> models.QuerySet[ClusterMember]:
    """The parks and chains an enterprise belongs to."""
    return ClusterMember.objects.filter(enterprise=enterprise).select_related("cluster").order_by("cluster__name", "pk")


def members_of(cluster: Cluster) -> list[ClusterMember]:
    """Head first, then the leading ones, then the others by name."""
    order = {Part.HEAD: 0, Part.LEADING: 1, Part.MEMBER: 2}
    members = cluster.members.select_related("enterprise__county__city")
    return sorted(members, key=lambda member: (order[Part(member.part)], member.enterprise.name, member.pk))


def subject_q(words: str, prefix: str) -> Q:
    """By part of the subject's name or its initials."""
    condition = Q(**{f"{prefix}name__icontains": words})
    if words.isascii():
        condition |= Q(**{f"{prefix}initials__icontains": words.lower()})
    return condition
