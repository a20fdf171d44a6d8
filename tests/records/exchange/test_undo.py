"""An import taken back: what nobody has gone on with since goes or gets its values back, the rest stays and is named."""

import pytest
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.exchange import writing
from foundation.exchange.models import Import, ImportState, RowState
from foundation.exchange.writing import kept_rows
from foundation.jobs import running
from foundation.jobs.actions import cancel
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from ideology.models import Lecture
from records.core.actions import act, update_record
from records.exchange.importing import RecordImport
from records.models import Duty, Record, Status
from tests.records.exchange.books import HEADINGS, LECTURE, book, checked, confirmed, lecture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def undone(browser, batch: Import) -> Import:
    browser.post(reverse("records:import_undo", args=[batch.pk]))
    batch.refresh_from_db()
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def test_new_records_go_handed_in_or_not(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    for after in ("draft", "submit"):
        batch = confirmed(clerk, checked(clerk, book([lecture(1), lecture(2)]), after=after))
        page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
        assert Record.objects.count() == 2 and "撤销这次导入" in page
        batch = undone(clerk, batch)
        assert batch.state == ImportState.UNDONE and not Record.objects.exists()
        assert "2 行已收回" in clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert not Duty.objects.filter(record__isnull=False).exists()
    assert Entry.objects.filter(event="records.import_undone").count() == 2
    assert Entry.objects.filter(event="records.discarded", note__contains="撤销导入").count() == 2


def test_after_undoing_only_what_is_true_now_is_told(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    rows = [lecture(1, **{HEADINGS[5]: 5}), lecture(2, **{HEADINGS[0]: "焊接", HEADINGS[3]: "李师傅"})]
    batch = confirmed(clerk, checked(clerk, book(rows)), unusual="draft", reason="")
    address = reverse("records:import", args=[batch.pk])
    assert "留在草稿里等您核对" in clerk.get(address).content.decode()
    undone(clerk, batch)
    page = clerk.get(address).content.decode()
    assert "2 行已收回。" in page and not Record.objects.exists()
    assert "留在草稿里" not in page and "导入结果" not in page


def test_what_somebody_has_gone_on_with_stays_and_is_named(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    rows = [lecture(n, **{HEADINGS[0]: name, HEADINGS[3]: name}) for n, name in enumerate(("焊接", "安全", "普法"))]
    batch = confirmed(clerk, checked(clerk, book(rows)))
    record = Lecture.objects.get(title="焊接")
    act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    batch = undone(clerk, batch)
    assert list(Record.objects.values_list("title", "status")) == [("焊接", Status.APPROVED)]
    page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert "没有收回的行" in page and "现在是“已通过”" in page
    assert (batch.written["undone"], batch.written["kept"]) == (2, 1)
    assert "请由企业在这条记录的页面上提出更正申请" in page and "请逐条处理" not in page
    assert clerk.post(reverse("records:import_undo", args=[batch.pk]), follow=True).status_code == 200
    assert Import.objects.get(pk=batch.pk).state == ImportState.UNDONE


def test_what_to_do_with_a_row_that_stays_is_what_its_page_offers(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    rows = [lecture(n, **{HEADINGS[0]: name, HEADINGS[3]: name}) for n, name in enumerate(("焊接", "安全", "普法"))]
    batch = confirmed(clerk, checked(clerk, book(rows)))
    rejected, returned, gone = (Lecture.objects.get(title=title) for title in ("焊接", "安全", "普法"))
    for record, action in ((rejected, "reject"), (returned, "return")):
        act(acting_user=cast.county, record_id=record.pk, action=action, version=record.version, reason="与通知不符。")
    Lecture.objects.filter(pk=gone.pk).delete()
    batch = undone(clerk, batch)
    said = {row.target: row.said["problems"][0] for row in kept_rows(batch)}
    assert said[str(rejected.pk)]["cure"] == "对驳回有异议的，请由企业在这条记录的页面上申诉。"
    assert said[str(returned.pk)]["cure"] == "需要删除或改回的，请逐条处理。"
    assert (said[str(gone.pk)]["reason"], said[str(gone.pk)]["cure"]) == ("这条记录已被删除。", "")


def test_rows_that_never_went_in_are_not_among_those_that_stay(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    confirmed(clerk, checked(clerk, book([lecture(9)]), after="draft"))
    stale = Lecture.objects.get()
    rows = [lecture(1), lecture(2, **{HEADINGS[1]: ""}), lecture(9, **{HEADINGS[3]: "李工匠"})]
    batch = checked(clerk, book(rows), after="draft")
    update_record(acting_user=cast.clerk, record_id=stale.pk, version=1, values={"speaker": "周书记"})
    batch = confirmed(clerk, batch)
    assert (batch.counts["new"], batch.counts["invalid"], batch.counts["conflict"]) == (1, 1, 1)
    batch = undone(clerk, batch)
    assert (batch.written["undone"], batch.written["kept"]) == (1, 0)
    assert "没有收回的行" not in clerk.get(reverse("records:import", args=[batch.pk])).content.decode()


def test_changed_records_get_their_values_back(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    confirmed(clerk, checked(clerk, book([lecture(1), lecture(2)]), after="draft"))
    rows = [lecture(n, **{HEADINGS[3]: "李工匠"}) for n in (1, 2)]
    batch = confirmed(clerk, checked(clerk, book(rows), after="draft"))
    assert set(Lecture.objects.values_list("speaker", flat=True)) == {"李工匠"}
    record = Lecture.objects.get(title="第1课")
    update_record(acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"speaker": "周书记"})
    batch = undone(clerk, batch)
    assert dict(Lecture.objects.values_list("title", "speaker")) == {"第1课": "周书记", "第2课": "王劳模"}
    assert batch.written["kept"] == 1


def test_a_worker_that_takes_over_goes_on_and_a_cancelled_one_leaves_the_rest(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(RecordImport, "part", 1)
    monkeypatch.setattr(writing, "PAUSE", 0)
    clerk = sign_in(cast.clerk)
    batch = confirmed(clerk, checked(clerk, book([lecture(n) for n in range(3)]), after="draft"))
    clerk.post(reverse("records:import_undo", args=[batch.pk]))
    batch.refresh_from_db()
    writing._undo_part(batch.pk, RecordImport(batch.options), lambda percent, words: None, cast.clerk)
    assert Record.objects.count() == 2, "then the worker was killed"
    cancel(batch.job, acting_user=cast.clerk)
    running.run(batch.job_id)
    Import.objects.filter(pk=batch.pk).update(state=ImportState.DONE)
    batch.refresh_from_db()
    assert batch.rows.filter(state=RowState.WRITTEN).count() == 2
    assert undone(clerk, batch).state == ImportState.UNDONE and not Record.objects.exists()


def test_an_undoing_that_got_stuck_may_be_left_and_gone_on_with(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(RecordImport, "part", 1)
    monkeypatch.setattr(writing, "PAUSE", 0)
    clerk = sign_in(cast.clerk)
    batch = confirmed(clerk, checked(clerk, book([lecture(n) for n in range(2)]), after="draft"))
    clerk.post(reverse("records:import_undo", args=[batch.pk]))
    batch.refresh_from_db()
    writing._undo_part(batch.pk, RecordImport(batch.options), lambda percent, words: None, cast.clerk)
    Job.objects.filter(pk=batch.job_id).update(status=JobStatus.FAILED)
    assert "不再撤销" in clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    clerk.post(reverse("records:import_discard", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == ImportState.DONE and Record.objects.count() == 1
    assert undone(clerk, batch).state == ImportState.UNDONE and not Record.objects.exists()


def test_only_the_uploader_takes_it_back(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    batch = confirmed(clerk, checked(clerk, book([lecture(1)], headings=HEADINGS), kind=LECTURE.slug))
    for person in (cast.lead, cast.county):
        assert sign_in(person).post(reverse("records:import_undo", args=[batch.pk])).status_code == 404
    assert Record.objects.count() == 1
