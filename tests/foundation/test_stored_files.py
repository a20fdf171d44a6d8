"""Uploaded files, whatever room they belong to: judged by content, cleaned of what a camera notes, counted, taken away and
swept. Each test of keeping and deleting runs for evidence and for attachments of notices."""

import datetime
import io
import os
import time
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, PngImagePlugin

from foundation.audit.models import Entry
from foundation.files import judging
from foundation.files.keeping import random_name
from foundation.stored_files import sweeping
from foundation.stored_files.actions import remove_abandoned, remove_file, store_file
from foundation.stored_files.models import StoredFile
from foundation.stored_files.sweeping import folders, sweep_orphans
from records.models import Attachment
from tests.contracts.world import filed, picture
from tests.foundation.uploads import EVIDENCE, NOTICES, TOKEN, Room, office, photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(params=[EVIDENCE, NOTICES], ids=["evidence", "notices"])
def room(request) -> Room:
    return request.param


@pytest.fixture
def browser(room, cast, sign_in):
    return sign_in(room.who(cast))


def send(browser, name: str, content: bytes):
    return EVIDENCE.send(browser, name, content)


def kept(file: StoredFile) -> Image.Image:
    with file.file.open("rb") as handle:
        image = Image.open(io.BytesIO(handle.read()))
        image.load()
    return image


def test_a_photo_is_kept_upright_without_place_and_camera(room, browser):
    answer = room.send(browser, "现场 照片.JPG", photo())
    assert answer.status_code == 201, answer.json()
    attachment = room.model.objects.get()
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


def test_the_same_picture_twice_is_one(room, browser):
    content = photo()
    first = room.send(browser, "一.jpg", content).json()
    assert room.send(browser, "二.jpg", content).json()["id"] == first["id"]
    downloaded = b"".join(browser.get(first["url"]).streaming_content)
    assert room.send(browser, "三.jpg", downloaded).json()["id"] == first["id"]


def test_removing_takes_both_files_from_the_disk(room, browser, django_capture_on_commit_callbacks):
    answer = room.send(browser, "一.jpg", photo()).json()
    attachment = room.model.objects.get()
    names = [attachment.file.name, attachment.thumbnail.name]
    assert all(default_storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(answer["remove_url"]).status_code == 200
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


def test_an_owner_holds_so_much_and_no_more(room, browser, settings):
    settings.ATTACHMENTS_TOTAL_BYTES = 3 * 1024 * 1024
    pdf = b"%PDF-1.7\n" + b"0" * (2 * 1024 * 1024)
    assert room.send(browser, "一.pdf", pdf).status_code == 201
    assert "将超过 3 MB" in room.send(browser, "二.pdf", pdf + b"1").json()["error"]
    settings.ATTACHMENTS_PER_RECORD = 1
    assert "最多 1 个文件" in room.send(browser, "三.png", picture()).json()["error"]


def test_files_of_a_form_never_saved_go_after_two_weeks(room, browser, django_capture_on_commit_callbacks):
    for name in ("旧.jpg", "新.jpg"):
        room.send(browser, name, photo((640, 480) if name == "旧.jpg" else (600, 400)))
    old = room.model.objects.get(name="旧.jpg")
    room.model.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - datetime.timedelta(days=15))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_abandoned() == 1
    assert list(room.model.objects.values_list("name", flat=True)) == ["新.jpg"]
    assert not default_storage.exists(old.file.name) and not default_storage.exists(old.thumbnail.name)


def test_a_file_too_large_is_refused_with_its_size_and_the_limit(room, browser, settings):
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    refused = room.send(browser, "录像.pdf", b"%PDF-1.4" + b"x" * (1024 * 1024 + 600_000))
    assert refused.status_code == 400
    assert "录像.pdf" in refused.json()["error"] and "1.6 MB，超过 1 MB 的上限" in refused.json()["error"]
    assert not room.model.objects.exists()


