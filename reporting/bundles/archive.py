"""Writing the ZIP: piece by piece into a file, so that gigabytes of photographs cost no memory."""

import shutil
import zipfile
from datetime import datetime
from typing import IO, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import Actor
from reporting.bundles.contents import Contents, Evidence
from reporting.bundles.index import index_pdf, index_xlsx

_PIECE = 1024 * 1024


class Watcher(Protocol):
    """Hears how far the work is, and may call it off."""

    def __call__(self, percent: int, message: str = "") -> None: ...


def write_archive(contents: Contents, out: IO[bytes], *, made_by: Actor, progress: Watcher) -> bool:
    """Evidence first, then the index, which can so say what was not found. True when the index is there as PDF too.

    Stored, not deflated: photographs and PDF do not get smaller.
    """
    made_at = timezone.localtime()
    total = sum(1 for _one in contents.evidence())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for number, one in enumerate(contents.evidence(), 1):
            progress(
                2 + 68 * number // total,
                _("正在收集佐证材料（%(number)d／%(total)d）") % {"number": number, "total": total},
            )
            _add_file(archive, one)
        progress(72, _("正在生成目录"))
        _add(archive, _("台账目录.xlsx"), index_xlsx(contents, made_by=made_by, made_at=made_at), made_at)
        progress(78, _("正在排版 PDF 目录"))
        pdf = index_pdf(contents, made_by=made_by, made_at=made_at)
        if pdf:
            _add(archive, _("台账目录.pdf"), pdf, made_at)
    return bool(pdf)


def _member(path: str, at: datetime) -> zipfile.ZipInfo:
    # The format counts years from 1980 in seven bits.
    stamp = timezone.localtime(at) if timezone.is_aware(at) else at
    info = zipfile.ZipInfo(path, max(stamp.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    info.compress_type = zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


def _add(archive: zipfile.ZipFile, path: str, data: bytes, at: datetime) -> None:
    archive.writestr(_member(path, at), data)


def _add_file(archive: zipfile.ZipFile, one: Evidence) -> None:
    """Copy a file in; one that is not where it should be is noted and the work goes on."""
    try:
        source = one.attachment.file.open("rb")
    except FileNotFoundError:
        one.is_missing = True
        return
    with source, archive.open(_member(one.path, one.attachment.uploaded_at), "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, _PIECE)
