"""The jobs that write what was confirmed, part by part, and that take it back."""

import datetime
import time
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.access.rules import require
from foundation.access.signin import home_of
from foundation.accounts.models import Actor
from foundation.audit.log import log
from foundation.exchange.actions import discard_import, end, is_stuck, require_confirmable
from foundation.exchange.checking import import_of, is_called_off, require_state, result_of
from foundation.exchange.models import FIT, Import, ImportState, Outcome, RowState, StagedRow
from foundation.exchange.resources import ImportResource, Kept, Written, resource_of
from foundation.exchange.rows import Problem
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.statistics import renew_statistics

#: Between two parts, in seconds: a waiting writer of SQLite looks every tenth of a second whether it may.
PAUSE = 0.1
#: Rows handed back at once when a writing ends before its end.
_HANDED_BACK = 2_000


def _again() -> str:
    return _("请重新上传，核对后再导入。")


def write_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the fit rows: all or none in one transaction, else part by part, so that nobody's save waits for thousands of
    rows. A worker that takes over goes on with the part that was not written; cancelled before the first part, nothing is
    written, later the rest is not."""
    batch = import_of(job)
    if batch.state in (ImportState.DONE, ImportState.UNDONE):
        return result_of(batch)
    require_state(batch, ImportState.WRITING)
    resource, owner = resource_of(batch), batch.created_by
    try:
        if resource.in_one_piece or batch.answers.get("all_or_none"):
            with transaction.atomic():
                while not batch.is_ended:
                    batch = write_part(batch.pk, resource, progress, owner=owner)
                progress.check()
        else:
            while not batch.is_ended:
                with transaction.atomic():
                    batch = write_part(batch.pk, resource, progress, owner=owner)
                    progress.check()
                if not batch.is_ended:
                    time.sleep(PAUSE)
    except Cancelled:
        if is_called_off(job):
            _stop(batch.pk, resource, _("导入中途取消，这一行没有写入。"))
        raise
    except (ValidationError, Refused) as problem:
        words = "".join(problem.messages[:5] if isinstance(problem, ValidationError) else [str(problem)])
        done = _stop(batch.pk, resource, _("检查之后情况有了变化：%s") % words, failed=True)
        left = filled(_("前 %d 行已经写入，其余没有写入。"), done) if done else _("没有写入任何内容。")
        raise Refused(
            _("检查之后情况有了变化，%(left)s%(words)s请重新上传。") % {"left": left, "words": words}
        ) from problem
    return result_of(batch)


def _waiting(batch: Import) -> models.QuerySet[StagedRow]:
    return StagedRow.objects.filter(batch=batch, outcome__in=FIT, state=RowState.WAITING).order_by("pk")


def write_part(batch_id: int, resource: ImportResource, progress: Progress, *, owner: Any = None) -> Import:
    """The next rows that are not written yet, with how far that is, in the caller's transaction."""
    batch = Import.objects.select_for_update().select_related("created_by").get(pk=batch_id)
    if owner is not None:
        batch.created_by = owner
    require_state(batch, ImportState.WRITING)
    rows = list(_waiting(batch)[: resource.part])
    done = batch.written.get("rows", 0)
    progress(
        5 + 90 * done // max(batch.fit, 1),
        filled(
            _("正在写入第 %(first)d 至 %(last)d 行，共 %(all)d 行"),
            {"first": done + 1, "last": done + len(rows), "all": batch.fit},
        ),
    )
    if rows:
        write_rows(batch, resource, rows, at=timezone.now())
    if len(rows) < resource.part:
        close(batch, resource)
    else:
        batch.save()
    return batch


def write_rows(batch: Import, resource: ImportResource, rows: Sequence[StagedRow], *, at: datetime.datetime) -> None:
    """Have the resource write. Raises ``ValidationError`` when all or none was asked for and a row could not be written
    after all."""
    note_written(batch, rows, resource.write(batch, rows, at))


