"""Long work of the notices, and the clock's part."""

from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy

from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.notify.hours import is_working_time
from notices import actions, sending, urging


@job_handler(actions.SEND, label=gettext_lazy("发出通知"))
def send(job: Job, progress: Progress) -> dict[str, Any]:
    """Deliver a notice to its units and tell their people."""
    return sending.send_job(job, progress)


@job_handler(urging.URGE, label=gettext_lazy("催办"))
def urge(job: Job, progress: Progress) -> dict[str, Any]:
    """Urge thousands of units."""
    return urging.urge_job(job, progress)


@shared_task
def remind() -> None:
    """The reminder of the day, in working hours, once: whoever was reminded is not reminded again."""
    if is_working_time(timezone.now()):
        sending.remind_before_due(timezone.localdate())


@shared_task
def send_unsent() -> None:
    """Drafts again what could not be sent."""
    sending.send_unsent()
