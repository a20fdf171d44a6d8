"""Long work of imports."""

from typing import Any

from celery import shared_task
from django.utils.translation import gettext_lazy

from foundation.exchange import actions, checking, handing_back, writing
from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress


@job_handler(actions.CHECK, label=gettext_lazy("检查导入文件"))
def check_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Read and judge an uploaded file."""
    return checking.check_import(job, progress)


@job_handler(actions.WRITE, label=gettext_lazy("写入导入数据"))
def write_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the rows a check found fit."""
    return writing.write_import(job, progress)


@job_handler(actions.UNDO, label=gettext_lazy("撤销导入"))
def undo_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Take back what an import wrote."""
    return writing.undo_import(job, progress)


@job_handler(handing_back.HAND_BACK, label=gettext_lazy("整理待改正的行"))
def hand_back(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the workbook of the many rows that did not go in."""
    return handing_back.hand_back(job, progress)


@shared_task(ignore_result=True)
def forget_imports() -> None:
    """Drop files nobody goes on with, and rows of imports that are long over."""
    actions.forget_imports()
