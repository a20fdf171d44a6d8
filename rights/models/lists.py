"""Lists that the province keeps for the kinds of workers' rights."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet


class ListEntry(models.Model):
    """One entry of such a list: chosen in a record, taken out of use and never deleted."""

    code = models.SlugField(
        _("编码"),
        max_length=20,
        primary_key=True,
        help_text=_("英文小写字母、数字和连字符，定了不再改。"),
        error_messages={
            "unique": _("这个编码已经用过。请换一个编码，或修改已有的那一项。"),
            "invalid": _("编码只能用英文字母、数字、连字符。请改写，例如 grade-a。"),
        },
    )
    name = models.CharField(
        _("名称"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("已经有这个名称。请直接修改已有的那一项。")},
    )
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_active = models.BooleanField(_("可以选用"), default=True, help_text=_("停用后不能再选，已填的记录不受影响。"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class RiskGrade(ListEntry):
    """A grade of 用工风险评估. The standard's own scale could not be consulted, so the list ships empty: 待核定."""

    view_permission = "rights.risk_grades"

    class Meta(ListEntry.Meta):
        verbose_name = verbose_name_plural = _("用工风险评估等级")

    def get_absolute_url(self) -> str:
        return reverse("rights:risk_grade", args=[self.code])
