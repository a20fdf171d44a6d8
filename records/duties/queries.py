"""What enterprises owe."""

from django.db import models

from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.scope import Scope
from records.core.models import Record, ReportingQuarter, Status
from records.duties.models import Duty


def against_nil(records: models.QuerySet[Record]) -> models.QuerySet[Record]:
    """Those of the records that stand against saying there was nothing: events, unless rejected or taken back."""
    return records.filter(period__isnull=True).exclude(status__in=[Status.REJECTED, Status.WITHDRAWN])


def open_duties(scope: Scope) -> models.QuerySet[Duty]:
    """What the person's enterprises still owe and can still file, by day due. A closed quarter takes nothing more."""
    still_open = ReportingQuarter.objects.filter(is_open=True).values("code")
    return (
        Duty.objects.filter(
            scope.q(ENTERPRISE_ROLES), fulfilled_at=None, quarter__in=still_open, enterprise__is_active=True
        )
        .select_related("enterprise")
        .order_by("due", "kind", "pk")
    )
