"""Evidence: files that support a record. Optional by default."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from records.core.models import Record


def storage_path(attachment: "Attachment", filename: str) -> str:
    """A name nobody can guess; the original name is kept in the row only."""
    return f"evidence/{uuid.uuid4().hex[:2]}/{uuid.uuid4().hex}"


def thumbnail_path(attachment: "Attachment", filename: str) -> str:
    """Beside its picture."""
    return f"{attachment.file.name}.thumbnail"


class Attachment(models.Model):
    """A file. Until its form is saved it belongs to the form (``form_token``) and its uploader only.

    A picture is kept without what the camera wrote into it (place, time, device), so the bytes differ from those
    uploaded: ``sha256`` is of the bytes kept, ``source_sha256`` of those that came.
    """

    record = models.ForeignKey(Record, models.CASCADE, null=True, related_name="attachments")
    form_token = models.UUIDField(null=True, db_index=True)
    file = models.FileField(upload_to=storage_path)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64, blank=True, default="")
    thumbnail = models.FileField(upload_to=thumbnail_path, blank=True, default="")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()
    view_permission = "records.view_attachment"

    class Meta:
        verbose_name = verbose_name_plural = _("佐证材料")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=False) | Q(form_token__isnull=False), name="attachment_belongs_somewhere"
            )
        ]

    def __str__(self) -> str:
        return self.name
