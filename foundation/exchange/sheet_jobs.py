"""What the jobs of every import by workbook have in common: which import they work on, and its check."""

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from foundation.exchange.columns import SheetResource
from foundation.exchange.models import ImportState, SheetImport
from foundation.exchange.reading import Table, read_table
from foundation.exchange.rows import end
from foundation.exchange.uploads import check_file
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job, Status
from foundation.jobs.progress import Progress
from foundation.refusals import Refused

Import = TypeVar("Import", bound=SheetImport)


def import_of(job: Job, model: type[Import]) -> Import:
    """The import this job is about; the job becomes the import's own."""
    batch = model.objects.select_related("created_by").get(pk=job.parameters["batch"])
    if batch.job_id != job.pk and not batch.is_ended:
        # The job was asked for again on its own page.
        batch.job = job
        batch.save(update_fields=["job"])
    return batch


def require_state(batch: SheetImport, state: str) -> None:
    """Raises ``Refused`` when the import has gone on without this job."""
    if batch.state != state:
        raise Refused(_("这次导入已经结束，上传的文件已删除。请重新上传。"))


def is_called_off(job: Job) -> bool:
    """Cancelled by a person; not merely taken over by another worker, which goes on with it."""
    return Job.objects.filter(pk=job.pk, status=Status.CANCELLED).exists()


def check_workbook(
    job: Job, batch: SheetImport, resource: SheetResource, progress: Progress, judge: Callable[[Table], None]
) -> None:
    """Read the workbook and have ``judge`` check it and keep the outcome. Nothing to do when a lost worker had done
    so. Raises ``Refused`` for a file that can't be read; called off, the import is discarded."""
    if batch.state in (ImportState.CHECKED, ImportState.WRITING, ImportState.DONE):
        return
    require_state(batch, ImportState.CHECKING)
    try:
        progress(2, _("正在读取文件"))
        with batch.upload.open("rb") as handle:
            table = read_table(handle, check_file(handle, batch.filename, batch.upload.size), resource)
        progress(10, _("读到 %d 行") % len(table.rows))
        judge(table)
    except Refused:
        end(batch, ImportState.FAILED)
        raise
    except Cancelled:
        batch.refresh_from_db()
        if is_called_off(job) and not batch.is_ended:
            end(batch, ImportState.DISCARDED)
        raise
