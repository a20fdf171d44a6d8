"""What regulation asks of training funds, and what of them is deducted from taxable income: an estimate, for the tax return
decides. The sources of the front line's share and of the band of accrual were quoted and not read: 待核定."""

import datetime
import functools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enterprises.models import YearlyProfile
from foundation.refusals import Question
from records.core.business_rules import BusinessRule, Problem
from records.core.fields import quantity_of
from records.core.models import Record
from records.core.warning_rules import SPEAKS, OnFile, WarningRule
from skills.models import TrainingFund

_CENT = Decimal("0.01")
#: Of the wages, so much of what was spent is deducted in a year, in per cent.
DEDUCTED = 8
#: Of what was spent, at least so much is for workers of the front line, in per cent.
FRONT_LINE = 60
#: Of the wages, at least so much is set aside, in per cent (the rule of 2006).
ACCRUED = Decimal("1.5")


@dataclass(frozen=True)
class Deduction:
    """万元: the most that is deducted in the year, what is deducted, and what is carried on to later years."""

    cap: Decimal
    deducted: Decimal
    carried: Decimal


def share_of(amount: Decimal, percent: Decimal | int) -> Decimal:
    return (Decimal(amount) * percent / 100).quantize(_CENT, ROUND_HALF_UP)


def deduction(wages: Decimal, spent: Decimal, carried: Decimal = Decimal(0)) -> Deduction:
    """What of the year's spending, and of what former years carried on, is deducted: 8 % of the wages at most."""
    cap, open_amount = share_of(wages, DEDUCTED), Decimal(spent) + carried
    deducted = min(cap, open_amount)
    return Deduction(cap, deducted, open_amount - deducted)


def deductions(spent: Iterable[tuple[int, Decimal]], wages: dict[int, Decimal | None]) -> dict[int, Deduction | None]:
    """The deduction of each year, in their order: what one carries on counts in the next. From a year on whose wages nobody
    told, nothing is known."""
    found: dict[int, Deduction | None] = {}
    carried: Decimal | None = Decimal(0)
    for year, amount in spent:
        total = wages.get(year)
        one = deduction(total, amount, carried) if total is not None and carried is not None else None
        found[year] = one
        carried = one.carried if one is not None else None
    return found


class TrainingFundsSpent(BusinessRule[TrainingFund]):
    """企业应按职工工资总额的一定比例提取和使用职工教育经费。"""

    code = "R02"
    citation = "《中华人民共和国职业教育法》（2022年修订）第58条、第64条"
    effective_from = datetime.date(2022, 5, 1)
    reads = ("spent",)

    def check(self, record: TrainingFund) -> Iterator[Problem]:
        if record.spent == 0:
            yield Problem("spent", _("所填是全年没有支出职工教育经费。"))


class FrontLineShare(BusinessRule[TrainingFund]):
    """职工教育经费用于一线职工教育和培训的部分应不低于60%。"""

    code = "R03"
    citation = "国发〔2010〕36号；原文待核定"
    effective_from = datetime.date(2010, 10, 20)
    reads = ("spent", "frontline")

    def check(self, record: TrainingFund) -> Iterator[Problem]:
        if not record.spent or record.frontline is None:
            return
        gap = share_of(record.spent, FRONT_LINE) - record.frontline
        if record.frontline * 100 < record.spent * FRONT_LINE:
            share = (record.frontline * 100 / record.spent).quantize(Decimal("0.1"), ROUND_HALF_UP)
            message = _("用于一线职工的占 %(share)s%%，不到60%%，还差 %(gap)s。")
            yield Problem(
                "frontline", message % {"share": share, "gap": quantity_of(record, "frontline", max(gap, _CENT))}
            )


class FundsOverseen(BusinessRule[TrainingFund]):
    """职工教育经费的提取和使用情况应向职工代表大会报告，接受监督。"""

    code = "R15-funds"
    citation = "参照《上海市职工代表大会条例》第12条；江苏省的规定待核定"
    reads = ("overseen", "congress_topic")

    def check(self, record: TrainingFund) -> Iterator[Problem]:
        topic = record.congress_topic
        if record.overseen is None:
            yield Problem("overseen", _("没有填使用情况是否经职代会审议监督。"), is_unstated=True)
        elif record.overseen is False:
            yield Problem("overseen", _("所填是使用情况没有经职代会审议监督。"))
        elif topic is not None and not topic.stands:
            yield Problem("congress_topic", _("所选的“%s”现在不能作为依据。") % topic, is_unstated=True)


