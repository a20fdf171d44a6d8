"""What regulation asks and a record says was not so: recorded, never refused."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.models.record import Record


class Breach(models.Model):
    """A rule of regulation that an activity, as it was handed in, did not keep. Rows are those of the record's last
    hand-in: mended and handed in again, it has others or none."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="breaches")
    rule = models.CharField(_("规则"), max_length=20)
    field = models.CharField(_("字段"), max_length=60, blank=True)
    message = models.TextField(_("不合规定之处"))
    citation = models.TextField(_("依据"))
    is_unstated = models.BooleanField(_("没有填写"), help_text=_("规则要看的内容没有填，是否合规不明。"), default=False)
    values = models.JSONField(_("当时的数值"), default=dict, help_text=_("规则看过的字段和它们的值。"))
    version = models.PositiveIntegerField(_("记录版本"))

    class Meta:
        verbose_name = verbose_name_plural = _("不合规定之处")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["record", "rule", "field"], name="breach_once")]

    def __str__(self) -> str:
        return self.message
