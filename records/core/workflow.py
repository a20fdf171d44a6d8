"""The life of a record as one table: which action leads from where to where, and which permission it takes."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from foundation.labels import Label
from records.core.models import Record, Status


@dataclass(frozen=True)
class Move:
    """One action. ``needs_reason``: the person must say why. ``climbs``: passes through the kind's review levels.
    ``takes_comments``: sends the record back, and may say at single fields what to correct. ``hands_in``: from then on
    the record stands for its enterprise."""

    action: str
    label: Label
    done: Label
    sources: tuple[str, ...]
    target: str
    permission: str
    needs_reason: bool = False
    climbs: bool = False
    is_review: bool = False
    takes_comments: bool = False
    hands_in: bool = False

    @property
    def is_decision(self) -> bool:
        """An office's word on a record, which is its officer's own."""
        return self.is_review or self.takes_comments


MOVES: dict[str, Move] = {
    move.action: move
    for move in (
        Move(
            "submit",
            _("提交审核"),
            _("已提交审核"),
            (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN),
            Status.SUBMITTED,
            "records.submit",
            hands_in=True,
        ),
        Move("withdraw", _("撤回"), _("已撤回"), (Status.SUBMITTED,), Status.WITHDRAWN, "records.withdraw"),
        Move(
            "approve",
            _("通过"),
            _("已通过"),
            (Status.SUBMITTED,),
            Status.APPROVED,
            "records.review",
            climbs=True,
            is_review=True,
        ),
        Move(
            "return",
            _("退回修改"),
            _("已退回"),
            (Status.SUBMITTED,),
            Status.RETURNED,
            "records.review",
            needs_reason=True,
            is_review=True,
            takes_comments=True,
        ),
        Move(
            "reject",
            _("驳回"),
            _("已驳回"),
            (Status.SUBMITTED,),
            Status.REJECTED,
            "records.review",
            needs_reason=True,
            is_review=True,
        ),
        Move(
            "reopen",
            _("重新打开"),
            _("已重新打开，退回企业修改"),
            (Status.APPROVED,),
            Status.RETURNED,
            "records.reopen",
            needs_reason=True,
            takes_comments=True,
        ),
    )
}

#: What a step is called; some are no move of the table.
STEP_LABELS = {
    "create": _("新建"),
    "edit": _("修改"),
    "appeal": _("申诉"),
    "uphold": _("申诉：维持驳回"),
    "overturn": _("申诉成立"),
    "correction": _("申请更正"),
    "decline": _("不同意更正"),
    **{name: move.label for name, move in MOVES.items()},
}


def moves_from(record: Record) -> list[Move]:
    """The moves the table allows from the record's status, whoever asks."""
    return [move for move in MOVES.values() if record.status in move.sources]
