"""The two jobs of an import: check the workbook, write what is fit. Run by ``records.tasks``."""

import datetime
import json
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.audit.log import log
from foundation.exchange.reading import Table
from foundation.exchange.rows import end
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.jobs.sheets import check_workbook, import_of, is_called_off, require_state
from foundation.refusals import Refused
from foundation.statistics import renew_statistics
from records.core.bulk import Change, create_records, move_records, update_records
from records.core.kinds import RecordKind, kind_by_slug
from records.core.models import Record, RecordStep
from records.exchange.actions import keep_outcome
from records.exchange.checking import Checker
from records.exchange.models import ImportBatch, ImportState
from records.exchange.resources import resource_for

#: Rows written in one transaction when the good rows go in: half a second in which, embedded, other saves wait.
PART = 1_000
#: Between two parts, in seconds: a waiting writer of SQLite looks every tenth of a second whether it may.
PAUSE = 0.1


class _Written(NamedTuple):
    """A record of the workbook, with the keys of the questions shown about its row."""

    record_id: int
    asked: list[str]


def _result(batch: ImportBatch) -> dict[str, Any]:
    return {"url": reverse("records:import", args=[batch.pk]), "label": _("查看导入结果"), "counts": batch.counts}


def check_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Read and judge the workbook; what was uploaded is gone afterwards."""
    batch = import_of(job, ImportBatch)
    resource = resource_for(batch.kind)

    def judge(table: Table) -> None:
        checker = Checker(resource, batch.created_by, submits=batch.submits, is_backfill=batch.is_backfill)
        result = checker.check(table, progress)
        progress.check()
        keep_outcome(batch, table, result)

    check_workbook(job, batch, resource, progress, judge)
    return _result(batch)


def write_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the fit rows: all or none in one transaction, else part by part, so that nobody's save waits for thousands
    of rows. A worker that takes over goes on with the part that was not written; cancelled before the first part,
    nothing is written, later the rest is not."""
    batch = import_of(job, ImportBatch)
    if batch.state == ImportState.DONE:
        return _result(batch)
    require_state(batch, ImportState.WRITING)
    with batch.rows.open("rb") as handle:
        rows = json.load(handle)
    all_or_none = job.parameters["all_or_none"]
    size = len(rows) if all_or_none else PART
    try:
        while not batch.is_ended:
            with transaction.atomic():
                batch = _write_part(batch.pk, rows, size, progress, all_or_none=all_or_none)
                progress.check()
            if not batch.is_ended:
                time.sleep(PAUSE)
        renew_statistics(kind_by_slug(batch.kind).model, RecordStep, rows=len(rows))
    except Cancelled:
        if is_called_off(job):
            _stop(batch.pk, rows, _("导入中途取消，这一行没有写入。"))
        raise
    except (ValidationError, Refused) as problem:
        words = "".join(problem.messages[:5] if isinstance(problem, ValidationError) else [str(problem)])
        done = _stop(batch.pk, rows, _("检查之后情况有了变化：%s") % words, failed=True)
        left = _("前 %d 行已经写入，其余没有写入。") % done if done else _("没有写入任何内容。")
        raise Refused(
            _("检查之后情况有了变化，%(left)s%(words)s请重新上传。") % {"left": left, "words": words}
        ) from problem
    return _result(batch)


def _stop(batch_id: int, rows: list[dict[str, Any]], why: str, *, failed: bool = False) -> int:
    """End a writing before its end. What was written stays; the other rows are handed back. Returns how many rows are
    done. When none is, a called-off import may be confirmed again."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state != ImportState.WRITING:
            return 0
        done = batch.written.get("rows", 0)
        if done:
            rest = [(row, why) for row in rows[done:]]
            batch.notes.append(_("没有写完：后面的 %d 行没有写入，可下载后再导入。") % len(rest))
            _close(batch, rest)
        elif failed:
            end(batch, ImportState.FAILED)
        else:
            batch.state = ImportState.CHECKED
            batch.save(update_fields=["state"])
    return done


def _write_part(
    batch_id: int, rows: list[dict[str, Any]], size: int, progress: Progress, *, all_or_none: bool
) -> ImportBatch:
    """The next rows that are not written yet, with how far that is, in the caller's transaction."""
    batch = ImportBatch.objects.select_for_update().select_related("created_by").get(pk=batch_id)
    require_state(batch, ImportState.WRITING)
    kind, start, now = kind_by_slug(batch.kind), batch.written.get("rows", 0), timezone.now()
    part = rows[start : start + size]
    progress(
        5 + 90 * start // len(rows),
        _("正在写入第 %(first)d 至 %(last)d 行，共 %(all)d 行")
        % {"first": start + 1, "last": start + len(part), "all": len(rows)},
    )
    fit, stale = _still_fit(kind, part)
    created = _create(batch, kind, [row for row in fit if row["record"] is None], now)
    changed, refused_changes = _update(batch, kind, [row for row in fit if row["record"] is not None])
    stale += refused_changes
    if stale and all_or_none:
        raise ValidationError([_("第 %(row)d 行：%(why)s") % {"row": row["row"], "why": why} for row, why in stale])
    refused = _submit(batch, [*created, *changed], now)
    if refused:
        batch.notes.append(_("%(count)d 条没有提交，留在草稿：%(why)s") % {"count": len(refused), "why": refused[0]})
    so_far = batch.written
    batch.written = {
        "rows": start + len(part),
        "new": so_far.get("new", 0) + len(created),
        "changed": so_far.get("changed", 0) + len(changed),
    }
    if start + len(part) >= len(rows):
        _close(batch, stale)
    else:
        _hand_back(batch, stale)
        batch.save()
    return batch


