"""What offices report of themselves: the fields of each kind."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.crud.choice_lists import IN_USE, ChoiceRow
from records.core.fields import choice, count, long_text, money, text, yes_no
from records.models import Among, LineOf, Record, RecordLine, listed_name
from services.models.recognition import Honour


class ResearchMethod(models.TextChoices):
    VISIT = "visit", _("走访")
    MEETING = "meeting", _("座谈")
    SURVEY = "survey", _("问卷")
    STAY = "stay", _("蹲点")


class ResearchOutcome(models.TextChoices):
    REPORT = "report", _("形成报告")
    ADVICE = "advice", _("提出建议")
    ADOPTED = "adopted", _("纳入政策")


class Research(Record):
    """调研: one study of an office among enterprises and workers (2022年实施意见保障措施 1 “扎实开展调研”)."""

    method = choice(_("调研方式"), ResearchMethod)
    enterprises = count(_("调研企业"), _("家"), _("走访、座谈或答卷涉及的企业，每家只计一次。"))
    problems = count(_("反映困难问题"), _("个"), _("企业和职工反映、需要研究解决的。"))
    outcome = choice(_("调研成果"), ResearchOutcome)
    adopted_in = text(_("采纳文件"), 120, _("采纳调研建议的文件名称或文号。"))

    class Meta:
        verbose_name = verbose_name_plural = _("调研")


class OutreachForm(models.TextChoices):
    INSTRUCTOR = "instructor", _("指导员走访")
    LIAISON = "liaison", _("联络员走访")
    OBSERVER = "observer", _("观察员走访")
    MEMBER = "member", _("成员单位走访")
    BUS_ENTERPRISE = "bus_firm", _("直通车进企业")
    BUS_PARK = "bus_park", _("直通车进园区")
    BUS_ONLINE = "bus_online", _("线上直通车")


class Outreach(Record):
    """走访与产改直通车: an office's people went to an enterprise, or the direct line was opened to it.

    2022年实施意见 “产改联络员、产改观察员、产改指导员等制度” and “开通线上线下‘产改直通车’，面对面回答企业之问”. The visitors file it,
    not the enterprise they came to, so that no visit counts twice."""

    form = choice(_("形式"), OutreachForm)
    visited = listed_name(
        _("到访企业"),
        Among.ENTERPRISE,
        Among.CLUSTER,
        hint=_("可写几家，用顿号隔开；进园区的写园区名称，线上的写参加的企业。"),
        length=200,
        is_many=True,
    )
    questions = count(_("提出问题"), _("个"), _("企业和职工当场提出的，没有填 0。"))
    answered = count(_("当场答复"), _("个"), _("没有填 0。"))
    passed_on = count(_("转直通车办理"), _("个"), _("当场答复不了、转有关部门办理的，没有填 0。"))
    summary = long_text(_("情况"), _("企业反映了什么、怎样答复的，几句话即可。"))
    parts = (("answered", "questions"), ("passed_on", "questions"))

    class Meta:
        verbose_name = verbose_name_plural = _("走访与产改直通车")


class AidProject(ChoiceRow):
    """帮扶项目: a programme of help for workers in hardship. 2025年方案解读 names three; the province settles the list."""

    view_permission = "services.aid_projects"

    class Meta(ChoiceRow.Meta):
        verbose_name = verbose_name_plural = _("帮扶项目")

    def get_absolute_url(self) -> str:
        return reverse("services:aid_project", args=[self.code])


class Hardship(Record):
    """职工困难帮扶: an office's quarter of help for workers in hardship.

    2025年方案解读 “推动从困难职工帮扶向职工困难帮扶的服务转变，创新打造‘特药补助’、‘关爱·圆梦’、新就业形态劳动者健康服务等帮扶
    项目”. Households on file and people helped are different numbers. Numbers only: no list of persons."""

    households = count(_("建档困难职工"), _("户"), _("季末在档的，没有填 0。"))
    recovered = count(_("本季脱困"), _("户"), _("本季退出档案的，没有填 0。"))
    not_on_file = count(_("未建档遇困职工"), _("人次"), _("以下各项目帮扶的人次中，没有建档的有多少；没有填 0。"))
    programmes: "tuple[HardshipProgramme, ...]"

    class Meta:
        verbose_name = verbose_name_plural = _("职工困难帮扶")


class HardshipProgramme(RecordLine):
    """One programme's quarter: how often it helped, and with how much."""

    record = LineOf(Hardship, related_name="programmes")
    project = models.ForeignKey(
        AidProject,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to=IN_USE,
        verbose_name=_("项目"),
    )
    helped = count(_("帮扶"), _("人次"), _("本季。"))
    amount = money(_("金额"), _("本季发放的资金和物资折价，没有统计的留空。"))

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("帮扶项目情况")


