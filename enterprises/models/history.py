"""What happened to an entry of the register besides being edited: its moves, names, mergers, closing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ChangeKind(models.TextChoices):
    MOVE = "move", _("迁移")
    RENAME = "rename", _("更名")
    MERGE = "merge", _("并入其他企业")
    ABSORB = "absorb", _("合并其他企业")
    SPLIT = "split", _("分立")
    SPLIT_OFF = "split_off", _("由分立新设")
    CLOSE = "close", _("注销")
    REOPEN = "reopen", _("恢复在册")


class EnterpriseEvent(models.Model):
    """One change of an entry, for good: the audit log may be archived, former names and moves are not.

    ``counterpart`` is the other enterprise of a merger or split. ``memo`` is what the rooms above need to take the
    change back.
    """

    enterprise = models.ForeignKey("enterprises.Enterprise", models.CASCADE, related_name="events")
    kind = models.CharField(_("变更"), max_length=10, choices=ChangeKind)
    effective_on = models.DateField(_("变更日期"))
    reason = models.TextField(_("原因"), blank=True)
    counterpart = models.ForeignKey("enterprises.Enterprise", models.PROTECT, null=True, related_name="+")
    from_county = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    to_county = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    old_name = models.CharField(_("原名称"), max_length=200, blank=True)
    old_initials = models.CharField(max_length=200, blank=True)
    new_name = models.CharField(_("新名称"), max_length=200, blank=True)
    memo = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    made_at = models.DateTimeField(_("办理时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("企业变更记录")
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="enterprise_event_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on}"
