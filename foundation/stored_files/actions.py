"""Every change of an uploaded file, for whatever room it belongs to."""

import datetime
import logging
import uuid
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.access.rules import AccessDenied, require
from foundation.accounts.models import Actor
from foundation.audit.log import log
from foundation.files.judging import Prepared, check_size, prepare
from foundation.files.keeping import delete_on_commit
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.stored_files.models import StoredFile

logger = logging.getLogger(__name__)

Kept = TypeVar("Kept", bound=StoredFile)

#: A form left open over a weekend keeps its files; after that nobody comes back for them. The browser keeps typed text
#: as long.
ABANDONED_AFTER = datetime.timedelta(days=14)
_AT_ONCE = 1000


def _siblings(
    model: type[Kept], acting_user: Actor, owner: models.Model | None, form_token: uuid.UUID | None
) -> models.QuerySet[Kept]:
    """What is there already. Raises ``AccessDenied`` where nothing may be added."""
    if owner is not None:
        require(acting_user, model.edit_permission, owner)
        return model.objects.filter(**{f"{model.owner_name}_id": owner.pk})
    require(acting_user, model.create_permission)
    unsaved: dict[str, Any] = {model.owner_name: None}
    return model.objects.filter(form_token=form_token, uploaded_by=acting_user, **unsaved)


def _check_room(model: type[Kept], name: str, size: int, siblings: models.QuerySet[Kept], *, takes_video: bool) -> None:
    taken = siblings.aggregate(count=Count("pk"), bytes=Sum("size"))
    if taken["count"] >= settings.ATTACHMENTS_PER_RECORD:
        raise Refused(
            filled(
                _("%(owner)s最多 %(most)d 个文件。"),
                {"owner": model.owner_label, "most": settings.ATTACHMENTS_PER_RECORD},
            ),
            cure=_("请先移除不需要的，或合并成一个 PDF。"),
        )
    limit = settings.ATTACHMENTS_TOTAL_BYTES + (settings.VIDEO_MAX_BYTES if takes_video else 0)
    if (taken["bytes"] or 0) + size > limit:
        raise Refused(
            _("加上“%(name)s”，文件总共将超过 %(limit)d MB。") % {"name": name, "limit": limit // 1048576},
            cure=_("请先移除不需要的，或压缩后再传。"),
        )


def store_file(
    model: type[Kept],
    *,
    acting_user: Actor,
    upload: "UploadedFile[Any]",
    owner: models.Model | None = None,
    form_token: uuid.UUID | None = None,
    takes_video: bool = False,
) -> Kept:
    """Keep an upload for an owner that may be edited, or for a form not yet saved. ``takes_video``: it may be a video.

    The same content twice for one owner gives the one file. Raises ``Refused``, ``AccessDenied``.
    """
    siblings = _siblings(model, acting_user, owner, form_token)
    check_size(upload, takes_video=takes_video)
    _check_room(model, str(upload.name), 0, siblings, takes_video=takes_video)
    # Before the transaction: on the embedded database it would hold up every other writer.
    prepared = prepare(upload, takes_video=takes_video)
    return _keep(
        model,
        upload,
        prepared,
        acting_user=acting_user,
        owner=owner,
        form_token=form_token,
        takes_video=takes_video,
    )


@transaction.atomic
def _keep(
    model: type[Kept],
    upload: "UploadedFile[Any]",
    prepared: Prepared,
    *,
    acting_user: Actor,
    owner: models.Model | None,
    form_token: uuid.UUID | None,
    takes_video: bool,
) -> Kept:
    siblings = _siblings(model, acting_user, owner, form_token)
    # The bytes that came, or the bytes kept: a picture downloaded from the portal and sent again is the same one.
    same = Q(source_sha256=prepared.source_sha256) | Q(sha256__in=[prepared.source_sha256, prepared.sha256])
    if twin := siblings.filter(same).first():
        return twin
    _check_room(model, str(upload.name), prepared.size, siblings, takes_video=takes_video)
    file = model(
        form_token=None if owner else form_token,
        name=PurePath(str(upload.name)).name[-200:],
        content_type=prepared.content_type,
        size=prepared.size,
        sha256=prepared.sha256,
        source_sha256=prepared.source_sha256,
        uploaded_by=acting_user,
        **{f"{model.owner_name}_id": owner.pk if owner else None},
    )
    try:
        content = upload if prepared.content is None else ContentFile(prepared.content)
        file.file.save(file.name, content, save=False)
        if prepared.thumbnail is not None:
            file.thumbnail.save("thumbnail", ContentFile(prepared.thumbnail), save=False)
        file.save(force_insert=True)
    except BaseException:
        _drop(file)
        raise
    if owner is not None:
        log(f"{model.event}_added", by=acting_user, on=owner, note=file.name)
    return file


def _drop(file: StoredFile) -> None:
    """Take back what lies in the storage for a row that was not written."""
    for kept in (file.file, file.thumbnail):
        if kept:
            try:
                kept.storage.delete(str(kept.name))
            except (OSError, Refused):
                logger.warning("%s is left to the sweep", kept.name)


@transaction.atomic
def remove_file(*, acting_user: Actor, file: StoredFile) -> None:
    """Take a file away while its owner may be edited. It leaves the storage after the commit. Raises ``AccessDenied``."""
    owner = file.owner
    if owner is None:
        if file.uploaded_by_id != acting_user.pk:
            raise AccessDenied(_("文件还没有随表单保存，只有上传的人能移除。"))
    else:
        require(acting_user, file.edit_permission, owner)
        log(f"{file.event}_removed", by=acting_user, on=owner, note=file.name)
    delete_files([file])


def attach_files(
    model: type[Kept],
    *,
    acting_user: Actor,
    owner: models.Model,
    form_token: uuid.UUID | None,
    takes_video: bool = False,
) -> None:
    """Give the files of a form to what was saved from it; a video only where one may be."""
    if form_token is None:
        return
    unsaved: dict[str, Any] = {model.owner_name: None}
    mine = model.objects.filter(form_token=form_token, uploaded_by=acting_user, **unsaved)
    if not takes_video:
        mine = mine.exclude(content_type__startswith="video/")
    mine.update(**{f"{model.owner_name}_id": owner.pk}, form_token=None)


def delete_files(files: Iterable[StoredFile]) -> int:
    """Delete rows and, after the commit, what lies in the storage for them. Returns how many. Call it in a transaction."""
    count = 0
    for file in files:
        delete_on_commit(file.file, file.thumbnail)
        file.delete()
        count += 1
    return count


@transaction.atomic
def remove_abandoned() -> int:
    """Remove the files whose form was never saved, in every room. Returns how many."""
    long_ago, count = timezone.now() - ABANDONED_AFTER, 0
    for model in apps.get_models():
        if issubclass(model, StoredFile):
            unsaved: dict[str, Any] = {model.owner_name: None}
            count += delete_files(model.objects.filter(uploaded_at__lt=long_ago, **unsaved)[:_AT_ONCE])
    return count
