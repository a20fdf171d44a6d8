"""Safety at work and workers' health."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count, long_text, yes_no
from records.models import Record


class Safety(Record):
    """安全生产与职业健康责任落实: the year's return on pledges, responsibilities, the risk report, 安康杯 and health checks
    (2022年实施意见第10条).

    Injuries, deaths and occupational diseases are not asked: neither document asks for them."""

    pledged = count(_("签订安全承诺书的职工"), _("人"), _("截至填报日，同一人只计一次，没有填 0。"))
    has_system = yes_no(_("已建立全员安全生产责任制"), _("每个岗位都写明了安全生产责任。"))
    reported_risks = yes_no(_("安全生产风险报告已报送"), _("工业企业填报：上年度的风险报告是否已经报送。"))
    major_risks = count(_("较大以上安全风险"), _("处"), _("最近一次风险报告中的较大风险和重大风险，没有填 0。"))
    cup_teams = count(_("参加“安康杯”竞赛的班组"), _("个"), _("上年度。"))
    cup_workers = count(_("参加“安康杯”竞赛的职工"), _("人"), _("上年度，同一人只计一次。"))
    has_exposed_posts = yes_no(
        _("有接触职业病危害的岗位"), _("例如：粉尘、噪声、高温、化学毒物。没有的选“否”，后面两项不用填。")
    )
    exposed = count(
        _("接害岗位应检职工"), _("人"), _("上年度应做上岗前、在岗期间或离岗时职业健康检查的，同一人只计一次。")
    )
    examined = count(_("其中已检"), _("人"), _("上年度应检职工中已经检查的。"))
    health_models = count(_("职业健康达人"), _("人"), _("上年度被评为“职业健康达人”的职工，没有填 0。"))
    parts = (("examined", "exposed"),)
    parts_of_staff = (
        ("pledged", "headcount"),
        ("cup_workers", "headcount"),
        ("exposed", "headcount"),
        ("health_models", "headcount"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("安全生产与职业健康责任落实")


class CampaignSubject(models.TextChoices):
    FIRE = "fire", _("消防")
    CHEMICALS = "chemicals", _("危险化学品")
    DUST = "dust", _("粉尘防爆")
    CONFINED = "confined", _("有限空间")
    MACHINES = "machines", _("机械设备")
    ELECTRICITY = "electricity", _("用电")
    TRAFFIC = "traffic", _("交通运输")
    OTHER = "other", _("其他")


class SafetyCampaign(Record):
    """安全生产专项整治: one campaign in the enterprise (2022年实施意见第10条“持续深化安全生产专项整治”).

    The hazards that it found are counted in the quarter's return on hazards, not here."""

    subject = choice(_("整治内容"), CampaignSubject)
    union_took_part = yes_no(_("工会参与检查"))
    measures = long_text(_("主要做法"), _("查了哪些地方、怎样整改的，几句话即可。"))

    class Meta:
        verbose_name = verbose_name_plural = _("安全生产专项整治")


class Hazard(Record):
    """隐患排查整改: the quarter's return on hazards found and rectified (2022年实施意见第10条“安全隐患随手拍”).

    一般隐患 can be rectified at once; 重大隐患 need the work to be stopped in whole or in part."""

    found = count(_("发现一般隐患"), _("条"), _("本季度发现的，不含重大隐患，没有填 0。"))
    rectified = count(_("其中已整改"), _("条"), _("本季度发现的一般隐患中，到季末已经整改的。"))
    in_time = count(_("其中按期整改"), _("条"), _("已整改的隐患中，在整改期限内完成的。"))
    snapshots = count(_("职工随手拍上报"), _("条"), _("本季度职工通过随手拍等方式上报、经核实的，没有填 0。"))
    major = count(_("发现重大隐患"), _("条"), _("本季度发现的、须全部或局部停产停业整改的，没有填 0。"))
    reported = count(
        _("重大隐患已报告"), _("条"), _("本季度发现的重大隐患中，已向监管部门和职代会报告的。没有重大隐患的不填。")
    )
    still_open = count(_("季末未销号的重大隐患"), _("条"), _("含以前发现的，季末时点数。没有的填 0。"))
    signed = yes_no(_("主要负责人已签字"), _("主要负责人在本季度隐患统计分析表上签了字。不用上传。"))
    parts = (("rectified", "found"), ("in_time", "rectified"), ("reported", "major"))
    # A snapshot may show a hazard that turns out to be a major one.
    usual_parts = (("snapshots", "found"),)

    class Meta:
        verbose_name = verbose_name_plural = _("隐患排查整改")
