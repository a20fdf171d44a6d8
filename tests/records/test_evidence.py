"""Evidence: judged by content, cleaned of what a camera notes, shown small beside the record."""

import datetime
import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image, PngImagePlugin

from foundation.files import judging
from records.evidence.actions import remove_abandoned
from records.models import Attachment
from tests.contracts.world import picture
from tests.records.test_story import file_lecture

pytestmark = pytest.mark.django_db

UPLOAD = reverse("records:attachment_upload")
TOKEN = "7e0f7a52-29a6-4c5e-9a57-0e35b1a4a001"
_GPS, _ORIENTATION, _CAMERA = 0x8825, 0x0112, 0x0110


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


def send(browser, name: str, content: bytes):
    return browser.post(UPLOAD, {"form_token": TOKEN, "file": SimpleUploadedFile(name, content)})


def kept(attachment: Attachment) -> Image.Image:
    with attachment.file.open("rb") as handle:
        image = Image.open(io.BytesIO(handle.read()))
        image.load()
    return image


def test_a_photo_is_kept_upright_without_place_and_camera(cast, sign_in):
    answer = send(sign_in(cast.clerk), "现场 照片.JPG", photo())
    assert answer.status_code == 201, answer.json()
    attachment = Attachment.objects.get()
    assert attachment.name == "现场 照片.JPG"
    image = kept(attachment)
    assert image.size == (480, 640), "turned as it was held"
    assert not dict(image.getexif()) and "exif" not in image.info
    with attachment.file.open("rb") as handle:
        content = handle.read()
    assert "示例手机".encode() not in content and b"Exif" not in content
    assert attachment.size == len(content) and attachment.sha256 != attachment.source_sha256


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("WEBP", "RGBA"), ("JPEG", "CMYK"), ("JPEG", "L")],
)
def test_pictures_of_every_sort_are_cleaned(cast, sign_in, form, mode):
    out = io.BytesIO()
    options = {}
    if form == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Location", "secret place")
        options = {"pnginfo": notes}
    Image.new(mode, (900, 300)).save(out, form, **options)
    assert send(sign_in(cast.clerk), f"图.{form.lower()}", out.getvalue()).status_code == 201
    attachment = Attachment.objects.get()
    image = kept(attachment)
    assert (image.format, image.size) == (form, (900, 300))
    with attachment.file.open("rb") as handle:
        assert b"secret place" not in handle.read()
    with attachment.thumbnail.open("rb") as handle:
        small = Image.open(handle)
        assert (small.format, small.width) == ("JPEG", 320)


def test_a_picture_shows_small_in_form_detail_and_review(cast, sign_in):
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    answer = send(clerk, "现场.jpg", photo()).json()
    record = file_lecture(clerk, form_token=TOKEN)
    small = answer["thumbnail_url"]
    assert small == reverse("records:attachment_thumbnail", args=[answer["id"]])
    response = county.get(small)
    assert response["Content-Type"] == "image/jpeg" and "private" in response["Cache-Control"]
    with Image.open(io.BytesIO(b"".join(response.streaming_content))) as image:
        assert max(image.size) == judging.THUMBNAIL_SIDE
    for page in ("detail", "review_record"):
        assert f'src="{small}"' in county.get(reverse(f"records:{page}", args=[record.pk])).content.decode()
    assert sign_in(cast.neighbour).get(small).status_code == 404


def test_the_form_takes_dropped_files_and_a_phones_camera(cast, sign_in):
    page = sign_in(cast.clerk).get(reverse("records:create", args=["ideology.lecture"])).content.decode()
    assert "data-upload-zone" in page and 'capture="environment"' in page
    assert 'accept="image/*,.jpg' in page and "佐证材料（可不传）" in page


def test_the_same_picture_twice_is_one(cast, sign_in):
    clerk, content = sign_in(cast.clerk), photo()
    first = send(clerk, "一.jpg", content).json()
    assert send(clerk, "二.jpg", content).json()["id"] == first["id"]
    downloaded = b"".join(clerk.get(first["url"]).streaming_content)
    assert send(clerk, "三.jpg", downloaded).json()["id"] == first["id"]


