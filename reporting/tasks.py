"""The reports worker's one job."""

from typing import Any

from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from reporting import actions
from reporting.models import Report


@job_handler(actions.BUILD, queue="reports")
def build(job: Job, progress: Progress) -> dict[str, Any]:
    """Build or print anew the report the job names."""
    report = Report.objects.select_related("region", "region__city").get(pk=job.parameters["report"])
    Report.objects.filter(pk=report.pk).update(job=job)
    try:
        actions.build_report(report, progress)
    except Exception:
        # Whatever ended it, a cancelled job included: the page must not wait for files that will not come.
        actions.fail_report(report)
        raise
    return {"report": report.pk, "title": report.title, "snapshot_hash": report.snapshot_hash}
