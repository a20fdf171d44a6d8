"""What appeals and requests of correction have in common: an enterprise asks an office about a record, with a reason."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import Actor
from foundation.calendar.workdays import add_working_days
from foundation.refusals import Refused
from foundation.saying import filled
from records.core.models import Record
from records.review.settings import rules_of

LONGEST_REASON = 2_000


def said(text: str, missing: str) -> str:
    """The words, without blanks around them. Raises ``Refused``: with ``missing`` when there are none."""
    text = text.strip()
    if not text:
        raise Refused(missing)
    if len(text) > LONGEST_REASON:
        raise Refused(
            filled(_("写了 %(size)d 个字，最多 %(most)d 个。请写短些。"), {"size": len(text), "most": LONGEST_REASON})
        )
    return text


def asked_about(record: Record, *, held_by: str, reason: str, acting_user: Actor) -> dict[str, Any]:
    """The columns that every such request has: where the record lies, who answers and by when."""
    return {
        "record_id": record.pk,
        "province_id": record.province_id,
        "city_id": record.city_id,
        "county_id": record.county_id,
        "enterprise_id": record.enterprise_id,
        "held_by": held_by,
        "reason": reason,
        "made_by": acting_user,
        "decide_by": add_working_days(timezone.localdate(), rules_of(record).review_days),
    }
