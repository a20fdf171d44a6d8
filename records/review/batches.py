"""Deciding many records at once: frozen when asked for, confirmed, done by a job, with an outcome for each record."""

import datetime
from typing import Any

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.jobs.actions import enqueue
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from foundation.jobs.progress import Progress
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.ui.formats import moment
from records.core.bulk import move_records
from records.core.models import Record, Status
from records.core.transitions import reason_for
from records.core.workflow import MOVES
from records.review.models import BatchState, Outcome, ReviewBatch, ReviewBatchRow
from records.review.permissions import OWN_RECORD

register_event("records.batch_started", gettext_lazy("批量审核"))

DECIDE = "records.review_batch"
#: What may be decided for many at once. A rejection is final, so it is given one by one.
BATCH_ACTIONS = ("approve", "return")
#: As many as a workbook may bring.
MOST = 20_000
#: Records decided in one transaction.
CHUNK = 100
#: A selection nobody confirms is forgotten after this.
KEEP = datetime.timedelta(days=1)


@transaction.atomic
def freeze(*, acting_user: Actor, action: str, records: models.QuerySet[Record], asked: str) -> ReviewBatch:
    """Keep which records, in which version, a decision is asked for; nothing is decided yet. The person's own are kept
    as skipped, with the reason. Raises ``Refused``."""
    require(acting_user, "records.review")
    if action not in BATCH_ACTIONS:
        raise Refused(_("只有“通过”和“退回修改”可以批量办理。驳回是最终决定，请逐条办理。"))
    found = list(records.values_list("pk", "version", "created_by_id", "submitted_by_id")[: MOST + 1])
    if not found:
        raise Refused(_("没有选中记录。请在列表中勾选，或勾选“选中全部”。"))
    if len(found) > MOST:
        raise Refused(filled(_("符合条件的超过 %d 条，一次办理不完。请加上类型、季度等条件，分几次办理。"), MOST))
    batch = ReviewBatch.objects.create(action=action, asked=asked[:300], created_by=acting_user)
    rows = [_row(batch, acting_user, *columns) for columns in found]
    ReviewBatchRow.objects.bulk_create(rows, batch_size=500)
    batch.count = sum(row.outcome == Outcome.WAITING for row in rows)
    batch.save(update_fields=["count"])
    return batch


def still_approved(batch: ReviewBatch) -> models.QuerySet[ReviewBatchRow]:
    """What a bulk approval let through and nobody touched since."""
    as_left = models.Q(record__version=models.F("version") + 1, record__status=Status.APPROVED)
    return batch.rows.filter(as_left, outcome=Outcome.DONE)


@transaction.atomic
def freeze_to_reopen(*, acting_user: Actor, batch_id: int) -> ReviewBatch:
    """Keep the records of a bulk approval to be reopened together; a reason is asked for before anything happens. Whether
    a record may be reopened is decided for each, like singly. Raises ``Refused``: no bulk approval that has ended, or
    nothing of it stands as it was left."""
    approved = _locked(acting_user, batch_id)
    if approved.action != "approve" or approved.state not in (BatchState.DONE, BatchState.CANCELLED):
        raise Refused(_("只有已经办完的批量通过可以整批重新打开。"))
    found = list(still_approved(approved).order_by("pk").values_list("record_id", "record__version"))
    if not found:
        raise Refused(_("这一批通过的记录后来都有变化，请到各条记录上分别办理。"))
    asked = _("%s通过的一批记录") % moment(approved.created_at)
    batch = ReviewBatch.objects.create(action="reopen", asked=asked, count=len(found), created_by=acting_user)
    rows = [ReviewBatchRow(batch=batch, record_id=pk, version=version) for pk, version in found]
    ReviewBatchRow.objects.bulk_create(rows, batch_size=500)
    return batch


def _row(batch: ReviewBatch, acting_user: Actor, pk: int, version: int, *makers: int | None) -> ReviewBatchRow:
    own = acting_user.pk in makers
    return ReviewBatchRow(
        batch=batch,
        record_id=pk,
        version=version,
        outcome=Outcome.SKIPPED if own else Outcome.WAITING,
        message=str(OWN_RECORD) if own else "",
    )


def _locked(acting_user: Actor, batch_id: int) -> ReviewBatch:
    batch = ReviewBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    require(acting_user, "records.view_review_batch", batch)
    return batch


def _require_asked(batch: ReviewBatch) -> None:
    if batch.state != BatchState.ASKED:
        raise Refused(_("这次批量审核现在是“%s”，不能再改。") % batch.get_state_display())


@transaction.atomic
def confirm_batch(*, acting_user: Actor, batch_id: int, reason: str = "") -> ReviewBatch:
    """Have the frozen records decided. Raises ``Refused``: no reason given, nothing to decide, already begun."""
    batch = _locked(acting_user, batch_id)
    _require_asked(batch)
    move = MOVES[batch.action]
    batch.reason = reason_for(move, reason)
    if not batch.count:
        raise Refused(_("选中的都是您自己填报的记录，请由同事审核。"))
    batch.state = BatchState.RUNNING
    title = filled(_("批量%(what)s：%(count)d 条"), {"what": move.label, "count": batch.count})
    batch.job = enqueue(
        kind=DECIDE, title=title, parameters={"batch": batch.pk}, owner=acting_user, unique_key=f"{DECIDE}:{batch.pk}"
    )
    batch.save(update_fields=["reason", "state", "job"])
    places = scope_of(acting_user).places()
    log("records.batch_started", by=acting_user, on=batch, note=f"{title}。{batch.asked}", place=places[0])
    return batch


