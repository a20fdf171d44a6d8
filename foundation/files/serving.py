"""Giving a kept file out: pictures and PDF in the browser, the rest as a download, nothing of it able to run.

What lies in an object storage is passed on as it comes, through the portal: nobody gets an address of the storage.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from foundation.refusals import Refused

_FILE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
#: Chromium shows no PDF in a sandbox; its viewer runs nothing in the portal's name.
_VIDEO_POLICY = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


class FileGone(Refused):
    """The row is there, its file is not."""

    status_code = 404

    def __init__(self, name: str) -> None:
        super().__init__(
            _("文件“%s”已不在存储中，无法打开。") % name,
            cure=_("请联系上传的人重新上传；有备份时，请系统管理员恢复。"),
        )


class _Passed(FileResponse):
    block_size = 64 * 1024


def open_kept(file: FieldFile, name: str) -> tuple[IO[bytes], int | None]:
    """(the bytes to pass on, their number where the storage says it). Raises ``FileGone`` with the file's ``name``."""
    try:
        if stream := getattr(file.storage, "stream", None):
            passed: tuple[IO[bytes], int | None] = stream(file.name)
            return passed
        return file.open("rb"), None
    except FileNotFoundError as error:
        raise FileGone(name) from error


@contextmanager
def kept_back_on_failure(response: HttpResponseBase) -> Iterator[None]:
    """Around writing down who gets the file of ``response``: when that fails, nothing is given out and the file is closed."""
    try:
        yield
    except BaseException:
        if isinstance(response, FileResponse) and response.file_to_stream is not None:
            response.file_to_stream.close()
        raise


_RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


def asked_part(asked: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte of the one part that a ``Range`` header asks for; None where it asks for no single part that can be
    read, and the whole is sent. Raises ``ValueError`` for a part beyond the end."""
    found = _RANGE.match(asked)
    if found is None or not any(found.groups()):
        return None
    begin, end = found.groups()
    if not begin:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(begin), min(int(end) if end else size - 1, size - 1)
    if first >= size or first > last:
        raise ValueError(f"{asked} of {size} bytes")
    return first, last


class _Part(io.RawIOBase):
    """So many bytes of an open file, from where it stands."""

    def __init__(self, source: IO[bytes], count: int) -> None:
        self._source, self._left = source, count

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        found = self._source.read(wanted)
        self._left -= len(found)
        return found

    def close(self) -> None:
        self._source.close()
        super().close()


def _part_response(file: FieldFile, *, name: str, content_type: str, size: int, part: tuple[int, int]) -> FileResponse:
    first, last = part
    count = last - first + 1
    try:
        if part_of := getattr(file.storage, "stream_part", None):
            source = part_of(file.name, first, last)
        else:
            source = file.open("rb")
            source.seek(first)
    except FileNotFoundError as error:
        raise FileGone(name) from error
    response = _Passed(_Part(source, count), filename=name, content_type=content_type, status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = count
    return response


def file_response(
    file: FieldFile,
    *,
    name: str,
    content_type: str,
    as_attachment: bool = False,
    size: int = 0,
    asked: str = "",
) -> HttpResponseBase:
    """The file under the name it came with. Raises ``FileGone`` when it is no longer there. Of a video the part that
    ``asked`` (a ``Range`` header) names, for the browser plays and winds it so; ``size`` is its length."""
    is_pdf, is_video = content_type == "application/pdf", content_type.startswith("video/")
    inline = (content_type.startswith("image/") or is_pdf or is_video) and not as_attachment
    part = None
    if is_video and size and inline:
        try:
            part = asked_part(asked, size)
        except ValueError:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is not None:
        response = _part_response(file, name=name, content_type=content_type, size=size, part=part)
    else:
        handle, length = open_kept(file, name)
        response = _Passed(handle, as_attachment=not inline, filename=name, content_type=content_type)
        if length is not None:
            response["Content-Length"] = length
    if is_video:
        response["Accept-Ranges"] = "bytes"
    if is_pdf:
        # A page of ours may show it beside what it proves.
        response["X-Frame-Options"] = "SAMEORIGIN"
    # An uploaded file must never run as part of the portal.
    policy = _PDF_POLICY if is_pdf else _VIDEO_POLICY if is_video else _FILE_POLICY
    response["Content-Security-Policy"] = policy
    return response
