"""What an uploaded file is made into before it is kept: judged by its content, cleaned, and made small for the page.

A picture is written anew, turned upright, without what the camera noted (place, time, device). An Office file is only
looked into: macros and archives that unpack to far more than they are go no further. Every refusal names the file,
the reason and the cure.
"""

import contextlib
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from foundation.refusals import Refused

_OFFICE = "application/vnd.openxmlformats-officedocument."
#: Content type → extensions that may carry it. The content decides; the name must agree with it.
ALLOWED = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    _OFFICE + "wordprocessingml.document": ("docx",),
    _OFFICE + "spreadsheetml.sheet": ("xlsx",),
    _OFFICE + "presentationml.presentation": ("pptx",),
}
#: Where videos may be kept: what every browser plays as it is.
VIDEOS = {"video/mp4": ("mp4", "m4v"), "video/webm": ("webm",)}
VIDEO_ACCEPT = ",".join(f".{extension}" for extensions in VIDEOS.values() for extension in extensions)
#: ``image/*`` lets a phone offer its camera and its album.
ACCEPT = ",".join(["image/*", *(f".{extension}" for extensions in ALLOWED.values() for extension in extensions)])

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_HEIC = ("image/heic", "image/heif", "image/avif")
#: The largest picture of a telephone today has 48 million points.
MAX_PIXELS = 50_000_000
THUMBNAIL_SIDE = 320
#: An Office file is an archive: how much it may unpack to, altogether and against its own size, in how many parts.
MAX_UNPACKED = 250 * 1024 * 1024
_SUSPECT_FROM, MAX_RATIO, MAX_PARTS = 20 * 1024 * 1024, 100, 5000
#: How an encrypted Office file (and the old formats) begins.
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Prepared:
    """What is kept: ``content`` None keeps the upload as it came; ``source_sha256`` is of the bytes that came."""

    content_type: str
    source_sha256: str
    sha256: str
    size: int
    content: bytes | None = None
    thumbnail: bytes | None = None


def _name(upload: "UploadedFile[Any]") -> str:
    return str(upload.name)


def _size(upload: "UploadedFile[Any]") -> int:
    return upload.size or 0


def is_video(upload: "UploadedFile[Any]") -> bool:
    """By what the content is, whatever the name says."""
    head = upload.read(8192)
    upload.seek(0)
    guess = filetype.guess(head)
    return guess is not None and guess.mime in VIDEOS


