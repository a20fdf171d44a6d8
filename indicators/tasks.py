"""Thin Celery tasks around ``fill``."""

import logging

from celery import shared_task
from kombu.exceptions import ChannelError, OperationalError

from foundation.facts.feed import forget_read_changes
from indicators import fill
from indicators.drift import check

logger = logging.getLogger(__name__)

#: Seconds between a wake-up and its run.
WAKE_DELAY = 1.0
SHOWN_DRIFT = 20


@shared_task(name="indicators.tasks.catch_up")
def catch_up() -> None:
    """Bring the figures up to the change feed."""
    fill.catch_up()


@shared_task(name="indicators.tasks.nightly_rebuild")
def nightly_rebuild() -> int:
    """Compare the open quarters with the records, report what drifted and mend it. Returns the number of drifts."""
    fill.catch_up()
    total = 0
    for quarter in fill.open_reporting_quarters():
        drift = check(quarter)
        for row in drift[:SHOWN_DRIFT]:
            logger.error("figures drifted: %s", row)
        if drift:
            logger.error("figures of %s drifted in %d places; filling again", quarter, len(drift))
            fill.fill(quarter)
        total += len(drift)
    forget_read_changes()
    return total


def send_catch_up() -> None:
    """Ask the worker to catch up soon. A broker that does not answer costs a minute: the beat tick makes sure."""
    try:
        catch_up.apply_async(countdown=WAKE_DELAY, retry=False)
    except (OperationalError, ChannelError, OSError) as error:
        logger.warning("catch-up not sent, the next tick will do it: %s", error)
