"""Long work of the register."""

from typing import Any

from celery import shared_task

from enterprises.exchange import actions, working
from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress


@job_handler(actions.CHECK)
def check_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Read and judge an uploaded workbook."""
    return working.check_batch(job, progress)


@job_handler(actions.WRITE)
def write_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the rows a check found fit."""
    return working.write_batch(job, progress)


@shared_task(ignore_result=True)
def forget_imports() -> None:
    """Drop checked workbooks nobody confirmed."""
    actions.forget_unconfirmed()
