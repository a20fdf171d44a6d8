"""Long work of the record core."""

from typing import Any

from celery import shared_task
from django.utils.translation import gettext_lazy

from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from records.review import batches as review_batches


@job_handler(review_batches.DECIDE, label=gettext_lazy("批量审核"))
def decide_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Decide many records as their reviewer confirmed."""
    return review_batches.run_batch(job, progress)


@shared_task(ignore_result=True)
def end_stopped_batches() -> None:
    """End batches whose job is over."""
    review_batches.end_stopped_batches()


@shared_task(ignore_result=True)
def forget_selections() -> None:
    """Drop selections nobody confirmed."""
    review_batches.forget_unconfirmed_batches()
