"""What of compliance follows from workers' rights: the congress, consultation, employment, safety and health."""

import datetime
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.facts.declaring import YearBasis
from foundation.saying import filled
from indicators.compliance.declaring import Case, Outcome, broken, compliance_rule, holds, not_applicable, not_stated
from indicators.compliance.inputs import Events, Filed, Return
from indicators.compliance.returns import RECORD, CheckedEvents, CheckedReturn, ReturnRule, YearsEvents
from rights.business_rules.bargaining import (
    ContractsFiled,
    ContractsFiledInTime,
    ContractTerm,
    PerformanceReported,
    WagesNegotiated,
)
from rights.business_rules.congress import (
    DelegatesComposed,
    MajorityOfAll,
    PapersInTime,
    QuorumPresent,
    SessionEveryYear,
)
from rights.business_rules.employment import EverybodyInsured, MediatedInTime
from rights.business_rules.safety import (
    ExposedExamined,
    HazardsRectifiedInTime,
    MajorHazardsReported,
    PrincipalSigned,
    RiskReportTold,
    is_industrial,
)
from rights.models import TopicSort

_CONGRESS = Events("rights.congresssession", "agenda")
_AGREED = Return("rights.contract", YearBasis.AS_OF, "agreements")
_CONSULTED = Return("rights.contract", YearBasis.CLOSED_YEAR)
_INSURANCE = Return("rights.insurance", YearBasis.AS_OF)
_CONTRACTS = Return("rights.labourcontract", YearBasis.AS_OF)
_RELATIONS = Return("rights.relations")
_HAZARDS = Return("rights.hazard")
_SAFETY = Return("rights.safety", YearBasis.CLOSED_YEAR)


# --- the congress -------------------------------------------------------------------------------


@compliance_rule
class CongressEveryYear(YearsEvents):
    """职工代表大会（职工大会）每年至少召开一次。"""

    code = "R10"
    citation = SessionEveryYear.citation
    valid_from = datetime.date(2012, 2, 13)
    source = _CONGRESS
    labels: ClassVar = {
        "held": gettext_lazy("本年会议次数"),
        "last": gettext_lazy("最近一次会议"),
        RECORD: gettext_lazy("依据的记录"),
    }
    remedy = gettext_lazy("请依法召开职代会，会后填报“职代会会议”；开过的请补报。")
    order = 10

    def of_events(self, case: Case, events: list[Filed]) -> Outcome:
        return holds({"held": len(events), "last": events[-1].happened_on, "record": events[-1].pk})

    def without(self, case: Case) -> Outcome:
        """A year that is over and was stated to be complete had none; as long as it runs there is time. Before, the year
        before is looked at."""
        year = case.quarter.year
        cure = str(self.remedy)
        if case.today > case.year_end and self.said_complete(case, year=year):
            message = _("%d年没有召开职代会，企业已确认各季度填完。")
            return broken(message % year, {"held": 0}, cure=cure)
        if not self.of_year(case, year - 1) and self.said_complete(case, year=year - 1):
            message = _("%d年没有召开职代会，企业已确认各季度填完；今年也还没有会议记录。")
            return broken(message % (year - 1), {"held": 0}, cure=cure, by=case.year_end)
        message = _("今年还没有已审核通过的职代会会议记录。")
        return not_stated(message, {"held": 0}, cure=cure, by=case.year_end)


class _Congress(CheckedEvents):
    source = _CONGRESS


@compliance_rule
class Quorum(_Congress):
    checked = QuorumPresent
    remedy = gettext_lazy("到会不足三分之二的会议，决议不能成立：请重新召开，并按新的会议填报。")
    order = 11


@compliance_rule
class Majority(_Congress):
    checked = MajorityOfAll
    remedy = gettext_lazy("请按规定重新表决：无记名投票，全体代表过半数赞成才算通过。")
    order = 12

    def of_events(self, case: Case, events: list[Filed]) -> Outcome:
        voted = [one for one in events if any(line["sort"] == TopicSort.APPROVAL for line in one.lines)]
        if not voted:
            return not_applicable(_("本年的会议没有须表决的议题。"), {"held": len(events)})
        return super().of_events(case, voted)


