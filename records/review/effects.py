"""What a move leaves on a record for the offices: by when it is to be decided, what to look at, whether the city's lot
fell on it, until when a rejection may be appealed; and whom the portal notifies of it."""

import functools
import hashlib
import hmac
from collections.abc import Callable, Sequence

from django.db.models import Exists, OuterRef
from django.utils import timezone

from enterprises.models import Enterprise
from foundation.calendar.workdays import add_working_days
from records.core.effects import Effect, Moving, register_effect
from records.core.models import Record, Status
from records.review.models import Correction, CorrectionOutcome, SampleSalt
from records.review.notifications import notify_correction_decided, notify_filers
from records.review.risk import assess
from records.review.settings import SettingsOf


@register_effect
class ReviewFollows(Effect):
    """Sets the columns in memory before the records are saved; a handful of queries for any number of records."""

    order = 20

    def before_save(self, moving: Moving) -> None:
        move, records = moving.move, moving.records
        settings = SettingsOf({pk for record in records for pk in (record.city_id, record.province_id)})
        working_days_after = functools.cache(add_working_days)
        known = _filers_that_handed_in(records) if move.action == "submit" else set()
        draw = _lottery()
        for moved in moving.moved:
            record = moved.record
            rules = settings.rules(record.city_id, record.province_id)
            day = timezone.localdate(moved.at)
            if move.action == "submit":
                assess(record, moved.questions, is_first=record.filer_id not in known)
                known.add(record.filer_id)
                record.is_sampled, record.appeal_until = False, None
            if record.status == Status.SUBMITTED:
                record.decide_by = working_days_after(day, rules.review_days)
                if move.is_review:
                    record.assigned_to_id = None
            elif record.status == Status.APPROVED:
                # What an office reports itself a second person has confirmed; the sample is of what counties decide on others.
                record.is_sampled = not record.is_of_office and draw(record) < rules.sample_percent * 100
            elif record.status == Status.REJECTED:
                record.appeal_until = working_days_after(day, rules.appeal_days)

    def after_save(self, moving: Moving) -> None:
        if moving.is_notified:
            notify_filers(moving.records, moving.move, moving.moved[0].reason)
        if moving.move.action == "reopen":
            _close_corrections(moving)


def _close_corrections(moving: Moving) -> None:
    """A reopened record can be corrected: whoever reopened it, and why, is the answer to the request."""
    moved = {one.record.pk: one for one in moving.moved}
    corrections = Correction.objects.filter(record_id__in=moved, outcome=CorrectionOutcome.OPEN)
    for correction in corrections.select_related("record"):
        one = moved[correction.record_id]
        correction.outcome, correction.answer = CorrectionOutcome.REOPENED, one.reason
        correction.decided_by, correction.decided_at = one.by, one.at
        correction.save(update_fields=["outcome", "answer", "decided_by", "decided_at"])
        if moving.is_notified:
            notify_correction_decided(correction)


def _filers_that_handed_in(records: Sequence[Record]) -> set[int]:
    """Enterprises with another record handed in before these, and every office: it is nobody new."""
    before = Record.objects.filter(enterprise=OuterRef("pk"), first_submitted_at__isnull=False)
    before = before.exclude(pk__in=[record.pk for record in records if record.pk]).order_by()
    enterprises = {record.enterprise_id for record in records if record.enterprise_id is not None}
    found = Enterprise.objects.filter(Exists(before), pk__in=enterprises).order_by()
    return {*found.values_list("pk", flat=True), *(record.filer_id for record in records if record.is_of_office)}


def _lottery() -> Callable[[Record], int]:
    """A lot from 0 to 9999 for a record: always the same for the same record and quarter, and nobody's guess."""

    @functools.cache
    def salt_of(quarter: str) -> bytes:
        return SampleSalt.objects.get_or_create(quarter=quarter)[0].salt.encode()

    def draw(record: Record) -> int:
        digest = hmac.digest(salt_of(record.quarter), str(record.pk).encode(), hashlib.sha256)
        return int.from_bytes(digest[:8]) % 10_000

    return draw
