"""Bigger reads of the register."""

from django.db import models

from enterprises.models import Enterprise, EnterpriseEvent
from foundation.audit.models import Entry


def events_of(enterprise: Enterprise) -> models.QuerySet[EnterpriseEvent]:
    """Moves, names, mergers, closings; newest first."""
    return enterprise.events.select_related("counterpart", "from_county__city", "to_county__city", "made_by")


def edits_of(enterprise: Enterprise) -> models.QuerySet[Entry]:
    """Every change of the entry as the audit log has it, newest first: for whoever may see the enterprise."""
    entries = Entry.objects.filter(
        target_type=Enterprise._meta.label_lower, target_id=str(enterprise.pk), event__startswith="enterprises."
    )
    # A move stands in the log of both ends.
    return entries.exclude(event="enterprises.moved_away").select_related("actor").order_by("-pk")