@compliance_rule
class Papers(_Congress):
    checked = PapersInTime
    remedy = gettext_lazy("以后的会议请提前七日把议题和材料送达职工代表。")
    order = 13


@compliance_rule
class DelegatesByNumber(_Congress):
    checked = DelegatesComposed
    remedy = gettext_lazy("请在换届或补选时调整代表的人数和构成。")
    order = 14


@compliance_rule
class SafetyReportGiven(YearsEvents):
    """职代会每年应听取安全生产和职业健康专题报告。"""

    code = "F13"
    citation = "《关于进一步深化产业工人队伍建设改革的方案》解读（下）第四项行动“完善职代会听取安全生产和职业健康专题报告制度”；每年一次的口径待核定"
    valid_from = datetime.date(2025, 8, 14)
    source = _CONGRESS
    labels: ClassVar = {
        "held": gettext_lazy("本年会议次数"),
        "reports": gettext_lazy("其中听取专题报告"),
        RECORD: gettext_lazy("依据的记录"),
    }
    remedy = gettext_lazy("请在年内的职代会上安排专题报告。")
    order = 15

    def of_events(self, case: Case, events: list[Filed]) -> Outcome:
        with_report = [one for one in events if one.values["heard_safety_report"]]
        kept = {"held": len(events), "reports": len(with_report), "record": (with_report or events)[-1].pk}
        if with_report:
            return holds(kept)
        if any(one.values["heard_safety_report"] is None for one in events):
            message = _("今年的会议记录没有填是否听取安全生产和职业健康专题报告。")
            return not_stated(message, kept, cure=_("请在会议记录中补填。"))
        message = filled(_("今年的 %d 次会议都没有听取安全生产和职业健康专题报告。"), len(events))
        return broken(message, kept, cure=str(self.remedy), by=case.year_end)


# --- consultation -------------------------------------------------------------------------------


@compliance_rule
class ContractInForce(ReturnRule):
    """企业应有在有效期内的集体合同。"""

    code = "R35"
    citation = "《中华人民共和国劳动法》第33条；期限参照《浙江省集体合同条例》，《江苏省集体协商条例》的规定待核定"
    valid_from = datetime.date(2023, 5, 1)
    source = _AGREED
    looks_at = ("covered",)
    labels: ClassVar = {
        "contracts": gettext_lazy("有效的集体合同"),
        "ended": gettext_lazy("已经期满"),
        "ends_on": gettext_lazy("最晚期满日期"),
    }
    remedy = gettext_lazy("请开展集体协商，签订或续签集体合同，报送人社部门后更新“集体协商与集体合同”。")
    order = 20

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        ends = [line["ends_on"] for line in filed.lines if line["ends_on"] is not None]
        running = [day for day in ends if day >= case.day]
        kept = {
            **self.kept(filed),
            "contracts": len(running),
            "ended": len(ends) - len(running),
            "ends_on": max(ends, default=None),
        }
        if running:
            return holds(kept)
        cure = str(self.remedy)
        if ends:
            message = _("所填的集体合同到 %s 都已期满，没有续签的记录。")
            return broken(message % max(ends), kept, cure=cure)
        if filed.values["covered"] == 0:
            return broken(_("所填是没有集体合同。"), kept, cure=cure, by=case.year_end)
        message = _("填了集体合同覆盖的职工，没有填合同的期限，不知道是否有效。")
        return not_stated(message, kept, cure=_("请在“集体协商与集体合同”中补填有效的合同。"), by=self.due(case))


@compliance_rule
class WagesConsulted(CheckedReturn):
    checked = WagesNegotiated
    source = _CONSULTED
    remedy = gettext_lazy("请在年内就工资水平、工资调整办法等开展工资集体协商。")
    order = 21