def note_written(batch: Import, rows: Sequence[StagedRow], outcomes: Sequence[Written]) -> None:
    """Note on each row and on the import what became of it; the caller saves the import."""
    stale = [(row, done.refusal) for row, done in zip(rows, outcomes, strict=True) if done.refusal]
    if stale and batch.answers.get("all_or_none"):
        raise ValidationError([_("第 %(row)d 行：%(why)s") % {"row": row.number, "why": why} for row, why in stale])
    counts = {"new": 0, "changed": 0}
    for row, done in zip(rows, outcomes, strict=True):
        is_personal = row.is_personal
        if done.refusal:
            hand_back(row, done.refusal)
            continue
        said = row.said
        kept = {name: said[name] for name in ("title", "changes") if said.get(name)}
        if done.before is not None:
            kept["before"] = done.before
        row.say(kept, is_personal=is_personal)
        row.state, row.target = RowState.WRITTEN, done.target
        counts[row.outcome] += 1
    save_rows(rows)
    written = batch.written
    batch.written = {
        **written,
        "rows": written.get("rows", 0) + len(rows),
        **{name: written.get(name, 0) + count for name, count in counts.items()},
        "left": written.get("left", 0) + len(stale),
    }


def confirmable_here(*, acting_user: Actor, batch_id: int) -> tuple[Import, ImportResource, list[StagedRow]]:
    """For a resource that is written in the request that confirms it: the import, locked, its resource and the rows to be
    written, in the caller's transaction, which then calls ``note_written`` and ``close``. Raises ``Refused``,
    ``AccessDenied``."""
    batch = Import.objects.select_for_update().select_related("created_by").get(pk=batch_id)
    require(acting_user, "exchange.view_import", batch)
    if batch.state != ImportState.CHECKED:
        raise Refused(_("这次导入现在是“%s”，不能再确认。") % batch.get_state_display())
    resource = resource_of(batch)
    require(acting_user, resource.permission)
    require_confirmable(batch, all_or_none=False)
    batch.created_by = acting_user
    return batch, resource, list(_waiting(batch))


def save_rows(rows: Sequence[StagedRow]) -> None:
    """Whole rows written over themselves: a tenth of the time of ``bulk_update``."""
    names = ["outcome", "state", "target", "content", "sealed"]
    StagedRow.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=names
    )


def hand_back(row: StagedRow, why: str) -> None:
    """A row that was fit and was not written after all joins those that were not fit; the caller saves it."""
    said = {name: value for name, value in row.said.items() if name != "values"}
    said["problems"] = [Problem("", "", why, _again())._asdict()]
    row.say(said, is_personal=row.is_personal)
    row.state, row.target = RowState.LEFT, ""


def close(batch: Import, resource: ImportResource) -> None:
    """The import is over: what was written is counted."""
    written = batch.written
    batch.counts = {
        **batch.counts,
        "new": written.get("new", 0),
        "changed": written.get("changed", 0),
        "conflict": batch.counts.get("conflict", 0) + written.get("left", 0),
    }
    batch.notes = [*batch.notes, *resource.closing_notes(batch)]
    renew_statistics(*resource.writes, rows=written.get("rows", 0))
    by = batch.created_by
    log(f"{resource.room}.imported", by=by, on=batch, note=resource.audit_note(batch), place=home_of(by))
    end(batch, ImportState.DONE)


def _stop(batch_id: int, resource: ImportResource, why: str, *, failed: bool = False) -> int:
    """End a writing before its end. What was written stays; the other rows are handed back. Returns how many rows are
    done. When none is, a called-off import may be confirmed again."""
    with transaction.atomic():
        batch = Import.objects.select_for_update().select_related("created_by").get(pk=batch_id)
        if batch.state != ImportState.WRITING:
            return 0
        done: int = batch.written.get("rows", 0)
        if not done:
            if failed:
                end(batch, ImportState.FAILED)
            else:
                batch.state = ImportState.CHECKED
                batch.save(update_fields=["state"])
            return 0
        left = 0
        while rows := list(_waiting(batch)[:_HANDED_BACK]):
            for row in rows:
                hand_back(row, why)
            save_rows(rows)
            left += len(rows)
        batch.written = {**batch.written, "left": batch.written.get("left", 0) + left}
        batch.notes = [*batch.notes, filled(_("没有写完：后面的 %d 行没有写入，可下载后再导入。"), left)]
        close(batch, resource)
    return done


