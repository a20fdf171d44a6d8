"""What law and policy ask of safety at work."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.saying import filled
from records.core.business_rules import BusinessRule, Problem
from rights.models import Hazard, Safety

_SAFETY = "《中华人民共和国安全生产法》"
#: 采矿业, 制造业, 电力、热力、燃气及水生产和供应业: industry in the sense of the industrial classification.
_INDUSTRY = frozenset("BCD")


def is_industrial(enterprise: Enterprise) -> bool:
    """工业企业: who is asked for the yearly report of risks."""
    return enterprise.industry_id[:1] in _INDUSTRY


class RiskReportTold(BusinessRule[Safety]):
    """工业企业应说明安全生产风险报告是否已经报送。"""

    code = "W02"
    citation = "苏产改办〔2022〕12号 第10条“推动落实……工业企业风险报告制度”"
    effective_from = datetime.date(2022, 8, 15)
    reads = ("reported_risks",)

    def check(self, record: Safety) -> Iterator[Problem]:
        if not is_industrial(record.filing_enterprise):
            return
        if record.reported_risks is None:
            yield Problem("reported_risks", _("工业企业请选安全生产风险报告是否已报送。"), is_gap=True)
        elif not record.reported_risks:
            yield Problem("reported_risks", _("所填是工业企业没有报送安全生产风险报告。"))


class ExposedExamined(BusinessRule[Safety]):
    """对接触职业病危害作业的职工，应组织上岗前、在岗期间和离岗时的职业健康检查。"""

    code = "R55"
    citation = "《中华人民共和国职业病防治法》第35条"
    effective_from = datetime.date(2002, 5, 1)
    reads = ("exposed", "examined")

    def check(self, record: Safety) -> Iterator[Problem]:
        if not record.exposed:
            return
        if record.examined is None:
            message = _("接害岗位应检 %d 人，没有填已检人数，不知道是否都检查了。")
            yield Problem("examined", filled(message, record.exposed), is_unstated=True)
        elif left := record.exposed - record.examined:
            message = _("接害岗位应检 %(all)d 人，已检 %(some)d 人，还有 %(left)d 人没有检查。")
            yield Problem("examined", filled(message, {"all": record.exposed, "some": record.examined, "left": left}))


class HazardsRectifiedInTime(BusinessRule[Hazard]):
    """发现事故隐患应及时报告，接到报告的人员应及时予以处理。"""

    code = "R50"
    citation = f"{_SAFETY}第59条"
    effective_from = datetime.date(2021, 9, 1)
    reads = ("rectified", "in_time")

    def check(self, record: Hazard) -> Iterator[Problem]:
        if record.rectified and record.in_time is not None and (late := record.rectified - record.in_time):
            message = _("已整改 %(all)d 条，其中按期 %(some)d 条，有 %(late)d 条超过了整改期限。")
            yield Problem("in_time", filled(message, {"all": record.rectified, "some": record.in_time, "late": late}))


class MajorHazardsReported(BusinessRule[Hazard]):
    """重大事故隐患排查治理情况应及时向负有安全生产监督管理职责的部门和职工代表大会报告。"""

    code = "R51"
    citation = f"{_SAFETY}第41条"
    effective_from = datetime.date(2021, 9, 1)
    reads = ("major", "reported")

    def check(self, record: Hazard) -> Iterator[Problem]:
        if not record.major:
            return
        if record.reported is None:
            message = _("发现重大隐患 %d 条，请填已向监管部门和职代会报告的条数；没有报告填 0。")
            yield Problem("reported", filled(message, record.major), is_gap=True)
        elif left := record.major - record.reported:
            message = _("发现重大隐患 %(all)d 条，已报告 %(some)d 条，还有 %(left)d 条没有报告，应及时报告。")
            yield Problem("reported", filled(message, {"all": record.major, "some": record.reported, "left": left}))


class PrincipalSigned(BusinessRule[Hazard]):
    """每季度的事故隐患统计分析表应由主要负责人签字。"""

    code = "R54"
    citation = "《安全生产事故隐患排查治理暂行规定》（国家安全生产监督管理总局令第16号），所据为转载文本，待核定"
    effective_from = datetime.date(2008, 2, 1)
    reads = ("signed",)

    def check(self, record: Hazard) -> Iterator[Problem]:
        if record.signed is False:
            yield Problem("signed", _("所填是主要负责人没有在本季度隐患统计分析表上签字。"))
