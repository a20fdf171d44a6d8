"""The two jobs of an import: check the workbook, write what is fit. Run by ``records.tasks``."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.access.rules import AccessDenied
from foundation.audit.log import log
from foundation.jobs.handlers import Cancelled, JobError
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from foundation.jobs.progress import Progress
from records.bulk import Change, create_records, move_records, update_records
from records.exchange.actions import end, keep_outcome
from records.exchange.checking import Checker
from records.exchange.reading import read_table
from records.exchange.resources import resource_for
from records.exchange.uploads import UnreadableFile, check_file
from records.kinds import RecordKind, kind_by_slug
from records.models import ImportBatch, ImportState, Record


def _batch_of(job: Job) -> ImportBatch:
    batch = ImportBatch.objects.select_related("created_by").get(pk=job.parameters["batch"])
    if batch.job_id != job.pk and not batch.is_ended:
        # The job was asked for again on its own page.
        batch.job = job
        batch.save(update_fields=["job"])
    return batch


def _require_state(batch: ImportBatch, state: str) -> None:
    if batch.state != state:
        raise JobError(_("这次导入已经结束，上传的文件已删除。请重新上传。"))


def _is_called_off(job: Job) -> bool:
    """Cancelled by a person; not merely taken over by another worker, which goes on with it."""
    return Job.objects.filter(pk=job.pk, status=JobStatus.CANCELLED).exists()


def _result(batch: ImportBatch) -> dict[str, Any]:
    return {"url": reverse("records:import", args=[batch.pk]), "label": _("查看导入结果"), "counts": batch.counts}


def check_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Read and judge the workbook; what was uploaded is gone afterwards."""
    batch = _batch_of(job)
    if batch.state in (ImportState.CHECKED, ImportState.WRITING, ImportState.DONE):
        # Its worker was lost after the work was done.
        return _result(batch)
    _require_state(batch, ImportState.CHECKING)
    try:
        progress(2, _("正在读取文件"))
        resource = resource_for(batch.kind)
        with batch.upload.open("rb") as handle:
            table = read_table(handle, check_file(handle, batch.filename, batch.upload.size), resource)
        progress(10, _("读到 %d 行") % len(table.rows))
        checker = Checker(resource, batch.created_by, submits=batch.submits, is_backfill=batch.is_backfill)
        result = checker.check(table, progress)
        progress.check()
        keep_outcome(batch, table, result)
    except UnreadableFile as problem:
        end(batch, ImportState.FAILED)
        raise JobError(str(problem)) from problem
    except Cancelled:
        batch.refresh_from_db()
        if _is_called_off(job) and not batch.is_ended:
            end(batch, ImportState.DISCARDED)
        raise
    return _result(batch)


