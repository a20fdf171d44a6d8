"""Delimited text: UTF-8 with or without its mark, UTF-16 with it, else GB18030; the separator as the first lines show."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from foundation.refusals import Refused
from foundation.workbooks.limits import MAX_CELLS, MAX_CELLS_PER_ROW, MAX_ROWS

_SEPARATORS = ",\t;，|"
_SNIFFED = 64 * 1024
#: No cell of an honest list is longer.
_LONGEST = 1_000_000


def _encoding(handle: BinaryIO) -> str:
    """The first encoding in which the whole of the file makes sense. Raises ``Refused``."""
    handle.seek(0)
    head = handle.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for name in candidates:
        decoder = codecs.getincrementaldecoder(name)()
        handle.seek(0)
        try:
            while chunk := handle.read(1 << 18):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    raise Refused(
        _(
            "文本文件的编码读不出来，既不是 UTF-8 也不是 GB18030。请在 Excel 或 WPS 中打开，核对无误后另存为 .xlsx，再上传。"
        )
    )


def _separator(sample: str) -> str:
    """The separator that splits the first lines most evenly; a comma when none does."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        return lines[0][4]
    counts = {mark: [line.count(mark) for line in lines] for mark in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda mark: (sum(1 for count in counts[mark] if count), max(counts[mark], default=0)))
    return best if any(counts[best]) else ","


def rows_of(handle: BinaryIO) -> Iterator[list[str | None]]:
    """The rows, cells as text; empty cells are None. Raises ``Refused``."""
    encoding = _encoding(handle)
    handle.seek(0)
    reader_of_text = codecs.getreader(encoding)(handle)
    sample = reader_of_text.read(_SNIFFED)
    handle.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(_Unclosed(handle)), encoding=encoding, newline="")
    csv.field_size_limit(_LONGEST)
    number = filled = cells = 0
    try:
        for number, row in enumerate(csv.reader(text, delimiter=_separator(sample)), 1):
            if number == 1 and len(row) <= 2 and row and row[0].lower().startswith("sep="):
                yield []
                continue
            cells += len(row)
            filled += any(row)
            if len(row) > MAX_CELLS_PER_ROW or cells > MAX_CELLS:
                raise Refused(_("第 %d 行的内容异常地多，已停止读取。请检查文件。") % number)
            if filled > MAX_ROWS:
                raise Refused(_("表中有内容的行超过 %d 行。请分成几个文件，分别导入。") % MAX_ROWS)
            yield [cell or None for cell in row]
    except csv.Error as error:
        raise Refused(
            _("文本文件的第 %d 行读不下去，可能缺了引号。请在 Excel 或 WPS 中打开核对，另存为 .xlsx 后上传。")
            % (number + 1)
        ) from error


class _Unclosed(io.RawIOBase):
    """The caller's handle, which the text wrapper must not close."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        chunk = self._handle.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
