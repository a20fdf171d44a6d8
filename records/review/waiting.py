"""How much waits for a decision, where."""

from typing import NamedTuple

from django.db.models import Count

from foundation.calendar.periods import Quarter
from foundation.places.models import Level, Place
from records.core.models import Record, Status
from records.review.filters import due_q


class Waiting(NamedTuple):
    """What waits for a decision in a unit: records in all, and how many of them beyond the office's days."""

    records: int = 0
    overdue: int = 0


def waiting_below(region: Place, quarter: Quarter | None = None) -> dict[int | None, Waiting]:
    """What of a quarter (None: of all) waits for a decision below a region, by the unit directly below it (of a county by
    enterprise). Read from the records that wait, which are few. One query."""
    level = "county" if region.is_county_level else str(region.level)
    unit = {Level.PROVINCE.value: "city", Level.CITY.value: "county"}.get(level, "enterprise")
    rows = Record.objects.filter(**{level: region.pk}, status=Status.SUBMITTED).order_by()
    if quarter is not None:
        rows = rows.filter(quarter=quarter.code)
    counts = rows.values_list(f"{unit}_id").annotate(n=Count("pk"), late=Count("pk", filter=due_q("overdue")))
    return {pk: Waiting(number, late) for pk, number, late in counts}
