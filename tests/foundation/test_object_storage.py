"""Files in an object storage: the portal works as with a folder, and nobody gets an address of the store.

The store is moto's S3 server, a real HTTP server on this machine that behaves as Amazon's S3 does where the portal uses
it. It is no proof for any other vendor's store.
"""

import datetime
import io
import urllib.error
import urllib.request
import zipfile

import boto3
import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from moto.server import ThreadedMotoServer
from openpyxl import load_workbook
from PIL import Image

from foundation.files.address import storage_options
from foundation.files.keeping import StorageUnavailable, random_name
from foundation.files.storage import MAX_IN_MEMORY
from foundation.jobs import running
from foundation.jobs.models import Job
from foundation.stored_files import sweeping
from foundation.stored_files.actions import store_file
from foundation.stored_files.sweeping import sweep_orphans
from records.core.actions import act
from records.models import Attachment
from reporting.bundles.actions import request_bundle
from tests.contracts.world import filed
from tests.foundation.uploads import EVIDENCE, NOTICES, Room, photo

pytestmark = pytest.mark.django_db
BUCKET = "portal-files"


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server, settings):
    """The portal's default storage is a bucket, empty before and after."""
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{server}",
        aws_access_key_id="portal",
        aws_secret_access_key="s/ecret",
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}),
    )
    client.create_bucket(Bucket=BUCKET)
    options = storage_options(f"http://portal:s%2Fecret@{server}/{BUCKET}/files")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "foundation.files.storage.ObjectStorage", "OPTIONS": options},
    }
    yield client
    for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=entry["Key"])
    client.close()


@pytest.fixture(params=[EVIDENCE, NOTICES], ids=["evidence", "notices"])
def room(request) -> Room:
    return request.param


