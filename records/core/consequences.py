"""What a change of the register does to records: they stay where they were filed."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, Weight, register_consequence
from enterprises.models import ChangeKind
from foundation.accounts.models import Actor
from foundation.places.models import Place
from foundation.saying import filled
from records.core.models import EDITABLE, Record, Status

EXAMPLES = 5
_CHUNK = 500
_COUNTED = {
    "handed_in": Q(first_submitted_at__isnull=False),
    "drafts": Q(first_submitted_at__isnull=True),
    "waiting": Q(status=Status.SUBMITTED),
    "unfinished": Q(status__in=EDITABLE),
}


def in_chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def columns_of(county: Place) -> dict[str, int]:
    province, city = county.province_and_city
    return {"county_id": county.pk, "city_id": city, "province_id": province}


@register_consequence
class Records(Consequence):
    name = "records"
    order = 10

    def _counts(self, change: PlannedChange) -> Counter[str]:
        found: Counter[str] = Counter()
        wanted = {name: Count("pk", filter=condition) for name, condition in _COUNTED.items()}
        for chunk in in_chunks(change.enterprise_ids):
            found.update(Record.objects.filter(enterprise_id__in=chunk).aggregate(**wanted))
        return found

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        counts, about = self._counts(change), _("记录")
        if change.kind == ChangeKind.MOVE:
            yield from self._when_moved(counts, about)
        elif change.closes:
            yield from self._when_closed(change, counts, about)
        elif change.kind == ChangeKind.RENAME and counts["handed_in"]:
            yield Effect(about, filled(_("已有的 %d 条记录内容不变，列表中显示新名称。"), counts["handed_in"]))
        elif change.kind == ChangeKind.SPLIT and counts["handed_in"]:
            yield Effect(about, filled(_("已有的 %d 条记录都留在原企业。"), counts["handed_in"]))
        elif change.kind == ChangeKind.REOPEN and counts["unfinished"]:
            yield Effect(about, filled(_("%d 条草稿、退回或撤回的记录可以继续修改和提交。"), counts["unfinished"]))

    def _when_moved(self, counts: Counter[str], about: str) -> Iterator[Effect]:
        if counts["handed_in"]:
            yield Effect(
                about,
                filled(_("已提交过的 %d 条记录留在提交时的县（市、区），计入那里的数字不变。"), counts["handed_in"]),
            )
        if counts["waiting"]:
            yield Effect(about, filled(_("其中 %d 条待审核的，仍由原来的县（市、区）审核。"), counts["waiting"]))
        if counts["drafts"]:
            yield Effect(about, filled(_("%d 条没有提交过的草稿随企业转走，提交后由迁入地审核。"), counts["drafts"]))

    def _when_closed(self, change: PlannedChange, counts: Counter[str], about: str) -> Iterator[Effect]:
        if counts["waiting"]:
            waiting = Record.objects.filter(enterprise_id__in=change.enterprise_ids).waiting()
            yield Effect(
                about,
                filled(_("%d 条记录待审核：办理后仍可审核，但退回的企业已不能修改。"), counts["waiting"]),
                Weight.ASK,
                _("最好先审核完，再来办理。"),
                tuple(waiting.values_list("title", flat=True)[:EXAMPLES]),
            )
        if counts["unfinished"]:
            text = filled(_("%d 条草稿、退回或撤回的记录不能再修改和提交，只能查看。"), counts["unfinished"])
            yield Effect(about, text, Weight.ASK, _("要计入的，请先让企业提交并审核。"))
        if counts["handed_in"]:
            text = filled(_("已提交过的 %d 条记录留在这家企业名下，仍可查询，已通过的照常计入。"), counts["handed_in"])
            yield Effect(about, text)

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> None:
        for county, ids in change.by_county().items():
            for chunk in in_chunks(ids):
                Record.objects.filter(enterprise_id__in=chunk, first_submitted_at__isnull=True).update(
                    **columns_of(county)
                )
