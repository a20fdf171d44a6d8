"""Jobs: long work as a row. The row, not the broker, is the truth."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.accounts.models import User, Visitor
from foundation.files.keeping import random_name
from foundation.jobs.handlers import handler


class Status(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


LIVE = (Status.QUEUED, Status.RUNNING)


class Job(models.Model):
    """One long operation. ``unique_key`` makes it idempotent: while a job of that key lives, asking again returns it.

    ``file`` is what the job wrote for its owner, kept for a day (``foundation.jobs.results``).
    """

    file_folder = "exports"

    kind = models.CharField(_("任务类型"), max_length=60)
    title = models.CharField(_("任务"), max_length=200)
    parameters = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs", verbose_name=_("发起人")
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.QUEUED)
    unique_key = models.CharField(max_length=200)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    message = models.CharField(_("说明"), max_length=300, blank=True)
    error = models.TextField(_("错误"), blank=True)
    result = models.JSONField(default=dict, blank=True)
    file = models.FileField(upload_to=random_name, blank=True, default="")
    file_name = models.CharField(_("文件名"), max_length=200, blank=True, default="")
    #: The request that asked for it: what the job does is logged as asked from there.
    request_id = models.CharField(max_length=32, blank=True, editable=False, default="")
    address = models.CharField(max_length=45, blank=True, editable=False, default="")
    created_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    objects = ScopedQuerySet.as_manager()
    view_permission = "jobs.view"

    class Meta:
        verbose_name = verbose_name_plural = _("后台任务")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["unique_key"], condition=Q(status__in=LIVE), name="job_once_while_live"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_percent"),
        ]
        indexes = [models.Index(fields=["status", "lease_until"], condition=Q(status__in=LIVE), name="job_live")]

    def __str__(self) -> str:
        return self.title

    @property
    def acting_user(self) -> User:
        """Whoever the work is done for. Raises ``ValueError`` for a job the portal started by itself."""
        if self.owner is None:
            raise ValueError(f"job {self.pk} ({self.kind}) has no owner")
        return self.owner

    def title_for(self, viewer: Visitor) -> str:
        """Its title for who asked for it. Whoever runs the portal sees no business data, and titles name reports, notices
        and files: they read what is done and its number."""
        if viewer is not None and viewer.pk is not None and viewer.pk == self.owner_id:
            return self.title
        try:
            label = str(handler(self.kind).label)
        except LookupError:
            label = str(self._meta.verbose_name)
        return gettext("%(what)s（任务 %(number)s）") % {"what": label, "number": self.pk}

    @property
    def is_live(self) -> bool:
        return self.status in LIVE
