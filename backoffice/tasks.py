"""What the portal does by itself with the calendar."""

from celery import shared_task
from django.utils import timezone

from enterprises.pilots.tiers import keep_tiers
from foundation.calendar.periods import Quarter
from records.duties.actions import ensure_quarter, generate_duties
from reporting.bundles.actions import forget_expired


@shared_task(name="backoffice.tasks.keep_calendar")
def keep_calendar() -> int:
    """See that the running quarter and the one before it exist, with the duties the rules ask for. Returns how many
    duties were added. Runs every hour, so a new quarter and a new enterprise are served without anybody's doing; what
    was made to be fetched and has had its time goes as well. Pilots begin and end on their day, before duties are
    made by their tiers."""
    keep_tiers()
    forget_expired()
    now = Quarter.of(timezone.localdate())
    added = 0
    for quarter in (now.previous(), now):
        if ensure_quarter(quarter).is_open:
            added += generate_duties(quarter)
    return added
