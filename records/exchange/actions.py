"""Every change of state of an import: uploaded, checked, written, discarded."""

import datetime
import json
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.results import Result, RowResult

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.exchange.reading import Table
from foundation.exchange.rows import end
from foundation.exchange.uploads import check_file
from foundation.files.keeping import delete_on_commit
from foundation.jobs.actions import cancel, enqueue
from foundation.refusals import Refused
from records.core.kinds import RecordKind, kind_by_slug
from records.core.values import stored
from records.exchange.checking import SheetRow, changes_of
from records.exchange.models import ImportBatch, ImportState

register_event("records.import_uploaded", gettext_lazy("上传导入文件"))
register_event("records.imported", gettext_lazy("批量导入记录"))
register_event("records.import_discarded", gettext_lazy("放弃导入"))
register_event("records.exported", gettext_lazy("导出记录"))

CHECK, WRITE = "records.import", "records.import.write"
#: A checked workbook nobody confirms is forgotten after this.
KEEP = datetime.timedelta(days=7)
#: Rows shown as examples of what would change.
SAMPLES = 20
#: Unusual rows whose questions are kept to be read; more than these nobody reads one by one.
MOST_QUESTIONS = 500
_COUNTED = {
    "new": RowResult.IMPORT_TYPE_NEW,
    "changed": RowResult.IMPORT_TYPE_UPDATE,
    "unchanged": RowResult.IMPORT_TYPE_SKIP,
    "conflict": RowResult.IMPORT_TYPE_ERROR,
    "invalid": RowResult.IMPORT_TYPE_INVALID,
}


@transaction.atomic
def start_import(
    *, acting_user: Actor, kind: RecordKind, upload: UploadedFile, submits: bool, is_backfill: bool
) -> ImportBatch:
    """Keep the workbook and have it checked. Raises ``Refused`` for what is no workbook, ``AccessDenied``."""
    require(acting_user, "records.create")
    check_file(upload, PurePath(upload.name).name, upload.size)
    batch = ImportBatch.objects.create(
        kind=kind.slug,
        filename=PurePath(upload.name).name[-200:],
        submits=submits,
        is_backfill=is_backfill,
        upload=upload,
        created_by=acting_user,
    )
    note = _("%(file)s（%(kind)s）") % {"file": batch.filename, "kind": kind.label}
    log("records.import_uploaded", by=acting_user, on=batch, note=note)
    _enqueue(batch, CHECK, _("检查：%s") % batch.filename, {})
    return batch


def _enqueue(batch: ImportBatch, job_kind: str, title: str, more: dict[str, Any]) -> None:
    batch.job = enqueue(
        kind=job_kind,
        title=title[:200],
        parameters={"batch": batch.pk, **more},
        owner=batch.created_by,
        unique_key=f"{job_kind}:{batch.pk}",
    )
    batch.save(update_fields=["job", "state"])


