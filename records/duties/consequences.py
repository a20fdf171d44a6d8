"""What a change of the register does to duties and statements."""

from collections.abc import Iterator, Sequence

from django.db import models
from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, register_consequence
from enterprises.models import ChangeKind
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.saying import filled
from records.core.consequences import columns_of, in_chunks
from records.core.models import ReportingQuarter
from records.duties.facts import append_duty_changes
from records.duties.models import Duty, QuarterStatement


@register_consequence
class Duties(Consequence):
    """What is still owed in open quarters goes along with a move, and ends with a closing. What was owed for a quarter
    that had ended before the closing stays: the quarter's figures are those of its last day."""

    name = "duties"
    order = 20

    def _open(self, ids: Sequence[int], change: PlannedChange) -> models.QuerySet[Duty]:
        still_open = ReportingQuarter.objects.filter(is_open=True)
        if change.closes:
            still_open = still_open.filter(code__gte=Quarter.of(change.on).code)
        return Duty.objects.filter(enterprise_id__in=ids, fulfilled_at=None, quarter__in=still_open.values("code"))

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        about = _("应报事项")
        owed = sum(self._open(chunk, change).count() for chunk in in_chunks(change.enterprise_ids))
        if change.kind == ChangeKind.MOVE and owed:
            yield Effect(about, filled(_("未完成的 %d 项应报事项随企业转走，由迁入地催报；已完成的留在原处。"), owed))
        elif change.closes and owed:
            yield Effect(about, filled(_("未完成的 %d 项应报事项终止，不再催报。"), owed))
        elif change.kind == ChangeKind.REOPEN:
            yield Effect(about, _("仍开放填报的季度，应报事项会在一小时内按规则重新生成。"))
        elif change.kind == ChangeKind.SPLIT:
            yield Effect(about, _("新企业的应报事项会在一小时内按规则生成；原企业的不变。"))

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> None:
        still_open = ReportingQuarter.objects.filter(is_open=True).values("code")
        for county, ids in change.by_county().items():
            for chunk in in_chunks(ids):
                self._open(chunk, change).update(**columns_of(county))
                said = QuarterStatement.objects.filter(enterprise_id__in=chunk, quarter__in=still_open)
                said.update(**columns_of(county))
        if change.closes:
            for chunk in in_chunks(change.enterprise_ids):
                self._end(chunk, change)

    def _end(self, ids: Sequence[int], change: PlannedChange) -> None:
        ended = list(self._open(ids, change))
        append_duty_changes({(duty.enterprise_id, duty.quarter) for duty in ended})
        Duty.objects.filter(pk__in=[duty.pk for duty in ended]).delete()
