"""更正申请: an enterprise asks that an approved record be reopened; the office that approved it does so, or says why not."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require, verdict
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.refusals import Refused
from records.core.actions import act, locked, write_step
from records.core.kinds import kind_of
from records.core.models import Record
from records.review.asking import asked_about, said
from records.review.models import Correction, CorrectionOutcome
from records.review.notifications import notify_correction_asked, notify_correction_decided

register_event("records.correction_asked", gettext_lazy("申请更正"))
register_event("records.correction_declined", gettext_lazy("不同意更正"))

#: How a request may end.
REOPEN, DECLINE = "reopen", "decline"


def _approving_level(record: Record) -> str:
    """The level of the office that had the last word on the record."""
    approval = record.steps.filter(action="approve").order_by("-pk").first()
    return approval.level if approval is not None and approval.level else kind_of(record).review_levels[-1]


@transaction.atomic
def ask_correction(*, acting_user: Actor, record_id: int, version: int, reason: str) -> Correction:
    """Ask the office that approved the record. It stays approved, and counts, meanwhile. Raises ``AccessDenied``,
    ``Stale``, ``Refused``."""
    record = locked(record_id, version)
    require(acting_user, "records.ask_correction", record)
    reason = said(reason, _("请写明申请更正的理由：哪一项不对，应当是多少。"))
    columns = asked_about(record, held_by=_approving_level(record), reason=reason, acting_user=acting_user)
    correction = Correction(**columns)
    try:
        with transaction.atomic():
            correction.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("这条记录已有一件更正申请在处理，请等审核单位答复。")) from error
    write_step(record, "correction", by=acting_user, before=record.status, reason=reason)
    log("records.correction_asked", by=acting_user, on=record, note=reason)
    notify_correction_asked(correction)
    return correction


@transaction.atomic
def decide_correction(*, acting_user: Actor, correction_id: int, decision: str, answer: str) -> Correction:
    """Reopen the record, which closes the request (``records.review.effects``), or decline with the reason. Raises
    ``AccessDenied``, ``Refused``."""
    correction = Correction.objects.select_for_update(of=("self",)).select_related("record").get(pk=correction_id)
    require(acting_user, "records.decide_correction", correction)
    if decision not in (REOPEN, DECLINE):
        raise Refused(_("请选择重新打开这条记录，或者不同意更正。"))
    answer = said(answer, _("请写明处理意见，企业会看到。"))
    record = locked(correction.record_id, correction.record.version)
    if decision == REOPEN:
        if not (allowed := verdict(acting_user, "records.reopen", record)):
            raise Refused(allowed.reason)
        act(acting_user=acting_user, record_id=record.pk, action="reopen", version=record.version, reason=answer)
        correction.refresh_from_db()
        return correction
    correction.outcome, correction.answer = CorrectionOutcome.DECLINED, answer
    correction.decided_by, correction.decided_at = acting_user, timezone.now()
    correction.save(update_fields=["outcome", "answer", "decided_by", "decided_at"])
    write_step(record, "decline", by=acting_user, before=record.status, reason=answer, level=correction.held_by)
    log("records.correction_declined", by=acting_user, on=record, note=answer)
    notify_correction_decided(correction)
    return correction