def keys(client) -> list[str]:
    return [entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


# --- the stored file --------------------------------------------------------------------------------


def test_a_picture_goes_there_and_comes_back_through_the_portal(
    bucket, server, room, cast, sign_in, django_capture_on_commit_callbacks
):
    browser = sign_in(room.who(cast))
    answer = room.send(browser, "现场 照片.jpg", photo())
    assert answer.status_code == 201, answer.json()
    file = room.model.objects.get()
    assert sorted(keys(bucket)) == sorted(f"files/{name}" for name in (file.file.name, file.thumbnail.name))

    whole = browser.get(answer.json()["url"])
    assert whole.streaming and int(whole["Content-Length"]) == file.size
    assert "Location" not in whole and whole["Content-Disposition"].startswith("inline")
    with Image.open(io.BytesIO(b"".join(whole.streaming_content))) as image:
        assert image.size == (480, 640)
    small = browser.get(answer.json()["thumbnail_url"])
    with Image.open(io.BytesIO(b"".join(small.streaming_content))) as image:
        assert max(image.size) == 320

    with pytest.raises(NotImplementedError):
        _ = file.file.url
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://{server}/{BUCKET}/files/{file.file.name}?acl", timeout=5)
    assert refused.value.code in (403, 404)

    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(answer.json()["remove_url"]).status_code == 200
    assert keys(bucket) == []


def test_a_missing_object_says_what_happened(bucket, room, cast, sign_in):
    browser = sign_in(room.who(cast))
    answer = room.send(browser, "签到表.pdf", b"%PDF-1.4 sample").json()
    bucket.delete_object(Bucket=BUCKET, Key=f"files/{room.model.objects.get().file.name}")
    gone = browser.get(answer["url"])
    assert gone.status_code == 404
    assert "签到表.pdf" in gone.content.decode() and "已不在存储中" in gone.content.decode()


def test_a_store_that_does_not_answer_says_so_and_keeps_nothing(bucket, room, cast, sign_in, settings):
    browser = sign_in(room.who(cast))
    answer = room.send(browser, "一.pdf", b"%PDF-1.4 one").json()
    options = {**settings.STORAGES["default"]["OPTIONS"], "endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    page = browser.get(answer["url"])
    assert page.status_code == 503 and "文件存储暂时无法使用" in page.content.decode()
    refused = room.send(browser, "二.pdf", b"%PDF-1.4 two")
    assert refused.status_code == 400 and "请稍后再试" in refused.json()["error"]
    assert room.model.objects.count() == 1


def test_a_bucket_that_is_not_there_is_no_missing_file(bucket, settings):
    options = {**settings.STORAGES["default"]["OPTIONS"], "bucket_name": "no-such-bucket"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    with pytest.raises(StorageUnavailable):
        default_storage.open("evidence/ab/abc")
    with pytest.raises(StorageUnavailable):
        default_storage.save("evidence/ab/abc", ContentFile(b"x"))


def test_what_no_row_names_is_swept(bucket, room, cast, sign_in, monkeypatch):
    room.send(sign_in(room.who(cast)), "一.jpg", photo())
    orphan = default_storage.save(random_name(room.model, ""), ContentFile(b"x"))
    assert sweep_orphans()[room.model.file_folder] == 0, "nobody knows yet that it is one"
    monkeypatch.setattr(sweeping, "ORPHAN_AFTER", datetime.timedelta(seconds=-5))
    assert sweep_orphans()[room.model.file_folder] == 1
    assert f"files/{orphan}" not in keys(bucket) and len(keys(bucket)) == 2


# --- whoever else keeps files -----------------------------------------------------------------------


def test_a_large_file_is_read_without_holding_it_in_memory(bucket):
    content = b"0123456789abcdef" * (MAX_IN_MEMORY // 8)
    name = default_storage.save("bundles/ab/large", ContentFile(content))
    with default_storage.open(name) as handle:
        assert handle.file._rolled, "beyond two megabytes it lies in a temporary file"
        assert handle.read() == content
    assert default_storage.size(name) == len(content)


def test_an_export_by_a_job_lies_there_too(bucket, cast, sign_in, settings):
    settings.EXPORT_AT_ONCE = 1
    county = sign_in(cast.county)
    county.get("/enterprises/export/")
    job = Job.objects.get()
    running.run(job.pk)
    job.refresh_from_db()
    assert keys(bucket) == [f"files/{job.file.name}"]
    book = load_workbook(io.BytesIO(b"".join(county.get(job.result["url"]))))
    assert len(list(book.worksheets[0].iter_rows())) == 3


def test_a_bundle_is_made_of_objects_and_is_one(bucket, cast, sign_in):
    record = filed(cast.clerk, cast.enterprise)
    upload = SimpleUploadedFile("现场.jpg", photo())
    kept = store_file(Attachment, acting_user=cast.clerk, upload=upload, owner=record)
    act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    bundle = request_bundle(acting_user=cast.clerk, enterprise=cast.enterprise, year=record.happened_on.year)
    assert running.run(bundle.job_id)
    bundle.refresh_from_db()
    assert bundle.can_be_fetched, bundle.job.error
    answer = sign_in(cast.clerk).get(bundle.get_absolute_url())
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        [inside] = [name for name in archive.namelist() if name.endswith("现场.jpg")]
        assert archive.getinfo(inside).file_size == kept.size


# --- the address ------------------------------------------------------------------------------------


def test_the_address_is_taken_apart():
    assert storage_options("https://a%40b:c%2Fd@s3.example.cn:9000/bucket/some/folder?region=cn-1&style=virtual") == {
        "endpoint_url": "https://s3.example.cn:9000",
        "access_key": "a@b",
        "secret_key": "c/d",
        "bucket_name": "bucket",
        "location": "some/folder",
        "region_name": "cn-1",
        "addressing_style": "virtual",
    }


@pytest.mark.parametrize(
    ("address", "missing"),
    [
        ("s3://a:top-secret@host/bucket", "http:// or https://"),
        ("https://host/bucket", "key:secret"),
        ("https://a:top-secret@host", "a bucket"),
        ("https://a:top-secret@host/bucket?style=odd", "style=path"),
        ("https://a:top-secret@host/bucket?acl=public", "nothing but"),
    ],
)
def test_an_address_that_cannot_be_says_what_is_missing(address: str, missing: str):
    with pytest.raises(ValueError, match="PORTAL_STORAGE_URL needs") as refused:
        storage_options(address)
    assert missing in str(refused.value) and "top-secret" not in str(refused.value)
