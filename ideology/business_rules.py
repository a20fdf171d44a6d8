"""What policy asks of the kinds of ideological guidance."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from foundation.refusals import Question
from foundation.saying import filled
from ideology.models import (
    Delegates,
    MicroWork,
    PartyAssessment,
    PartyDevelopment,
    RepresentativeActivity,
    RepresentativeStep,
)
from records.core.business_rules import BusinessRule, Problem
from records.core.warning_rules import OnFile, WarningRule


class EmptyTeamsReported(BusinessRule[PartyDevelopment]):
    """国有企业应填报党员空白班组数；没有空白班组填 0。"""

    code = "P01"
    citation = "苏产改办〔2022〕12号 第2条“着力解决国有企业党员空白班组问题”"
    effective_from = datetime.date(2022, 8, 15)

    def check(self, record: PartyDevelopment) -> Iterator[Problem]:
        if record.filing_enterprise.is_state_owned and record.teams_without_members is None:
            yield Problem("teams_without_members", _("国有企业应填报党员空白班组数；没有空白班组请填 0。"), is_gap=True)


class EmptyTeamsHavePlan(BusinessRule[PartyDevelopment]):
    """有党员空白班组的，应写明消除计划和计划消除日期。"""

    code = "P02"
    citation = "苏产改办〔2022〕12号 第2条“着力解决国有企业党员空白班组问题”"
    effective_from = datetime.date(2022, 8, 15)

    def check(self, record: PartyDevelopment) -> Iterator[Problem]:
        if not record.teams_without_members:
            return
        if not record.clearing_plan.strip():
            yield Problem(
                "clearing_plan",
                filled(_("还有 %d 个党员空白班组，没有写消除计划。"), record.teams_without_members),
                is_unstated=True,
            )
        if record.clearing_due is None:
            yield Problem("clearing_due", _("有党员空白班组，没有填计划消除日期。"), is_unstated=True)


class WorkCanBeSeen(BusinessRule[MicroWork]):
    """微作品应附网址或者文件，二者至少有一样。"""

    code = "P03"
    citation = "苏产改办〔2022〕12号 第1条“用微视频、微故事、微党课等……向生产一线、车间班组延伸”"
    effective_from = datetime.date(2022, 8, 15)

    def check(self, record: MicroWork) -> Iterator[Problem]:
        if not record.link and not (record.pk and record.attachments.exists()):
            yield Problem("link", _("请填作品的网址，或者在“佐证材料”中上传作品文件，二者至少有一样。"), is_gap=True)


class AssessmentHasBasis(BusinessRule[PartyAssessment]):
    """党建工作已纳入企业年度考核的，应写明考核办法。"""

    code = "P04"
    citation = "苏产改办〔2022〕12号 第2条“将党建工作纳入企业年度考核”"
    effective_from = datetime.date(2022, 8, 15)

    def check(self, record: PartyAssessment) -> Iterator[Problem]:
        if record.included and not record.basis.strip():
            yield Problem("basis", _("请写明纳入考核所依据的办法，填文件名称或文号。"), is_gap=True)


class RepresentativesCounted(BusinessRule[RepresentativeActivity]):
    """推荐选拔应填当选（任）人数，培训应填参加人次。"""

    code = "P05"
    citation = "《关于进一步深化产业工人队伍建设改革的方案》解读（下）第四项行动“定期开展政治建设和履职能力培训”"
    effective_from = datetime.date(2025, 8, 14)

    def check(self, record: RepresentativeActivity) -> Iterator[Problem]:
        if record.step == RepresentativeStep.SELECTION and record.chosen is None:
            yield Problem("chosen", _("推荐选拔请填当选（任）的产业工人数；没有人当选填 0。"), is_gap=True)
        if record.step in (RepresentativeStep.POLITICS, RepresentativeStep.DUTIES) and record.attendances is None:
            yield Problem("attendances", _("培训请填参加人次。"), is_gap=True)


class FrontLineIsMainBody(WarningRule[Delegates]):
    """职工代表应以一线职工为主体；一线职工不到一半的，要说明。"""

    code = "R14-main"
    citation = "《企业民主管理规定》（总工发〔2012〕12号）；参照《上海市职工代表大会条例》第3条"

    def check(self, record: Delegates, on_file: OnFile) -> Iterator[Question]:
        front, everybody = record.congress_frontline, record.congress_delegates
        if front is not None and everybody and front * 2 < everybody:
            message = _("职代会代表 %(all)d 人中一线职工 %(front)d 人，不到一半。职工代表应以一线职工为主体。")
            found = filled(message, {"all": everybody, "front": front})
            yield Question(self.code, "congress_frontline", found, advice=_("请核对；确实如此的，请说明。"))