def write_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the fit rows in one transaction: killed or cancelled half-way, nothing is written."""
    batch = _batch_of(job)
    if batch.state == ImportState.DONE:
        return _result(batch)
    _require_state(batch, ImportState.WRITING)
    with batch.rows.open("rb") as handle:
        rows = json.load(handle)
    try:
        with transaction.atomic():
            _write(batch, rows, progress, all_or_none=job.parameters["all_or_none"])
            progress.check()
    except Cancelled:
        if _is_called_off(job):
            ImportBatch.objects.filter(pk=batch.pk, state=ImportState.WRITING).update(state=ImportState.CHECKED)
        raise
    except (ValidationError, AccessDenied) as problem:
        end(batch, ImportState.FAILED)
        words = problem.messages[:5] if isinstance(problem, ValidationError) else [str(problem)]
        raise JobError(_("检查之后情况有了变化，没有写入任何内容。%s请重新上传。") % "".join(words)) from problem
    return _result(batch)


def _write(batch: ImportBatch, rows: list[dict[str, Any]], progress: Progress, *, all_or_none: bool) -> None:
    kind, user = kind_by_slug(batch.kind), batch.created_by
    progress(5, _("正在写入"))
    now = timezone.now()
    rows, stale = _still_fit(kind, rows)
    created = _create(batch, kind, [row for row in rows if row["record"] is None], now)
    progress(50, _("新增 %d 条") % len(created))
    changes = [row for row in rows if row["record"] is not None]
    outcomes = update_records(
        acting_user=user, kind=kind, origin=_("Excel 导入"),
        changes=[Change(row["record"], row["version"], _values(kind, row)) for row in changes],
    )  # fmt: skip
    stale += [(row, outcome.message) for row, outcome in zip(changes, outcomes, strict=True) if not outcome.ok]
    if stale and all_or_none:
        raise ValidationError([_("第 %(row)d 行：%(why)s") % {"row": row["row"], "why": why} for row, why in stale])
    changed = [outcome.record_id for outcome in outcomes if outcome.ok]
    for start in range(0, len(changed), 500):
        Record.objects.filter(pk__in=changed[start : start + 500]).update(import_batch=batch)
    written = [record.pk for record in created] + changed
    progress(60, _("正在提交审核"))
    refused = _submit(batch, written, now)
    _close(batch, created=len(created), changed=len(changed), stale=stale, refused=refused)


def _still_fit(kind: RecordKind, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[tuple[dict, str]]]:
    """Rows that are new still, and those of which somebody has made a record since the check."""
    fresh = [row for row in rows if row["record"] is None]
    firms = {row["enterprise"] for row in fresh}
    keys = ("enterprise_id", "period") if kind.is_return else ("enterprise_id", "happened_on", "title")
    taken: set[tuple] = set()
    for start in range(0, len(firms), 500):
        chunk = sorted(firms)[start : start + 500]
        found = Record.objects.filter(kind=kind.slug, enterprise_id__in=chunk).exclude(status="rejected")
        taken.update(found.values_list(*keys))
    fit, stale = [], []
    for row in rows:
        values = {"enterprise_id": row["enterprise"], **_values(kind, row)}
        if row["record"] is None and tuple(values[name] for name in keys) in taken:
            stale.append((row, _("检查之后，平台上已经有了同一条记录。请重新上传，核对后再导入。")))
        else:
            fit.append(row)
    return fit, stale


def _values(kind: RecordKind, row: dict[str, Any]) -> dict[str, Any]:
    by_column = {field.attname: field for field in kind.model._meta.concrete_fields}
    return {
        name: by_column[name].target_field.to_python(value) if by_column[name].is_relation else by_column[name].to_python(value)
        for name, value in row["values"].items()
    }  # fmt: skip


def _create(
    batch: ImportBatch, kind: RecordKind, rows: Sequence[dict[str, Any]], now: datetime.datetime
) -> list[Record]:
    firms = {row["enterprise"] for row in rows}
    found: dict[int, Enterprise] = {}
    for start in range(0, len(firms), 500):
        found.update(Enterprise.objects.in_bulk(sorted(firms)[start : start + 500]))
    drafts = [
        kind.model(
            enterprise=found[row["enterprise"]], import_batch=batch, is_backfill=batch.is_backfill, **_values(kind, row)
        )
        for row in rows
    ]
    return create_records(acting_user=batch.created_by, kind=kind, drafts=drafts, origin=_("Excel 导入"), at=now)


def _submit(batch: ImportBatch, record_ids: Sequence[int], now: datetime.datetime) -> list[str]:
    """Hand in what was written, if that was asked for; the words for what stays a draft."""
    if not batch.submits:
        return []
    outcomes = move_records(acting_user=batch.created_by, record_ids=record_ids, action="submit", at=now)
    return [outcome.message for outcome in outcomes if not outcome.ok]


def _close(
    batch: ImportBatch, *, created: int, changed: int, stale: Sequence[tuple[dict, str]], refused: list[str]
) -> None:
    counts = {**batch.counts, "new": created, "changed": changed}
    counts["conflict"] = counts.get("conflict", 0) + len(stale)
    batch.counts = counts
    for row, why in stale:
        error = {"name": "", "column": "", "reason": why, "cure": _("请重新上传，核对后再导入。")}
        batch.problems.append({"row": row["row"], "cells": row["cells"], "errors": [error]})
    batch.problems.sort(key=lambda problem: problem["row"])
    if refused:
        batch.notes.append(_("%(count)d 条没有提交，留在草稿：%(why)s") % {"count": len(refused), "why": refused[0]})
    note = _("新增 %(new)d 条，修改 %(changed)d 条。%(file)s") % {
        "new": created,
        "changed": changed,
        "file": batch.filename,
    }
    log("records.imported", by=batch.created_by, on=batch, note=note)
    end(batch, ImportState.DONE)
