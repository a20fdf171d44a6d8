"""What happened to a record: its steps with the values at each."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.models.record import Record, Status


class RecordStep(models.Model):
    """One step of a record: who did what, why, and the record's values as they then stood.

    ``values`` maps field names to JSON values (dates as ISO text), so any two steps can be compared. ``comments`` maps
    field names to what the office remarked on them. ``questions`` are what looked unusual at a hand-in and was answered
    with the reason: ``{"field": …, "message": …}``, without the advice to whoever answered.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="steps")
    action = models.CharField(_("动作"), max_length=12)
    from_status = models.CharField(max_length=10, choices=Status, blank=True)
    to_status = models.CharField(max_length=10, choices=Status)
    level = models.CharField(_("级次"), max_length=10, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("意见"), blank=True)
    comments = models.JSONField(_("逐项意见"), default=dict)
    questions = models.JSONField(_("核对过的情况"), default=list)
    version = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("办理过程")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.record_id}"
