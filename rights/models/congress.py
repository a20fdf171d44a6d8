"""Sessions of the workers' congress: their fields."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count, day, long_text, text, yes_no
from records.models import LineOf, Record, RecordLine


class CongressForm(models.TextChoices):
    CONGRESS = "congress", _("职工代表大会")
    GENERAL = "general", _("职工大会")


class SessionSort(models.TextChoices):
    REGULAR = "regular", _("定期会议")
    EXTRA = "extra", _("临时会议")


class ProposedBy(models.TextChoices):
    ENTERPRISE = "firm", _("企业")
    UNION = "union", _("企业工会")
    DELEGATES = "delegates", _("职工代表")


class TopicSort(models.TextChoices):
    APPROVAL = "approve", _("审议通过")
    ADVICE = "advise", _("审查建议")
    OVERSIGHT = "oversee", _("监督")


class TopicResult(models.TextChoices):
    PASSED = "passed", _("通过")
    FAILED = "failed", _("未通过")
    CONSIDERED = "considered", _("已听取，未表决")


class CongressSession(Record):
    """职代会会议: one session of the workers' congress or general meeting.

    ``representatives`` is everybody who has a vote: quorum and majority are measured by it, never by those present."""

    form = choice(_("会议形式"), CongressForm)
    sort = choice(_("会议类别"), SessionSort)
    proposed_by = choice(_("提议召开的是"), ProposedBy, _("临时会议填写。"))
    proposers = count(_("提议的职工代表"), _("人"))
    representatives = count(_("应到代表"), _("人"), _("全体职工代表；职工大会填全体职工。"))
    present = count(_("实到代表"), _("人"))
    managers = count(_("代表中管理人员"), _("人"), _("企业中层以上管理人员和领导人员。"))
    term_started_on = day(_("本届代表任期起始日期"))
    term_years = count(_("本届任期"), _("年"), _("三至五年。"))
    papers_sent_on = day(_("材料送达代表的日期"))
    secret_ballot = yes_no(_("无记名投票"), _("没有表决事项的不选。"))
    proposals_raised = count(_("征集提案"), _("件"), _("本次会议收到的职工提案。"))
    proposals_filed = count(_("立案"), _("件"), _("其中立案办理的。"))
    proposals_settled = count(_("上次提案办结"), _("件"), _("上次会议立案的提案，到这次会议已经办结的。"))
    heard_safety_report = yes_no(_("听取安全生产和职业健康专题报告"))
    reported_on = day(_("向上一级工会报告的日期"), _("会后七个工作日内报告。"))
    summary = long_text(_("主要议题和决议"))
    agenda: "tuple[CongressTopic, ...]"
    parts = (
        ("present", "representatives"),
        ("managers", "representatives"),
        ("proposers", "representatives"),
        ("proposals_filed", "proposals_raised"),
    )
    parts_of_staff = (("representatives", "headcount"),)

    class Meta:
        verbose_name = verbose_name_plural = _("职代会会议")

    def clean(self) -> None:
        super().clean()
        if self.reported_on and self.happened_on and self.reported_on < self.happened_on:
            message = _("向上一级工会报告的日期（%(reported)s）早于会议日期（%(held)s）。请核对两个日期。")
            raise ValidationError({"reported_on": message % {"reported": self.reported_on, "held": self.happened_on}})


class CongressTopic(RecordLine):
    """议题: what a session dealt with. What is to be approved is voted on: its votes and whether it passed.

    An empty ``topic`` is a vote of a time in which topics were not named: it counts as none (``F01.topics``)."""

    record = LineOf(CongressSession, related_name="agenda")
    topic = text(_("议题"), 100)
    sort = choice(_("性质"), TopicSort, _("审议通过的须表决；审查建议、监督的不一定。"))
    votes_for = count(_("赞成票"), _("票"))
    result = choice(_("结果"), TopicResult)
    parts_of_record = (("votes_for", "present"),)

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("职代会议题")

    @property
    def outcome(self) -> str:
        """审议通过：通过，赞成 61 票"""
        said = [str(self.get_result_display())] if self.result else []
        if self.votes_for is not None:
            said.append(_now("赞成 %d 票") % self.votes_for)
        parts = [str(self.get_sort_display()) if self.sort else "", "，".join(said)]
        return "：".join(part for part in parts if part)
