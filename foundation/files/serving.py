"""Giving a kept file out: pictures and PDF in the browser, the rest as a download, nothing of it able to run.

What lies in an object storage is passed on as it comes, through the portal: nobody gets an address of the storage.
"""

from typing import IO

from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.utils.translation import gettext as _

from foundation.refusals import Refused

_FILE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
#: Chromium shows no PDF in a sandbox; its viewer runs nothing in the portal's name.
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


def file_response(file: FieldFile, *, name: str, content_type: str, as_attachment: bool = False) -> FileResponse:
    """The file under the name it came with. Raises ``FileGone`` when it is no longer there."""
    is_pdf = content_type == "application/pdf"
    inline = (content_type.startswith("image/") or is_pdf) and not as_attachment
    handle, length = open_kept(file, name)
    response = _Passed(handle, as_attachment=not inline, filename=name, content_type=content_type)
    if length is not None:
        response["Content-Length"] = length
    if is_pdf:
        # A page of ours may show it beside what it proves.
        response["X-Frame-Options"] = "SAMEORIGIN"
    # An uploaded file must never run as part of the portal.
    response["Content-Security-Policy"] = _PDF_POLICY if is_pdf else _FILE_POLICY
    return response
