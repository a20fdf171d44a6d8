"""How far an enterprise is from breaking the law of employment."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count, day, text
from records.models import Record
from rights.models.lists import RiskGrade


class AssessmentWay(models.TextChoices):
    SELF = "self", _("企业自评")
    SERVICE = "service", _("专项服务行动")


class RiskAssessment(Record):
    """企业劳动用工风险评估: the year's return of an enterprise that was assessed (2022年实施意见保障措施“激励约束”，以
    《企业劳动用工风险评估规范》为依据).

    The dimensions of the standard are not asked, and its grades are a list of the province, because its text could not be
    consulted: 待核定."""

    assessed_on = day(_("评估日期"), _("上年度的评估；评估了几次的，填最近一次。"))
    way = choice(_("评估方式"), AssessmentWay, _("工会、人社等部门组织的评估，选“专项服务行动”。"))
    assessor = text(_("评估单位"), 120, _("自评的可以不填。"))
    grade = models.ForeignKey(
        RiskGrade,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_active": True},
        verbose_name=_("结果等级"),
        help_text=_("评估报告上的等级，没有评等级的不填。"),
    )
    points = count(_("风险点"), _("个"), _("评估报告列出的，没有填 0。"))
    rectified = count(_("其中完成整改"), _("个"), _("到填报日已经整改的。"))
    parts = (("rectified", "points"),)

    class Meta:
        verbose_name = verbose_name_plural = _("企业劳动用工风险评估")

    def clean(self) -> None:
        super().clean()
        if self.assessed_on and self.period and str(self.assessed_on.year) != self.period:
            message = _("评估日期 %(day)s 不在%(year)s年。请填那一年的评估，或者改选报告期。")
            raise ValidationError({"assessed_on": message % {"day": self.assessed_on, "year": self.period}})
