"""Kinds of making known what the reform achieved."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, link, text
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
