"""The two jobs of an import of the register: check the workbook, write what is fit. Run by ``enterprises.tasks``."""

import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.bulk import EnterpriseChange, Move, move_enterprises, register_enterprises, update_enterprises
from enterprises.consequences import PlannedChange, foresee
from enterprises.exchange.actions import keep_outcome
from enterprises.exchange.checking import RegisterChecker
from enterprises.exchange.resources import RegisterResource
from enterprises.models import ChangeKind, Enterprise, PilotTier, RegisterImport
from foundation.audit.log import log
from foundation.exchange.models import ImportState
from foundation.exchange.reading import Table
from foundation.exchange.rows import chunks, end
from foundation.exchange.sheet_jobs import check_workbook, import_of, is_called_off, require_state
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.places.models import Place
from foundation.refusals import Refused
from foundation.statistics import renew_statistics

Stale = list[tuple[dict[str, Any], str]]


def _result(batch: RegisterImport) -> dict[str, Any]:
    return {"url": reverse("enterprises:import", args=[batch.pk]), "label": _("查看导入结果"), "counts": batch.counts}


def check_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Read and judge the workbook; what was uploaded is gone afterwards."""
    batch, resource = import_of(job, RegisterImport), RegisterResource()

    def judge(table: Table) -> None:
        rows = RegisterChecker(resource, batch.created_by).check(table, progress)
        progress.check()
        keep_outcome(batch, table, rows)

    check_workbook(job, batch, resource, progress, judge)
    return _result(batch)


def write_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the fit rows in one transaction: killed or cancelled half-way, nothing is written."""
    batch = import_of(job, RegisterImport)
    if batch.state == ImportState.DONE:
        return _result(batch)
    require_state(batch, ImportState.WRITING)
    with batch.rows.open("rb") as handle:
        rows = json.load(handle)
    try:
        with transaction.atomic():
            _write(batch, rows, progress, all_or_none=job.parameters["all_or_none"])
            renew_statistics(Place, Enterprise, rows=len(rows))
            progress.check()
    except Cancelled:
        if is_called_off(job):
            RegisterImport.objects.filter(pk=batch.pk, state=ImportState.WRITING).update(state=ImportState.CHECKED)
        raise
    except (ValidationError, Refused) as problem:
        end(batch, ImportState.FAILED)
        words = problem.messages[:5] if isinstance(problem, ValidationError) else [str(problem)]
        raise Refused(_("检查之后情况有了变化，没有写入任何内容。%s请重新上传。") % "".join(words)) from problem
    return _result(batch)


def _write(batch: RegisterImport, rows: list[dict[str, Any]], progress: Progress, *, all_or_none: bool) -> None:
    progress(5, _("正在写入"))
    new, stale = _still_new([row for row in rows if row["enterprise"] is None])
    enterprises, more = _still_as_checked([row for row in rows if row["enterprise"] is not None])
    stale += more
    if stale and all_or_none:
        raise ValidationError([_("第 %(row)d 行：%(why)s") % {"row": row["row"], "why": why} for row, why in stale])
    _create(batch, new)
    progress(40, _("新登记 %d 家") % len(new))
    changes = [EnterpriseChange(enterprise, row["values"]) for row, enterprise in enterprises]
    update_enterprises(acting_user=batch.created_by, changes=changes, origin=_origin(batch))
    progress(70, _("修改 %d 家") % len(enterprises))
    moved = _move(batch, [(row, enterprise) for row, enterprise in enterprises if row["moves"]])
    _close(batch, created=len(new), changed=len(enterprises), moved=moved, stale=stale)


def _origin(batch: RegisterImport) -> str:
    return _("Excel 导入：%s") % batch.filename


def _still_new(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], Stale]:
    taken: set[str] = set()
    for part in chunks(row["values"]["credit_code"] for row in rows):
        taken.update(Place.objects.filter(code__in=part).values_list("code", flat=True))
    why = _("检查之后，这家企业已由别人登记。")
    fit = [row for row in rows if row["values"]["credit_code"] not in taken]
    return fit, [(row, why) for row in rows if row["values"]["credit_code"] in taken]


def _still_as_checked(
    rows: Sequence[dict[str, Any]],
) -> tuple[list[tuple[dict[str, Any], Enterprise]], Stale]:
    """The rows whose enterprises, now locked, stand as when they were checked; and the others."""
    found: dict[int, Enterprise] = {}
    for part in chunks(sorted(row["enterprise"] for row in rows)):
        locked = Enterprise.objects.select_for_update(of=("self",)).select_related("county__city", "place")
        found.update(locked.in_bulk(part))
    fit, stale = [], []
    for row in rows:
        enterprise = found[row["enterprise"]]
        if enterprise.version == row["version"]:
            fit.append((row, enterprise))
        else:
            stale.append((row, _("检查之后又有人修改过这家企业，没有覆盖。")))
    return fit, stale


def _create(batch: RegisterImport, rows: Sequence[dict[str, Any]]) -> None:
    counties = Place.objects.select_related("city").in_bulk({row["county"] for row in rows})
    drafts = [
        Enterprise(
            county=counties[row["county"]],
            pilot_tier=PilotTier.NONE,
            **{("industry_id" if name == "industry" else name): value for name, value in row["values"].items()},
        )
        for row in rows
    ]
    if drafts:
        register_enterprises(acting_user=batch.created_by, drafts=drafts, origin=_origin(batch))


def _move(batch: RegisterImport, rows: Sequence[tuple[dict[str, Any], Enterprise]]) -> int:
    """The moves: agreed to when the import was confirmed, with their number."""
    if not rows:
        return 0
    counties = Place.objects.select_related("city").in_bulk({row["county"] for row, _enterprise in rows})
    moves = [Move(enterprise, counties[row["county"]]) for row, enterprise in rows]
    on = timezone.localdate()
    change = PlannedChange(
        ChangeKind.MOVE, [move.enterprise for move in moves], on, {move.enterprise.pk: move.county for move in moves}
    )
    move_enterprises(
        acting_user=batch.created_by, moves=moves, reason=_origin(batch), on=on, confirmed=foresee(change).keys
    )
    return len(moves)


def _close(batch: RegisterImport, *, created: int, changed: int, moved: int, stale: Stale) -> None:
    counts = {**batch.counts, "new": created, "changed": changed}
    counts["conflict"] = counts.get("conflict", 0) + len(stale)
    batch.counts, batch.moves = counts, moved
    for row, why in stale:
        error = {"name": "", "column": "", "reason": why, "cure": _("请重新导出，核对后再导入。")}
        batch.problems.append({"row": row["row"], "cells": row["cells"], "errors": [error]})
    batch.problems.sort(key=lambda problem: problem["row"])
    note = _("新登记 %(new)d 家，修改 %(changed)d 家，其中迁移 %(moved)d 家。%(file)s") % {
        "new": created,
        "changed": changed,
        "moved": moved,
        "file": batch.filename,
    }
    log("enterprises.imported", by=batch.created_by, on=batch, note=note)
    end(batch, ImportState.DONE)