def test_removing_takes_both_files_from_the_disk(cast, sign_in, django_capture_on_commit_callbacks):
    clerk = sign_in(cast.clerk)
    answer = send(clerk, "一.jpg", photo()).json()
    attachment = Attachment.objects.get()
    names = [attachment.file.name, attachment.thumbnail.name]
    assert all(default_storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        assert clerk.post(answer["remove_url"]).status_code == 200
    assert not any(default_storage.exists(name) for name in names)


def _swollen() -> bytes:
    return office(parts={"word/media/a.bin": b"\0" * (30 * 1024 * 1024)})


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("照片.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        ("照片.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "兼容性最佳"),
        ("坏的.png", picture()[:40], "可能已损坏"),
        ("方案.docx", office(parts={"word/vbaProject.bin": b"x"}), "带有宏"),
        ("方案.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "打开密码"),
        ("方案.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式"),
        ("方案.docx", office()[:-30], "可能已损坏"),
        ("程序.exe", b"MZ\x90\x00", "不能上传"),
        ("图.png", b"%PDF-1.7\n", "与扩展名不符"),
        ("空.pdf", b"", "是空的"),
    ],
)
def test_refusals_name_file_reason_and_cure(cast, sign_in, name, content, words):
    answer = send(sign_in(cast.clerk), name, content)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert name in error and words in error and "请" in error
    assert not Attachment.objects.exists()


def test_an_archive_that_swells_is_refused_without_unpacking(cast, sign_in):
    content = _swollen()
    assert len(content) < 100_000
    assert "解开后过大" in send(sign_in(cast.clerk), "方案.docx", content).json()["error"]


def test_an_ordinary_office_file_is_kept_as_it_is(cast, sign_in):
    content = office(parts={"word/media/a.bin": b"\0" * (3 * 1024 * 1024)})
    assert send(sign_in(cast.clerk), "方案.docx", content).status_code == 201
    attachment = Attachment.objects.get()
    assert attachment.sha256 == attachment.source_sha256 and not attachment.thumbnail
    with attachment.file.open("rb") as handle:
        assert handle.read() == content


def test_a_picture_of_too_many_points_is_refused_by_its_head(cast, sign_in, monkeypatch):
    clerk = sign_in(cast.clerk)
    monkeypatch.setattr(judging, "MAX_PIXELS", 1000)
    assert "像素太多" in send(clerk, "大.jpg", photo()).json()["error"]
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert "像素太多" in send(clerk, "炸弹.jpg", photo()).json()["error"]


def test_a_record_holds_so_much_and_no_more(cast, sign_in, settings):
    clerk = sign_in(cast.clerk)
    settings.ATTACHMENTS_TOTAL_BYTES = 3 * 1024 * 1024
    pdf = b"%PDF-1.7\n" + b"0" * (2 * 1024 * 1024)
    assert send(clerk, "一.pdf", pdf).status_code == 201
    assert "将超过 3 MB" in send(clerk, "二.pdf", pdf + b"1").json()["error"]
    settings.ATTACHMENTS_PER_RECORD = 1
    assert "最多 1 个文件" in send(clerk, "三.png", picture()).json()["error"]


def test_files_of_a_form_survive_its_reload(cast, sign_in):
    """The page keeps the form's token in its address once a file has gone up."""
    clerk = sign_in(cast.clerk)
    token = "5d0c6a0e-6d7f-4a39-8d7a-1f0d2a3b4c5d"
    upload = SimpleUploadedFile("签到表.pdf", b"%PDF-1.4 sample")
    clerk.post(reverse("records:attachment_upload"), {"file": upload, "form_token": token})
    url = reverse("records:create", args=["ideology.lecture"])
    page = clerk.get(url, {"token": token}).content.decode()
    assert "签到表.pdf" in page and f'value="{token}"' in page
    assert "签到表.pdf" not in sign_in(cast.lead).get(url, {"token": token}).content.decode()
    assert "签到表.pdf" not in clerk.get(url, {"token": "not-a-token"}).content.decode()


def test_files_of_a_form_never_saved_go_after_two_weeks(cast, sign_in, django_capture_on_commit_callbacks):
    clerk = sign_in(cast.clerk)
    for name in ("旧.pdf", "新.pdf"):
        upload = SimpleUploadedFile(name, f"%PDF-1.4 {name}".encode())
        clerk.post(UPLOAD, {"file": upload, "form_token": TOKEN})
    old = Attachment.objects.get(name="旧.pdf")
    Attachment.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - datetime.timedelta(days=15))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_abandoned() == 1
    assert list(Attachment.objects.values_list("name", flat=True)) == ["新.pdf"]
    assert not default_storage.exists(old.file.name)


def test_a_file_too_large_is_refused_with_its_size_and_the_limit(cast, sign_in, settings):
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    upload = SimpleUploadedFile("录像.pdf", b"%PDF-1.4" + b"x" * (1024 * 1024 + 600_000))
    refused = sign_in(cast.clerk).post(UPLOAD, {"file": upload, "form_token": TOKEN})
    assert refused.status_code == 400
    assert "录像.pdf" in refused.json()["error"] and "1.6 MB，超过 1 MB 的上限" in refused.json()["error"]
    assert not Attachment.objects.exists()
