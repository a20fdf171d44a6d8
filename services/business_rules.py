"""What policy asks of the kinds of leadership and support."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from foundation.refusals import Question
from records.core.business_rules import BusinessRule, Problem
from records.core.warning_rules import OnFile, WarningRule
from services.models import Leadership, Recuperation, RecuperationOrganiser


class LeaderNamed(BusinessRule[Leadership]):
    """由党政主要负责人任组长的，应写明组长职务。"""

    code = "L01"
    citation = "苏产改办〔2022〕12号 第二部分（“一把手”工程）"
    effective_from = datetime.date(2022, 8, 15)

    def check(self, record: Leadership) -> Iterator[Problem]:
        if record.led_by_principal and not record.leader_post.strip():
            yield Problem("leader_post", _("请写明组长职务，例如：党委书记、总经理。"), is_gap=True)


class PlanDated(BusinessRule[Leadership]):
    """已制定方案的应填印发日期；经职代会审议的应填审议日期。"""

    code = "L02"
    citation = "苏产改办〔2022〕12号 第9条（改革方案提交职工代表大会或职工大会审议）"
    effective_from = datetime.date(2022, 8, 15)

    def check(self, record: Leadership) -> Iterator[Problem]:
        if record.has_plan and record.plan_issued_on is None:
            yield Problem("plan_issued_on", _("已制定方案的，请填方案印发日期。"), is_gap=True)
        if record.reviewed_by_congress and record.congress_day is None:
            yield Problem("congress_on", _("方案已经职代会审议的，请填审议日期。"), is_gap=True)


class PlanReviewed(BusinessRule[Leadership]):
    """产改实施方案应提交职工代表大会或职工大会审议。"""

    code = "R15-plan"
    citation = "苏产改办〔2022〕12号 第9条；参照《上海市职工代表大会条例》第11条"
    effective_from = datetime.date(2022, 8, 15)
    reads = ("has_plan", "reviewed_by_congress", "congress_topic")

    def check(self, record: Leadership) -> Iterator[Problem]:
        topic = record.congress_topic
        if record.has_plan and record.reviewed_by_congress is False:
            yield Problem("reviewed_by_congress", _("所填是方案没有提交职代会审议。"))
        elif topic is None:
            # Said to have been reviewed in a session that is not on file: there is no vote to read.
            return
        elif not topic.stands:
            yield Problem("congress_topic", _("所选的“%s”现在不能作为依据。") % topic, is_unstated=True)
        elif topic.is_passed is False:
            yield Problem("congress_topic", _("所选的“%s”没有通过。") % topic)


class FiledByItsOrganiser(WarningRule[Recuperation]):
    """谁组织疗休养由谁填报；上级工会组织的，企业再填就会重复计数。"""

    code = "recuperation_organiser"

    def check(self, record: Recuperation, on_file: OnFile) -> Iterator[Question]:
        if record.enterprise_id is not None and record.organiser == RecuperationOrganiser.UPPER_UNION:
            message = _("上级工会组织的疗休养由上级工会填报，企业再填会重复计数。")
            yield Question(self.code, "organiser", message, advice=_("请核对；上级工会没有填报的，请说明。"))
