"""A workbook on its way in: what was uploaded, what the check found, what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet


def storage_path(batch: "ImportBatch", filename: str) -> str:
    """A name nobody can guess; the original name is kept in the row only."""
    return f"imports/{uuid.uuid4().hex}"


class ImportState(models.TextChoices):
    CHECKING = "checking", _("检查中")
    CHECKED = "checked", _("待确认")
    WRITING = "writing", _("导入中")
    DONE = "done", _("已导入")
    FAILED = "failed", _("失败")
    DISCARDED = "discarded", _("已放弃")


#: Nothing more will happen to these.
ENDED = (ImportState.DONE, ImportState.FAILED, ImportState.DISCARDED)


class ImportBatch(models.Model):
    """One import of one kind by one person.

    ``upload`` is the workbook and lives until it is read; ``rows`` is what was read, checked and fit to write, and lives
    until it is written. Both files are gone when the import has ended. ``problems`` are the rows that did not fit, as
    they stood in the workbook, so that they can be handed back. ``questions`` are fit rows that look unusual;
    ``reason`` is the word with which they are handed in all the same, without it they stay drafts. ``written`` says how
    far the writing has come.
    """

    kind = models.CharField(_("记录类型"), max_length=60)
    filename = models.CharField(_("文件名"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.CHECKING)
    submits = models.BooleanField(_("导入后直接提交审核"), default=True)
    is_backfill = models.BooleanField(_("历史补录"), default=False)
    upload = models.FileField(upload_to=storage_path, blank=True)
    rows = models.FileField(upload_to=storage_path, blank=True)
    counts = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    reason = models.TextField(_("核对说明"), blank=True, default="")
    written = models.JSONField(default=dict)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    objects = ScopedQuerySet.as_manager()
    view_permission = "records.view_import"

    class Meta:
        verbose_name = verbose_name_plural = _("批量导入")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ImportState.values), name="import_state_known")
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def fit(self) -> int:
        """How many rows would be written."""
        return self.counts.get("new", 0) + self.counts.get("changed", 0)

    @property
    def unusual(self) -> int:
        """How many of the fit rows are to be looked at before they are handed in."""
        return self.counts.get("unusual", 0)

    @property
    def unfit(self) -> int:
        return self.counts.get("conflict", 0) + self.counts.get("invalid", 0)
