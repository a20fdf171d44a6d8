"""What is agreed on and shared: collective contracts, and what skill and innovation earn."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count, day, text, yes_no
from records.models import LineOf, Record, RecordLine
from rights.models.lists import IncentiveItem


class ContractSort(models.TextChoices):
    GENERAL = "general", _("综合集体合同")
    WAGES = "wages", _("工资专项集体合同")
    INNOVATION = "innovation", _("职工技术创新专项集体合同")
    GRADE = "grade", _("能级工资集体协商协议")
    SENIORITY = "seniority", _("工龄工资协议")
    PROFIT = "profit", _("增加利润二次分配协议")
    SAFETY = "safety", _("劳动安全卫生专项集体合同")
    WOMEN = "women", _("女职工权益保护专项集体合同")


def _days_in_order(
    signed: datetime.date | None, ends: datetime.date | None, filed: datetime.date | None
) -> dict[str, str]:
    """What is wrong with the days of a contract, by field."""
    errors: dict[str, str] = {}
    if signed and ends and ends <= signed:
        message = _("期满日期 %(end)s 不晚于签订日期 %(start)s。请核对两个日期。")
        errors["ends_on"] = message % {"end": ends, "start": signed}
    if signed and filed and filed < signed:
        message = _("报送日期 %(filed)s 早于签订日期 %(start)s。请核对两个日期。")
        errors["filed_on"] = message % {"filed": filed, "start": signed}
    return errors


class Contract(Record):
    """集体协商与集体合同: the year's return on consultation and on the contracts in force
    (2022年实施意见第8条“深化集体协商”、2025年方案第四项行动“集体协商和集体合同制度”).

    How satisfied workers are with what was kept is not asked (待核定), nor are contracts of a region or a trade, which no single
    enterprise knows."""

    negotiated = yes_no(_("开展了工资集体协商"), _("上年度全年，就工资水平、调整办法等与企业协商过。"))
    negotiated_on = day(_("协商日期"), _("上年度协商了几次的，填最近一次协商会议的日期。"))
    covered = count(
        _("集体合同覆盖职工"), _("人"), _("截至填报日有效的集体合同覆盖的，同一人只计一次。没有集体合同填 0。")
    )
    performance_reported = yes_no(_("向职代会报告了履约情况"), _("上年度。没有集体合同的不选。"))
    agreements: "tuple[ContractLine, ...]"
    parts_of_staff = (("covered", "headcount"),)

    class Meta:
        verbose_name = verbose_name_plural = _("集体协商与集体合同")


class ContractLine(RecordLine):
    """有效的集体合同: one contract in force. Of each sort the latest, so that counting them counts enterprises."""

    record = LineOf(Contract, related_name="agreements")
    sort = choice(_("种类"), ContractSort)
    signed_on = day(_("签订日期"), _("双方首席代表签字的日期。"))
    ends_on = day(_("期满日期"))
    people = count(_("覆盖职工"), _("人"))
    filed_on = day(_("报送人社日期"), _("还没有报送的不填。"))
    parts_of_record = (("people", "covered"),)

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("有效的集体合同")

    def clean(self) -> None:
        super().clean()
        if errors := _days_in_order(self.signed_on, self.ends_on, self.filed_on):
            raise ValidationError(errors)

    def is_over(self, today: datetime.date) -> bool:
        return self.ends_on is not None and self.ends_on < today


class RegionalSort(models.TextChoices):
    REGION = "region", _("区域")
    TRADE = "trade", _("行业")


class RegionalContract(Record):
    """区域、行业集体合同: an office's year of collective contracts for a region or a trade, of which no single enterprise knows
    (2025年方案第四项行动“集体协商和集体合同制度”，快递行业见“三方委员会”).

    Whom they cover may be covered by a contract of the enterprise as well: the two are never added."""

    covered = count(
        _("区域、行业集体合同覆盖职工"),
        _("人"),
        _("截至填报日有效的区域、行业集体合同覆盖的，同一人只计一次。没有填 0。"),
    )
    agreements: "tuple[RegionalContractLine, ...]"

    class Meta:
        verbose_name = verbose_name_plural = _("区域、行业集体合同")


class RegionalContractLine(RecordLine):
    """有效的区域、行业集体合同: one contract in force."""

    record = LineOf(RegionalContract, related_name="agreements")
    sort = choice(_("种类"), RegionalSort)
    scope = text(_("区域或行业"), 60, _("例如：某某街道、某某产业园、快递行业。"))
    signed_on = day(_("签订日期"), _("双方首席代表签字的日期。"))
    ends_on = day(_("期满日期"))
    people = count(_("覆盖职工"), _("人"))
    filed_on = day(_("报送人社日期"), _("还没有报送的不填。"))
    is_courier = yes_no(_("快递行业"))
    parts_of_record = (("people", "covered"),)

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("有效的区域、行业集体合同")

    def clean(self) -> None:
        super().clean()
        if errors := _days_in_order(self.signed_on, self.ends_on, self.filed_on):
            raise ValidationError(errors)

    def is_over(self, today: datetime.date) -> bool:
        return self.ends_on is not None and self.ends_on < today


class IncentiveBasis(models.TextChoices):
    CONTRACT = "contract", _("集体合同")
    RULES = "rules", _("企业制度")
    PERSONAL = "personal", _("与本人约定")


#: What pay takes into account, in the words of the plan.
ELEMENTS = ("by_post", "by_ability", "by_innovation", "by_performance")


class Incentive(Record):
    """收入分配激励与技术工人待遇: the year's return on what skill and innovation earn (2022年实施意见第7、8条、2025年方案第四项行动
    “技能人才薪酬分配制度”).

    People only: amounts are not asked."""

    has_system = yes_no(_("建立了技能人才薪酬分配制度"), _("截至填报日，有文件规定技能人才怎样定薪、怎样增长。"))
    by_post = yes_no(_("体现岗位价值"))
    by_ability = yes_no(_("体现能力素质"))
    by_innovation = yes_no(_("体现创新创造"))
    by_performance = yes_no(_("体现业绩贡献"))
    measures: "tuple[IncentiveLine, ...]"

    class Meta:
        verbose_name = verbose_name_plural = _("收入分配激励与技术工人待遇")


class IncentiveLine(RecordLine):
    """激励与待遇: how many people one measure reached in the year."""

    record = LineOf(Incentive, related_name="measures")
    item = models.ForeignKey(
        IncentiveItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_active": True},
        verbose_name=_("项目"),
    )
    people = count(_("享受职工"), _("人"), _("上年度，同一人同一项只计一次。"))
    skilled = count(_("其中高技能人才"), _("人"), _("高级工及以上。"))
    basis = choice(_("依据"), IncentiveBasis)
    parts = (("skilled", "people"),)

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("激励与待遇")
