"""Every change of state of an import: uploaded, told which sheets and columns, confirmed, discarded, undone."""

import contextlib
import datetime
import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.access.rules import require
from foundation.access.signin import home_of
from foundation.accounts.models import Actor
from foundation.audit.log import log
from foundation.crypto.cipher import UnreadableValue, decrypt_bytes, encrypt_bytes
from foundation.exchange.headings import normal
from foundation.exchange.matching import as_said
from foundation.exchange.models import WAITING, WORKING, Import, ImportState, RowState, StagedRow
from foundation.exchange.remembering import forget, remember
from foundation.exchange.resources import ImportResource, resource_class, resource_of
from foundation.exchange.tables import chosen_sheets, lacking, lacking_message, matched, offered
from foundation.files.keeping import delete_on_commit
from foundation.jobs.actions import cancel, enqueue
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.workbooks.judging import check_file

logger = logging.getLogger(__name__)

CHECK, WRITE, UNDO = "exchange.check", "exchange.write", "exchange.undo"
#: An import nobody goes on with is forgotten after this.
KEEP_WAITING = datetime.timedelta(days=7)
#: Rows of an import that is over, to be handed back or undone, are kept for this long.
KEEP_ROWS = datetime.timedelta(days=30)
_SWEPT = 5_000
#: What an encrypted upload is bound to.
UPLOAD_CONTEXT = "exchange_import.upload"


@transaction.atomic
def start_import(
    *, acting_user: Actor, resource: str, upload: "UploadedFile[Any]", options: Mapping[str, Any] | None = None
) -> Import:
    """Keep the file and have it read and checked. Raises ``Refused`` for what is no table, ``AccessDenied``."""
    found = resource_class(resource)
    require(acting_user, found.permission)
    name = PurePath(upload.name or "").name
    check_file(cast(BinaryIO, upload), name, upload.size or 0)
    made = found.for_options(options or {})
    batch = Import.objects.create(
        resource=resource,
        options=dict(options or {}),
        filename=name[-200:],
        upload=_sealed(upload) if made.is_personal else upload,
        created_by=acting_user,
    )
    note = _("%(file)s（%(what)s）") % {"file": batch.filename, "what": made.label}
    log(f"{found.room}.import_uploaded", by=acting_user, on=batch, note=note, place=home_of(acting_user))
    _enqueue(batch, CHECK, _("检查：%s") % batch.filename)
    return batch


def _sealed(upload: "UploadedFile[Any]") -> "ContentFile[bytes]":
    """The file as it may lie in the store while somebody is asked: its rows are encrypted, so is what they are read from."""
    upload.seek(0)
    return ContentFile(encrypt_bytes(upload.read(), context=UPLOAD_CONTEXT), upload.name)


@contextlib.contextmanager
def uploaded(batch: Import, resource: ImportResource) -> Iterator[BinaryIO]:
    """The uploaded file, to be read. Raises ``Refused`` when it cannot be decrypted."""
    with batch.upload.open("rb") as handle:
        if not resource.is_personal:
            yield cast(BinaryIO, handle)
            return
        try:
            content = decrypt_bytes(handle.read(), context=UPLOAD_CONTEXT)
        except UnreadableValue as problem:
            logger.exception("the file of import %s cannot be decrypted", batch.pk)
            raise Refused(
                _("上传的文件解不开，没有读取。"), cure=_("请重新上传；仍不行的，请联系系统管理员。")
            ) from problem
    yield io.BytesIO(content)


def _enqueue(batch: Import, job_kind: str, title: str) -> None:
    batch.job = enqueue(
        kind=job_kind,
        title=title[:200],
        parameters={"batch": batch.pk},
        owner=batch.created_by,
        unique_key=f"{job_kind}:{batch.pk}",
    )
    batch.save(update_fields=["job", "state"])


def _locked(acting_user: Actor, batch_id: int, *states: str) -> Import:
    """The import, locked, of its owner and in one of the states. Raises ``Refused``."""
    batch = Import.objects.select_for_update().get(pk=batch_id)
    require(acting_user, "exchange.view_import", batch)
    if batch.state not in states:
        raise Refused(_("这次导入现在是“%s”，不能这样做。") % batch.get_state_display(), cure=_("请刷新页面。"))
    return batch


