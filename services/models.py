"""Kinds of leadership and support: the fields of each."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.labels import Label
from records.models import Record


class Leadership(Record):
    """领导机构与实施方案: the year's return on who leads the reform in the enterprise and by what plan."""

    has_leading_body = models.BooleanField(_("已建立产改领导机构"), null=True, blank=True)
    led_by_principal = models.BooleanField(_("由党政主要负责人任组长"), null=True, blank=True)
    leader_post = models.CharField(_("组长职务"), max_length=60, blank=True, help_text=_("例如：党委书记、总经理。"))
    has_plan = models.BooleanField(_("已制定产改实施方案"), null=True, blank=True)
    plan_issued_on = models.DateField(_("方案印发日期"), null=True, blank=True)
    reviewed_by_congress = models.BooleanField(_("方案已经职代会审议"), null=True, blank=True)
    congress_on = models.DateField(_("职代会审议日期"), null=True, blank=True)
    special_meetings = models.PositiveSmallIntegerField(
        _("专题研究产改会议次数"), null=True, blank=True, help_text=_("单位：次。报告期那一年全年。")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("领导机构与实施方案")

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Label] = {}
        if self.led_by_principal and self.has_leading_body is False:
            errors["led_by_principal"] = _("尚未建立领导机构，就谈不上由谁任组长。请改其中一项。")
        if self.reviewed_by_congress and self.has_plan is False:
            errors["reviewed_by_congress"] = _("尚未制定方案，就没有方案可供审议。请改其中一项。")
        if self.plan_issued_on and self.congress_on and self.congress_on > self.plan_issued_on:
            errors["congress_on"] = _(
                "职代会审议日期（%(congress)s）晚于方案印发日期（%(plan)s）。方案应先审议后印发，请核对两个日期。"
            ) % {"congress": self.congress_on, "plan": self.plan_issued_on}
        if errors:
            raise ValidationError(errors)
