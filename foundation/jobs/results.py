"""Files that jobs write for their owners: kept for a day, fetched at ``/jobs/<number>/file/``."""

import datetime
import mimetypes
from typing import Any

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.files.keeping import delete_on_commit
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import LIVE, Job
from foundation.jobs.progress import Progress

#: How long a written file may be fetched. It copies data out of the portal, so it is not kept longer than it is needed.
KEEP = datetime.timedelta(days=1)


def content_type_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def keep_file(job: Job, progress: Progress, content: "File[Any]", *, name: str, label: str) -> dict[str, str]:
    """Store what a running job wrote; returns the job's result, a link with ``label``. Raises ``Cancelled``.

    The row names the file before it is written: one half-written, or left by a killed worker, is found and removed.
    """
    progress.check()
    field = Job._meta.get_field("file")
    stored = field.generate_filename(job, name)
    earlier = Job.objects.values_list("file", flat=True).get(pk=job.pk)
    ours = Job.objects.filter(pk=job.pk, attempts=job.attempts, status__in=LIVE)
    if not ours.update(file=stored, file_name=name[-200:]):
        raise Cancelled
    if earlier:
        job.file.storage.delete(earlier)
    content.seek(0)
    job.file.storage.save(stored, content)
    return {"url": reverse("jobs:file", args=[job.pk]), "label": label}


def forget_files() -> int:
    """Remove the files of jobs that ended more than a day ago. Returns how many."""
    old = list(Job.objects.exclude(file="").filter(finished_at__lt=timezone.now() - KEEP)[:1000])
    for job in old:
        with transaction.atomic():
            delete_on_commit(job.file)
            result = {"label": _("导出的文件已过期删除，请重新导出。")} if "url" in job.result else job.result
            Job.objects.filter(pk=job.pk).update(file="", file_name="", result=result)
    return len(old)
