"""What offices report of themselves: the fields of each kind."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count, text
from records.models import Record


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
