"""A workbook on its way in: what was uploaded, what the check found, what became of it. Rooms have their own tables."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.files.keeping import random_name


class ImportState(models.TextChoices):
    CHECKING = "checking", _("检查中")
    CHECKED = "checked", _("待确认")
    WRITING = "writing", _("导入中")
    DONE = "done", _("已导入")
    FAILED = "failed", _("失败")
    DISCARDED = "discarded", _("已放弃")


#: Nothing more will happen to these.
ENDED = (ImportState.DONE, ImportState.FAILED, ImportState.DISCARDED)


class SheetImport(models.Model):
    """One import by one person; base of each room's.

    ``upload`` is the workbook and lives until it is read; ``rows`` is what was read, checked and fit to write, and lives
    until it is written. Both files are gone when the import has ended. ``problems`` are the rows that did not fit, as
    they stood in the workbook, so that they can be handed back.
    """

    file_folder = "imports"

    filename = models.CharField(_("文件名"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.CHECKING)
    upload = models.FileField(upload_to=random_name, blank=True)
    rows = models.FileField(upload_to=random_name, blank=True)
    counts = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        abstract = True
        ordering = ["-pk"]

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
    def unfit(self) -> int:
        return self.counts.get("conflict", 0) + self.counts.get("invalid", 0)
