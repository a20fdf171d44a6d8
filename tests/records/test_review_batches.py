"""Many records decided at once: frozen, confirmed, done by a job, an outcome for each."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from foundation.audit.models import Entry
from foundation.jobs import running
from foundation.jobs.actions import cancel, retry
from foundation.jobs.models import Job
from records.core.actions import act, update_record
from records.models import BatchState, Outcome, Record, RecordStep, ReviewBatch, Status
from records.review import batches as review_batches
from records.tasks import end_stopped_batches
from tests.confirming import confirm
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db


def waiting(cast, count: int, **changes) -> list[Record]:
    clerk = cast.clerk
    return [
        filed(clerk, cast.enterprise, (clerk, "submit"), title=f"第{n}场", speaker=f"讲师{n}", **changes)
        for n in range(1, count + 1)
    ]


def asked(browser, **data) -> ReviewBatch:
    response = browser.post(reverse("records:review_select"), data)
    batch = ReviewBatch.objects.latest("pk")
    assert response.url == reverse("records:batch", args=[batch.pk])
    return batch


def done(browser, batch: ReviewBatch, reason: str = "") -> ReviewBatch:
    browser.post(reverse("records:batch_confirm", args=[batch.pk]), {"reason": reason})
    batch.refresh_from_db()
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def statuses(records) -> list[str]:
    return list(Record.objects.filter(pk__in=[r.pk for r in records]).order_by("pk").values_list("status", flat=True))


def test_the_whole_filter_over_all_pages(cast, sign_in):
    records = waiting(cast, 27)
    filed(cast.second_clerk, cast.second_enterprise, (cast.second_clerk, "submit"), title="别家的")
    county = sign_in(cast.county)
    page = county.get(reverse("records:review"), {"q": "场"}).content.decode()
    assert "选中全部 27 条（含其他页）" in page
    batch = asked(county, do="approve", all="1", query="q=场")
    page = county.get(reverse("records:batch", args=[batch.pk])).content.decode()
    assert "将通过 <strong>27</strong> 条记录" in page and "标题、企业或编号：场" in page
    assert set(statuses(records)) == {Status.SUBMITTED}
    batch = done(county, batch)
    assert batch.state == BatchState.DONE
    assert set(statuses(records)) == {Status.APPROVED}
    assert Record.objects.get(title="别家的").status == Status.SUBMITTED
    started = Entry.objects.get(event="records.batch_started")
    assert started.label == "批量通过 27 条"
    # The job decides; the log says of each record who, from where, and with which request.
    entries = list(Entry.objects.filter(event="records.approve"))
    assert {entry.target_id for entry in entries} == {str(record.pk) for record in records}
    assert {entry.label for entry in entries} == {str(record) for record in records}
    assert {(entry.address, entry.request_id) for entry in entries} == {("127.0.0.1", started.request_id)}
    assert {entry.actor_id for entry in entries} == {cast.county.pk} and started.request_id
    assert RecordStep.objects.filter(action="approve", actor=cast.county).count() == 27


def test_frozen_when_asked_later_ones_are_not_in_it_and_changed_ones_are_left(cast, sign_in):
    first, second, third = waiting(cast, 3)
    county = sign_in(cast.county)
    batch = asked(county, do="return", all="1", query="")
    later = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="后来的", speaker="赵后来")
    act(acting_user=cast.clerk, record_id=second.pk, action="withdraw", version=second.version)
    second.refresh_from_db()
    second = update_record(
        acting_user=cast.clerk, record_id=second.pk, version=second.version, values={"title": "改过的第2场"}
    )
    confirm(
        act, acting_user=cast.clerk, record_id=second.pk, action="submit", version=second.version, reason="已核对。"
    )
    act(acting_user=cast.county_colleague, record_id=third.pk, action="approve", version=third.version)
    batch = done(county, batch, "请补充一线职工人次。")
    outcomes = {row.record_id: (row.outcome, row.message) for row in batch.rows.all()}
    assert outcomes[first.pk] == (Outcome.DONE, "已退回")
    assert outcomes[second.pk][0] == outcomes[third.pk][0] == Outcome.SKIPPED
    assert "选定之后这条记录又有变化" in outcomes[second.pk][1]
    assert statuses([first, second, third, later]) == ["returned", "submitted", "approved", "submitted"]
    first.refresh_from_db()
    assert first.reason == "请补充一线职工人次。"
    page = county.get(reverse("records:batch", args=[batch.pk]), {"outcome": "skipped"}).content.decode()
    assert "改过的第2场" in page and "第1场" not in page


def test_ones_own_are_skipped_and_named(cast, sign_in):
    (record,) = waiting(cast, 1)
    own = filed(cast.county, cast.enterprise, (cast.county, "submit"), title="自己填的", speaker="周自填")
    county = sign_in(cast.county)
    batch = asked(county, do="approve", all="1", query="")
    assert batch.count == 1
    page = county.get(reverse("records:batch", args=[batch.pk])).content.decode()
    assert "其中 1 条是您自己填报的" in page and "自己填的" in page
    batch = done(county, batch)
    assert statuses([record, own]) == ["approved", "submitted"]
    assert batch.rows.get(record=own).message == "这条记录是您自己填报的，请由同事审核。"
    only_own = asked(county, do="approve", ids=[own.pk])
    refused = county.post(reverse("records:batch_confirm", args=[only_own.pk]), follow=True).content.decode()
    assert "选中的都是您自己填报的记录" in refused


def test_ticked_ones_only_and_never_a_strangers(cast, sign_in):
    first, second = waiting(cast, 2)
    stranger = filed(cast.neighbour, cast.neighbour_enterprise, (cast.neighbour, "submit"))
    county = sign_in(cast.county)
    batch = done(county, asked(county, do="approve", ids=[first.pk, stranger.pk, "x"]))
    assert statuses([first, second, stranger]) == ["approved", "submitted", "submitted"]
    assert batch.rows.count() == 1


def test_a_bulk_approval_is_taken_back_as_a_whole(cast, sign_in):
    records = waiting(cast, 3)
    county = sign_in(cast.county)
    batch = done(county, asked(county, do="approve", all="1", query=""))
    first = Record.objects.get(pk=records[0].pk)
    act(acting_user=cast.county, record_id=first.pk, action="reopen", version=first.version, reason="人数填反了。")
    page = county.get(reverse("records:batch", args=[batch.pk])).content.decode()
    assert "重新打开这 2 条…" in page
    response = county.post(reverse("records:batch_reopen", args=[batch.pk]))
    taking_back = ReviewBatch.objects.latest("pk")
    assert response.url == reverse("records:batch", args=[taking_back.pk])
    page = county.get(response.url).content.decode()
    assert "将重新打开 <strong>2</strong> 条已通过的记录" in page
    assert statuses(records) == ["returned", "approved", "approved"], "nothing happens before it is confirmed"
    refused = county.post(reverse("records:batch_confirm", args=[taking_back.pk]), {"reason": ""}, follow=True)
    assert "请写明“重新打开”的原因" in refused.content.decode()
    done(county, taking_back, "这一批选错了季度。")
    assert statuses(records) == ["returned"] * 3
    assert Record.objects.get(pk=records[2].pk).reason == "这一批选错了季度。"
    assert Entry.objects.filter(event="records.reopen", note="这一批选错了季度。").count() == 2
    again = county.post(reverse("records:batch_reopen", args=[batch.pk]), follow=True).content.decode()
    assert "后来都有变化" in again
    of_returns = county.post(reverse("records:batch_reopen", args=[taking_back.pk]), follow=True).content.decode()
    assert "只有已经办完的批量通过可以整批重新打开" in of_returns
    assert sign_in(cast.neighbour_county).post(reverse("records:batch_reopen", args=[batch.pk])).status_code == 404
    assert ReviewBatch.objects.count() == 2


def test_a_return_needs_words_and_keeps_what_was_typed(cast, sign_in):
    waiting(cast, 1)
    county = sign_in(cast.county)
    batch = asked(county, do="return", all="1", query="")
    page = county.post(reverse("records:batch_confirm", args=[batch.pk]), {"reason": "  "}, follow=True)
    assert "请写明“退回修改”的原因" in page.content.decode()
    batch.refresh_from_db()
    assert batch.state == BatchState.ASKED and not Job.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"do": "approve"}, "没有选中记录"),
        ({"do": "reject", "all": "1"}, "驳回是最终决定，请逐条办理"),
        ({"do": "approve", "ids": ["999999"]}, "没有选中记录"),
    ],
)
def test_what_cannot_be_asked_says_why(cast, sign_in, data, words):
    waiting(cast, 1)
    page = sign_in(cast.county).post(reverse("records:review_select"), data, follow=True)
    assert words in page.content.decode()
    assert not ReviewBatch.objects.exists()


def test_called_off_midway_it_says_what_was_done(cast, sign_in, monkeypatch):
    records = waiting(cast, 3)
    monkeypatch.setattr(review_batches, "CHUNK", 2)
    county = sign_in(cast.county)
    batch = asked(county, do="approve", all="1", query="")
    county.post(reverse("records:batch_confirm", args=[batch.pk]))
    batch.refresh_from_db()
    decide = review_batches._decide_chunk

    def decide_and_stop(batch, rows):
        decide(batch, rows)
        cancel(batch.job, acting_user=cast.county)

    monkeypatch.setattr(review_batches, "_decide_chunk", decide_and_stop)
    running.run(batch.job_id)
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED
    assert statuses(records) == ["approved", "approved", "submitted"]
    page = county.get(reverse("records:batch", args=[batch.pk])).content.decode()
    assert "2 条在取消前已经处理，1 条没有处理" in page


@pytest.mark.parametrize("status", ["cancelled", "failed"])
def test_a_batch_whose_job_ended_unnoticed_ends_too(cast, sign_in, status):
    """Cancelled while it waited, or given up: no handler ran that could have noted it."""
    records = waiting(cast, 2)
    county = sign_in(cast.county)
    batch = asked(county, do="approve", all="1", query="")
    county.post(reverse("records:batch_confirm", args=[batch.pk]))
    end_stopped_batches()
    batch.refresh_from_db()
    assert batch.state == BatchState.RUNNING, "its job still waits"
    if status == "cancelled":
        cancel(batch.job, acting_user=cast.county)
    else:
        Job.objects.filter(pk=batch.job_id).update(status=status)
    end_stopped_batches()
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED and batch.finished_at
    assert set(batch.rows.values_list("outcome", flat=True)) == {Outcome.WAITING}
    batch.job.refresh_from_db()
    again = retry(batch.job, acting_user=cast.county)
    running.run(again.pk)
    again.refresh_from_db()
    if status == "cancelled":
        assert again.status == "failed" and "请在待审列表中重新选取" in again.error
        running.run(retry(again, acting_user=cast.county).pk)
        assert statuses(records) == ["submitted", "submitted"], "called off stays called off"
        page = county.get(reverse("records:batch", args=[batch.pk])).content.decode()
        assert "2 条没有处理" in page and reverse("records:batch_drop", args=[batch.pk]) in page
        county.post(reverse("records:batch_drop", args=[batch.pk]))
        assert not ReviewBatch.objects.exists()
    else:
        assert again.status == "done" and statuses(records) == ["approved", "approved"], "what failed goes on"


def test_a_dropped_batch_is_not_carried_out_and_a_begun_one_is_not_dropped(cast, sign_in):
    records = waiting(cast, 2)
    county = sign_in(cast.county)
    batch = asked(county, do="approve", all="1", query="")
    county.post(reverse("records:batch_confirm", args=[batch.pk]))
    batch.refresh_from_db()
    review_batches._decide_chunk(batch, [batch.rows.first()])
    Job.objects.filter(pk=batch.job_id).update(status="failed")
    end_stopped_batches()
    page = county.post(reverse("records:batch_drop", args=[batch.pk]), follow=True).content.decode()
    assert "这次批量审核现在是“已取消”，不能再改" in page
    batch.rows.update(outcome=Outcome.WAITING)
    batch.refresh_from_db()
    again = retry(batch.job, acting_user=cast.county)
    county.post(reverse("records:batch_drop", args=[batch.pk]))
    running.run(again.pk)
    again.refresh_from_db()
    assert again.status == "failed" and "已经放弃" in again.error
    assert statuses(records) == ["approved", "submitted"]


def test_a_second_worker_goes_on_where_the_first_stopped(cast, sign_in):
    records = waiting(cast, 2)
    county = sign_in(cast.county)
    batch = asked(county, do="approve", all="1", query="")
    county.post(reverse("records:batch_confirm", args=[batch.pk]))
    review_batches._decide_chunk(ReviewBatch.objects.get(pk=batch.pk), [batch.rows.first()])
    batch.refresh_from_db()
    running.run(batch.job_id)
    assert statuses(records) == ["approved", "approved"]
    assert RecordStep.objects.filter(action="approve").count() == 2


def test_results_as_a_workbook_and_a_dropped_selection(cast, sign_in):
    waiting(cast, 2)
    county = sign_in(cast.county)
    batch = done(county, asked(county, do="approve", all="1", query=""))
    sheet = load_workbook(io.BytesIO(county.get(reverse("records:batch_export", args=[batch.pk])).content)).active
    assert [cell.value for cell in sheet[1]] == ["编号", "标题", "类型", "企业", "结果", "说明"]
    assert [row[4].value for row in sheet.iter_rows(min_row=2)] == ["已处理", "已处理"]
    assert sign_in(cast.county_colleague).get(reverse("records:batch", args=[batch.pk])).status_code == 404
    waiting(cast, 1)
    dropped = asked(county, do="approve", all="1", query="")
    county.post(reverse("records:batch_drop", args=[dropped.pk]))
    assert not ReviewBatch.objects.filter(pk=dropped.pk).exists()
    assert Record.objects.filter(status=Status.SUBMITTED).count() == 1


def test_the_numbers_of_a_return_are_seen_before_it_is_approved(cast, sign_in):
    """Of whatever kind, in the order of its form; one that has none says so."""
    numbers = {"raised": 1200, "adopted": 0}
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug="competitions.suggestion", **numbers)
    flagged = filed(
        cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="安全课", number_of_people=40, attendances=40
    )
    Record.objects.filter(pk=flagged.pk).update(is_flagged=True)
    county = sign_in(cast.county)
    batch = asked(county, do="approve", all="1", query="")
    page = county.get(reverse("records:batch", args=[batch.pk])).content.decode()
    assert "提出合理化建议 1,200 条" in page and "采纳 0 条" in page and "参加人数 40 人" in page
    assert page.count('<span class="chip">已标记</span>') == 1, "the flag is seen as well"
