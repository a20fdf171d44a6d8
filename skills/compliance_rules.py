"""What of compliance follows from training funds."""

import datetime
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.facts.declaring import YearBasis
from foundation.ui.formats import quantity
from indicators.compliance.declaring import Case, Outcome, compliance_rule, holds, not_applicable, not_stated
from indicators.compliance.inputs import Filed, Return, Returns, Wages
from indicators.compliance.returns import CheckedReturn, ReturnRule
from skills.business_rules.funds import (
    AboveTheDeduction,
    FrontLineShare,
    TrainingFundsSpent,
    deductions,
)

_FUNDS = Return("skills.trainingfund", YearBasis.CLOSED_YEAR)
_SO_FAR, _WAGES = Returns("skills.trainingfund"), Wages()


@compliance_rule
class FundsSpent(CheckedReturn):
    checked = TrainingFundsSpent
    source = _FUNDS
    remedy = gettext_lazy("请按工资总额的一定比例提取并使用职工教育经费，下一年年初填报。")
    order = 10


@compliance_rule
class ShareOfFrontLine(CheckedReturn):
    checked = FrontLineShare
    source = _FUNDS
    order = 20

    def nothing_to_ask(self, filed: Filed) -> str:
        return _("上年没有支出职工教育经费。") if filed.values["spent"] == 0 else ""

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        for name in ("spent", "frontline"):
            if filed.values[name] is None:
                return self.unanswered(case, filed, name)
        return super().of_return(case, filed)

    remedy = gettext_lazy("请在本年支出中增加一线职工培训，使占比不低于60%。")


@compliance_rule
class Deducted(ReturnRule):
    """职工教育经费支出不超过工资薪金总额8%的部分准予扣除，超过部分结转以后年度扣除（平台估算，以纳税申报为准）。"""

    code = AboveTheDeduction.code
    citation = AboveTheDeduction.citation
    valid_from = datetime.date(2018, 1, 1)
    source = _FUNDS
    reads = (_FUNDS, _SO_FAR, _WAGES)
    looks_at = ("spent",)
    labels: ClassVar = {
        "wages": gettext_lazy("工资总额（万元）"),
        "cap": gettext_lazy("扣除限额（万元）"),
        "deducted": gettext_lazy("当年可扣除（万元）"),
        "carried": gettext_lazy("结转以后年度（万元）"),
    }
    order = 30

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        """Nothing can be broken: what is above the limit is carried on."""
        if filed.values["spent"] is None:
            return self.unanswered(case, filed, "spent")
        wages = case.of(_WAGES) or {}
        year = int(filed.period)
        told = [one for one in case.of(_SO_FAR) or [] if one.values["spent"] is not None]
        known = {int(one.period): wages.get(int(one.period)) for one in told}
        found = deductions([(int(one.period), one.values["spent"]) for one in told], known).get(year)
        total = wages.get(year)
        if found is None:
            message = _("年度基本情况缺少工资总额，估算不出可以扣除多少。")
            cure = _("请在年度基本情况中填写有经费支出的各年工资总额。")
            return not_stated(message, {**self.kept(filed), "wages": total}, cure=cure)
        kept = {**self.kept(filed), "wages": total, **vars(found)}
        if not filed.values["spent"] and not found.deducted:
            return not_applicable(_("上年没有支出职工教育经费，也没有结转。"), kept)
        if found.carried:
            amount = quantity(found.carried, _("万元"), 2)
            return holds(kept, _("当年可扣除后还有 %s 结转以后年度扣除。") % amount)
        return holds(kept)
