"""What the change feed is told of duties and statements."""

from collections.abc import Collection

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.facts.feed import append_changes
from foundation.facts.models import Change

DUTIES, STATEMENTS = "duties", "statements"


def append_duty_changes(places: Collection[tuple[int, str]], *, is_below: bool = False) -> None:
    """Duties changed, as (place, quarter): an enterprise's, or with ``is_below`` those of everybody in a county."""
    append_changes(
        Change(source=DUTIES, place_id=place, is_below=is_below, quarter=quarter) for place, quarter in sorted(places)
    )


def append_statement_change(enterprise: Enterprise, quarter: Quarter) -> None:
    append_changes([Change(source=STATEMENTS, place_id=enterprise.pk, quarter=quarter.code)])
