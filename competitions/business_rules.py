"""What is asked of the kinds of labour and skills competitions."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from competitions.models import Innovation, Patent, PatentSort, Suggestion
from foundation.calendar.periods import Year
from foundation.fields import label_of_field
from foundation.refusals import Question
from records.core.fields import quantity_of
from records.core.lines import Cell, path_of
from records.core.warning_rules import OnFile, WarningRule


class MoreAdoptedThanRaised(WarningRule[Suggestion]):
    """More suggestions adopted than raised, or carried out than adopted: earlier quarters may explain it."""

    code = "adopted"

    def check(self, record: Suggestion, on_file: OnFile) -> Iterator[Question]:
        if record.raised is not None and record.adopted is not None and record.adopted > record.raised:
            message = _("采纳（%(some)s）多于提出（%(all)s）。") % _both(record, "adopted", "raised")
            yield Question(self.code, "adopted", message, advice=_("请核对；含以前季度提出的请写明。"))
        if record.adopted is not None and record.carried_out is not None and record.carried_out > record.adopted:
            message = _("实施（%(some)s）多于采纳（%(all)s）。") % _both(record, "carried_out", "adopted")
            yield Question(self.code, "carried_out", message, advice=_("请核对；含以前季度采纳的请写明。"))


class RewardsWithoutRewarded(WarningRule[Innovation]):
    """Money was spent on rewards and nobody is said to have been rewarded, or the other way round."""

    code = "rewarded"

    def check(self, record: Innovation, on_file: OnFile) -> Iterator[Question]:
        if record.rewards and record.rewarded == 0:
            message = _("有创新奖励支出，受奖职工却是 0 人。")
            yield Question(self.code, "rewarded", message, advice=_("请核对两个数。"))
        if record.rewarded and record.rewards == 0:
            message = _("有受奖职工，创新奖励支出却是 0。")
            yield Question(self.code, "rewards", message, advice=_("请核对；没有发奖金的请写明。"))


def _both(record: Suggestion, some: str, whole: str) -> dict[str, str]:
    names = {"some": some, "all": whole}
    return {key: quantity_of(record, name, getattr(record, name)) for key, name in names.items()}


class GrantsAddUp(WarningRule[Patent]):
    """Whoever tells patents one by one tells all of them: as many as the numbers above say."""

    code = "grants"

    def check(self, record: Patent, on_file: OnFile) -> Iterator[Question]:
        if not record.grants:
            return
        told = Counter(line.sort for line in record.grants)
        sorts = {sort.value: told[sort] for sort in PatentSort}
        sorts["frontline_first"] = sum(1 for line in record.grants if line.by_frontline)
        for name, lines in sorts.items():
            number = getattr(record, name)
            if number is not None and number != lines:
                message = _("“%(label)s”填了 %(number)s，授权明细里有 %(lines)s。")
                said = {key: quantity_of(record, name, value) for key, value in (("number", number), ("lines", lines))}
                found = message % {**said, "label": label_of_field(record, name)}
                yield Question(self.code, name, found, advice=_("请核对；明细没有列全的请写明。"))


class GrantedInAnotherYear(WarningRule[Patent]):
    """A patent told one by one was granted in another year than the return's: often the year is mistyped."""

    code = "granted_on"

    def check(self, record: Patent, on_file: OnFile) -> Iterator[Question]:
        if not record.period:
            return
        year = Year.parse(record.period)
        for number, line in enumerate(record.grants, 1):
            if line.granted_on is not None and line.granted_on.year != year.year:
                message = _("授权明细第 %(row)s 行的授权日期 %(day)s 不在%(year)s。")
                advice = _("请核对年份；不是这一年授权的请删去。")
                said = {"row": number, "day": line.granted_on, "year": year.label}
                yield Question(self.code, path_of("grants", Cell(number, "granted_on")), message % said, advice=advice)