@transaction.atomic
def choose_sheets(
    *, acting_user: Actor, batch_id: int, names: Iterable[str], hidden: str = "skip", merged: str = "leave"
) -> Import:
    """Which sheets are read, and what becomes of hidden rows (``skip``, ``read``) and of the empty cells of merged ranges
    (``leave``, ``fill``). Raises ``Refused``."""
    batch = _locked(acting_user, batch_id, ImportState.SHEETS)
    wanted = set(names)
    known = [sheet["name"] for sheet in offered(batch.layout) if sheet["name"] in wanted]
    if not known:
        raise Refused(_("没有选工作表。"), cure=_("请至少选一张。"))
    if hidden not in ("skip", "read") or merged not in ("leave", "fill"):
        raise Refused(_("隐藏的行和合并的单元格怎样处理没有选。"))
    batch.layout = {**batch.layout, "chosen": known, "hidden": hidden, "merged": merged}
    batch.state = ImportState.CHECKING
    batch.save(update_fields=["layout"])
    _enqueue(batch, CHECK, _("检查：%s") % batch.filename)
    return batch


@transaction.atomic
def match_columns(*, acting_user: Actor, batch_id: int, chosen: Mapping[str, str]) -> Import:
    """Which heading is which column, as somebody has looked at it: ``chosen`` by heading as it stands (人数（男） and 人数（女）
    are two), "" for what is not read. Raises ``Refused``."""
    batch = _locked(acting_user, batch_id, ImportState.COLUMNS)
    resource = resource_of(batch)
    mapping = {
        as_said(heading): name
        for heading, name in chosen.items()
        if not name or (name in resource.by_name and _may_be(resource, heading, name))
    }
    layout = {**batch.layout, "mapping": mapping}
    for sheet in chosen_sheets(layout):
        try:
            matches = matched(sheet, layout, resource)
        except Refused as twice:
            raise Refused(str(twice)) from twice
        if lacking(matches, resource):
            raise Refused(lacking_message(matches, resource))
    batch.layout, batch.state = layout, ImportState.CHECKING
    batch.save(update_fields=["layout"])
    remember(batch, resource, mapping, said_by=acting_user)
    _enqueue(batch, CHECK, _("检查：%s") % batch.filename)
    return batch


def _may_be(resource: ImportResource, heading: str, name: str) -> bool:
    """Whether a heading may be taken for a column: for one that is never guessed only its own."""
    own = resource.by_heading.get(normal(heading))
    return not resource.by_name[name].only_exact or (own is not None and own.name == name)


@transaction.atomic
def import_as(*, acting_user: Actor, batch_id: int, slug: str) -> Import:
    """Read the file as what its headings look like. Raises ``Refused``, ``AccessDenied``."""
    batch = _locked(acting_user, batch_id, ImportState.COLUMNS)
    offered_as = [sheet["looks_like"]["slug"] for sheet in chosen_sheets(batch.layout) if sheet.get("looks_like")]
    options = resource_of(batch).options_as(slug) if slug in offered_as else None
    if options is None:
        raise Refused(_("这张表不能按选的类型读取。"), cure=_("请放弃这次导入，选对类型后重新上传。"))
    require(acting_user, resource_class(batch.resource).permission)
    batch.options, batch.layout, batch.preview = options, {}, None
    batch.state = ImportState.CHECKING
    batch.save(update_fields=["options", "layout", "preview"])
    _enqueue(batch, CHECK, _("检查：%s") % batch.filename)
    return batch


@transaction.atomic
def forget_columns(*, acting_user: Actor, batch_id: int) -> Import:
    """The columns were recalled and are wrong: forget them and throw the import away, so that the file is asked about
    anew. Raises ``Refused``."""
    batch = _locked(acting_user, batch_id, ImportState.CHECKED)
    if "recalled" not in batch.layout:
        raise Refused(_("这次导入的列不是沿用以前的对应。"))
    forget(batch)
    return discard_import(acting_user=acting_user, batch_id=batch_id)


def require_confirmable(batch: Import, *, all_or_none: bool) -> None:
    """Raises ``Refused`` unless there is something to write, and, asked for all or none, nothing that is not fit."""
    if not batch.fit:
        raise Refused(_("没有可以导入的行。"), cure=_("请改好表格后重新上传。"))
    if all_or_none and batch.unfit:
        raise Refused(
            filled(_("还有 %d 行不能导入，没有写入任何内容。"), batch.unfit),
            cure=_("请改好后重新上传，或只导入可以导入的行。"),
        )


