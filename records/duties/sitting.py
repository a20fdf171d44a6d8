"""A quarter as it lies before the enterprise that is about to call it complete, or empty: what is owed, what came back, what is
not handed in, what waits, and how much of each kind there is beside the quarter before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.refusals import Question
from foundation.saying import filled
from records.core.kinds import RecordKind, Rhythm, enterprise_kinds
from records.core.models import Record, ReportingQuarter, Status
from records.core.warning_rules import SPEAKS
from records.duties.models import Duty
from records.duties.queries import AGAINST_NIL, unmet


@dataclass(frozen=True)
class KindLine:
    """Records of one kind that were handed in and stand: of the quarter and of the one before."""

    kind: RecordKind
    now: int
    before: int
    #: Of the quarter, begun or come back: not among those that stand.
    unsent: int = 0

    @property
    def is_annual(self) -> bool:
        """Filed once a year: that this quarter has none says nothing."""
        return self.kind.rhythm is Rhythm.ANNUAL


@dataclass(frozen=True)
class Sitting:
    enterprise: Enterprise
    quarter: Quarter
    owed: Sequence[Duty]
    returned: Sequence[Record]
    drafts: Sequence[Record]
    waiting: int
    kinds: Sequence[KindLine]
    #: Events filed or begun: they stand against saying that there was nothing.
    events: int

    @property
    def is_running(self) -> bool:
        return timezone.localdate() <= self.quarter.last_day

    @property
    def is_blocked(self) -> bool:
        """Something is owed or has come back: the quarter is not complete, whatever is said."""
        return bool(self.owed or self.returned)

    @property
    def what_blocks(self) -> str:
        """What is owed or has come back, in words; empty when nothing is."""
        parts = [
            filled(_("%d 项应报事项没有报"), len(self.owed)) if self.owed else "",
            filled(_("%d 条退回的记录没有修改"), len(self.returned)) if self.returned else "",
        ]
        return "、".join(part for part in parts if part)

    @property
    def since_said(self) -> str:
        """What came after the quarter was called complete and has to be done, in words; empty when nothing did."""
        parts = [
            filled(_("退回 %d 条，请修改"), len(self.returned)) if self.returned else "",
            filled(_("有 %d 项应报事项没有报，请填报"), len(self.owed)) if self.owed else "",
        ]
        return "；".join(part for part in parts if part)

    @property
    def nil_question(self) -> Question:
        """Asked of every nil return: it counts, and nobody says it by one click elsewhere."""
        message = _("零报告表示%(quarter)s没有开展任何活动，会计入统计。")
        return Question("nil", "", message % {"quarter": self.quarter.label})

    def questions(self, *, is_nil: bool = False) -> Iterator[Question]:
        """What does not make it untrue but may have been overlooked; ``is_nil``: and what a nil return says."""
        if is_nil:
            yield self.nil_question
        if self.drafts:
            message = _("还有 %(count)d 条草稿没有提交，不会计入%(quarter)s。")
            yield Question("drafts", "", filled(message, {"count": len(self.drafts), "quarter": self.quarter.label}))
        if self.is_running:
            message = _("%(quarter)s到 %(day)s 才结束，之后还可能有活动。以后再提交的活动会自动取消这次确认。")
            yield Question(
                "running", "", filled(message, {"quarter": self.quarter.label, "day": self.quarter.last_day})
            )


def why_no_statement(quarter: Quarter) -> str:
    """Why the quarter takes no statement now; empty when it does."""
    if timezone.localdate() < quarter.first_day:
        return _("%s还没有开始，不能做季度确认。") % quarter.label
    if not ReportingQuarter.objects.filter(code=quarter.code, is_open=True).exists():
        return _("%s没有开放填报，不能做季度确认。") % quarter.label
    return ""


def sitting(enterprise: Enterprise, quarter: Quarter) -> Sitting:
    """A handful of queries, however much was filed."""
    own = Record.objects.filter(enterprise=enterprise)
    of_quarter = own.filter(quarter=quarter.code)
    owed = list(unmet(Duty.objects.filter(enterprise=enterprise, quarter=quarter.code)).order_by("due", "kind"))
    told = {(duty.kind, duty.period) for duty in owed}
    counts = own.filter(quarter__in=[quarter.code, quarter.previous().code], status__in=SPEAKS).order_by()
    found = {
        row["kind"]: row
        for row in counts.values("kind").annotate(
            now=Count("pk", filter=Q(quarter=quarter.code)), before=Count("pk", filter=~Q(quarter=quarter.code))
        )
    }
    unsent = [Status.RETURNED, Status.DRAFT, Status.WITHDRAWN]
    open_records = list(of_quarter.filter(status__in=unsent).order_by("-pk"))
    unsent_of = Counter(record.kind for record in open_records)
    tally = of_quarter.aggregate(
        waiting=Count("pk", filter=Q(status=Status.SUBMITTED)), events=Count("pk", filter=AGAINST_NIL)
    )
    return Sitting(
        enterprise,
        quarter,
        owed,
        [record for record in open_records if record.status == Status.RETURNED],
        # A draft of what is owed is told by what is owed.
        [one for one in open_records if one.status != Status.RETURNED and (one.kind, one.period) not in told],
        tally["waiting"],
        [
            KindLine(kind, found[kind.slug]["now"], found[kind.slug]["before"], unsent_of[kind.slug])
            for kind in enterprise_kinds()
            if kind.slug in found
        ],
        tally["events"],
    )
