"""Bigger reads of the register."""

from django.db import models

from enterprises.models import Enterprise, EnterpriseEvent
from foundation.audit.models import Entry
from foundation.crud.history import entries_of


def events_of(enterprise: Enterprise) -> models.QuerySet[EnterpriseEvent]:
    """Moves, names, mergers, closings; newest first."""
    return enterprise.events.select_related("counterpart", "from_county__city", "to_county__city", "made_by")


def edits_of(enterprise: Enterprise) -> models.QuerySet[Entry]:
    """Every change of the entry as the audit log has it, newest first: for whoever may see the enterprise."""
    # A move stands in the log of both ends.
    return entries_of(enterprise).filter(event__startswith="enterprises.").exclude(event="enterprises.moved_away")
