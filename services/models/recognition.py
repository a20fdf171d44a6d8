"""Kinds of recognition: honours given, and what the reform achieved made known."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.crud.choice_lists import IN_USE, ChoiceRow
from records.core.fields import choice, count, link, text
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
