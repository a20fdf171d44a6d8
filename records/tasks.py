"""Long work of the record core."""

from typing import Any

from celery import shared_task

from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from records.exchange import actions, working
from records.review import batches as review_batches


@job_handler(actions.CHECK)
def check_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Read and judge an uploaded workbook."""
    return working.check_batch(job, progress)


@job_handler(actions.WRITE)
def write_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the rows a check found fit."""
    return working.write_batch(job, progress)


@job_handler(review_batches.DECIDE)
def decide_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Decide many records as their reviewer confirmed."""
    return review_batches.run_batch(job, progress)


@shared_task(ignore_result=True)
def forget_imports() -> None:
    """Drop checked workbooks and selections nobody confirmed."""
    actions.forget_unconfirmed()
    review_batches.forget_unconfirmed_batches()
