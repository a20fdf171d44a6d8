"""Kinds of recognition: honours given, and what the reform achieved made known."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.crud.choice_lists import IN_USE, ChoiceRow
from records.core.fields import choice, count, link, long_text, text
from records.models import Record


class Medium(models.TextChoices):
    NATIONAL = "national", _("中央主流媒体")
    PROVINCIAL = "provincial", _("省级主流媒体")
    CITY = "city", _("市级主流媒体")
    UNION = "union", _("工会媒体")
    NEW = "new", _("新媒体")


class PublicityForm(models.TextChoices):
    COLUMN = "column", _("专栏")
    PROGRAMME = "programme", _("专题节目")
    REPORT = "report", _("报道")
    SHORT_VIDEO = "video", _("短视频")


class PublicitySubject(models.TextChoices):
    ENTERPRISE = "firm", _("企业改革成效")
    WORKERS = "workers", _("产业工人事迹")
    POLICY = "policy", _("政策解读")


class Publicity(Record):
    """宣传报道: one column, programme or report about the reform.

    2022年实施意见 “在主流媒体和工会媒体开设专栏、举办专题节目”; 2025年方案解读 “加大宣传力度”."""

    medium = choice(
        _("媒体类别"),
        Medium,
        _("报社、电台、电视台及其网站和客户端按级别选；工会办的选工会媒体；其他网络平台和公众号选新媒体。"),
    )
    form = choice(_("形式"), PublicityForm, _("新开设一个专栏填一条专栏；专栏里的每一篇按报道填。"))
    outlet = text(_("媒体名称"), 60, _("例如：新华日报、江苏工人报。"))
    link = link(_("网址"), _("有网址的填上，便于核实；纸质报刊可上传照片。"))
    subject = choice(_("宣传对象"), PublicitySubject)

    class Meta:
        verbose_name = verbose_name_plural = _("宣传报道")


class Honour(ChoiceRow):
    """奖项: an honour that may be given. 2022年实施意见 names some and adds “等”: the province settles the list."""

    view_permission = "services.honours"

    class Meta(ChoiceRow.Meta):
        verbose_name = verbose_name_plural = _("评选表彰奖项")

    def get_absolute_url(self) -> str:
        return reverse("services:honour", args=[self.code])


class AwardLevel(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县（市、区）级")


class Honoured(models.TextChoices):
    PERSON = "person", _("个人")
    TEAM = "team", _("集体")
    ENTERPRISE = "firm", _("企业")


class Award(Record):
    """评选表彰: an honour given to workers, a team or the enterprise itself.

    2022年实施意见 “各级五一劳动奖和工人先锋号、创建和谐劳动关系示范企业、模范职工之家、厂务公开民主管理先进单位、幸福企业
    建设等相关评选表彰、命名创建”. Only numbers: whom it was given to is not asked."""

    honour = models.ForeignKey(
        Honour,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to=IN_USE,
        verbose_name=_("奖项"),
    )
    level = choice(_("级别"), AwardLevel, _("按授予机关的级别选；全国总工会、国家部委授予的选国家级。"))
    honoured = choice(_("表彰对象"), Honoured)
    number = count(_("获奖数量"), _("个"), _("表彰个人的填人数，表彰集体、企业的填个数；日期填授予那天。"))
    frontline_number = count(_("其中一线职工"), _("人"), _("表彰个人时填，没有填 0。"))
    parts = (("frontline_number", "number"),)

    class Meta:
        verbose_name = verbose_name_plural = _("评选表彰")


class ReformMeasure(models.TextChoices):
    """The measures of 2022年实施意见, by their numbers."""

    M1 = "m1", _("1.深化理想信念教育")
    M2 = "m2", _("2.发挥党建引领作用")
    M3 = "m3", _("3.加强职工文化培育")
    M4 = "m4", _("4.开展劳动和技能竞赛")
    M5 = "m5", _("5.推动职工创新创造")
    M6 = "m6", _("6.强化职业技能培训")
    M7 = "m7", _("7.拓宽职业发展通道")
    M8 = "m8", _("8.提高产业工人经济地位")
    M9 = "m9", _("9.维护产业工人民主权利")
    M10 = "m10", _("10.保障产业工人安康权益")
    M11 = "m11", _("11.提高产业工人生活品质")
    OTHER = "other", _("组织保障及其他")


class CaseStep(models.TextChoices):
    CASE = "case", _("典型案例")
    MEETING = "meeting", _("经验交流会")
    ADOPTED = "adopted", _("推广采用")


class PromotedBy(models.TextChoices):
    COUNTY = "county", _("县（市、区）")
    CITY = "city", _("设区市")
    PROVINCE = "province", _("省")
    NATION = "nation", _("全国")


class GoodCase(Record):
    """典型案例与经验交流: a case told, a meeting to exchange experience, or a case taken up elsewhere.

    2022年实施意见 “加强改革经验的交流推广，有效嫁接改革经验”, 第8条 “总结推广协商工作经验”; 2025年方案解读 “及时总结宣传改革实施中的先进
    典型、经验成效”. That a case was taken up elsewhere comes later and is known to offices: it is a record of its own."""

    step = choice(_("事项"), CaseStep, _("案例被别处推广采用，由产改办另填一条，题目与案例相同。"))
    measure = choice(_("对应举措"), ReformMeasure, _("涉及几条的选主要的一条。"))
    summary = long_text(_("做法与成效"), _("案例填写：做了什么、有什么变化，用数字说话。"), 2000)
    promoted_by = choice(_("推广级别"), PromotedBy, _("推广采用时填：在哪一级推广。"))
    adopters = count(_("采用单位"), _("家"), _("推广采用时填：学用这一做法的单位。"))
    link = link(_("刊发网址"), _("已经刊发的填，没有的留空。"))

    class Meta:
        verbose_name = verbose_name_plural = _("典型案例与经验交流")

    def clean(self) -> None:
        super().clean()
        if self.step == CaseStep.ADOPTED and self.enterprise_id is not None:
            message = _("“推广采用”由推广的产改办填报。本企业的做法请填“典型案例”。")
            raise ValidationError({"step": message})