def _update(
    batch: ImportBatch, kind: RecordKind, rows: Sequence[dict[str, Any]]
) -> tuple[list[_Written], list[tuple[dict[str, Any], str]]]:
    """Change records on file; the rows whose record may no longer be changed, with the words for why."""
    outcomes = update_records(
        acting_user=batch.created_by,
        kind=kind,
        origin=_("Excel 导入"),
        changes=[Change(row["record"], row["version"], _values(kind, row)) for row in rows],
    )
    changed = [_Written(row["record"], row["unusual"]) for row, done in zip(rows, outcomes, strict=True) if done.ok]
    for start in range(0, len(changed), 500):
        ids = [written.record_id for written in changed[start : start + 500]]
        Record.objects.filter(pk__in=ids).update(import_batch=batch)
    return changed, [(row, done.message) for row, done in zip(rows, outcomes, strict=True) if not done.ok]


def _still_fit(kind: RecordKind, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[tuple[dict, str]]]:
    """Rows that are new still, and those of which somebody has made a record since the check."""
    fresh = [row for row in rows if row["record"] is None]
    enterprises = {row["enterprise"] for row in fresh}
    keys = ("enterprise_id", "period") if kind.is_return else ("enterprise_id", "happened_on", "title")
    taken: set[tuple] = set()
    for start in range(0, len(enterprises), 500):
        chunk = sorted(enterprises)[start : start + 500]
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
        name: by_column[name].target_field.to_python(value)
        if by_column[name].is_relation
        else by_column[name].to_python(value)
        for name, value in row["values"].items()
    }


def _create(
    batch: ImportBatch, kind: RecordKind, rows: Sequence[dict[str, Any]], now: datetime.datetime
) -> list[_Written]:
    enterprises = {row["enterprise"] for row in rows}
    found: dict[int, Enterprise] = {}
    for start in range(0, len(enterprises), 500):
        found.update(Enterprise.objects.in_bulk(sorted(enterprises)[start : start + 500]))
    drafts = [
        kind.model(
            enterprise=found[row["enterprise"]], import_batch=batch, is_backfill=batch.is_backfill, **_values(kind, row)
        )
        for row in rows
    ]
    made = create_records(acting_user=batch.created_by, kind=kind, drafts=drafts, origin=_("Excel 导入"), at=now)
    return [_Written(record.pk, row["unusual"]) for record, row in zip(made, rows, strict=True)]


def _submit(batch: ImportBatch, written: Sequence[_Written], now: datetime.datetime) -> list[str]:
    """Hand in what was written, if that was asked for: what looks unusual only with a reason, and as far as it was
    shown. The messages for what stays a draft."""
    if not batch.submits:
        return []
    going = [row for row in written if batch.reason or not row.asked]
    outcomes = move_records(
        acting_user=batch.created_by,
        record_ids=[row.record_id for row in going],
        action="submit",
        reason=batch.reason,
        confirmed={row.record_id: row.asked for row in going},
        at=now,
    )
    return [outcome.message for outcome in outcomes if not outcome.ok]


def _hand_back(batch: ImportBatch, rows: Sequence[tuple[dict[str, Any], str]]) -> None:
    """Rows that were fit and were not written after all join those that were not fit."""
    for row, why in rows:
        error = {"name": "", "column": "", "reason": why, "cure": _("请重新上传，核对后再导入。")}
        batch.problems.append({"row": row["row"], "cells": row["cells"], "errors": [error]})
    batch.problems.sort(key=lambda problem: problem["row"])
    batch.counts["conflict"] = batch.counts.get("conflict", 0) + len(rows)


def _close(batch: ImportBatch, rest: Sequence[tuple[dict[str, Any], str]]) -> None:
    """The import is over: what was written is counted, ``rest`` is handed back."""
    _hand_back(batch, rest)
    batch.counts = {**batch.counts, "new": batch.written["new"], "changed": batch.written["changed"]}
    if batch.submits and batch.unusual and not batch.reason:
        batch.notes.append(_("%d 条看起来异常的没有提交，留在草稿里等您核对。") % batch.unusual)
    note = _("新增 %(new)d 条，修改 %(changed)d 条。%(file)s") % {
        "new": batch.written["new"],
        "changed": batch.written["changed"],
        "file": batch.filename,
    }
    log("records.imported", by=batch.created_by, on=batch, note=note)
    end(batch, ImportState.DONE)
