"""Evidence: files that support a record. Optional by default."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.log import register_event
from foundation.stored_files.models import StoredFile
from records.core.models import Record

register_event("records.attachment_added", _("上传佐证材料"))
register_event("records.attachment_removed", _("移除佐证材料"))
register_event("records.attachment_opened", _("查看佐证材料"))


class Attachment(StoredFile):
    """A file that supports a record. An office that opens one stands in the audit log."""

    file_folder = "evidence"
    owner_name, owner_label = "record", _("每条记录")
    edit_permission, create_permission = "records.edit", "records.create"
    event, logs_opening = "records.attachment", True
    url_name = "records:attachment"

    record = models.ForeignKey(Record, models.CASCADE, null=True, related_name="attachments")

    view_permission = "records.view_attachment"

    class Meta(StoredFile.Meta):
        verbose_name = verbose_name_plural = _("佐证材料")
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=False) | Q(form_token__isnull=False), name="attachment_belongs_somewhere"
            )
        ]
