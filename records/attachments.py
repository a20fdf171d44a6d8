"""Evidence: what may be uploaded, judged by its content, and the actions on it."""

import hashlib
import uuid
from pathlib import PurePath

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import AccessDenied, require
from foundation.audit.log import log, register_event
from records.actions import ActionRefused
from records.models import Attachment, Record

register_event("records.attachment_added", gettext_lazy("上传佐证材料"))
register_event("records.attachment_removed", gettext_lazy("移除佐证材料"))
register_event("records.attachment_opened", gettext_lazy("查看佐证材料"))

_OFFICE = "application/vnd.openxmlformats-officedocument."
#: Content type → extensions that may carry it. The content decides; the name must agree with it.
ALLOWED = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    _OFFICE + "wordprocessingml.document": ("docx",),
    _OFFICE + "spreadsheetml.sheet": ("xlsx",),
    _OFFICE + "presentationml.presentation": ("pptx",),
}
ACCEPT = ",".join(f".{extension}" for extensions in ALLOWED.values() for extension in extensions)


def _content_type(upload: UploadedFile) -> str:
    """The type found in the content. Raises ``ActionRefused`` unless allowed and in agreement with the name."""
    head = upload.read(8192)
    upload.seek(0)
    guess = filetype.guess(head)
    found = guess.mime if guess else ""
    extension = PurePath(upload.name).suffix.lower().lstrip(".")
    if found not in ALLOWED:
        raise ActionRefused(
            _(
                "文件“%(name)s”不能上传：可以上传照片（jpg、png、webp）、PDF 和 Office 文件（docx、xlsx、pptx）。旧格式（doc、xls、ppt）请另存为新格式。"
            )
            % {"name": upload.name}
        )
    if extension not in ALLOWED[found]:
        raise ActionRefused(
            _("文件“%(name)s”的内容与扩展名不符，内容像是 %(kind)s。请确认文件没有改过名，再重新上传。")
            % {"name": upload.name, "kind": ALLOWED[found][0]}
        )
    return found


def _check_room(upload: UploadedFile, siblings: models.QuerySet[Attachment]) -> None:
    limit = settings.ATTACHMENT_MAX_BYTES
    if upload.size > limit:
        raise ActionRefused(
            _("文件“%(name)s”有 %(size).1f MB，超过 %(limit)d MB 的上限。照片请压缩后再传，文件可拆成几个。")
            % {"name": upload.name, "size": upload.size / 1048576, "limit": limit // 1048576}
        )
    if upload.size == 0:
        raise ActionRefused(_("文件“%(name)s”是空的。请检查后重新选择。") % {"name": upload.name})
    if siblings.count() >= settings.ATTACHMENTS_PER_RECORD:
        raise ActionRefused(
            _("每条记录最多 %d 个文件。请先移除不需要的，或合并成一个 PDF。") % settings.ATTACHMENTS_PER_RECORD
        )


@transaction.atomic
def store_attachment(
    *,
    acting_user: models.Model,
    upload: UploadedFile,
    record: Record | None = None,
    form_token: uuid.UUID | None = None,
) -> Attachment:
    """Keep an uploaded file for a record that may be edited, or for a form not yet saved.

    The same content twice for one record gives the one attachment. Raises ``ActionRefused``, ``AccessDenied``.
    """
    if record is not None:
        require(acting_user, "records.edit", record)
        siblings = Attachment.objects.filter(record_id=record.pk)
    else:
        siblings = Attachment.objects.filter(record=None, form_token=form_token, uploaded_by=acting_user)
    _check_room(upload, siblings)
    content_type = _content_type(upload)
    digest = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    if twin := siblings.filter(sha256=digest).first():
        return twin
    attachment = Attachment.objects.create(
        record_id=record.pk if record else None, form_token=None if record else form_token, file=upload,
        name=PurePath(upload.name).name[-200:], content_type=content_type, size=upload.size, sha256=digest,
        uploaded_by=acting_user,
    )  # fmt: skip
    if record is not None:
        log("records.attachment_added", by=acting_user, on=record, note=attachment.name)
    return attachment


@transaction.atomic
def remove_attachment(*, acting_user: models.Model, attachment: Attachment) -> None:
    """Take a file away while its record may be edited. The file leaves the disk after commit."""
    if attachment.record is None:
        if attachment.uploaded_by_id != acting_user.pk:
            raise AccessDenied(_("文件还没有随记录保存，只有上传的人能移除。"))
    else:
        require(acting_user, "records.edit", attachment.record)
        log("records.attachment_removed", by=acting_user, on=attachment.record, note=attachment.name)
    storage, name = attachment.file.storage, attachment.file.name
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(name))