def check_size(upload: "UploadedFile[Any]", *, takes_video: bool = False) -> None:
    """Raises ``Refused`` for a file that is empty or larger than one may be."""
    limit, message = (
        settings.ATTACHMENT_MAX_BYTES,
        _("文件“%(name)s”有 %(size).1f MB，超过 %(limit)d MB 的上限。照片请压缩后再传，文件可拆成几个。"),
    )
    if takes_video and is_video(upload):
        limit, message = (
            settings.VIDEO_MAX_BYTES,
            _("视频“%(name)s”有 %(size).1f MB，超过 %(limit)d MB 的上限。请剪短，或降低清晰度导出后再传。"),
        )
    if _size(upload) > limit:
        raise Refused(message % {"name": _name(upload), "size": _size(upload) / 1048576, "limit": limit // 1048576})
    if _size(upload) == 0:
        raise Refused(_("文件“%(name)s”是空的。请检查后重新选择。") % {"name": _name(upload)})


def prepare(upload: "UploadedFile[Any]", *, takes_video: bool = False) -> Prepared:
    """Judge and clean an upload; a video stays as it came. Raises ``Refused``. Slow for large pictures: call it outside a
    transaction."""
    content_type = _content_type(upload, {**ALLOWED, **VIDEOS} if takes_video else ALLOWED)
    came = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    if content_type in _FORMATS:
        content, thumbnail = _clean_picture(upload, content_type)
        upload.seek(0)
        return Prepared(content_type, came, hashlib.sha256(content).hexdigest(), len(content), content, thumbnail)
    if content_type.startswith(_OFFICE):
        _look_into_office_file(upload)
        upload.seek(0)
    return Prepared(content_type, came, came, _size(upload))


def _content_type(upload: "UploadedFile[Any]", allowed: Mapping[str, tuple[str, ...]]) -> str:
    """The type found in the content. Raises ``Refused`` unless allowed and in agreement with the name."""
    head = upload.read(8192)
    upload.seek(0)
    guess = filetype.guess(head)
    found = guess.mime if guess else ""
    extension = PurePath(_name(upload)).suffix.lower().lstrip(".")
    if found in _HEIC or extension in ("heic", "heif"):
        raise Refused(
            _(
                "照片“%(name)s”是 HEIC 格式，多数电脑打不开，不能上传。请在手机“设置－相机－格式”中选“兼容性最佳”后重拍，或转成 jpg 再上传。"
            )
            % {"name": _name(upload)}
        )
    if head.startswith(_COMPOUND_FILE) and extension in ("docx", "xlsx", "pptx"):
        raise Refused(_("文件“%(name)s”加了打开密码，别人打不开。请去掉密码另存后再上传。") % {"name": _name(upload)})
    if found.startswith("video/") and found not in allowed:
        raise Refused(
            _("视频“%(name)s”不能上传：这里只收 mp4、webm 视频，请转成 mp4 后再传。") % {"name": _name(upload)}
            if "video/mp4" in allowed
            else _("“%(name)s”是视频，这里不能上传视频。微视频作品的视频，请在“微作品”记录中上传。")
            % {"name": _name(upload)}
        )
    if not found and any(extension in names for names in allowed.values()):
        raise Refused(
            _("文件“%(name)s”的内容不是 %(kind)s，或已经损坏。请先在电脑上确认能打开，再重新上传。")
            % {"name": _name(upload), "kind": extension.upper() if extension == "pdf" else extension}
        )
    if found not in allowed:
        raise Refused(
            _(
                "文件“%(name)s”不能上传：可以上传照片（jpg、png、webp）、PDF 和 Office 文件（docx、xlsx、pptx）。旧格式（doc、xls、ppt）请另存为新格式。"
            )
            % {"name": _name(upload)}
        )
    if extension not in allowed[found]:
        raise Refused(
            _("文件“%(name)s”的内容与扩展名不符，内容像是 %(kind)s。请确认文件没有改过名，再重新上传。")
            % {"name": _name(upload), "kind": allowed[found][0]}
        )
    return found


# --- pictures -------------------------------------------------------------------------------------


def _too_large(name: str) -> Refused:
    return Refused(
        _("照片“%(name)s”的像素太多（超过 %(limit)d 万像素）。请把照片缩小后再上传。")
        % {"name": name, "limit": MAX_PIXELS // 10_000}
    )


@contextlib.contextmanager
def _reading(name: str) -> Iterator[None]:
    """Whatever a broken picture makes the decoder raise becomes one refusal."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name) from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError) as error:
        raise Refused(
            _("照片“%(name)s”打不开，文件可能已损坏。请在手机或电脑上确认能打开，再重新上传。") % {"name": name}
        ) from error


def _clean_picture(upload: "UploadedFile[Any]", content_type: str) -> tuple[bytes, bytes]:
    """(the picture written anew, a thumbnail)."""
    with _reading(_name(upload)), Image.open(upload, formats=[_FORMATS[content_type]]) as opened:
        # Known from the head of the file: nothing is unpacked for a picture that is refused.
        if opened.width * opened.height > MAX_PIXELS:
            raise _too_large(_name(upload))
        colours = opened.info.get("icc_profile")
        upright = ImageOps.exif_transpose(opened)
        if content_type == "image/jpeg" and upright.mode not in ("RGB", "L"):
            upright, colours = upright.convert("RGB"), None
        elif upright.mode == "P":
            upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
        upright.info = {}
        kept = io.BytesIO()
        options = {"quality": 90} if content_type != "image/png" else {}
        upright.save(kept, _FORMATS[content_type], icc_profile=colours, **options)
        return kept.getvalue(), _thumbnail(upright)


def _thumbnail(picture: Image.Image) -> bytes:
    """At most 320 points a side, on white, always a JPEG."""
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    if small.mode != "RGB":
        small = small.convert("RGBA")
        ground = Image.new("RGBA", small.size, "white")
        ground.alpha_composite(small)
        small = ground.convert("RGB")
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue()


# --- Office files ---------------------------------------------------------------------------------


def _look_into_office_file(upload: "UploadedFile[Any]") -> None:
    """Sizes and names as the archive lists them; nothing is unpacked."""
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Refused(
            _("文件“%(name)s”打不开，可能已损坏。请用 Office 或 WPS 打开并另存后再上传。") % {"name": _name(upload)}
        ) from error
    if any(part.filename.rsplit("/", 1)[-1].lower().startswith("vbaproject") for part in parts):
        raise Refused(
            _("文件“%(name)s”带有宏，不能上传。请另存为不带宏的格式（docx、xlsx、pptx）后再上传。")
            % {"name": _name(upload)}
        )
    unpacked = sum(part.file_size for part in parts)
    swollen = unpacked > _SUSPECT_FROM and unpacked > MAX_RATIO * max(_size(upload), 1)
    if unpacked > MAX_UNPACKED or swollen or len(parts) > MAX_PARTS:
        raise Refused(
            _("文件“%(name)s”解开后过大，不能上传。请另存为 PDF，或拆成几个文件后再上传。") % {"name": _name(upload)}
        )
