"""Evidence through the API: judged by content, seen by those who see the record."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from records.models import Attachment
from tests.api.conftest import assert_problem
from tests.contracts.world import picture

pytestmark = pytest.mark.django_db

PNG = picture()


def _upload(caller, number: int, name: str, content: bytes, key: str = ""):
    return caller.post(
        f"records/{number}/attachments/", {"file": SimpleUploadedFile(name, content)}, key=key, format="multipart"
    )


def test_upload_list_and_fetch(call, lecture):
    clerk = call("clerk")
    number = clerk.post("records/", lecture).json()["id"]
    stored = _upload(clerk, number, "签到表.png", PNG, key="file")
    assert stored.status_code == 201, stored.json()
    assert _upload(clerk, number, "签到表.png", PNG, key="file")["Idempotency-Replayed"] == "true"
    assert _upload(clerk, number, "again.png", PNG).json()["id"] == stored.json()["id"]
    listed = clerk.get(f"records/{number}/").json()["attachments"]
    assert [entry["name"] for entry in listed] == ["签到表.png"]
    assert clerk.get(f"records/{number}/attachments/").json()["results"] == listed
    fetched = clerk.get(listed[0]["url"])
    with Image.open(io.BytesIO(b"".join(fetched.streaming_content))) as shown:
        assert (shown.format, shown.size) == ("PNG", (8, 8))
    assert "sandbox" in fetched["Content-Security-Policy"]
    assert_problem(call("neighbour").get(listed[0]["url"]), 404, "not-found")


def test_what_is_no_evidence_is_refused_with_the_cure(call, lecture):
    clerk = call("clerk")
    number = clerk.post("records/", lecture).json()["id"]
    for name, content in [("a.png", b"MZ\x90\x00"), ("a.pdf", PNG), ("empty.png", b"")]:
        error = assert_problem(_upload(clerk, number, name, content), 400, "validation")["errors"][0]
        assert error["field"] == "file"
    nothing = clerk.post(f"records/{number}/attachments/", {}, format="multipart")
    assert_problem(nothing, 400, "validation")
    assert not Attachment.objects.exists()


def test_a_record_under_review_takes_no_more_files(call, lecture):
    clerk = call("clerk")
    number = clerk.post("records/", lecture).json()["id"]
    clerk.post(f"records/{number}/submit/", {"version": 1})
    assert_problem(_upload(clerk, number, "a.png", PNG), 403, "forbidden")
    assert_problem(_upload(call("county"), number, "a.png", PNG), 403, "forbidden")
