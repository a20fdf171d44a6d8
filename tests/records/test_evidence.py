"""Evidence in its places: the form, the record's page, the review. What is kept of a file: ``foundation/test_stored_files.py``."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from foundation.files import judging
from tests.foundation.uploads import EVIDENCE, TOKEN, photo
from tests.records.test_story import file_lecture

pytestmark = pytest.mark.django_db


def test_a_picture_shows_small_in_form_detail_and_review(cast, sign_in):
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    answer = EVIDENCE.send(clerk, "现场.jpg", photo()).json()
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


def test_files_of_a_record_being_edited_survive_a_reload(cast, sign_in):
    """Uploaded and not saved yet: still there when the page is opened again, for who uploaded it alone."""
    clerk = sign_in(cast.clerk)
    record = file_lecture(clerk, do="draft")
    upload = SimpleUploadedFile("签到表.pdf", b"%PDF-1.4 sample")
    clerk.post(reverse("records:attachment_upload"), {"file": upload, "form_token": str(record.form_token)})
    url = reverse("records:edit", args=[record.pk])
    assert "签到表.pdf" in clerk.get(url).content.decode()
    assert "签到表.pdf" not in sign_in(cast.lead).get(url).content.decode()


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