@transaction.atomic
def confirm_import(
    *, acting_user: Actor, batch_id: int, all_or_none: bool, answers: Mapping[str, str] | None = None
) -> Import:
    """Have the fit rows written: only them, or only if all are fit. ``answers`` is what the resource asks for. Raises
    ``Refused``, ``AccessDenied``."""
    batch = Import.objects.select_for_update().get(pk=batch_id)
    require(acting_user, "exchange.view_import", batch)
    if batch.state != ImportState.CHECKED:
        raise Refused(_("这次导入现在是“%s”，不能再确认。") % batch.get_state_display())
    resource = resource_of(batch)
    if resource.in_request:
        raise Refused(_("这次导入要在它自己的页面上确认。"))
    require_confirmable(batch, all_or_none=all_or_none)
    batch.answers = {**resource.confirm(batch, answers or {}), "all_or_none": all_or_none}
    batch.state = ImportState.WRITING
    batch.save(update_fields=["answers"])
    _enqueue(batch, WRITE, _("导入：%s") % batch.filename)
    return batch


def is_stuck(batch: Import) -> bool:
    """Whether a job should be at it and none is."""
    return batch.state in WORKING and not (batch.job and batch.job.is_live)


@transaction.atomic
def discard_import(*, acting_user: Actor, batch_id: int) -> Import:
    """Throw a file away before anything is written; a running check is called off. Raises ``Refused``."""
    batch = Import.objects.select_for_update().get(pk=batch_id)
    require(acting_user, "exchange.view_import", batch)
    is_unwritten = batch.state == ImportState.WRITING and is_stuck(batch) and not batch.written
    if batch.state not in (ImportState.CHECKING, *WAITING) and not is_unwritten:
        raise Refused(_("这次导入现在是“%s”，不能放弃。") % batch.get_state_display())
    if batch.job is not None and batch.job.is_live:
        cancel(batch.job, acting_user=acting_user)
    room = resource_class(batch.resource).room
    log(f"{room}.import_discarded", by=acting_user, on=batch, note=batch.filename, place=home_of(acting_user))
    end(batch, ImportState.DISCARDED)
    return batch


@transaction.atomic
def undo_import(*, acting_user: Actor, batch_id: int) -> Import:
    """Have everything the import wrote taken back, as far as nobody has gone on with it since. Raises ``Refused``."""
    batch = _locked(acting_user, batch_id, ImportState.DONE)
    resource = resource_of(batch)
    require(acting_user, resource.permission)
    if not can_be_undone(batch, resource):
        raise Refused(_("这次导入不能撤销。"), cure=_("请在列表中逐条处理。"))
    batch.state = ImportState.UNDOING
    _enqueue(batch, UNDO, _("撤销：%s") % batch.filename)
    return batch


def can_be_undone(batch: Import, resource: ImportResource) -> bool:
    """Whether there is still a row to be taken back."""
    return (
        resource.can_undo
        and batch.state == ImportState.DONE
        and StagedRow.objects.filter(batch=batch, state=RowState.WRITTEN).exists()
    )


def end(batch: Import, state: str) -> None:
    """The import is over. Its file goes, once that is certain; its rows go when nothing of them was written."""
    batch.state, batch.finished_at = state, timezone.now()
    drop_file(batch)
    batch.preview = None
    batch.save()
    if state in (ImportState.DISCARDED, ImportState.FAILED):
        StagedRow.objects.filter(batch=batch).delete()


def drop_file(batch: Import) -> None:
    """The uploaded file is read and goes with the transaction; the caller saves the row."""
    delete_on_commit(batch.upload)
    batch.upload = ""


def forget_imports() -> int:
    """End imports nobody goes on with, and drop the rows of those that are long over. The clock asks once a day."""
    now = timezone.now()
    count = 0
    waiting = (ImportState.CHECKING, *WAITING)
    for pk in Import.objects.filter(state__in=waiting, created_at__lt=now - KEEP_WAITING).values_list("pk", flat=True):
        with transaction.atomic():
            batch = Import.objects.select_for_update().get(pk=pk)
            # Unless somebody has gone on with it this very moment.
            if batch.state in waiting:
                end(batch, ImportState.DISCARDED)
                count += 1
    over = Import.objects.filter(finished_at__lt=now - KEEP_ROWS).values("pk")
    while rows := list(StagedRow.objects.filter(batch__in=over).values_list("pk", flat=True)[:_SWEPT]):
        StagedRow.objects.filter(pk__in=rows).delete()
    return count
