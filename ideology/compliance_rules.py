"""What of compliance follows from ideological guidance: party work in the yearly assessment, teams without members."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.facts.declaring import YearBasis
from foundation.saying import filled
from ideology.business_rules import EmptyTeamsHavePlan
from indicators.compliance.declaring import Case, Outcome, broken, compliance_rule, holds
from indicators.compliance.inputs import Filed, Return
from indicators.compliance.returns import ReturnRule


@compliance_rule
class PartyWorkAssessed(ReturnRule):
    """党建工作应纳入企业年度考核。"""

    code = "A06"
    citation = "苏产改办〔2022〕12号 第2条“将党建工作纳入企业年度考核”"
    valid_from = datetime.date(2022, 8, 15)
    source = Return("ideology.partyassessment", YearBasis.CLOSED_YEAR)
    looks_at = ("included", "basis")
    remedy = gettext_lazy("请把党建工作纳入本年度考核办法，年初在“党建工作纳入年度考核”中填报。")
    order = 10

    def not_asked(self, case: Case) -> str:
        if not case.enterprise.has_party_organisation and case.of(self.source) is None:
            return _("没有建立党组织。")
        return ""

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if filed.values["included"] is None:
            return self.unanswered(case, filed, "included")
        if filed.values["included"]:
            return holds(self.kept(filed))
        return broken(_("所填是没有纳入企业年度考核。"), self.kept(filed), cure=str(self.remedy), by=case.year_end)


@compliance_rule
class NoEmptyTeams(ReturnRule):
    """国有企业应消除党员空白班组；还有的应有消除计划，并按计划日期消除。"""

    code = "P02"
    citation = EmptyTeamsHavePlan.citation
    valid_from = EmptyTeamsHavePlan.effective_from
    source = Return("ideology.partydevelopment")
    looks_at = ("teams_without_members", "clearing_plan", "clearing_due")
    remedy = gettext_lazy("请尽快消除，或者在下一季度的“发展党员情况”中写明新的计划和日期。")
    order = 20

    def not_asked(self, case: Case) -> str:
        return "" if case.enterprise.is_state_owned else _("不是国有企业。")

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        teams, due = filed.values["teams_without_members"], filed.values["clearing_due"]
        if teams is None:
            return self.unanswered(case, filed, "teams_without_members")
        if teams == 0:
            return holds(self.kept(filed))
        for name in ("clearing_plan", "clearing_due"):
            if not filed.values[name]:
                return self.unanswered(case, filed, name)
        if due <= case.day:
            message = filled(
                _("计划 %(due)s 消除，到 %(day)s 还有 %(teams)d 个党员空白班组。"),
                {"due": due, "day": case.day, "teams": teams},
            )
            return broken(message, self.kept(filed), cure=str(self.remedy))
        message = filled(_("还有 %d 个党员空白班组，已有消除计划。"), teams)
        return holds(self.kept(filed), message)
