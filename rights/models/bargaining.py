"""What is agreed on and shared: collective contracts, and what skill and innovation earn."""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count, day, text, yes_no
from records.core.several import several, well_formed
from records.models import LineOf, Record, RecordLine, line_reference
from rights.models.lists import IncentiveItem

#: The kind whose topics are referred to.
CONGRESS = "rights.congresssession"


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

    How satisfied workers are with what was kept is asked once the province has decided so. Contracts of a region or a trade
    are not asked: no single enterprise knows them."""

    negotiated = yes_no(_("开展了工资集体协商"), _("上年度全年，就工资水平、调整办法等与企业协商过。"))
    negotiated_on = day(_("协商日期"), _("上年度协商了几次的，填最近一次协商会议的日期。"))
    covered = count(
        _("集体合同覆盖职工"), _("人"), _("截至填报日有效的集体合同覆盖的，同一人只计一次。没有集体合同填 0。")
    )
    performance_reported = yes_no(_("向职代会报告了履约情况"), _("上年度。没有集体合同的不选。"))
    performance_topic = line_reference(
        _("履约报告所在的职代会议题"),
        CONGRESS,
        ("履行", "履约"),
        _("从本企业已提交的职代会会议中选。"),
        answers="performance_reported",
        since_period=True,
    )
    satisfaction = models.PositiveSmallIntegerField(
        _("履约满意率"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("单位：%。职代会或者问卷测评中对履约表示满意的占比。"),
    )
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
    discussed = yes_no(_("草案经职代会审议"), _("草案提交过职代会或全体职工讨论的选是，尚未提交的选否。"))
    congress_topic = line_reference(
        _("职代会议题"),
        CONGRESS,
        ("合同", "协议", "协商"),
        _("从本企业已提交的职代会会议中选；选了就算经职代会审议。"),
        answers="discussed",
    )
    parts_of_record = (("people", "covered"),)

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("有效的集体合同")

    def clean(self) -> None:
        super().clean()
        errors = _days_in_order(self.signed_on, self.ends_on, self.filed_on)
        if self.congress_topic_id is not None and self.discussed is False:
            errors["congress_topic"] = str(_("选了职代会议题，又填了草案没有经职代会审议。请改其中一项。"))
        if errors:
            raise ValidationError(errors)

    @property
    def was_discussed(self) -> bool | None:
        """Whether the draft went to the congress; naming its topic says so."""
        return True if self.congress_topic_id is not None else self.discussed

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


class Element(models.TextChoices):
    """What pay takes into account, in the words of the plan."""

    POST = "post", _("岗位价值")
    ABILITY = "ability", _("能力素质")
    INNOVATION = "innovation", _("创新创造")
    PERFORMANCE = "performance", _("业绩贡献")
    NONE = "none", _("以上都没有体现")


#: All that pay is to take into account.
ELEMENTS = (Element.POST, Element.ABILITY, Element.INNOVATION, Element.PERFORMANCE)


class Incentive(Record):
    """收入分配激励与技术工人待遇: the year's return on what skill and innovation earn (2022年实施意见第7、8条、2025年方案第四项行动
    “技能人才薪酬分配制度”).

    People only: amounts are not asked."""

    has_system = yes_no(_("建立了技能人才薪酬分配制度"), _("截至填报日，有文件规定技能人才怎样定薪、怎样增长。"))
    elements = several(_("薪酬分配体现的要素"), Element, _("制度中写明的，可多选。"), none=Element.NONE)
    measures: "tuple[IncentiveLine, ...]"

    class Meta:
        verbose_name = verbose_name_plural = _("收入分配激励与技术工人待遇")
        constraints = [well_formed("elements", "incentive_elements_listed")]


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
