"""What the API itself must remember."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

#: How long the answer to a key is kept and replayed.
KEPT_FOR = timedelta(hours=24)
#: After this long without an answer the first request is taken for lost (its transaction was rolled back with it).
LOST_AFTER = timedelta(minutes=2)


class IdempotencyKey(models.Model):
    """A write and its answer, so that the same request sent again is answered, not done again.

    ``status`` is empty while the first request is being worked on. Written in the transaction of the work itself, so
    an answer is here exactly when its effect is.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("账号"))
    key = models.CharField(_("幂等键"), max_length=200)
    request = models.CharField(_("请求"), max_length=300)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("状态码"), null=True)
    body = models.JSONField(null=True)
    location = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("幂等键")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.request} {self.key}"
