"""Doing a job: take the lease, run the handler, write the outcome. Safe to be started twice."""

import json
import logging
from datetime import timedelta

from django.db import OperationalError
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.access.scope import work_as
from foundation.audit.log import as_asked_from
from foundation.jobs.handlers import Cancelled, Handler, handler
from foundation.jobs.models import Job, Status
from foundation.jobs.progress import Progress, Pulse, forget
from foundation.refusals import Refused
from foundation.ui.faults import fault_of

logger = logging.getLogger(__name__)

#: In the parameters: the grant the owner worked as when asking.
WORKING_GRANT = "working_grant"
#: How long after a passing fault (a locked database) the sweeper may start the job again.
RETRY_AFTER = timedelta(seconds=60)


def takeable() -> Q:
    """Queued, or left running by a worker whose lease ran out."""
    now = timezone.now()
    return Q(status=Status.QUEUED) | Q(status=Status.RUNNING, lease_until__lt=now)


def run(job_id: int) -> bool:
    """Run the job unless somebody has it or it is over. True when this call ran it."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        logger.warning("job %s does not exist", job_id)
        return False
    try:
        how = handler(job.kind)
    except LookupError:
        logger.exception("job %s cannot run", job_id)
        _finish(job, status=Status.FAILED, error=_("本版本的系统不认识这类任务。请联系系统管理员。"))
        return False
    job = _take(job_id, how)
    if job is None:
        return False
    _execute(job, how)
    return True


def _take(job_id: int, how: Handler) -> Job | None:
    """One statement decides who runs it; a second delivery of a live lease changes no row."""
    now = timezone.now()
    taken = Job.objects.filter(takeable(), pk=job_id, attempts__lt=how.max_attempts).update(
        status=Status.RUNNING,
        attempts=F("attempts") + 1,
        lease_until=now + timedelta(seconds=how.lease),
        started_at=now,
    )
    if not taken:
        return None
    job = Job.objects.select_related("owner").get(pk=job_id)
    forget(job)
    return job


def _execute(job: Job, how: Handler) -> None:
    progress = Progress(job, lease=how.lease)
    if job.owner is not None and WORKING_GRANT in job.parameters:
        work_as(job.owner, job.parameters[WORKING_GRANT])
    try:
        with Pulse(job), as_asked_from(job.request_id, job.address):
            result = how.function(job, progress) or {}
        json.dumps(result)  # A result that cannot be kept must fail here, where it can still be told.
    except Cancelled:
        logger.info("job %s (%s) stopped: cancelled or taken over", job.pk, job.kind)
    except Refused as error:
        _finish(job, status=Status.FAILED, error=str(error))
    except (OperationalError, OSError) as error:
        fault = fault_of(error)
        if fault is not None and not fault.is_busy:
            logger.error("job %s (%s) cannot write: %s", job.pk, job.kind, error)
            _finish(job, status=Status.FAILED, error=not_written())
            return
        if not isinstance(error, OperationalError):
            _fail(job)
            return
        logger.exception("job %s (%s) met a passing database fault", job.pk, job.kind)
        _put_back(job, how)
    except Exception:
        _fail(job)
    else:
        _finish(job, status=Status.DONE, progress=100, message="", error="", result=result)


def _fail(job: Job) -> None:
    """Whatever went wrong, the owner gets a sentence and the log gets the traceback."""
    logger.exception("job %s (%s) failed on attempt %s", job.pk, job.kind, job.attempts)
    _finish(job, status=Status.FAILED, error=unexpected(job))


def not_written() -> str:
    return _("服务器磁盘已满或不可写，结果没有生成。请联系系统管理员清理磁盘空间，然后点“重试”。")


def unexpected(job: Job) -> str:
    return _("处理时出现意外错误，结果没有生成。请点“重试”；仍失败时，请把任务编号 %(number)d 告诉系统管理员。") % {
        "number": job.pk
    }


def _put_back(job: Job, how: Handler) -> None:
    if job.attempts >= how.max_attempts:
        _finish(job, status=Status.FAILED, error=unexpected(job))
        return
    _ours(job).update(status=Status.QUEUED, lease_until=timezone.now() + RETRY_AFTER)


def _ours(job: Job) -> QuerySet[Job]:
    """The row while it is still this attempt's."""
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, status__in=(Status.QUEUED, Status.RUNNING))


def _finish(job: Job, **values: object) -> None:
    """Write the outcome, unless the job was cancelled or taken over meanwhile."""
    if not _ours(job).update(lease_until=None, finished_at=timezone.now(), **values):
        logger.info("outcome of job %s dropped: no longer attempt %s", job.pk, job.attempts)
