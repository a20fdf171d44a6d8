"""The zip of a workbook, read with suspicion: every part is counted while it is unpacked, whatever the zip says of it."""

import copy
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from foundation.refusals import Refused
from foundation.workbooks.judging import normal_name
from foundation.workbooks.limits import MAX_PART_BYTES, MAX_RATIO, MAX_SHEET_BYTES, MAX_TOKEN_BYTES, RATIO_FROM

_CHUNK = 1 << 18
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def too_much() -> Refused:
    return Refused(_("文件解压后异常庞大，已停止读取。请新建工作簿，只把要导入的行“选择性粘贴—数值”过去，再上传。"))


def damaged() -> Refused:
    return Refused(_("文件已损坏，打不开。请在 Excel 或 WPS 中重新另存为 .xlsx 后上传。"))


class Package:
    """The parts of a zip by their normal names."""

    def __init__(self, handle: BinaryIO) -> None:
        try:
            self._archive = zipfile.ZipFile(handle)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise damaged() from error
        self._entries: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for entry in self._archive.infolist():
            name = normal_name(entry.filename)
            if name in self._entries or entry.compress_type not in _METHODS:
                # Two parts of one name: which of them is read would depend on the program.
                raise damaged()
            self._entries[name] = entry
            total += entry.file_size
            packed_too_well = entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
            if packed_too_well or entry.file_size > self._most(name) or total > MAX_SHEET_BYTES + MAX_PART_BYTES:
                raise too_much()

    @staticmethod
    def _most(name: str) -> int:
        is_sheet = name.startswith("xl/worksheets/") or name == "content.xml"
        return MAX_SHEET_BYTES if is_sheet else MAX_PART_BYTES

    def __contains__(self, name: str) -> bool:
        return normal_name(name) in self._entries

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part as it unpacks. Raises ``Refused`` when it is not what the zip says, or unpacks to too much."""
        name = normal_name(name)
        entry = copy.copy(self._entries[name])
        said, most = entry.file_size, self._most(name)
        entry.file_size = most + 1  # read on past the size the zip claims
        done = 0
        try:
            with self._archive.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    done += len(chunk)
                    if done > most:
                        raise too_much()
                    yield chunk
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
            raise damaged() from error
        if done != said:
            raise damaged()

    def close(self) -> None:
        self._archive.close()


def parse(
    chunks: Iterator[bytes], start: Callable[[str, list[str]], None], setup: Callable[[Any], None] | None = None
) -> None:
    """Run a part through expat: ``start(name, attributes)`` for each element, names as ``namespace local``, attributes as
    a flat list. Declarations of a document type or of entities, and pieces of markup without end, are refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration
    if setup is not None:
        setup(parser)
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > MAX_TOKEN_BYTES:
                raise too_much()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error


def _refuse_declaration(*_args: Any) -> None:
    raise damaged()