class LinkedMembers(Record):
    """成员单位联系企业: an office's yearly return on which member units keep in touch with which enterprises.

    2022年实施意见 “建立健全各级改革领导机构成员单位联系企业制度”. How often they visited is counted in ``Outreach``."""

    system_document = text(_("联系企业制度文件"), 120, _("文件名称或文号；没有单独发文的，写所在的文件。"))
    solved = count(_("解决问题"), _("个"), _("上年度成员单位帮助企业解决的，没有填 0。"))
    units: "tuple[LinkedUnit, ...]"

    class Meta:
        verbose_name = verbose_name_plural = _("成员单位联系企业")


class LinkedUnit(RecordLine):
    """A member unit and the enterprises it keeps in touch with."""

    record = LineOf(LinkedMembers, related_name="units")
    unit = listed_name(_("成员单位"), Among.MEMBER, length=60)
    enterprises = count(_("联系企业"), _("家"), _("截至填报日。"))
    names = listed_name(_("企业名称"), Among.ENTERPRISE, hint=_("可写几家，用顿号隔开。"), length=200, is_many=True)

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("联系关系")


class AwardRule(Record):
    """评选条件纳入产改: an office's yearly return on the honours for which progress of the reform is a condition.

    2022年实施意见 “探索将推进改革情况纳入……相关评选表彰、命名创建的条件中”: what is asked is the condition, not who got an honour."""

    remarks = long_text(_("说明"), _("怎样纳入条件的，几句话即可。"))
    conditions: "tuple[AwardCondition, ...]"

    class Meta:
        verbose_name = verbose_name_plural = _("评选条件纳入产改")


class AwardCondition(RecordLine):
    """Whether progress of the reform is a condition for an honour, by what document, from which year."""

    record = LineOf(AwardRule, related_name="conditions")
    honour = models.ForeignKey(
        Honour,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to=IN_USE,
        verbose_name=_("奖项"),
    )
    is_condition = yes_no(_("已列为条件"))
    document = text(_("文号"), 60, _("列入条件的评选文件。"))
    since_year = models.PositiveSmallIntegerField(
        _("起始年"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text=_("四位年份，例如 2025。"),
    )

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("奖项条件")


class TalentPlan(Record):
    """人才计划与党委联系专家: an office's yearly return on highly skilled workers in the plans for talents.

    2025年方案解读 “将符合条件的大国工匠、高技能人才纳入省级人才计划申报支持范围，推动作为各级党委联系服务专家人选”. The lists lie with
    the departments of organisation and 人社, so enterprises are not asked."""

    applied = count(_("申报省级人才计划的高技能人才"), _("人"), _("上年度申报的，同一人只计一次，没有填 0。"))
    chosen = count(_("入选"), _("人"), _("上年度入选的，没有填 0。"))
    linked = count(_("列为党委联系服务专家的产业工人"), _("人"), _("截至填报日，没有填 0。"))
    linked_national = count(_("其中大国工匠"), _("人"), _("没有填 0。"))
    parts = (("linked_national", "linked"),)
    # Whom a plan takes may have applied in the year before.
    usual_parts = (("chosen", "applied"),)

    class Meta:
        verbose_name = verbose_name_plural = _("人才计划与党委联系专家")
