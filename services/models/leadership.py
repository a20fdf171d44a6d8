"""Kinds of leadership: who leads the reform in an enterprise, and what is asked of state-owned, other and leading ones."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.labels import Label
from records.core.fields import count, long_text, money, yes_no
from records.core.several import several, well_formed
from records.models import Record, line_reference


class PlanTask(models.TextChoices):
    """What 2022年实施意见第二部分 wants a plan to cover."""

    ACHIEVEMENT = "achievement", _("建功立业")
    SKILLS = "skills", _("素质提升")
    STANDING = "standing", _("地位提高")
    GROWTH = "growth", _("队伍壮大")
    NONE = "none", _("以上都没有覆盖")


class Leadership(Record):
    """领导机构与实施方案: the year's return on who leads the reform in the enterprise, by what plan, with what people and means.

    2022年实施意见第二部分 asks it of the manager (“一把手”工程, “人财物等方面提供保障支持”), the party organisation (“与党建工作同
    谋划、同部署、同推进、同考核”; whether it is assessed alike is asked in ``ideology.PartyAssessment``) and the union (“牵头抓总”)."""

    has_leading_body = models.BooleanField(_("已建立产改领导机构"), null=True, blank=True)
    led_by_principal = models.BooleanField(_("由党政主要负责人任组长"), null=True, blank=True)
    leader_post = models.CharField(_("组长职务"), max_length=60, blank=True, help_text=_("例如：党委书记、总经理。"))
    has_plan = models.BooleanField(_("已制定产改实施方案"), null=True, blank=True)
    plan_issued_on = models.DateField(_("方案印发日期"), null=True, blank=True)
    reviewed_by_congress = models.BooleanField(_("方案已经职代会审议"), null=True, blank=True)
    congress_topic = line_reference(
        _("方案所在的职代会议题"),
        "rights.congresssession",
        ("产改", "产业工人", "改革方案", "改革实施方案"),
        _("从本企业已提交的职代会会议中选；会议还没有填报的，先填会议，或不选、填下面的日期。"),
        answers="reviewed_by_congress",
    )
    congress_on = models.DateField(
        _("职代会审议日期"), null=True, blank=True, help_text=_("没有选议题的才填；选了议题的，日期从会议带出。")
    )
    special_meetings = models.PositiveSmallIntegerField(
        _("专题研究产改会议次数"), null=True, blank=True, help_text=_("单位：次。报告期那一年全年。")
    )
    tasks = several(
        _("方案覆盖的重点任务"),
        PlanTask,
        _(
            "写进方案的，可多选：竞赛、创新属建功立业，培训、评价属素质提升，待遇、民主权利属地位提高，招工、转型、入会属队伍壮大。"
        ),
        none=PlanTask.NONE,
    )
    same_plan = yes_no(_("与党建同谋划、同部署、同推进"), _("上年度党组织的工作计划或党建会议同时安排了产改的选是。"))
    union_led = yes_no(_("企业工会牵头的议事协调机制"), _("工会定期召集有关部门商量产改的选是，截至填报日。"))
    staff = count(_("专（兼）职人员"), _("人"), _("负责产改工作的人员，专职、兼职都算，截至填报日；没有填 0。"))
    budget = money(_("年度工作经费"), _("上年度用于产改的经费，行政拨付和工会列支合计；没有填 0，没有统计的留空。"))
    has_premises = yes_no(_("有场所设施保障"), _("有固定的活动、培训场所的选是，截至填报日。"))
    party_guidance = count(_("党组织专题指导"), _("次"), _("上年度企业党组织专题听取或指导产改工作的次数，没有填 0。"))

    class Meta:
        verbose_name = verbose_name_plural = _("领导机构与实施方案")
        constraints = [well_formed("tasks", "leadership_tasks_listed")]

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Label] = {}
        if self.led_by_principal and self.has_leading_body is False:
            errors["led_by_principal"] = _("尚未建立领导机构，就谈不上由谁任组长。请改其中一项。")
        if self.reviewed_by_congress and self.has_plan is False:
            errors["reviewed_by_congress"] = _("尚未制定方案，就没有方案可供审议。请改其中一项。")
        held = self.congress_day
        if self.plan_issued_on and held and held > self.plan_issued_on:
            errors["congress_topic" if self.congress_topic_id else "congress_on"] = _(
                "职代会审议日期（%(congress)s）晚于方案印发日期（%(plan)s）。方案应先审议后印发，请核对两个日期。"
            ) % {"congress": held, "plan": self.plan_issued_on}
        if errors:
            raise ValidationError(errors)

    @property
    def congress_day(self) -> datetime.date | None:
        """The day on which the congress dealt with the plan: that of the session referred to, else the one that was typed."""
        return self.congress_topic.day if self.congress_topic is not None else self.congress_on


class Responsibility(Record):
    """国有企业责任、非公社会责任、链主示范: the year's return on what each sort of enterprise does for the reform.

    2025年方案解读 asks for “强化国有企业政治责任”, “鼓励非公企业更好履行社会责任” and “鼓励龙头企业、链主企业示范带动”,
    2022年实施意见 for “积极履行社会责任”. Each is asked its own part only (``ResponsibilityKind.prepare_form``)."""

    is_assessed = yes_no(
        _("产改纳入领导班子或经营业绩考核"), _("国有企业填写。上年度的考核办法或责任书中列有产改内容的选是。")
    )
    has_report = yes_no(_("发布社会责任报告"), _("非国有企业填写。上年度公开发布过的选是，内容涉及职工权益的也算。"))
    led_enterprises = count(
        _("带动链上企业开展产改"), _("家"), _("龙头、链主企业填写。上年度在本企业带动下开展产改的链上企业，没有填 0。")
    )
    times_shared = count(
        _("向链上企业开放实训、竞赛资源"),
        _("次"),
        _("龙头、链主企业填写。上年度开放实训基地、组织链上企业参加培训或竞赛的次数，没有填 0。"),
    )
    summary = long_text(_("主要做法"), _("怎样做的、效果如何，几句话即可。"))

    class Meta:
        verbose_name = verbose_name_plural = _("企业责任与链上示范")

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Label] = {}
        if self.is_assessed is not None and not self.filing_enterprise.is_state_owned:
            errors["is_assessed"] = _("这一项由国有企业填写，企业名录中本企业不是国有。请留空；名录有误的请先更正。")
        if self.has_report is not None and self.filing_enterprise.is_state_owned:
            errors["has_report"] = _("这一项由非国有企业填写，企业名录中本企业是国有。请留空；名录有误的请先更正。")
        if errors:
            raise ValidationError(errors)
