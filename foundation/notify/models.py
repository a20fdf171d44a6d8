"""Messages to persons, and how each likes to be told."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet


class Channel(models.TextChoices):
    """What happens besides the portal's own page."""

    IN_APP = "in_app", _("只在平台内查看")
    AT_ONCE = "at_once", _("另发邮件，即时")
    DIGEST = "digest", _("另发邮件，每个工作日汇总一次")


class Mail(models.TextChoices):
    NONE = "none", _("不发邮件")
    WAITING = "waiting", _("等待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")


class MessageQuerySet(ScopedQuerySet["Message"]):
    def shown(self) -> Self:
        """Those whose time has come."""
        return self.filter(shown_from__lte=timezone.now())

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Message(models.Model):
    """One message to one person. ``key`` makes it idempotent: the same event of the same key is told a person once."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notify_messages")
    event = models.CharField(_("类型"), max_length=60)
    key = models.CharField(max_length=200, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("内容"), blank=True)
    url = models.CharField(max_length=500, blank=True)
    place = models.ForeignKey(
        "places.Place", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    shown_from = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    mail = models.CharField(_("邮件"), max_length=8, choices=Mail, default=Mail.NONE)
    mail_due_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    mail_error = models.CharField(_("原因"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()
    view_permission = "notify.own_messages"

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        ordering = ["-shown_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "event", "key"], condition=~Q(key=""), name="message_told_once"
            ),
            models.CheckConstraint(
                condition=~Q(mail=Mail.WAITING) | Q(mail_due_at__isnull=False), name="message_waiting_mail_is_due"
            ),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="message_mail_known"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-shown_from", "-id"], name="message_of_person"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="message_unread"),
            models.Index(fields=["mail_due_at"], condition=Q(mail=Mail.WAITING), name="message_mail_due"),
        ]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """What one person wants besides the portal's own page, for one kind of message."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notify_preferences")
    event = models.CharField(_("类型"), max_length=60)
    channel = models.CharField(_("接收方式"), max_length=8, choices=Channel)

    class Meta:
        verbose_name = verbose_name_plural = _("消息接收方式")
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="preference_once"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="preference_channel_known"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_channel_display()}"
