"""What a change of the register does to records and duties. Records stay where they were filed."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, Weight, register_consequence
from enterprises.models import ChangeKind
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from records.core.models import EDITABLE, Record, ReportingQuarter, Status
from records.duties.facts import append_duty_changes
from records.duties.models import Duty, QuarterStatement

EXAMPLES = 5
_CHUNK = 500
_COUNTED = {
    "handed_in": Q(first_submitted_at__isnull=False),
    "drafts": Q(first_submitted_at__isnull=True),
    "waiting": Q(status=Status.SUBMITTED),
    "unfinished": Q(status__in=EDITABLE),
}


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def _to(county: Place) -> dict[str, int]:
    return {"county_id": county.pk, "city_id": county.city_id, "province_id": county.province_id}


@register_consequence
class Records(Consequence):
    name = "records"
    order = 10

    def _counts(self, change: PlannedChange) -> Counter:
        found: Counter = Counter()
        wanted = {name: Count("pk", filter=condition) for name, condition in _COUNTED.items()}
        for chunk in _chunks(change.enterprise_ids):
            found.update(Record.objects.filter(enterprise_id__in=chunk).aggregate(**wanted))
        return found

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        counts, about = self._counts(change), _("记录")
        if change.kind == ChangeKind.MOVE:
            yield from self._when_moved(counts, about)
        elif change.closes:
            yield from self._when_closed(change, counts, about)
        elif change.kind == ChangeKind.RENAME and counts["handed_in"]:
            yield Effect(about, _("已有的 %d 条记录内容不变，列表中显示新名称。") % counts["handed_in"])
        elif change.kind == ChangeKind.SPLIT and counts["handed_in"]:
            yield Effect(about, _("已有的 %d 条记录都留在原企业。") % counts["handed_in"])
        elif change.kind == ChangeKind.REOPEN and counts["unfinished"]:
            yield Effect(about, _("%d 条草稿、退回或撤回的记录可以继续修改和提交。") % counts["unfinished"])

    def _when_moved(self, counts: Counter, about: str) -> Iterator[Effect]:
        if counts["handed_in"]:
            yield Effect(
                about, _("已提交过的 %d 条记录留在提交时的县（市、区），计入那里的数字不变。") % counts["handed_in"]
            )
        if counts["waiting"]:
            yield Effect(about, _("其中 %d 条待审核的，仍由原来的县（市、区）审核。") % counts["waiting"])
        if counts["drafts"]:
            yield Effect(about, _("%d 条没有提交过的草稿随企业转走，提交后由迁入地审核。") % counts["drafts"])

    def _when_closed(self, change: PlannedChange, counts: Counter, about: str) -> Iterator[Effect]:
        if counts["waiting"]:
            waiting = Record.objects.filter(enterprise_id__in=change.enterprise_ids).waiting()
            yield Effect(
                about,
                _("%d 条记录待审核：办理后仍可审核，但退回的企业已不能修改。") % counts["waiting"],
                Weight.ASK,
                _("最好先审核完，再来办理。"),
                tuple(waiting.values_list("title", flat=True)[:EXAMPLES]),
            )
        if counts["unfinished"]:
            text = _("%d 条草稿、退回或撤回的记录不能再修改和提交，只能查看。") % counts["unfinished"]
            yield Effect(about, text, Weight.ASK, _("要计入的，请先让企业提交并审核。"))
        if counts["handed_in"]:
            text = _("已提交过的 %d 条记录留在这家企业名下，仍可查询，已通过的照常计入。") % counts["handed_in"]
            yield Effect(about, text)

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> None:
        for county, ids in change.by_county().items():
            for chunk in _chunks(ids):
                Record.objects.filter(enterprise_id__in=chunk, first_submitted_at__isnull=True).update(**_to(county))


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
        owed = sum(self._open(chunk, change).count() for chunk in _chunks(change.enterprise_ids))
        if change.kind == ChangeKind.MOVE and owed:
            yield Effect(about, _("未完成的 %d 项应报事项随企业转走，由迁入地催报；已完成的留在原处。") % owed)
        elif change.closes and owed:
            yield Effect(about, _("未完成的 %d 项应报事项终止，不再催报。") % owed)
        elif change.kind == ChangeKind.REOPEN:
            yield Effect(about, _("仍开放填报的季度，应报事项会在一小时内按规则重新生成。"))
        elif change.kind == ChangeKind.SPLIT:
            yield Effect(about, _("新企业的应报事项会在一小时内按规则生成；原企业的不变。"))

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> None:
        still_open = ReportingQuarter.objects.filter(is_open=True).values("code")
        for county, ids in change.by_county().items():
            for chunk in _chunks(ids):
                self._open(chunk, change).update(**_to(county))
                said = QuarterStatement.objects.filter(enterprise_id__in=chunk, quarter__in=still_open)
                said.update(**_to(county))
        if change.closes:
            for chunk in _chunks(change.enterprise_ids):
                self._end(chunk, change)

    def _end(self, ids: Sequence[int], change: PlannedChange) -> None:
        ended = list(self._open(ids, change))
        append_duty_changes({(duty.enterprise_id, duty.quarter) for duty in ended})
        Duty.objects.filter(pk__in=[duty.pk for duty in ended]).delete()