@transaction.atomic
def confirm_import(
    *, acting_user: Actor, batch_id: int, all_or_none: bool, unusual: str = "", reason: str = ""
) -> ImportBatch:
    """Have the fit rows written: only them, or only if all are fit.

    ``unusual`` says what becomes of rows that look unusual: ``submit`` hands them in with the ``reason``, ``draft`` leaves
    them drafts. Raises ``Refused``, ``AccessDenied``."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    require(acting_user, "records.view_import", batch)
    if batch.state != ImportState.CHECKED:
        raise Refused(_("这次导入现在是“%s”，不能再确认。") % batch.get_state_display())
    if not batch.fit:
        raise Refused(_("没有可以导入的行。请改好表格后重新上传。"))
    if all_or_none and batch.unfit:
        raise Refused(
            _("还有 %d 行不能导入，按“全部正确才导入”没有写入任何内容。请改好后重新上传，或选“只导入正确的行”。")
            % batch.unfit
        )
    batch.reason = _word_on_the_unusual(batch, unusual, reason)
    batch.state = ImportState.WRITING
    batch.save(update_fields=["reason"])
    _enqueue(batch, WRITE, _("导入：%s") % batch.filename, {"all_or_none": all_or_none})
    return batch


def _word_on_the_unusual(batch: ImportBatch, choice: str, reason: str) -> str:
    """The reason with which unusual rows are handed in; empty when they stay drafts or there are none."""
    if not batch.unusual or choice == "draft":
        return ""
    if choice != "submit" or not reason.strip():
        raise Refused(_("有 %d 行看起来异常。核对无误的，请写明原因；还要再核对的，请选“先存为草稿”。") % batch.unusual)
    return reason.strip()


@transaction.atomic
def discard_import(*, acting_user: Actor, batch_id: int) -> ImportBatch:
    """Throw a workbook away before anything is written; a running check is called off."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    require(acting_user, "records.view_import", batch)
    stuck = batch.state == ImportState.WRITING and not (batch.job and batch.job.is_live)
    if batch.state not in (ImportState.CHECKING, ImportState.CHECKED) and not stuck:
        raise Refused(_("这次导入现在是“%s”，不能放弃。") % batch.get_state_display())
    if batch.job is not None and batch.job.is_live:
        cancel(batch.job, acting_user=acting_user)
    log("records.import_discarded", by=acting_user, on=batch, note=batch.filename)
    end(batch, ImportState.DISCARDED)
    return batch


@transaction.atomic
def keep_outcome(batch: ImportBatch, table: Table, result: Result) -> None:
    """What the check found: counts, the rows that do not fit, and for the writing those that do."""
    rows: list[SheetRow] = result.rows
    batch.counts = {name: result.totals.get(code, 0) for name, code in _COUNTED.items()}
    batch.columns = [{"name": column.name, "heading": column.heading} for column in table.columns]
    batch.notes = table.notes
    batch.problems = [problem_of(row) for row in rows if row.problems]
    unusual = [row for row in rows if row.questions]
    if unusual:
        batch.counts["unusual"] = len(unusual)
    batch.questions = [
        {"row": row.number, "title": row.draft.title, "messages": [warning.message for warning in row.questions]}
        for row in unusual[:MOST_QUESTIONS]
    ]
    changed = [row for row in rows if row.is_update()]
    batch.samples = [
        {"row": row.number, "title": row.existing.title, "record": row.existing.pk, "changes": changes_of(row)}
        for row in changed[:SAMPLES]
    ]
    delete_on_commit(batch.upload)
    batch.upload = ""
    fit = [_fit(row) for row in rows if row.is_new() or row.is_update()]
    if fit:
        content = json.dumps(fit, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
        batch.rows.save("rows.json", ContentFile(content), save=False)
    batch.state = ImportState.CHECKED
    batch.save()


def problem_of(row: SheetRow) -> dict[str, Any]:
    """A row that does not fit, as it stood and why."""
    errors = [problem._asdict() for problem in row.problems]
    return {"row": row.number, "cells": row.row_values, "errors": errors}


def _fit(row: SheetRow) -> dict[str, Any]:
    """A row to be written, in JSON: by column, so that a reference is its key."""
    kind = kind_by_slug(type(row.draft).kind_slug())
    meta = kind.model._meta
    names = [name for name in kind.fields if not (kind.is_return and name == "title")]
    return {
        "row": row.number,
        "enterprise": row.enterprise.pk,
        "record": row.existing.pk if row.existing else None,
        "version": row.existing.version if row.existing else None,
        "values": {meta.get_field(name).attname: stored(row.draft, name) for name in (*names, "period")},
        "cells": row.row_values,
        "unusual": bool(row.questions),
    }


def forget_unconfirmed() -> int:
    """End the imports nobody confirmed. The clock asks once a day."""
    old = ImportBatch.objects.filter(
        state__in=[ImportState.CHECKING, ImportState.CHECKED], created_at__lt=timezone.now() - KEEP
    )
    count = 0
    for batch in old:
        with transaction.atomic():
            end(batch, ImportState.DISCARDED)
        count += 1
    return count
