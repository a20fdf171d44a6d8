"""Remarks on single fields: made beside the field, read beside the field, kept in the history."""

import pytest
from django.urls import reverse

from foundation.stored_files.actions import store_file
from records.core.actions import act
from records.models import Attachment, Record, RecordStep, Status
from tests.confirming import confirm
from tests.contracts.world import filed, upload, values_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(cast) -> Record:
    return filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="班组安全课")


def returned(browser, record: Record, **data):
    return browser.post(
        reverse("records:review_record", args=[record.pk]), {"do": "return", "version": record.version, **data}
    )


def test_the_clerk_reads_the_remark_beside_the_field(cast, sign_in, waiting):
    remarks = {
        "comment-attendances": "与签到表不符，签到表为 52。",
        "comment-attachments": "照片看不清。",
        "comment-title": " ",
    }
    assert returned(sign_in(cast.county), waiting, **remarks).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == (Status.RETURNED, "请按各栏旁的意见修改。")
    clerk = sign_in(cast.clerk)
    form = clerk.get(reverse("records:edit", args=[waiting.pk])).content.decode()
    field = form[form.index('data-field="attendances"') :]
    assert "与签到表不符，签到表为 52。" in field[: field.index("</div>\n</div>") + 1]
    assert '<a href="#id_attendances">参加人次</a>' in form and "照片看不清。" in form
    detail = clerk.get(reverse("records:detail", args=[waiting.pk])).content.decode()
    assert detail.count("与签到表不符，签到表为 52。") == 2, "beside the field and in the history"


def test_it_stays_through_drafts_and_goes_with_the_next_hand_in(cast, sign_in, waiting):
    returned(sign_in(cast.county), waiting, reason="请改。", **{"comment-title": "写明内容。"})
    clerk = sign_in(cast.clerk)
    address = reverse("records:edit", args=[waiting.pk])
    waiting.refresh_from_db()
    values = values_for("ideology.lecture", cast.enterprise, title="班组安全课二")
    clerk.post(address, {**values, "version": waiting.version, "do": "draft"})
    assert "写明内容。" in clerk.get(address).content.decode()
    waiting.refresh_from_db()
    clerk.post(address, {**values, "version": waiting.version, "do": "submit", "confirm_reason": "已核对。"})
    waiting.refresh_from_db()
    if waiting.status == Status.RETURNED:
        page = clerk.get(address + "?check")
        keys = [warning.key for warning in page.context["warnings"]]
        clerk.post(
            address,
            {**values, "version": waiting.version, "do": "submit", "confirm_reason": "已核对。", "confirmed": keys},
        )
        waiting.refresh_from_db()
    assert waiting.status == Status.SUBMITTED
    detail = clerk.get(reverse("records:detail", args=[waiting.pk])).content.decode()
    assert detail.count("写明内容。") == 1, "in the history only"
    review = sign_in(cast.county).get(reverse("records:review_record", args=[waiting.pk])).content.decode()
    assert '<del class="changed-from">班组安全课</del> <ins class="changed-to">班组安全课二</ins>' in review
    assert RecordStep.objects.get(record=waiting, action="return").comments == {"title": "写明内容。"}


def test_refused_what_was_typed_is_kept(cast, sign_in, waiting):
    county = sign_in(cast.county)
    page = returned(county, waiting, **{"comment-title": "写" * 301}).content.decode()
    assert "对“标题”的意见有 301 个字，最多 300 个" in page and "写" * 301 in page
    page = county.post(
        reverse("records:review_record", args=[waiting.pk]),
        {"do": "approve", "version": waiting.version, "comment-title": "好。"},
    ).content.decode()
    assert "“通过”不能带逐项意见" in page and ">好。</textarea>" in page
    page = returned(county, waiting, **{"comment-nonsense": "？"}).content.decode()
    assert "没有 nonsense 这样的字段" in page
    waiting.refresh_from_db()
    assert waiting.status == Status.SUBMITTED


def test_evidence_stands_beside_the_form(cast, sign_in):
    record = filed(cast.clerk, cast.enterprise, title="有照片的一课")
    file = store_file(Attachment, acting_user=cast.clerk, upload=upload(), owner=record)
    confirm(
        act, acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version, reason="已核对。"
    )
    page = sign_in(cast.county).get(reverse("records:review_record", args=[record.pk])).content.decode()
    assert 'data-view="image" data-key="e"' in page and 'id="viewer"' in page
    assert reverse("records:attachment", args=[file.pk]) in page
