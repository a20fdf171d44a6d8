"""Lists of records as workbooks: as filtered, one sheet a kind, each of which can be imported again as it is."""

import datetime
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from foundation.access.rules import require
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import log
from foundation.exchange.columns import NUMBER, SHEET
from foundation.exchange.sheets import add_sheet, mark
from foundation.jobs.actions import enqueue
from foundation.jobs.handlers import JobError
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.ui.workbooks import as_bytes
from records.core.filters import filter_for
from records.core.kinds import RecordKind, all_kinds, kind_by_slug
from records.core.models import Record
from records.exchange.resources import resource_for

EXPORT = "records.export"
#: Longer lists are written by a job.
AT_ONCE = 2_000
MOST = 100_000
#: How long a written export may be fetched.
KEEP = datetime.timedelta(days=1)


def _kind_from(asked: Mapping[str, Any]) -> RecordKind | None:
    try:
        return kind_by_slug(asked["kind"]) if asked.get("kind") else None
    except LookupError:
        return None


def records_asked(user: Actor, asked: QueryDict) -> models.QuerySet[Record]:
    """The records a list shows this person for a query string; the newest first."""
    filterset = filter_for(_kind_from(asked))(asked, queryset=Record.objects.visible_to(user))
    return filterset.qs.order_by("-pk")


def export_name() -> str:
    return _("活动记录_%s.xlsx") % timezone.localtime().strftime("%Y%m%d_%H%M")


def _rows(
    kind: RecordKind, records: models.QuerySet[Record], counted: Iterator[int], report: Any
) -> Iterator[list[Any]]:
    resource = resource_for(kind.slug)
    position = [column.name for column in resource.columns].index(NUMBER)
    mine = kind.model.objects.filter(pk__in=records.filter(kind=kind.slug).order_by().values("pk"))
    for number, record in enumerate(mine.select_related("enterprise", "county").order_by("-pk").iterator(2000), 1):
        row = resource.row_of(record)
        row[position] = number
        done = next(counted)
        if done % 200 == 0:
            report(done)
        yield row


def workbook_of(records: models.QuerySet[Record], report: Any = lambda done: None) -> bytes:
    """One sheet for each kind among the records; a single kind's is named as in its template."""
    present = set(records.order_by().values_list("kind", flat=True).distinct())
    kinds = [kind for kind in all_kinds() if kind.slug in present]
    workbook = Workbook(write_only=True)
    titles: dict[str, str] = {}
    counted = iter(range(1, 1 << 62))
    for kind in kinds:
        title = SHEET if len(kinds) == 1 else _sheet_title(kind.label, titles)
        titles[title] = kind.slug
        add_sheet(workbook, title, resource_for(kind.slug).columns, _rows(kind, records, counted, report))
    if not kinds:
        workbook.create_sheet(SHEET).append([_("没有符合条件的记录。")])
    mark(workbook, titles.items())
    return as_bytes(workbook)


def _sheet_title(label: str, taken: Mapping[str, str]) -> str:
    """A name Excel takes: at most 31 characters, none of ``[]:*?/\\``, and no two alike."""
    title = "".join("_" if letter in "[]:*?/\\" else letter for letter in label)[:31]
    number = 2
    while title in taken:
        title = f"{title[:28]}_{number}"
        number += 1
    return title


def note_export(user: Actor, count: int, what: str) -> None:
    """Every export stands in the audit log with how much it took along."""
    places = scope_of(user).places()
    note = _("%(what)s，%(count)d 条") % {"what": what, "count": count}
    log("records.exported", by=user, note=note, place=places[0] if places else None)


def start_export(user: Actor, asked: QueryDict) -> Job:
    """Have a long list written."""
    require(user, "records.view")
    query = asked.urlencode()
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{query}#{user.working_grant}")
    return enqueue(
        kind=EXPORT,
        title=_("导出活动记录"),
        parameters={"query": query},
        owner=user,
        unique_key=f"export:{user.pk}:{key}",
    )


def export_job(job: Job, progress: Progress) -> dict[str, Any]:
    records = records_asked(job.owner, QueryDict(job.parameters["query"]))
    total = records.count()
    if total > MOST:
        raise JobError(
            _("符合条件的有 %(total)d 条，一次最多导出 %(most)d 条。请加上季度、类型或地区等条件，分几次导出。")
            % {"total": total, "most": MOST}
        )
    progress(1, _("正在导出 %d 条") % total)
    content = workbook_of(
        records,
        lambda done: progress(
            95 * done // max(total, 1), _("已写入 %(done)d 条，共 %(total)d 条") % {"done": done, "total": total}
        ),
    )
    progress.check()
    name = default_storage.save(f"exports/{uuid.uuid4().hex}", ContentFile(content))
    note_export(job.owner, total, _("活动记录"))
    label = _("下载工作簿（%d 条）") % total
    return {"file": name, "name": export_name(), "url": reverse("records:export_file", args=[job.pk]), "label": label}


def forget_exports() -> None:
    """Remove what was written more than a day ago."""
    old = Job.objects.filter(kind=EXPORT, finished_at__lt=timezone.now() - KEEP, result__has_key="file")
    for job in old:
        default_storage.delete(job.result["file"])
        job.result = {"label": _("导出的文件已过期删除，请重新导出。")}
        job.save(update_fields=["result"])
