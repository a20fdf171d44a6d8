"""申诉: an enterprise asks the office above the one that rejected; that office upholds or overturns."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.refusals import Refused
from records.core.actions import locked, period_conflicts, write_step
from records.core.effects import Moved, Moving
from records.core.models import Record, Status
from records.core.moving import carry_out, columns_of
from records.core.workflow import Move
from records.review.asking import asked_about, said
from records.review.models import Appeal, AppealOutcome
from records.review.notifications import notify_appellant, notify_office_above

register_event("records.appeal_made", gettext_lazy("提出申诉"))
register_event("records.appeal_upheld", gettext_lazy("申诉：维持驳回"))
register_event("records.appeal_overturned", gettext_lazy("申诉成立"))

#: Who decides an appeal against whom.
ABOVE = {"county": "city", "city": "province"}
#: How an appeal may end, and where the record then stands.
UPHOLD, MEND, REVIEW_AGAIN = "uphold", "mend", "review"


@transaction.atomic
def make_appeal(*, acting_user: Actor, record_id: int, version: int, reason: str) -> Appeal:
    """Ask the office above. The record stays rejected meanwhile. Raises ``AccessDenied``, ``Refused``."""
    record = locked(record_id, version)
    require(acting_user, "records.appeal", record)
    reason = said(reason, _("请写明申诉理由：为什么认为不该驳回。"))
    rejection = record.steps.filter(action="reject").order_by("-pk").first()
    level = rejection.level if rejection is not None and rejection.level in ABOVE else "county"
    appeal = Appeal(
        **asked_about(record, held_by=ABOVE[level], reason=reason, acting_user=acting_user),
        rejected_by_level=level,
        rejected_by_id=rejection.actor_id if rejection is not None else None,
    )
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("这条记录已经申诉过，每条记录只能申诉一次。")) from error
    write_step(record, "appeal", by=acting_user, before=record.status, reason=reason)
    log("records.appeal_made", by=acting_user, on=record, note=reason)
    notify_office_above(appeal)
    return appeal


@transaction.atomic
def decide_appeal(*, acting_user: Actor, appeal_id: int, decision: str, answer: str) -> Appeal:
    """``uphold`` the rejection, or overturn it: the record goes back to the enterprise to ``mend``, or to the office
    that rejected it for ``review`` anew. Raises ``AccessDenied``, ``Refused``, ``ValidationError`` (another
    return of the same period stands in its place)."""
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("record").get(pk=appeal_id)
    require(acting_user, "records.decide_appeal", appeal)
    if decision not in (UPHOLD, MEND, REVIEW_AGAIN):
        raise Refused(_("请选择维持驳回，或申诉成立后怎样办理。"))
    answer = said(answer, _("请写明处理意见，企业和驳回单位都会看到。"))
    record = locked(appeal.record_id, appeal.record.version)
    appeal.outcome = AppealOutcome.UPHELD if decision == UPHOLD else AppealOutcome.OVERTURNED
    appeal.answer, appeal.decided_by, appeal.decided_at = answer, acting_user, timezone.now()
    appeal.save(update_fields=["outcome", "answer", "decided_by", "decided_at"])
    if decision == UPHOLD:
        write_step(record, "uphold", by=acting_user, before=record.status, reason=answer, level=appeal.held_by)
        log("records.appeal_upheld", by=acting_user, on=record, note=answer)
    else:
        _overturn(record, appeal, acting_user, mend=decision == MEND)
    notify_appellant(appeal)
    return appeal


#: A rejection is lifted: no move of the table, for nobody makes it but whoever decides the appeal.
_OVERTURN = Move(
    "overturn",
    gettext_lazy("申诉成立"),
    gettext_lazy("申诉成立"),
    (Status.REJECTED,),
    Status.RETURNED,
    "records.decide_appeal",
    hands_in=True,
)


def _overturn(record: Record, appeal: Appeal, acting_user: Actor, *, mend: bool) -> None:
    moved = Moved(record, columns_of(record), timezone.now(), acting_user, reason=appeal.answer, level=appeal.held_by)
    if mend:
        record.status, record.held_by = Status.RETURNED, ""
    else:
        record.status, record.held_by = Status.SUBMITTED, appeal.rejected_by_level
    record.reason, record.appeal_until = appeal.answer, None
    record.version += 1
    with period_conflicts(record):
        carry_out(Moving(_OVERTURN, [moved]))
    log("records.appeal_overturned", by=acting_user, on=record, note=appeal.answer)
