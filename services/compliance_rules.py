"""What of compliance follows from leadership and support: who leads the reform, and whether the plan was put before the
congress."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import PilotTier
from foundation.facts.declaring import YearBasis
from indicators.compliance.declaring import Case, Outcome, broken, compliance_rule, holds, not_applicable
from indicators.compliance.inputs import Filed, Return
from indicators.compliance.returns import ReturnRule

_LEADERSHIP = Return("services.leadership", YearBasis.AS_OF)


class _OfPilots(ReturnRule):
    """Asked of pilots; of others, who told it themselves."""

    def not_asked(self, case: Case) -> str:
        if case.tier == PilotTier.NONE and case.of(self.source) is None:
            return _("不是试点企业，也没有填报领导机构与实施方案。")
        return ""


@compliance_rule
class LedByPrincipal(_OfPilots):
    """产改领导机构应由党政主要负责人任组长。"""

    code = "A01"
    citation = "苏产改办〔2022〕12号 第二部分（“一把手”工程）"
    valid_from = datetime.date(2022, 8, 15)
    source = _LEADERSHIP
    looks_at = ("has_leading_body", "led_by_principal", "leader_post")
    remedy = gettext_lazy("请由党政主要负责人任组长，并在“领导机构与实施方案”中更新。")
    order = 10

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if filed.values["has_leading_body"] is False:
            cure = _("请建立产改领导机构，由党政主要负责人任组长，并在“领导机构与实施方案”中更新。")
            return broken(_("所填是尚未建立产改领导机构。"), self.kept(filed), cure=cure, by=case.year_end)
        for name in ("has_leading_body", "led_by_principal"):
            if filed.values[name] is None:
                return self.unanswered(case, filed, name)
        if filed.values["led_by_principal"]:
            return holds(self.kept(filed))
        cure = str(self.remedy)
        return broken(_("所填是组长不是党政主要负责人。"), self.kept(filed), cure=cure, by=case.year_end)


@compliance_rule
class PlanBeforeCongress(_OfPilots):
    """涉及职工切身利益的改革方案应提交职工代表大会或职工大会审议。"""

    code = "A02"
    citation = "苏产改办〔2022〕12号 第9条（改革方案提交职工代表大会或职工大会审议）"
    valid_from = datetime.date(2022, 8, 15)
    source = _LEADERSHIP
    looks_at = ("has_plan", "plan_issued_on", "reviewed_by_congress", "congress_on")
    remedy = gettext_lazy("请把方案提交职代会或职工大会审议，并在“领导机构与实施方案”中更新。")
    order = 20

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if filed.values["has_plan"] is False:
            return not_applicable(_("还没有制定产改实施方案。"), self.kept(filed))
        for name in ("has_plan", "reviewed_by_congress"):
            if filed.values[name] is None:
                return self.unanswered(case, filed, name)
        if filed.values["reviewed_by_congress"]:
            return holds(self.kept(filed))
        cure = str(self.remedy)
        return broken(_("所填是方案没有经职代会审议。"), self.kept(filed), cure=cure, by=case.year_end)
