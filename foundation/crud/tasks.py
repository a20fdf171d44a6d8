"""Long work on lists."""

from typing import Any

from django.utils.translation import gettext_lazy

from foundation.crud import exporting
from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress


@job_handler(exporting.EXPORT, label=gettext_lazy("导出列表"))
def export(job: Job, progress: Progress) -> dict[str, Any]:
    """Write a long list into a workbook."""
    return exporting.export_job(job, progress)
