"""The file a backup is: a tar whose first member says what it is and whose last one lists what must be in it.

==================  ==================================================================================================
backup.json         ``Description``: format, when, kind of database, applied migrations, rows of each table
database            a gzipped SQLite file, or what ``pg_dump --format=custom`` writes
keys/…              the signing key and the keys of encrypted values
portal/…            small files of the data folder that say what the portal is
media/…             uploaded files, reports, exports, under their names in the database
files.json          SHA-256 of each member above
==================  ==================================================================================================
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _

from foundation.refusals import Refused
from foundation.saying import filled

FORMAT = 1
DESCRIPTION, DATABASE, FILES = "backup.json", "database", "files.json"
KEYS, PORTAL, MEDIA = "keys", "portal", "media"
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Description:
    """What a backup holds. ``rows`` counts each table as it stood in the copy; ``holds_media`` is false where files lie in
    an object storage, which has backups of its own."""

    made_at: str
    engine: str
    migrations: list[list[str]]
    rows: dict[str, int]
    holds_media: bool
    format: int = FORMAT
    product: str = "reform-portal"


class _Hashing(io.RawIOBase):
    """Reads a file and keeps the digest of what went by."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.source.read(size)
        self.digest.update(chunk)
        return chunk


class Writer:
    """Adds members and ends with the list of their digests."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar, self.digests = tar, dict[str, str]()

    def add_bytes(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as handle:
            self._add(name, handle, path.stat().st_size)

    def finish(self) -> None:
        self.add_bytes(FILES, json.dumps(self.digests).encode())

    def _add(self, name: str, source: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        hashing = _Hashing(source)
        self.tar.addfile(member, hashing)
        self.digests[name] = hashing.digest.hexdigest()


def described(description: Description) -> bytes:
    return json.dumps(asdict(description), ensure_ascii=False, indent=1).encode()


def describe(path: Path) -> Description:
    """What the file says of itself. Raises ``Refused`` for what is no backup or one of a later program."""
    try:
        with tarfile.open(path) as tar:
            member = tar.next()
            found = tar.extractfile(member) if member is not None and member.name == DESCRIPTION else None
            values: dict[str, Any] = json.load(found) if found is not None else {}
    except FileNotFoundError:
        raise Refused(_("没有文件 %s。请核对路径。") % path) from None
    except (OSError, tarfile.TarError, ValueError) as error:
        raise Refused(
            _("%(path)s 读不出来（%(why)s）。请确认它是备份文件，且复制完整。") % {"path": path, "why": error}
        ) from error
    if values.get("product") != Description.product:
        raise Refused(_("%s 不是本平台的备份。请选择 backup 命令生成的文件。") % path)
    if values.get("format") != FORMAT:
        raise Refused(
            _("这份备份的格式是第 %(found)s 版，本程序只认识第 %(known)d 版。请用做备份时的程序版本恢复，再升级。")
            % {"found": values.get("format"), "known": FORMAT}
        )
    return Description(**values)


def unpack(path: Path, folder: Path, say: Callable[[str], None]) -> None:
    """Write all members below ``folder`` and compare each with the list at the end. Raises ``Refused`` when anything is
    missing, changed or added; then the folder's content is worth nothing."""
    found, listed = dict[str, str](), dict[str, str]()
    try:
        with tarfile.open(path) as tar:
            for member in tar:
                source = tar.extractfile(member) if member.isreg() and is_expected(member.name) else None
                if source is None:
                    raise Refused(_("备份里有不该有的内容“%s”，没有恢复。请换一份备份。") % member.name)
                if member.name == FILES:
                    listed = json.load(source)
                    continue
                found[member.name] = _write(source, folder / member.name)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise Refused(_("备份不完整（%s），没有恢复。请换一份备份。") % error) from error
    wrong = sorted(name for name in {*found, *listed} if found.get(name) != listed.get(name))
    if wrong:
        raise Refused(
            filled(
                _("备份中 %(count)d 个文件缺失或与清单不符（如“%(name)s”），没有恢复。请换一份备份。"),
                {"count": len(wrong), "name": wrong[0]},
            )
        )
    say(filled(_("备份完整：%d 个文件，校验值全部相符。"), len(found)))


def is_expected(name: str) -> bool:
    """Whether a member may have this name: one of the fixed ones, or a plain path below one of the folders."""
    parts = PurePosixPath(name).parts
    if name in {DESCRIPTION, DATABASE, FILES}:
        return True
    plain = name == "/".join(parts) and not {"..", ".", "/"} & set(parts)
    return plain and len(parts) > 1 and parts[0] in {KEYS, PORTAL, MEDIA}


def _write(source: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as handle:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            handle.write(chunk)
    target.chmod(0o600)
    return digest.hexdigest()
