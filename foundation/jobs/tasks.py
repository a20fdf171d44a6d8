"""The messages: they carry a job's id and nothing else."""

from celery import shared_task

from foundation.jobs import actions, results, running


@shared_task
def run_job(job_id: int) -> None:
    """Run one job; harmless when delivered twice."""
    running.run(job_id)


@shared_task
def sweep() -> None:
    """Send again what was lost on the way."""
    actions.send_lost_again()


@shared_task
def forget_files() -> None:
    """Remove files that jobs wrote more than a day ago."""
    results.forget_files()