def wages_of(year: int, enterprises: Collection[int]) -> dict[int, Decimal]:
    """The wages of a year that enterprises told in their yearly profile, in 万元."""
    told = YearlyProfile.objects.filter(year=year, enterprise__in=enterprises, wages_total__isnull=False)
    return {pk: total for pk, total in told.values_list("enterprise_id", "wages_total") if total is not None}


def _wages(record: TrainingFund, on_file: OnFile) -> Decimal | None:
    if not record.period or record.enterprise_id is None:
        return None
    read = functools.partial(wages_of, int(record.period))
    total: Decimal | None = on_file.of_filer(record, f"wages {record.period}", read)
    return total


class AboveTheDeduction(WarningRule[TrainingFund]):
    """职工教育经费支出不超过工资薪金总额8%的部分准予扣除，超过部分结转以后年度扣除（以纳税申报为准）。"""

    code = "R01"
    citation = "财税〔2018〕51号"

    def check(self, record: TrainingFund, on_file: OnFile) -> Iterator[Question]:
        wages = _wages(record, on_file)
        if wages is None or record.spent is None:
            return
        found = deduction(wages, record.spent)
        if found.carried:
            message = _(
                "实际发生额 %(spent)s 超过了工资总额（%(wages)s）的8%%：当年最多可扣 %(cap)s，其余 %(carried)s 结转以后年度"
                "（估算，以纳税申报为准）。"
            )
            said = {"spent": record.spent, "wages": wages, "cap": found.cap, "carried": found.carried}
            amounts = {name: quantity_of(record, "spent", value) for name, value in said.items()}
            yield Question(self.code, "spent", message % amounts, advice=_("请核对有没有多填一位。"))


class AccruedBelowTheBand(WarningRule[TrainingFund]):
    """一般企业按职工工资总额的1.5%足额提取职工教育经费；从业人员技术要求高、培训任务重、经济效益较好的，可按2.5%提取。"""

    code = "R04"
    citation = "财建〔2006〕317号；比例待核定"

    def check(self, record: TrainingFund, on_file: OnFile) -> Iterator[Question]:
        wages = _wages(record, on_file)
        if wages is None or record.accrued is None:
            return
        least = share_of(wages, ACCRUED)
        if record.accrued < least:
            message = _("提取额 %(accrued)s 低于工资总额（%(wages)s）的1.5%%，即 %(least)s。")
            said = {"accrued": record.accrued, "wages": wages, "least": least}
            amounts = {name: quantity_of(record, "accrued", value) for name, value in said.items()}
            yield Question(self.code, "accrued", message % amounts, advice=_("请核对；确实如此的请说明。"))


@dataclass(frozen=True)
class Estimate:
    """What is worked out of one year's return for whoever looks at it; None where something is not known.

    ``brought``: what former years carried into this one."""

    wages: Decimal | None
    deduction: Deduction | None
    brought: Decimal | None
    front_line: Decimal | None
    of_wages: Decimal | None


def estimate_for(record: Record) -> Estimate | None:
    """The estimate of a year's return, with what is on file of the years before; None for what is no such return, or says
    nothing of the spending. Two queries."""
    if not isinstance(record, TrainingFund) or record.enterprise_id is None or record.spent is None:
        return None
    year = int(record.period or 0)
    rows: QuerySet[Any] = TrainingFund.objects.filter(
        enterprise_id=record.enterprise_id, status__in=SPEAKS, period__lt=record.period
    )
    earlier = rows.exclude(pk=record.pk).order_by("period")
    spent = [(int(one.period), one.spent) for one in earlier if one.period and one.spent is not None]
    spent.append((year, record.spent))
    profiles = YearlyProfile.objects.filter(enterprise=record.enterprise_id, year__in=[one for one, _spent in spent])
    wages = dict(profiles.values_list("year", "wages_total"))
    found = deductions(spent, wages)
    own = found.get(year)
    total = wages.get(year)
    brought = None if own is None else own.deducted + own.carried - record.spent
    front = record.frontline * 100 / record.spent if record.spent and record.frontline is not None else None
    return Estimate(total, own, brought, front, record.spent * 100 / total if total else None)