class _OfContracts(CheckedReturn):
    source = _AGREED

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if not filed.lines:
            return not_applicable(_("没有填报有效的集体合同。"), self.kept(filed))
        return super().of_return(case, filed)


@compliance_rule
class Filing(_OfContracts):
    checked = ContractsFiled
    remedy = gettext_lazy("请把集体合同报送人社部门，并补填报送日期。")
    order = 22


@compliance_rule
class FilingInTime(_OfContracts):
    checked = ContractsFiledInTime
    remedy = gettext_lazy("以后签订的集体合同请在10日内报送。")
    order = 23


@compliance_rule
class Term(_OfContracts):
    checked = ContractTerm
    remedy = gettext_lazy("续签时请按规定确定期限。")
    order = 24


@compliance_rule
class Performance(CheckedReturn):
    checked = PerformanceReported
    source = Return("rights.contract", YearBasis.CLOSED_YEAR, "agreements")
    remedy = gettext_lazy("请在下一次职代会上报告集体合同履行情况。")
    order = 25

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if not filed.lines:
            return not_applicable(_("没有填报有效的集体合同。"), self.kept(filed))
        if filed.values["performance_reported"] is None:
            return self.unanswered(case, filed, "performance_reported")
        return super().of_return(case, filed)


# --- employment ---------------------------------------------------------------------------------


@compliance_rule
class ContractsSigned(ReturnRule):
    """建立劳动关系应当订立书面劳动合同，签订率应达到100%。"""

    code = "W03"
    citation = "《中华人民共和国劳动合同法》第10条；原文待核定"
    valid_from = datetime.date(2008, 1, 1)
    source = _CONTRACTS
    looks_at = ("due", "signed")
    remedy = gettext_lazy("请与没有签订的职工补签书面劳动合同。")
    order = 30

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        due, signed = filed.values["due"], filed.values["signed"]
        if due == 0:
            return not_applicable(_("没有应签劳动合同的职工。"), self.kept(filed))
        for name in ("due", "signed"):
            if filed.values[name] is None:
                return self.unanswered(case, filed, name)
        if signed >= due:
            return holds(self.kept(filed))
        message = filled(
            _("应签 %(all)d 人，已签 %(some)d 人，还有 %(left)d 人没有签订。"),
            {"all": due, "some": signed, "left": due - signed},
        )
        return broken(message, self.kept(filed), cure=str(self.remedy))


@compliance_rule
class AllInsured(CheckedReturn):
    checked = EverybodyInsured
    source = _INSURANCE
    remedy = gettext_lazy("请为没有参保、没有缴存的职工办理，并补缴欠缴的部分。")
    order = 31

    def nothing_to_ask(self, filed: Filed) -> str:
        return _("没有应参保的职工。") if filed.values["due"] == 0 else ""

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if filed.values["all_insured"] is None:
            return self.unanswered(case, filed, "all_insured")
        return super().of_return(case, filed)


@compliance_rule
class NothingInArrears(ReturnRule):
    """应按时足额支付工资、缴纳社会保险费和住房公积金，没有拖欠。"""

    code = "W04"
    citation = "苏产改办〔2022〕12号 第8条“按时足额”；《中华人民共和国劳动法》第50条，原文待核定"
    valid_from = datetime.date(2022, 8, 15)
    source = _RELATIONS
    looks_at = ("has_arrears", "in_arrears")
    remedy = gettext_lazy("请尽快清偿拖欠的工资和费用。")
    order = 32

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        has, people = filed.values["has_arrears"], filed.values["in_arrears"]
        if has is None:
            return self.unanswered(case, filed, "has_arrears")
        if not has:
            return holds(self.kept(filed))
        message = _("本季有欠薪或欠缴。")
        if people:
            message = filled(_("本季有欠薪或欠缴，涉及职工 %d 人。"), people)
        return broken(message, self.kept(filed), cure=str(self.remedy))