@transaction.atomic
def leave_import(*, acting_user: Actor, batch_id: int) -> Import:
    """Go no further with an import: nothing written, it is thrown away; stuck half written, it is over and the rest is handed
    back; stuck half undone, the rest stays and may be undone another time. Raises ``Refused``."""
    batch = Import.objects.select_for_update().get(pk=batch_id)
    require(acting_user, "exchange.view_import", batch)
    if not is_stuck(batch) or not (batch.written and batch.state in (ImportState.WRITING, ImportState.UNDOING)):
        return discard_import(acting_user=acting_user, batch_id=batch_id)
    if batch.state == ImportState.UNDOING:
        batch.state = ImportState.DONE
        batch.save(update_fields=["state"])
    else:
        _stop(batch.pk, resource_of(batch), _("导入中断，这一行没有写入。"))
        batch.refresh_from_db()
    return batch


def undo_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Take back what was written, part by part, the last row first. What somebody has gone on with stays and is said."""
    batch = import_of(job)
    if batch.state == ImportState.UNDONE:
        return result_of(batch)
    require_state(batch, ImportState.UNDOING)
    resource, owner = resource_of(batch), batch.created_by
    try:
        while batch.state == ImportState.UNDOING:
            with transaction.atomic():
                batch = _undo_part(batch.pk, resource, progress, owner)
                progress.check()
            time.sleep(PAUSE if batch.state == ImportState.UNDOING else 0)
    except Cancelled:
        if is_called_off(job):
            Import.objects.filter(pk=batch.pk, state=ImportState.UNDOING).update(state=ImportState.DONE)
        raise
    except (ValidationError, Refused) as problem:
        Import.objects.filter(pk=batch.pk, state=ImportState.UNDOING).update(state=ImportState.DONE)
        raise Refused(_("没有全部撤销：%s") % problem) from problem
    return result_of(batch)


def _undo_part(batch_id: int, resource: ImportResource, progress: Progress, owner: Any) -> Import:
    batch = Import.objects.select_for_update().select_related("created_by").get(pk=batch_id)
    batch.created_by = owner
    require_state(batch, ImportState.UNDOING)
    rows = list(StagedRow.objects.filter(batch=batch, state=RowState.WRITTEN).order_by("-pk")[: resource.part])
    written = batch.written
    taken = written.get("undone", 0) + written.get("kept", 0)
    progress(95 * taken // max(written.get("rows", 0), 1), filled(_("正在撤销，已处理 %d 行"), taken))
    if rows:
        refusals = list(resource.undo(batch, rows, timezone.now()))
        for row, why in zip(rows, refusals, strict=True):
            said = {"title": row.said.get("title", "")}
            if why:
                kept_for = why if isinstance(why, Kept) else Kept(why, _("需要删除或改回的，请逐条处理。"))
                said["problems"] = [Problem("", "", kept_for.reason, kept_for.cure)._asdict()]
            row.say(said, is_personal=row.is_personal)
            row.state = RowState.LEFT if why else RowState.UNDONE
        save_rows(rows)
        kept = sum(1 for why in refusals if why)
        batch.written = {
            **written,
            "undone": written.get("undone", 0) + len(rows) - kept,
            "kept": written.get("kept", 0) + kept,
        }
    if len(rows) < resource.part:
        note = filled(
            _("撤销 %(undone)d 行，保留 %(kept)d 行。%(file)s"),
            {
                "undone": batch.written.get("undone", 0),
                "kept": batch.written.get("kept", 0),
                "file": batch.filename,
            },
        )
        log(f"{resource.room}.import_undone", by=owner, on=batch, note=note, place=home_of(owner))
        end(batch, ImportState.UNDONE)
    else:
        batch.save()
    return batch


def left_rows(batch: Import) -> models.QuerySet[StagedRow]:
    """The rows with something to be said against them, in the order of the file."""
    unfit = models.Q(outcome__in=[Outcome.CONFLICT, Outcome.INVALID]) | models.Q(state=RowState.LEFT)
    return StagedRow.objects.filter(unfit, batch=batch).order_by("sheet", "number", "pk")


def kept_rows(batch: Import) -> models.QuerySet[StagedRow]:
    """The rows that were written and that undoing left: what never was written has no row of the portal."""
    kept = StagedRow.objects.filter(batch=batch, state=RowState.LEFT, outcome__in=FIT).exclude(target="")
    return kept.order_by("sheet", "number", "pk")
