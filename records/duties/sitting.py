"""A quarter as it lies before the enterprise that is about to call it complete: what is owed, what came back, what is
not handed in, what waits, and how much of each kind there is beside the quarter before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.refusals import Question
from records.core.kinds import RecordKind, all_kinds
from records.core.models import Record, Status
from records.core.warning_rules import SPEAKS
from records.duties.models import Duty


@dataclass(frozen=True)
class KindLine:
    """Records of one kind that were handed in and stand: of the quarter and of the one before."""

    kind: RecordKind
    now: int
    before: int


@dataclass(frozen=True)
class Sitting:
    enterprise: Enterprise
    quarter: Quarter
    owed: Sequence[Duty]
    returned: Sequence[Record]
    drafts: Sequence[Record]
    waiting: int
    kinds: Sequence[KindLine]

    @property
    def is_running(self) -> bool:
        return timezone.localdate() <= self.quarter.last_day

    @property
    def is_blocked(self) -> bool:
        """Something is owed or has come back: the quarter is not complete, whatever is said."""
        return bool(self.owed or self.returned)

    def questions(self) -> Iterator[Question]:
        """What does not make it untrue but may have been overlooked."""
        if self.drafts:
            message = _("还有 %(count)d 条草稿没有提交，不会计入%(quarter)s。")
            yield Question("drafts", "", message % {"count": len(self.drafts), "quarter": self.quarter.label})
        if self.is_running:
            message = _("%(quarter)s到 %(day)s 才结束，之后还可能有活动。以后再提交的活动会自动取消这次确认。")
            yield Question("running", "", message % {"quarter": self.quarter.label, "day": self.quarter.last_day})


def sitting(enterprise: Enterprise, quarter: Quarter) -> Sitting:
    """A handful of queries, however much was filed."""
    own = Record.objects.filter(enterprise=enterprise)
    of_quarter = own.filter(quarter=quarter.code)
    owed = Duty.objects.filter(enterprise=enterprise, quarter=quarter.code, fulfilled_at=None)
    counts = own.filter(quarter__in=[quarter.code, quarter.previous().code], status__in=SPEAKS).order_by()
    found = {
        row["kind"]: row
        for row in counts.values("kind").annotate(
            now=Count("pk", filter=Q(quarter=quarter.code)), before=Count("pk", filter=~Q(quarter=quarter.code))
        )
    }
    return Sitting(
        enterprise,
        quarter,
        list(owed.order_by("due", "kind")),
        list(of_quarter.filter(status=Status.RETURNED).order_by("-pk")),
        list(of_quarter.filter(status__in=[Status.DRAFT, Status.WITHDRAWN]).order_by("-pk")),
        of_quarter.filter(status=Status.SUBMITTED).count(),
        [
            KindLine(kind, found[kind.slug]["now"], found[kind.slug]["before"])
            for kind in all_kinds()
            if kind.slug in found
        ],
    )