@transaction.atomic
def drop_batch(*, acting_user: Actor, batch_id: int) -> None:
    """Forget a selection that was not confirmed, or was called off before any of it was decided; no record was touched.
    Raises ``Refused``."""
    batch = _locked(acting_user, batch_id)
    if batch.state != BatchState.CANCELLED or batch.rows.filter(outcome=Outcome.DONE).exists():
        _require_asked(batch)
    batch.delete()


def _require_not_called_off(job: Job) -> None:
    """Somebody cancelled the job of this batch, or an earlier attempt at it: whoever asks for that job again has not seen
    what the records say now. Only what failed goes on where it stopped."""
    if Job.objects.filter(unique_key=job.unique_key, status=JobStatus.CANCELLED).exists():
        raise Refused(_("这次批量审核已经取消，没有处理的记录仍在待审列表中。请在待审列表中重新选取。"))


def run_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Decide what is still waiting, a hundred in each transaction. Begun again, it goes on where it stopped. Raises
    ``Refused`` when it was called off before."""
    batch = ReviewBatch.objects.select_related("created_by").filter(pk=job.parameters["batch"]).first()
    if batch is None:
        raise Refused(_("这次批量审核已经放弃。请在待审列表中重新选取。"))
    _require_not_called_off(job)
    if batch.job_id != job.pk and batch.state != BatchState.DONE:
        # The job was asked for again on its own page.
        batch.job, batch.state = job, BatchState.RUNNING
        batch.save(update_fields=["job", "state"])
    waiting = batch.rows.filter(outcome=Outcome.WAITING).order_by("pk")
    left = waiting.count()
    try:
        while chunk := list(waiting[:CHUNK]):
            progress.check()
            with transaction.atomic():
                _require_running(batch)
                _decide_chunk(batch, chunk)
            left -= len(chunk)
            done = batch.count - left
            words = filled(_("已处理 %(done)d 条，共 %(total)d 条"), {"done": done, "total": batch.count})
            progress(100 * done // max(batch.count, 1), words)
    except Cancelled:
        if Job.objects.filter(pk=job.pk, status=JobStatus.CANCELLED).exists():
            _end(batch, BatchState.CANCELLED)
        raise
    _end(batch, BatchState.DONE)
    counts = batch.rows.aggregate(
        done=models.Count("pk", filter=models.Q(outcome=Outcome.DONE)),
        skipped=models.Count("pk", filter=models.Q(outcome=Outcome.SKIPPED)),
    )
    return {"url": reverse("records:batch", args=[batch.pk]), "label": _("查看每条的结果"), "counts": counts}


def _require_running(batch: ReviewBatch) -> None:
    """Raises ``Cancelled`` when the batch was ended meanwhile, and perhaps dropped. Until the transaction ends it cannot
    be."""
    rows = ReviewBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk, state=BatchState.RUNNING)
    if rows.first() is None:
        raise Cancelled


def _end(batch: ReviewBatch, state: str) -> None:
    ReviewBatch.objects.filter(pk=batch.pk).update(state=state, finished_at=timezone.now())


def end_stopped_batches() -> int:
    """Batches whose job ended without its worker noticing (cancelled while it waited, given up, failed) are over, too:
    what is not decided goes on waiting for a decision. The clock asks every other minute. Returns how many."""
    ended = Job.objects.filter(pk=models.OuterRef("job"), status__in=(JobStatus.CANCELLED, JobStatus.FAILED))
    running = ReviewBatch.objects.filter(models.Exists(ended), state=BatchState.RUNNING)
    return running.update(state=BatchState.CANCELLED, finished_at=timezone.now())


def _decide_chunk(batch: ReviewBatch, rows: list[ReviewBatchRow]) -> None:
    """Records that changed since they were frozen are left: nobody has seen what they say now."""
    pks = [row.record_id for row in rows]
    locked = Record.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    versions = dict(locked.values_list("pk", "version"))
    unchanged = [row.record_id for row in rows if versions.get(row.record_id) == row.version]
    outcomes = {
        outcome.record_id: outcome
        for outcome in move_records(
            acting_user=batch.created_by, record_ids=unchanged, action=batch.action, reason=batch.reason
        )
    }
    for row in rows:
        outcome = outcomes.get(row.record_id)
        if outcome is None:
            row.outcome, row.message = Outcome.SKIPPED, _("选定之后这条记录又有变化，没有处理。请单独审核。")
        else:
            row.outcome = Outcome.DONE if outcome.ok else Outcome.SKIPPED
            row.message = outcome.message
    ReviewBatchRow.objects.bulk_update(rows, ["outcome", "message"])


def forget_unconfirmed_batches() -> int:
    """Drop selections nobody confirmed. The clock asks once a day."""
    old = ReviewBatch.objects.filter(state=BatchState.ASKED, created_at__lt=timezone.now() - KEEP)
    return old.delete()[1].get("records.ReviewBatch", 0)
