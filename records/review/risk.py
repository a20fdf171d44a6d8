"""What makes a waiting record worth a closer look, in words. Worked out when it is handed in and kept with it.

It speaks of the record, never of a person, and never of missing evidence: evidence is optional.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from foundation.labels import Label
from foundation.refusals import Question
from records.core.models import HIGH_RISK, Record


class Reason(NamedTuple):
    weight: int
    words: Label


#: By code, in the order they are shown. What a warning asked about weighs enough for a second look by itself.
REASONS: dict[str, Reason] = {
    "duplicate": Reason(HIGH_RISK, _("疑似重复填报")),
    "people": Reason(HIGH_RISK, _("参加人数超过职工人数")),
    "times": Reason(HIGH_RISK, _("达到上期三倍以上")),
    "attendances": Reason(HIGH_RISK, _("人次少于人数")),
    "attendances_many": Reason(HIGH_RISK, _("人次超过人数三倍")),
    "usual": Reason(HIGH_RISK, _("远高于本企业以往")),
    "total": Reason(HIGH_RISK, _("明细与合计不符")),
    "part": Reason(HIGH_RISK, _("分项大于总数")),
    "unusual": Reason(HIGH_RISK, _("有其他需核对的提示")),
    "late": Reason(1, _("补报")),
    "first": Reason(1, _("本企业首次提交")),
    "again": Reason(1, _("退回后再次提交")),
}


def assess(record: Record, questions: Iterable[Question], *, is_first: bool) -> None:
    """Write the record's risk into it; nothing is saved. ``questions``: what was asked when it was handed in."""
    codes = {question.code if question.code in REASONS else "unusual" for question in questions}
    if record.is_late_entry:
        codes.add("late")
    if is_first:
        codes.add("first")
    if record.decided_at is not None:
        codes.add("again")
    shown = [code for code in REASONS if code in codes]
    record.risk, record.risk_reasons = sum(REASONS[code].weight for code in shown), ",".join(shown)


def reasons_of(record: Record) -> list[str]:
    """The reasons in words."""
    return [str(REASONS[code].words) for code in record.risk_reasons.split(",") if code in REASONS]
