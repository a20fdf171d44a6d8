"""Every change of a job that people or the clock ask for."""

import logging
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event, request_context
from foundation.jobs import progress
from foundation.jobs.handlers import handler
from foundation.jobs.models import LIVE, Job, Status
from foundation.jobs.running import WORKING_GRANT, takeable, unexpected
from foundation.places.models import Place

logger = logging.getLogger(__name__)

register_event("jobs.requested", gettext_lazy("发起后台任务"))
register_event("jobs.cancelled", gettext_lazy("取消后台任务"))
register_event("jobs.retried", gettext_lazy("重试后台任务"))

#: A queued job nobody took for this long was lost on the way; its message is sent again.
LOST_AFTER = timedelta(seconds=60)


def enqueue(
    *,
    kind: str,
    title: str,
    parameters: dict[str, Any],
    owner: Actor | None,
    unique_key: str,
    place: Place | None = None,
) -> Job:
    """Ask for long work. While a job of this key lives, asking again returns it: twice gives one result.

    What the owner chose to work as goes along, so that the job sees what the page saw.
    ``place`` is where the audit entry belongs (default: the owner's first place). Parameters hold no personal data.
    """
    how = handler(kind)
    found = _live(unique_key)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            if (chosen := getattr(owner, "working_grant", None)) is not None:
                parameters = {**parameters, WORKING_GRANT: chosen}
            asked = request_context.get({})
            job = Job.objects.create(
                kind=kind,
                title=title,
                parameters=parameters,
                owner=owner,
                unique_key=unique_key,
                request_id=asked.get("request_id", ""),
                address=asked.get("address", ""),
            )
            log("jobs.requested", by=owner, on=job, place=place or _place_of(owner))
            _send_on_commit(job, how.queue)
    except IntegrityError:
        # Somebody asked for the same at the same moment; the constraint let one through.
        found = _live(unique_key)
        if found is None:
            raise
        return found
    return job


def cancel(job: Job, *, acting_user: Actor) -> Job:
    """Call the job off. The row changes at once; a running worker stops at its next report and keeps nothing."""
    require(acting_user, "jobs.cancel", job)
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, status__in=LIVE).update(
            status=Status.CANCELLED, lease_until=None, finished_at=timezone.now(), message=""
        )
        if changed:
            log("jobs.cancelled", by=acting_user, on=job, place=_place_of(job.owner))
    job.refresh_from_db()
    progress.ask_to_stop(job)
    return job


def retry(job: Job, *, acting_user: Actor) -> Job:
    """Do a failed or cancelled job again, as a new job with the same parameters."""
    require(acting_user, "jobs.retry", job)
    with transaction.atomic():
        again = enqueue(
            kind=job.kind, title=job.title, parameters=job.parameters, owner=job.owner, unique_key=job.unique_key
        )
        log("jobs.retried", by=acting_user, on=again, note=_("原任务编号 %d") % job.pk, place=_place_of(job.owner))
    return again


def send_lost_again() -> dict[str, int]:
    """Send again what the broker or a killed worker dropped; give up the hopeless. The clock asks every half minute."""
    now = timezone.now()
    lost = Job.objects.filter(
        Q(status=Status.QUEUED, created_at__lt=now - LOST_AFTER)
        & (Q(lease_until__isnull=True) | Q(lease_until__lt=now))
        | Q(status=Status.RUNNING, lease_until__lt=now)
    )
    counts = {"sent": 0, "failed": 0}
    for job in lost.order_by("pk")[:200]:
        counts[_rescue(job)] += 1
    return counts


def worker_lost(job_id: int) -> None:
    """The process that ran the job was killed, and the one that saw it says so: the job need not wait for its lease to
    run out. It is sent again at once, or given up when that has happened too often."""
    now = timezone.now()
    running = Job.objects.filter(pk=job_id, status=Status.RUNNING)
    if not running.update(lease_until=now - timedelta(seconds=1)):
        return
    logger.error("the worker of job %s was killed", job_id)
    _rescue(running.get())


def _rescue(job: Job) -> str:
    try:
        how = handler(job.kind)
    except LookupError:
        logger.exception("job %s has no handler", job.pk)
        return _give_up(job)
    if job.attempts >= how.max_attempts:
        logger.error("job %s (%s) given up after %s attempts", job.pk, job.kind, job.attempts)
        return _give_up(job)
    if job.status == Status.QUEUED:
        # Not again before another LOST_AFTER: a long queue must not fill the broker with copies.
        Job.objects.filter(pk=job.pk, status=Status.QUEUED).update(lease_until=timezone.now() + LOST_AFTER)
    _send_on_commit(job, how.queue)
    return "sent"


def _give_up(job: Job) -> str:
    Job.objects.filter(takeable(), pk=job.pk, attempts=job.attempts).update(
        status=Status.FAILED,
        lease_until=None,
        finished_at=timezone.now(),
        error=unexpected(job),
        progress=F("progress"),
    )
    return "failed"


def _live(unique_key: str) -> Job | None:
    return Job.objects.filter(unique_key=unique_key, status__in=LIVE).first()


def _place_of(owner: Actor | None) -> Place | None:
    places = scope_of(owner).places()
    return places[0] if places else None


def _send_on_commit(job: Job, queue: str) -> None:
    # Robust: when the broker is down the row is still there, and the sweeper sends it later.
    transaction.on_commit(lambda: _send(job.pk, queue), robust=True)


def _send(job_id: int, queue: str) -> None:
    # Imported here because the tasks call this module.
    from foundation.jobs.tasks import run_job

    run_job.apply_async(args=(job_id,), queue=queue, retry=False)
