"""微视频 may come with its video: judged by its content, limited by the setting, played part by part."""

import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.files.serving import asked_part
from records.models import Attachment
from tests.contracts.world import filed
from tests.foundation.uploads import TOKEN

pytestmark = pytest.mark.django_db

MICRO = "ideology.microwork"


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def mp4(size: int = 50_000) -> bytes:
    """As a file of the ISO base media format begins, with so much in its data box."""
    return box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + box(b"mdat", bytes(range(256)) * (size // 256))


WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"\0" * 5000


def send(browser, name: str, content: bytes, kind: str = MICRO, **data):
    address = f"{reverse('records:attachment_upload')}?kind={kind}"
    return browser.post(
        address, {**(data or {"form_token": TOKEN}), "file": SimpleUploadedFile(name, content, content_type="x/y")}
    )


def whole(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(("name", "content"), [("班组“微课堂”.MP4", mp4()), ("片段.webm", WEBM)])
def test_a_video_is_kept_as_it_came_and_shown_with_its_record(cast, sign_in, name, content):
    clerk = sign_in(cast.clerk)
    answer = send(clerk, name, content)
    assert answer.status_code == 201, answer.json()
    file = Attachment.objects.get()
    assert file.content_type.startswith("video/") and not file.thumbnail and file.size == len(content)
    assert whole(clerk.get(answer.json()["url"])) == content
    record = filed(cast.clerk, cast.enterprise, slug=MICRO, form="video")
    Attachment.objects.update(record=record, form_token=None)
    page = clerk.get(reverse("records:detail", args=[record.pk])).content.decode()
    assert f'<video controls preload="metadata" src="{answer.json()["url"]}"' in page


def test_the_form_of_the_kind_offers_videos_and_no_other_does(cast, sign_in):
    clerk = sign_in(cast.clerk)
    page = clerk.get(reverse("records:create", args=[MICRO])).content.decode()
    assert ".mp4" in page and "视频（mp4、webm）不超过 100 MB" in page and f"?kind={MICRO}" in page
    assert ".mp4" not in clerk.get(reverse("records:create", args=["ideology.lecture"])).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "kind", "said"),
    [
        ("讲座.mp4", mp4(), "ideology.lecture", "这里不能上传视频"),
        ("讲座.mp4", mp4(), "no.such", "这里不能上传视频"),
        ("照片.jpg", mp4(), MICRO, "内容与扩展名不符"),
        ("不是视频.mp4", b"MZ" + b"\0" * 9000, MICRO, "不能上传"),
        ("旧手机.mov", box(b"ftyp", b"qt  \0\0\2\0qt  ") + b"\0" * 900, MICRO, "请转成 mp4"),
    ],
)
def test_it_is_judged_by_content_and_by_kind(cast, sign_in, name, content, kind, said):
    answer = send(sign_in(cast.clerk), name, content, kind)
    assert answer.status_code == 400 and said in answer.json()["error"], answer.json()
    assert not Attachment.objects.exists()


def test_the_limits_follow_the_setting(cast, sign_in, settings):
    settings.ATTACHMENT_MAX_BYTES, settings.VIDEO_MAX_BYTES = 20_000, 1024 * 1024
    settings.ATTACHMENTS_TOTAL_BYTES = 500_000
    clerk = sign_in(cast.clerk)
    answer = send(clerk, "长片.mp4", mp4(1_100_000))
    assert answer.status_code == 400 and "超过 1 MB 的上限。请剪短" in answer.json()["error"]
    assert send(clerk, "短片.mp4", mp4(900_000)).status_code == 201, "larger than any other file may be"
    answer = send(clerk, "又一片.mp4", mp4(700_000) + b"\0")
    assert "文件总共将超过 1 MB" in answer.json()["error"], "what all files may take grows by one video"


def test_a_form_of_another_kind_does_not_take_it_along(cast, sign_in):
    clerk = sign_in(cast.clerk)
    assert send(clerk, "片.mp4", mp4()).status_code == 201
    token = Attachment.objects.get().form_token
    clerk.post(
        reverse("records:create", args=["ideology.lecture"]),
        {"enterprise": cast.enterprise.credit_code, "title": "讲座", "do": "draft", "form_token": token},
    )
    assert Attachment.objects.get().record_id is None


def test_the_browser_gets_the_part_it_asks_for(cast, sign_in):
    clerk, content = sign_in(cast.clerk), mp4()
    url = send(clerk, "片.mp4", content).json()["url"]
    everything = clerk.get(url)
    assert everything["Accept-Ranges"] == "bytes" and whole(everything) == content
    part = clerk.get(url, headers={"Range": "bytes=100-299"})
    assert (part.status_code, part["Content-Length"]) == (206, "200")
    assert part["Content-Range"] == f"bytes 100-299/{len(content)}" and whole(part) == content[100:300]
    assert whole(clerk.get(url, headers={"Range": "bytes=49000-"})) == content[49_000:]
    assert whole(clerk.get(url, headers={"Range": "bytes=-50"})) == content[-50:]
    beyond = clerk.get(url, headers={"Range": f"bytes={len(content)}-"})
    assert beyond.status_code == 416 and beyond["Content-Range"] == f"bytes */{len(content)}"
    assert sign_in(cast.neighbour).get(url, headers={"Range": "bytes=0-9"}).status_code == 404


@pytest.mark.parametrize("asked", ["", "bytes=", "bytes=-", "items=0-1", "bytes=0-1,5-9", "bytes=a-b", "bytes=9" * 40])
def test_whatever_is_no_single_part_gets_the_whole(asked):
    assert asked_part(asked, 1000) is None


def test_an_officer_who_plays_it_stands_in_the_log_once(cast, sign_in):
    url = send(sign_in(cast.clerk), "片.mp4", mp4()).json()["url"]
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug=MICRO, form="video")
    Attachment.objects.update(record=record, form_token=None)
    county = sign_in(cast.county)
    for asked in ("bytes=0-", "bytes=1000-", "bytes=2000-2999"):
        answer = county.get(url, headers={"Range": asked})
        assert answer.status_code == 206 and whole(answer)
    assert Entry.objects.filter(event="records.attachment_opened").count() == 1