def test_a_picture_shows_small_and_opens_for_its_uploader_alone_until_the_form_is_saved(room, browser, cast, sign_in):
    answer = room.send(browser, "现场.jpg", photo()).json()
    small = browser.get(answer["thumbnail_url"])
    assert small["Content-Type"] == "image/jpeg" and "private" in small["Cache-Control"]
    with Image.open(io.BytesIO(b"".join(small.streaming_content))) as image:
        assert max(image.size) == judging.THUMBNAIL_SIDE
    whole = browser.get(answer["url"])
    assert b"".join(whole.streaming_content)
    assert whole["Content-Disposition"].startswith("inline") and "sandbox" in whole["Content-Security-Policy"]
    for name in ("url", "thumbnail_url"):
        assert sign_in(cast.neighbour).get(answer[name]).status_code == 404
    assert sign_in(cast.neighbour).post(answer["remove_url"]).status_code == 404


def test_a_missing_file_says_what_happened(room, browser):
    answer = room.send(browser, "签到表.pdf", b"%PDF-1.4 sample").json()
    default_storage.delete(room.model.objects.get().file.name)
    gone = browser.get(answer["url"])
    assert gone.status_code == 404
    said = gone.content.decode()
    assert "签到表.pdf" in said and "已不在存储中" in said and "重新上传" in said


def test_what_happens_to_files_of_a_record_stands_in_its_log(cast, sign_in):
    record = filed(cast.clerk, cast.enterprise)
    clerk = sign_in(cast.clerk)
    answer = EVIDENCE.send(clerk, "一.pdf", b"%PDF-1.4 one", record=record.pk).json()
    for browser in (clerk, sign_in(cast.lead)):
        assert b"".join(browser.get(answer["url"]).streaming_content)
    clerk.post(answer["remove_url"])
    events = Entry.objects.filter(event__startswith="records.attachment").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["records.attachment_added", "records.attachment_opened", "records.attachment_removed"]


# --- the sweep --------------------------------------------------------------------------------------


def aged(name: str, days: float = 3) -> str:
    """The file as if it had been stored days ago."""
    then = time.time() - days * 86400
    os.utime(default_storage.path(name), (then, then))
    return name


def test_every_folder_of_files_is_known_to_the_sweep():
    assert set(folders()) >= {"evidence", "notices", "exports", "imports", "reports", "bundles"}


def test_what_no_row_names_is_swept_after_two_days(room, browser):
    room.send(browser, "一.jpg", photo())
    file = room.model.objects.get()
    mine = [aged(file.file.name), aged(file.thumbnail.name)]
    old, fresh = (default_storage.save(random_name(room.model, ""), ContentFile(b"x")) for _ in range(2))
    aged(old)
    assert sweep_orphans()[room.model.file_folder] == 1
    assert not default_storage.exists(old)
    assert all(default_storage.exists(name) for name in (*mine, fresh))


def test_a_folder_that_looks_like_another_portals_is_left_alone(monkeypatch, caplog):
    monkeypatch.setattr(sweeping, "MANY", 2)
    names = [aged(default_storage.save(random_name(Attachment, ""), ContentFile(b"x"))) for _ in range(3)]
    assert "evidence" not in sweep_orphans()
    assert all(default_storage.exists(name) for name in names) and "another portal's" in caplog.text


def test_a_row_that_is_not_written_leaves_no_file(cast, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("no space left")

    monkeypatch.setattr(Attachment, "save", full)
    with pytest.raises(OSError, match="no space"):
        store_file(
            Attachment,
            acting_user=cast.clerk,
            upload=SimpleUploadedFile("一.jpg", photo()),
            form_token=uuid.UUID(TOKEN),
        )
    assert list(sweeping.files_under(default_storage, "evidence")) == []


def test_a_deletion_rolled_back_keeps_the_file(cast, sign_in):
    clerk = sign_in(cast.clerk)
    EVIDENCE.send(clerk, "一.pdf", b"%PDF-1.4 one")
    file = Attachment.objects.get()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        remove_file(acting_user=cast.clerk, file=file)
        raise ZeroDivisionError
    assert default_storage.exists(Attachment.objects.get().file.name)
