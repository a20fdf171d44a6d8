"""Making a backup while the portal goes on."""

import errno
import os
import secrets
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.backup.archive import DATABASE, DESCRIPTION, KEYS, MEDIA, PORTAL, Description, Writer, described
from backoffice.backup.databases import copy_out
from foundation.refusals import Refused

FOLDER = "backups"
_PATTERN = "portal-*.tar"
#: Small files of the data folder without which a portal would not know what it is.
KEPT = ("content", "demo-accounts.txt")


def keys_text() -> dict[str, str]:
    """The keys as they are in use now, wherever they came from."""
    ring = "".join(f"{number}:{key.hex()}\n" for number, key in sorted(settings.CRYPTO_KEYS.items()))
    return {"secret-key": settings.SECRET_KEY, "crypto-keys": ring}


def files_are_here() -> bool:
    """Whether uploaded files lie in a folder of this machine and not in an object storage."""
    return isinstance(default_storage, FileSystemStorage)


def media_files() -> Iterator[tuple[str, Path]]:
    """(name in the database, path) of every kept file."""
    root = Path(settings.MEDIA_ROOT)
    for folder, _folders, names in os.walk(root):
        for name in sorted(names):
            path = Path(folder) / name
            yield path.relative_to(root).as_posix(), path


def back_up(target: Path | None, *, keep: int | None, say: Callable[[str], None]) -> Path:
    """Write one backup and return its path. ``target`` is a folder or the name of a file; by default the folder ``backups``
    of the data folder. With ``keep``, older backups of that folder beyond so many are deleted, once the new one is complete.

    The database is copied first: a file that comes later is missing in the copy together with its row; one that is deleted
    meanwhile leaves a row whose file the portal then reports as missing."""
    target = target or settings.VAR_DIR / FOLDER
    if target.suffix != ".tar":
        target = target / f"portal-{timezone.localtime():%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise Refused(_("文件 %s 已经存在，不会覆盖。请换一个文件名。") % target)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    copy = draft.with_name(f"{draft.name}.database")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        count = _write(draft, copy)
        draft.rename(target)
    except OSError as error:
        cure = (
            _("请清理空间，或用 --to 换一个位置。")
            if error.errno == errno.ENOSPC
            else _("请用 --to 换一个可写的位置。")
        )
        raise Refused(
            _("备份没有写成：%(path)s（%(why)s）。%(cure)s") % {"path": target, "why": error.strerror, "cure": cure}
        ) from error
    finally:
        draft.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
    size = target.stat().st_size / 1024 / 1024
    say(_("已备份到 %(path)s：%(count)d 个文件，%(size).1f MB。") % {"path": target, "count": count, "size": size})
    if not files_are_here():
        say(_("上传的文件在对象存储（PORTAL_STORAGE_URL）里，不在这份备份中。请另行备份。"))
    say(_("备份里有全部数据和密钥。请只让管理员读取，并另存一份到别的机器。"))
    if keep is not None:
        _delete_older(target, keep)
    return target


def _write(draft: Path, copy: Path) -> int:
    """Returns the number of uploaded files in it."""
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        copy.touch(0o600)
        rows, migrations = copy_out(copy)
        made_at = timezone.now().isoformat(timespec="seconds")
        description = Description(made_at, connection.vendor, migrations, rows, holds_media=files_are_here())
        with tarfile.open(fileobj=handle, mode="w", format=tarfile.PAX_FORMAT) as tar:
            writer = Writer(tar)
            writer.add_bytes(DESCRIPTION, described(description))
            writer.add_file(DATABASE, copy)
            for name, text in keys_text().items():
                writer.add_bytes(f"{KEYS}/{name}", text.encode())
            for name in KEPT:
                if (settings.VAR_DIR / name).exists():
                    writer.add_file(f"{PORTAL}/{name}", settings.VAR_DIR / name)
            count = _add_media(writer) if description.holds_media else 0
            writer.finish()
        handle.flush()
        os.fsync(handle.fileno())
    return count


def _add_media(writer: Writer) -> int:
    count = 0
    for name, path in media_files():
        try:
            writer.add_file(f"{MEDIA}/{name}", path)
        except FileNotFoundError:
            continue  # deleted since the folder was read
        count += 1
    return count


def _delete_older(newest: Path, keep: int) -> None:
    older = sorted(path for path in newest.parent.glob(_PATTERN) if path != newest)
    for path in older[: max(0, len(older) - max(keep - 1, 0))]:
        path.unlink()
