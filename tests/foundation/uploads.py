"""Files as people bring them, and the two rooms that take them."""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from foundation.stored_files.models import StoredFile
from notices.models import NoticeFile
from records.models import Attachment
from tests.cast import Cast

TOKEN = "7e0f7a52-29a6-4c5e-9a57-0e35b1a4a001"
_GPS, _ORIENTATION, _CAMERA = 0x8825, 0x0112, 0x0110


@dataclass(frozen=True)
class Room:
    """One use of the stored file: its model, who uploads, and where."""

    model: type[StoredFile]
    person: str
    address: str

    def who(self, cast: Cast) -> Any:
        return getattr(cast, self.person)

    def send(self, browser: Any, name: str, content: bytes, **data: Any) -> Any:
        data = data or {"form_token": TOKEN}
        return browser.post(self.address, {**data, "file": SimpleUploadedFile(name, content)})


EVIDENCE = Room(Attachment, "clerk", reverse("records:attachment_upload"))
NOTICES = Room(NoticeFile, "county", reverse("notices:file_upload"))


def photo(size: tuple[int, int] = (640, 480), **options) -> bytes:
    """A telephone's picture: held upright, with the place and the camera noted."""
    image = Image.new("RGB", size, "navy")
    exif = image.getexif()
    exif[_ORIENTATION], exif[_CAMERA] = 6, "示例手机"
    exif.get_ifd(_GPS).update({1: "N", 2: (32.0, 3.0, 0.0), 3: "E", 4: (118.0, 46.0, 0.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, **options)
    return out.getvalue()


def office(name: str = "word/document.xml", parts: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr(name, "<document/>")
        for path, content in (parts or {}).items():
            archive.writestr(path, content)
    return out.getvalue()