@compliance_rule
class DisputesMediated(CheckedReturn):
    checked = MediatedInTime
    source = _RELATIONS
    remedy = gettext_lazy("请尽快办结；满15日没有达成协议的，请告知当事人可以申请仲裁。")
    order = 33

    def nothing_to_ask(self, filed: Filed) -> str:
        return _("本季度企业内部没有受理劳动争议。") if filed.values["taken_up"] == 0 else ""

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if filed.values["taken_up"] is None:
            return self.unanswered(case, filed, "taken_up")
        return super().of_return(case, filed)


# --- safety and health --------------------------------------------------------------------------


@compliance_rule
class HazardsInTime(CheckedReturn):
    checked = HazardsRectifiedInTime
    source = _HAZARDS
    remedy = gettext_lazy("以后发现的隐患请按期整改；没有整改的请尽快完成。")
    order = 40

    def nothing_to_ask(self, filed: Filed) -> str:
        return _("本季度没有整改过的一般隐患。") if filed.values["rectified"] == 0 else ""

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if filed.values["rectified"] and filed.values["in_time"] is None:
            return self.unanswered(case, filed, "in_time")
        return super().of_return(case, filed)


@compliance_rule
class MajorReported(CheckedReturn):
    checked = MajorHazardsReported
    source = _HAZARDS
    remedy = gettext_lazy("请立即向负有安全生产监督管理职责的部门和职代会报告。")
    order = 41

    def nothing_to_ask(self, filed: Filed) -> str:
        return _("本季度没有发现重大隐患。") if filed.values["major"] == 0 else ""


@compliance_rule
class MajorClosed(ReturnRule):
    """重大事故隐患应及时消除，整改完成后销号。"""

    code = "R51-closed"
    citation = "《中华人民共和国安全生产法》第41条、第102条"
    valid_from = datetime.date(2021, 9, 1)
    source = _HAZARDS
    looks_at = ("major", "still_open")
    remedy = gettext_lazy("请按整改方案尽快消除并申请销号。")
    order = 42

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        major, still_open = filed.values["major"], filed.values["still_open"]
        if still_open is None:
            return self.unanswered(case, filed, "still_open")
        if still_open:
            message = filled(_("季末还有 %d 条重大隐患没有销号。"), still_open)
            return broken(message, self.kept(filed), cure=str(self.remedy))
        if not major:
            return not_applicable(_("本季度没有发现重大隐患，季末也没有未销号的。"), self.kept(filed))
        return holds(self.kept(filed))


@compliance_rule
class StatisticsSigned(CheckedReturn):
    checked = PrincipalSigned
    source = _HAZARDS
    remedy = gettext_lazy("请主要负责人在隐患统计分析表上签字，下一季度按时签。")
    order = 43

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if filed.values["signed"] is None:
            return self.unanswered(case, filed, "signed")
        return super().of_return(case, filed)


@compliance_rule
class RisksReported(CheckedReturn):
    checked = RiskReportTold
    source = _SAFETY
    remedy = gettext_lazy("请按规定报送安全生产风险报告。")
    order = 44

    def not_asked(self, case: Case) -> str:
        return "" if is_industrial(case.enterprise) else _("不是工业企业。")


@compliance_rule
class HealthChecked(CheckedReturn):
    checked = ExposedExamined
    source = _SAFETY
    remedy = gettext_lazy("请为没有检查的接害岗位职工安排职业健康检查。")
    order = 45

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        posts, exposed = filed.values["has_exposed_posts"], filed.values["exposed"]
        if posts is False or exposed == 0:
            return not_applicable(_("没有应检的接害岗位职工。"), self.kept(filed))
        for name in ("has_exposed_posts", "exposed") if posts is None else ("exposed",):
            if filed.values[name] is None:
                return self.unanswered(case, filed, name)
        return super().of_return(case, filed)
