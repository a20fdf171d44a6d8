"""Who has read, signed and answered a notice, as a workbook."""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.ui.formats import moment
from foundation.ui.workbooks import as_bytes, plain_sheet
from notices.models import Answer, Delivery, Notice

register_event("notices.exported", gettext_lazy("导出通知送达和反馈"))

EXPORT = "notices.export"
#: Longer lists are written by a job.
AT_ONCE = 2_000
KEEP = datetime.timedelta(days=1)


def shown(question: dict, value: Any) -> Any:
    """An answer as people read it; a number stays a number."""
    if value is None or value == "":
        return ""
    if question["type"] == Answer.YES_NO:
        return _("是") if value else _("否")
    return value


def _headings(notice: Notice) -> list[tuple[str, int]]:
    fixed = [
        (_("单位"), 36),
        (_("代码"), 22),
        (_("设区市"), 12),
        (_("县（市、区）"), 16),
        (_("状态"), 12),
        (_("阅读时间"), 18),
        (_("签收时间"), 18),
        (_("签收人"), 12),
        (_("反馈时间"), 18),
        (_("反馈人"), 12),
    ]
    return [*fixed, *((question["label"], 24) for question in notice.questions)]


def _rows(notice: Notice, deliveries: models.QuerySet[Delivery], report: Any) -> Iterator[list[Any]]:
    rows = deliveries.select_related("place", "city", "county", "receipted_by", "answered_by").order_by("place__code")
    for number, delivery in enumerate(rows.iterator(1000), 1):
        delivery.notice = notice
        if number % 200 == 0:
            report(number)
        answers = [
            shown(question, delivery.answers.get(str(position)))
            for position, question in enumerate(notice.questions, 1)
        ]
        yield [
            delivery.place.name,
            delivery.place.code,
            delivery.city.name if delivery.city else "",
            delivery.county.name if delivery.county else "",
            str(delivery.state_label()[0]),
            moment(delivery.read_at),
            moment(delivery.receipted_at),
            str(delivery.receipted_by or ""),
            moment(delivery.answered_at),
            str(delivery.answered_by or ""),
            *answers,
        ]


def workbook_of(notice: Notice, deliveries: models.QuerySet[Delivery], report: Any = lambda done: None) -> bytes:
    workbook = Workbook(write_only=True)
    plain_sheet(workbook, _("送达和反馈"), _headings(notice), _rows(notice, deliveries, report))
    return as_bytes(workbook)


def file_name(notice: Notice) -> str:
    return _("通知反馈_%(number)d_%(day)s.xlsx") % {"number": notice.pk, "day": timezone.localdate()}


def note_export(user: Actor, notice: Notice, count: int) -> None:
    log("notices.exported", by=user, on=notice, place=notice.office, note=_("%d 个单位") % count)


def visible_deliveries(user: Actor, notice: Notice) -> models.QuerySet[Delivery]:
    return Delivery.objects.visible_to(user).filter(notice=notice)


def start_export(user: Actor, notice: Notice) -> Job:
    """Have a long list written."""
    require(user, "notices.view", notice)
    return enqueue(
        kind=EXPORT,
        title=_("导出通知反馈：%s") % notice.title,
        parameters={"notice": notice.pk},
        owner=user,
        unique_key=f"{EXPORT}:{notice.pk}:{user.pk}",
        place=notice.office,
    )


def export_job(job: Job, progress: Progress) -> dict[str, Any]:
    notice = Notice.objects.visible_to(job.owner).select_related("office").get(pk=job.parameters["notice"])
    deliveries = visible_deliveries(job.owner, notice)
    total = deliveries.count()
    content = workbook_of(
        notice, deliveries, lambda done: progress(95 * done // max(total, 1), _("已写入 %d 行") % done)
    )
    progress.check()
    name = default_storage.save(f"exports/{uuid.uuid4().hex}", ContentFile(content))
    note_export(job.owner, notice, total)
    url = reverse("notices:export_file", args=[job.pk])
    return {"file": name, "name": file_name(notice), "url": url, "label": _("下载工作簿（%d 行）") % total}


def forget_exports() -> None:
    """Remove what was written more than a day ago."""
    for job in Job.objects.filter(kind=EXPORT, finished_at__lt=timezone.now() - KEEP, result__has_key="file"):
        default_storage.delete(job.result["file"])
        job.result = {"label": _("导出的文件已过期删除，请重新导出。")}
        job.save(update_fields=["result"])
