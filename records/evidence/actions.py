"""Evidence: the actions on it. What a file is made into before it is kept is in ``foundation.files``."""

import datetime
import functools
import uuid
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import AccessDenied, require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.files.judging import Prepared, check_size, prepare
from foundation.refusals import Refused
from records.core.models import Record
from records.evidence.models import Attachment

register_event("records.attachment_added", gettext_lazy("上传佐证材料"))
register_event("records.attachment_removed", gettext_lazy("移除佐证材料"))
register_event("records.attachment_opened", gettext_lazy("查看佐证材料"))


def _check_room(name: str, size: int, siblings: models.QuerySet[Attachment]) -> None:
    taken = siblings.aggregate(count=Count("pk"), bytes=Sum("size"))
    if taken["count"] >= settings.ATTACHMENTS_PER_RECORD:
        raise Refused(
            _("每条记录最多 %d 个文件。请先移除不需要的，或合并成一个 PDF。") % settings.ATTACHMENTS_PER_RECORD
        )
    limit = settings.ATTACHMENTS_TOTAL_BYTES
    if (taken["bytes"] or 0) + size > limit:
        raise Refused(
            _("加上“%(name)s”，这条记录的佐证材料将超过 %(limit)d MB。请先移除不需要的，或压缩后再传。")
            % {"name": name, "limit": limit // 1048576}
        )


def _siblings(acting_user: Actor, record: Record | None, form_token: uuid.UUID | None) -> models.QuerySet[Attachment]:
    """What is there already. Raises ``AccessDenied`` where nothing may be added."""
    if record is not None:
        require(acting_user, "records.edit", record)
        return Attachment.objects.filter(record_id=record.pk)
    return Attachment.objects.filter(record=None, form_token=form_token, uploaded_by=acting_user)


def store_attachment(
    *,
    acting_user: Actor,
    upload: UploadedFile,
    record: Record | None = None,
    form_token: uuid.UUID | None = None,
) -> Attachment:
    """Keep an uploaded file for a record that may be edited, or for a form not yet saved.

    The same content twice for one record gives the one attachment. Raises ``Refused``, ``AccessDenied``.
    """
    check_size(upload)
    _check_room(upload.name, 0, _siblings(acting_user, record, form_token))
    # Before the transaction: on the embedded database it would hold up every other writer.
    prepared = prepare(upload)
    return _keep(upload, prepared, acting_user=acting_user, record=record, form_token=form_token)


@transaction.atomic
def _keep(
    upload: UploadedFile,
    prepared: Prepared,
    *,
    acting_user: Actor,
    record: Record | None,
    form_token: uuid.UUID | None,
) -> Attachment:
    siblings = _siblings(acting_user, record, form_token)
    # The bytes that came, or the bytes kept: a picture downloaded from the portal and sent again is the same one.
    same = Q(source_sha256=prepared.source_sha256) | Q(sha256__in=[prepared.source_sha256, prepared.sha256])
    if twin := siblings.filter(same).first():
        return twin
    _check_room(upload.name, prepared.size, siblings)
    attachment = Attachment(
        record_id=record.pk if record else None,
        form_token=None if record else form_token,
        name=PurePath(upload.name).name[-200:],
        content_type=prepared.content_type,
        size=prepared.size,
        sha256=prepared.sha256,
        source_sha256=prepared.source_sha256,
        uploaded_by=acting_user,
    )
    content = upload if prepared.content is None else ContentFile(prepared.content)
    attachment.file.save(attachment.name, content, save=False)
    if prepared.thumbnail is not None:
        attachment.thumbnail.save("thumbnail", ContentFile(prepared.thumbnail), save=False)
    attachment.save(force_insert=True)
    if record is not None:
        log("records.attachment_added", by=acting_user, on=record, note=attachment.name)
    return attachment


@transaction.atomic
def remove_attachment(*, acting_user: Actor, attachment: Attachment) -> None:
    """Take a file away while its record may be edited. The file leaves the disk after commit."""
    if attachment.record is None:
        if attachment.uploaded_by_id != acting_user.pk:
            raise AccessDenied(_("文件还没有随记录保存，只有上传的人能移除。"))
    else:
        require(acting_user, "records.edit", attachment.record)
        log("records.attachment_removed", by=acting_user, on=attachment.record, note=attachment.name)
    _delete_with_files(attachment)


#: A form left open over a weekend keeps its files; after that nobody comes back for them.
ABANDONED_AFTER = datetime.timedelta(days=14)


@transaction.atomic
def remove_abandoned() -> int:
    """Remove files whose form was never saved. Returns how many. The browser keeps typed text as long."""
    abandoned = Attachment.objects.filter(record=None, uploaded_at__lt=timezone.now() - ABANDONED_AFTER)
    found = list(abandoned[:1000])
    for attachment in found:
        _delete_with_files(attachment)
    return len(found)


def _delete_with_files(attachment: Attachment) -> None:
    files = [(kept.storage, kept.name) for kept in (attachment.file, attachment.thumbnail) if kept]
    attachment.delete()
    for storage, name in files:
        transaction.on_commit(functools.partial(storage.delete, name))
