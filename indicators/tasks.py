"""Thin Celery tasks around ``fill`` and ``closing``."""

import logging
from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.utils.translation import gettext_lazy
from kombu.exceptions import ChannelError, OperationalError

from foundation.facts.feed import forget_read_changes
from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from indicators import fill
from indicators.drift import check
from indicators.medians import stale_medians, store_medians

logger = logging.getLogger(__name__)

#: Seconds between a wake-up and its run.
WAKE_DELAY = 1.0
SHOWN_DRIFT = 20
FREEZE = "indicators.freeze"


#: How long one run goes on before it makes way for the next: a worker that is to stop is not kept waiting.
RUN_SECONDS = 60.0


@shared_task(name="indicators.tasks.catch_up")
def catch_up() -> None:
    """Bring the figures up to the change feed. What is left, or in other hands just now, is taken up again soon, by one
    message however many runs left something."""
    followed = fill.catch_up(seconds=RUN_SECONDS)
    if not followed.finished and cache.add("figures-again", True, timeout=2 * WAKE_DELAY):
        send_catch_up()


@shared_task(name="indicators.tasks.nightly_rebuild")
def nightly_rebuild() -> int:
    """Compare the open quarters with the records, report what drifted and mend it; then work out what is usual among
    enterprises. Returns the number of drifts."""
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
    for quarter in stale_medians():
        store_medians(quarter)
    forget_read_changes()
    return total


def send_catch_up() -> None:
    """Ask the worker to catch up soon. A broker that does not answer costs a minute: the beat tick makes sure."""
    try:
        catch_up.apply_async(countdown=WAKE_DELAY, retry=False)
    except (OperationalError, ChannelError, OSError) as error:
        logger.warning("catch-up not sent, the next tick will do it: %s", error)


# Within its last transaction the job cannot say that it lives: the lease is as long as that may take.
@job_handler(FREEZE, label=gettext_lazy("冻结季度数据"), lease=600)
def freeze_quarter(job: Job, progress: Progress) -> dict[str, Any]:
    """Count a quarter a last time and freeze it."""
    from indicators.closing import freeze_quarter as freeze  # noqa: PLC0415 -- closing sends tasks of this module

    freeze(job.parameters["closing"], report=progress)
    return {}
