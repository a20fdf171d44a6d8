"""The way of a workbook: checked, chosen, written, handed back; nothing twice, nothing over a newer edit."""

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from foundation.access.models import Grant
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.exchange import checking, views, writing
from foundation.exchange.models import Import, ImportState
from foundation.exchange.resources import resource_of
from foundation.exchange.writing import left_rows
from foundation.jobs import running
from foundation.jobs.actions import cancel
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from foundation.jobs.progress import Progress
from foundation.stored_files.sweeping import files_under
from ideology.models import Lecture, PartyDevelopment
from records.core.actions import act, update_record
from records.exchange.importing import RecordImport
from records.models import Record, RecordStep, Status
from tests.records.exchange.books import (
    HEADINGS,
    LECTURE,
    PARTY,
    as_shown,
    book,
    changes,
    checked,
    confirmed,
    day,
    lecture,
    opened,
    questions,
    reasons,
    saved,
    upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def clerk(cast, sign_in):
    return sign_in(cast.clerk)


def exported(browser, **asked):
    return b"".join(browser.get(reverse("records:export"), asked))


def mended(content: bytes, heading: str, value, row: int = 2) -> bytes:
    """The workbook with one cell changed."""
    workbook = opened(content)
    sheet = workbook["填报"]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(row, heads.index(heading) + 1).value = value
    return saved(workbook)


def test_good_rows_go_in_and_bad_ones_come_back_to_be_mended(cast, clerk) -> None:
    rows = [
        lecture(1),
        lecture(2, **{HEADINGS[1]: "上周五"}),
        lecture(3, **{HEADINGS[5]: "二十来个"}),
        lecture(4, **{HEADINGS[2]: "座谈"}),
    ]
    batch = checked(clerk, book(rows))
    assert batch.counts == {"new": 1, "changed": 0, "unchanged": 0, "conflict": 0, "invalid": 3}
    assert [(row, column) for row, column, _why in reasons(batch)] == [
        (3, "活动日期"),
        (4, "参加人次（人次）"),
        (5, "举办形式"),
    ]
    page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert "只导入可以导入的 1 行" in page and "“上周五”看不出是哪一天。" in page and "现场讲授" in page
    batch = confirmed(clerk, batch)
    assert batch.state == ImportState.DONE
    assert list(Lecture.objects.values_list("title", "status")) == [("第1课", Status.SUBMITTED)]

    back = b"".join(clerk.get(reverse("records:import_problems", args=[batch.pk])))
    sheet = opened(back)["填报"]
    heads = [cell.value for cell in sheet[1]]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["第2课", "第3课", "第4课"]
    assert "原表第 3 行" in sheet.cell(2, heads.index("原因") + 1).value
    red = [
        (cell.row, heads[cell.column - 1])
        for line in sheet.iter_rows(min_row=2)
        for cell in line
        if cell.fill.fill_type
    ]
    assert red == [(2, "活动日期"), (3, "参加人次（人次）"), (4, "举办形式")]
    content = mended(mended(mended(back, "活动日期", day()), "参加人次（人次）", 25, 3), "举办形式", "线上直播", 4)
    again = checked(clerk, content)
    assert again.counts["new"] == 3 and not again.notes, "the column with the reasons is read over"
    confirmed(clerk, again, "all")
    assert Lecture.objects.count() == 4


def test_the_rows_that_are_not_listed_are_counted_as_they_are(cast, clerk, monkeypatch) -> None:
    """A row may have several problems: then fewer rows are listed than problems."""
    monkeypatch.setattr(views, "SHOWN_ROWS", 3)
    batch = checked(clerk, book([lecture(n, **{HEADINGS[1]: "", HEADINGS[3]: ""}) for n in range(4)]))
    context = clerk.get(reverse("records:import", args=[batch.pk])).context
    assert (len(context["problems"]), context["more_problems"]) == (2, 3)


def test_many_bad_rows_come_back_by_a_job(cast, clerk, settings) -> None:
    settings.EXPORT_AT_ONCE = 1
    batch = checked(clerk, book([lecture(1), *(lecture(n, **{HEADINGS[1]: ""}) for n in (2, 3))]))
    answer = clerk.get(reverse("records:import_problems", args=[batch.pk]))
    job = Job.objects.latest("pk")
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk]) and running.run(job.pk)
    job.refresh_from_db()
    assert job.result["label"] == "下载工作簿（2 行）" and job.file_name == "待改正_台账.xlsx"
    sheet = opened(b"".join(clerk.get(job.result["url"])))["填报"]
    assert [sheet.cell(row, 1).value for row in (2, 3)] == ["第2课", "第3课"]


def test_all_or_none(cast, clerk) -> None:
    batch = checked(clerk, book([lecture(1), lecture(2, **{HEADINGS[3]: ""})]))
    assert reasons(batch)[0][1] == "主讲人"
    response = clerk.post(reverse("records:import_confirm", args=[batch.pk]), {"rows": "all"}, follow=True)
    assert "没有写入任何内容" in response.content.decode()
    assert not Record.objects.exists()


def test_the_same_file_twice_changes_nothing(cast, clerk) -> None:
    content = book([lecture(n) for n in range(3)])
    confirmed(clerk, checked(clerk, content))
    steps = RecordStep.objects.count()
    batch = checked(clerk, content)
    assert batch.counts == {"new": 0, "changed": 0, "unchanged": 3, "conflict": 0, "invalid": 0}
    clerk.post(reverse("records:import_confirm", args=[batch.pk]), {"rows": "good"})
    assert (Record.objects.count(), RecordStep.objects.count()) == (3, steps)


def test_drafts_mended_in_the_same_file_are_changed(cast, clerk) -> None:
    confirmed(clerk, checked(clerk, book([lecture(1), lecture(2)]), after="draft"))
    batch = checked(clerk, book([lecture(1), lecture(2, **{HEADINGS[3]: "李工匠"})]), after="draft")
    assert (batch.counts["changed"], batch.counts["unchanged"]) == (1, 1)
    assert changes(batch)[0] == [{"label": "主讲人", "old": "王劳模", "new": "李工匠"}]
    confirmed(clerk, batch)
    record = Lecture.objects.get(title="第2课")
    assert (record.speaker, record.status, record.version) == ("李工匠", Status.DRAFT, 2)
    assert list(record.steps.values_list("action", "version")) == [("create", 1), ("edit", 2)]
    assert record.steps.last().values["speaker"] == "李工匠"
    again = checked(clerk, book([lecture(2, **{HEADINGS[3]: "赵能手"})]), after="draft")
    assert again.counts["changed"] == 1, "nobody but the import has touched it"


def test_what_was_edited_on_the_page_is_not_overwritten(cast, clerk) -> None:
    confirmed(clerk, checked(clerk, book([lecture(1)]), after="draft"))
    record = Lecture.objects.get()
    update_record(acting_user=cast.clerk, record_id=record.pk, version=1, values={"speaker": "周书记"})
    batch = checked(clerk, book([lecture(1)]), after="draft")
    assert batch.counts["conflict"] == 1 and "没有覆盖" in reasons(batch)[0][2]
    record.refresh_from_db()
    assert record.speaker == "周书记"


def test_an_export_is_changed_and_imported_unless_somebody_was_faster(cast, clerk) -> None:
    confirmed(clerk, checked(clerk, book([lecture(1)]), after="draft"))
    record = Lecture.objects.get()
    content = exported(clerk, kind=LECTURE.slug)
    assert checked(clerk, content, after="draft").counts["unchanged"] == 1
    update_record(acting_user=cast.clerk, record_id=record.pk, version=1, values={"speaker": "周书记"})
    stale = checked(clerk, mended(content, "标题", "改名的课"), after="draft")
    assert stale.counts["conflict"] == 1
    assert reasons(stale)[0][1] == "版本" and "现在是版本 2" in reasons(stale)[0][2]
    fresh = checked(clerk, mended(exported(clerk, kind=LECTURE.slug), "标题", "改名的课"), after="draft")
    assert fresh.counts["changed"] == 1
    confirmed(clerk, fresh)
    record.refresh_from_db()
    assert (record.title, record.speaker, record.version) == ("改名的课", "周书记", 3)


@pytest.mark.parametrize("sent", ["as shown", "not read"])
def test_an_export_with_another_heading_keeps_its_numbers_and_versions(cast, clerk, sent) -> None:
    """The step of columns, sent as it is shown, or without them: the lines stay the records they were exported from."""
    confirmed(clerk, checked(clerk, book([lecture(1)]), after="draft"))
    content = mended(exported(clerk, kind=LECTURE.slug), "标题", "改名的课")
    asked = checked(clerk, mended(content, "主讲人", "讲师", 1), after="draft")
    assert asked.state == ImportState.COLUMNS
    said = as_shown(clerk.get(reverse("records:import", args=[asked.pk])).content.decode())
    if sent == "not read":
        said = {"heading": [*said["heading"], "记录编号", "版本"], "column": [*said["column"], "", ""]}
    clerk.post(reverse("records:import_columns", args=[asked.pk]), said)
    asked.refresh_from_db()
    running.run(asked.job_id)
    asked.refresh_from_db()
    assert (asked.counts["changed"], asked.counts["new"]) == (1, 0)
    confirmed(clerk, asked)
    record = Lecture.objects.get()
    assert (record.title, record.speaker, record.version) == ("改名的课", "王劳模", 2)


def test_an_edit_between_check_and_writing_is_not_overwritten(cast, clerk) -> None:
    confirmed(clerk, checked(clerk, book([lecture(1), lecture(2)]), after="draft"))
    batch = checked(clerk, book([lecture(n, **{HEADINGS[3]: "李工匠"}) for n in (1, 2)]), after="draft")
    record = Lecture.objects.get(title="第1课")
    update_record(acting_user=cast.clerk, record_id=record.pk, version=1, values={"speaker": "周书记"})
    batch = confirmed(clerk, batch)
    assert (batch.counts["changed"], batch.counts["conflict"]) == (1, 1)
    assert "没有覆盖" in reasons(batch)[0][2]
    assert set(Lecture.objects.values_list("speaker", flat=True)) == {"周书记", "李工匠"}


def test_two_imports_of_the_same_new_rows_confirmed_one_after_the_other(cast, clerk) -> None:
    first, second = (checked(clerk, book([lecture(1)])) for _ in range(2))
    confirmed(clerk, first)
    second = confirmed(clerk, second)
    assert (second.counts["new"], second.counts["conflict"]) == (0, 1)
    [left] = left_rows(second)
    assert "".join(f"{said['reason']}{said['cure']}" for said in left.said["problems"]).count("重新上传") == 1
    assert Lecture.objects.count() == 1


def test_what_waits_for_review_is_not_changed(cast, clerk) -> None:
    confirmed(clerk, checked(clerk, book([lecture(1)])))
    batch = checked(clerk, book([lecture(1, **{HEADINGS[4]: 21})]))
    assert batch.counts["conflict"] == 1 and "待审核" in reasons(batch)[0][2]


def test_a_row_twice_in_a_file_is_named(cast, clerk) -> None:
    batch = checked(clerk, book([lecture(1), lecture(1)]))
    assert batch.counts["new"] == 1
    assert "与第 2 行是同一条记录" in reasons(batch)[0][2]


def test_enterprises_out_of_reach_and_unknown_ones(cast, clerk, sign_in) -> None:
    code = cast.neighbour_enterprise.credit_code
    content = book([[code, *lecture(1)], ["91320115000000999X", *lecture(2)]], headings=["统一社会信用代码", *HEADINGS])
    batch = checked(clerk, content)
    assert batch.counts["invalid"] == 2 and all("填报范围" in why for _row, _column, why in reasons(batch))
    office = checked(sign_in(cast.county), book([lecture(1)]))
    assert "不知道是哪家企业" in reasons(office)[0][2]


def test_an_office_files_for_its_enterprises_by_code_or_name(cast, sign_in) -> None:
    office = sign_in(cast.county)
    rows = [[cast.enterprise.credit_code, "", *lecture(1)], ["", cast.second_enterprise.name, *lecture(2)]]
    batch = confirmed(office, checked(office, book(rows, headings=["统一社会信用代码", "企业名称", *HEADINGS])))
    assert batch.counts["new"] == 2
    assert set(Record.objects.values_list("enterprise", "filed_on_behalf")) == {
        (cast.enterprise.pk, True),
        (cast.second_enterprise.pk, True),
    }


def test_what_an_office_cannot_see_is_said_at_the_check(cast, clerk, sign_in) -> None:
    """A draft of the enterprise: importing the row would only ever end in a refusal."""
    confirmed(clerk, checked(clerk, book([lecture(1)]), after="draft"))
    content = book([[cast.enterprise.credit_code, *lecture(1)]], headings=["统一社会信用代码", *HEADINGS])
    batch = checked(sign_in(cast.county), content)
    assert (batch.counts["new"], batch.counts["invalid"]) == (0, 1)
    assert "您还看不到它" in reasons(batch)[0][2]


def test_returns_by_period(cast, clerk) -> None:
    headings = ["报告期", "本季新发展党员（人）", "其中一线职工（人）", "季末党员总数（人）"]
    now = PARTY.period_of(Quarter.current())
    content = book([[Quarter.current().label, 2, 1, 30], ["2019Q1", 1, 1, 9], [now, 1, 1, 1]], headings=headings)
    batch = checked(clerk, content, kind=PARTY.slug)
    assert batch.counts["new"] == 1
    assert [(row, column) for row, column, _why in reasons(batch)] == [(3, "报告期"), (4, "")]
    confirmed(clerk, batch)
    assert PartyDevelopment.objects.get().period == now
    again = checked(clerk, book([[now, 2, 1, 30]], headings=headings), kind=PARTY.slug)
    assert again.counts["unchanged"] == 1
    record = PartyDevelopment.objects.get()
    act(acting_user=cast.county, record_id=record.pk, action="return", version=record.version, reason="请核对。")
    changed = confirmed(clerk, checked(clerk, book([[now, 2, 1, 31]], headings=headings), kind=PARTY.slug))
    record.refresh_from_db()
    assert (changed.counts["changed"], record.total_members, record.status) == (1, 31, Status.SUBMITTED)


def test_files_are_gone_when_it_is_over(cast, clerk, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        batch = checked(clerk, book([lecture(1), lecture(2, **{HEADINGS[1]: ""})]))
    assert not batch.upload and batch.rows.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        batch = confirmed(clerk, batch)
    written = batch.rows.get(state="written").said
    assert set(written) == {"title", "before"}, "what was written is not kept a second time"
    assert not list(files_under(default_storage, "imports"))


def test_discarding_and_refused_files_leave_nothing(cast, clerk, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        batch = checked(clerk, book([lecture(1)]))
        clerk.post(reverse("records:import_discard", args=[batch.pk]))
        failed = checked(clerk, book([[1]], headings=["甲"]))
    batch.refresh_from_db()
    assert (batch.state, failed.state) == (ImportState.DISCARDED, ImportState.FAILED)
    assert "没有找到" in failed.job.error
    assert "没有找到" in clerk.get(reverse("records:import", args=[failed.pk])).content.decode()
    assert not list(files_under(default_storage, "imports"))


def test_a_cancelled_writing_writes_nothing_and_may_be_discarded(cast, clerk) -> None:
    batch = checked(clerk, book([lecture(1)]))
    clerk.post(reverse("records:import_confirm", args=[batch.pk]), {"rows": "good"})
    batch.refresh_from_db()
    cancel(batch.job, acting_user=cast.clerk)
    assert running.run(batch.job_id) is False
    page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert "处理中断" in page and not Record.objects.exists()
    clerk.post(reverse("records:import_discard", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == ImportState.DISCARDED


@pytest.mark.parametrize(("status", "state"), [(JobStatus.CANCELLED, "checked"), (JobStatus.FAILED, "writing")])
def test_a_worker_that_learns_late_that_it_must_stop_keeps_nothing(cast, clerk, status, state) -> None:
    """Called off, the import may be confirmed again; given up to another worker, that one goes on with it."""
    batch = checked(clerk, book([lecture(1)]))
    clerk.post(reverse("records:import_confirm", args=[batch.pk]), {"rows": "good"})
    batch.refresh_from_db()
    Job.objects.filter(pk=batch.job_id).update(status=status)
    with pytest.raises(Cancelled):
        writing.write_import(batch.job, Progress(batch.job, lease=60))
    batch.refresh_from_db()
    assert (batch.state, Record.objects.count()) == (state, 0) and batch.rows
    if status == JobStatus.CANCELLED:
        assert confirmed(clerk, batch).state == ImportState.DONE


def test_work_done_by_a_worker_that_was_lost_is_not_done_again(cast, clerk) -> None:
    batch = checked(clerk, book([lecture(1)]))
    assert checking.check_import(batch.job, Progress(batch.job, lease=60))["counts"]["new"] == 1
    batch = confirmed(clerk, batch)
    assert writing.write_import(batch.job, Progress(batch.job, lease=60))["counts"]["new"] == 1
    assert Record.objects.count() == 1


def test_the_log_names_upload_and_outcome(cast, clerk) -> None:
    confirmed(clerk, checked(clerk, book([lecture(1)])))
    events = list(Entry.objects.filter(event__contains="import").order_by("pk").values_list("event", flat=True))
    assert events == ["records.import_uploaded", "records.imported"]
    assert Entry.objects.get(event="records.imported").note.startswith("新增 1 条")


def test_an_import_is_its_uploaders_alone(cast, clerk, sign_in) -> None:
    batch = checked(clerk, book([lecture(1), lecture(2, **{HEADINGS[1]: ""})]))
    for person in (cast.neighbour, cast.lead, cast.county, cast.province):
        browser = sign_in(person)
        for name in ("import", "import_problems"):
            assert browser.get(reverse(f"records:{name}", args=[batch.pk])).status_code == 404
        for name in ("import_confirm", "import_discard"):
            assert browser.post(reverse(f"records:{name}", args=[batch.pk]), {"rows": "good"}).status_code == 404
    assert Import.objects.get().state == ImportState.CHECKED


# --- what looks unusual -------------------------------------------------------------------------------


def test_unusual_rows_are_asked_about_before_they_are_handed_in(cast, clerk) -> None:
    rows = [
        lecture(1, **{HEADINGS[5]: 5}),
        lecture(2, **{HEADINGS[0]: "安全用电", HEADINGS[3]: "李师傅"}),
        lecture(3, **{HEADINGS[0]: "安全用电讲座", HEADINGS[3]: "李师傅"}),
    ]
    batch = checked(clerk, book(rows))
    assert (batch.counts["new"], batch.unusual) == (3, 2)
    assert list(questions(batch)) == [2, 4], "the second alike is asked about, not the first"
    address = reverse("records:import_confirm", args=[batch.pk])
    refused = clerk.post(address, {"rows": "all", "unusual": "submit", "reason": "。"})
    page = refused.content.decode()
    assert "核对无误的，请写明原因" in page and "参加人次（5 人次）少于参加人数（20 人）" in page
    assert "还有相似的记录：“安全用电”" in page and "已经有" not in page, "it is a row of the file, and no record yet"
    batch = confirmed(clerk, batch, "all", reason="上、下午各一场；派遣人员另计。")
    assert batch.state == ImportState.DONE
    assert set(Lecture.objects.values_list("status", flat=True)) == {Status.SUBMITTED}
    listed = clerk.get(reverse("records:list"), {"imported": batch.pk}).content.decode()
    assert "同一次导入写入的" in listed and "次导入写入的" not in listed.replace("同一次", ""), "no number of ours"
    asked = dict(RecordStep.objects.filter(action="submit").values_list("record__title", "questions"))
    assert "少于参加人数" in asked["第1课"][0]["message"] and not asked["安全用电"], "kept with the hand-in"
    said = dict(RecordStep.objects.filter(action="submit").values_list("record__title", "reason"))
    assert said == {"第1课": batch.answers["reason"], "安全用电": "", "安全用电讲座": batch.answers["reason"]}


def test_unusual_rows_may_wait_as_drafts(cast, clerk) -> None:
    batch = checked(
        clerk, book([lecture(1, **{HEADINGS[5]: 5}), lecture(2, **{HEADINGS[3]: "李师傅", HEADINGS[0]: "焊接"})])
    )
    batch = confirmed(clerk, batch, unusual="draft", reason="")
    assert dict(Lecture.objects.values_list("title", "status")) == {"第1课": Status.DRAFT, "焊接": Status.SUBMITTED}
    assert "1 条看起来异常的没有提交" in "".join(batch.notes)


def test_three_times_the_last_quarter_is_asked_of_the_row_that_passes_it(cast, clerk) -> None:
    last = Quarter.current().previous().last_day
    confirmed(clerk, checked(clerk, book([lecture(1, **{HEADINGS[1]: last, HEADINGS[4]: 20, HEADINGS[5]: 20})])))
    rows = [
        lecture(n, **{HEADINGS[0]: name, HEADINGS[3]: name, HEADINGS[5]: 25})
        for n, name in enumerate(("甲", "乙", "丙", "丁"))
    ]
    batch = checked(clerk, book(rows))
    assert [row for row, messages in questions(batch).items() if any("参加人次" in text for text in messages)] == [4]


@pytest.mark.parametrize("is_first", [True, False])
def test_changed_and_new_rows_are_handed_in_in_the_order_of_the_sheet(cast, clerk, is_first) -> None:
    """The later one was asked about beside the earlier one, whichever of them is new."""
    confirmed(clerk, checked(clerk, book([lecture(1, **{HEADINGS[0]: "焊接"})]), after="draft"))
    rows = [
        lecture(1, **{HEADINGS[0]: "焊接", HEADINGS[3]: "李师傅"}),
        lecture(2, **{HEADINGS[0]: "普法", HEADINGS[3]: "李师傅"}),
    ]
    batch = checked(clerk, book(rows if is_first else rows[::-1]))
    assert (batch.counts["new"], batch.counts["changed"], list(questions(batch))) == (1, 1, [3])
    batch = confirmed(clerk, batch)
    assert set(Lecture.objects.values_list("status", flat=True)) == {Status.SUBMITTED}, batch.notes


def test_drafts_are_not_asked_about(cast, clerk) -> None:
    assert not checked(clerk, book([lecture(1, **{HEADINGS[5]: 5})]), after="draft").unusual


def test_a_draft_of_a_quarter_that_takes_no_more_is_named_in_the_preview(cast, clerk) -> None:
    """As under the date of the form: nothing has to be answered for a draft."""
    long_ago = Quarter.current().shift(-5).last_day
    batch = checked(clerk, book([lecture(1), lecture(2, **{HEADINGS[1]: long_ago})]), after="draft")
    assert list(questions(batch)) == [3]
    page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert f"活动日期 {long_ago} 在{Quarter.of(long_ago).label}，这个季度现在不收填报" in page
    assert confirmed(clerk, batch, "all", reason="").state == ImportState.DONE
    assert set(Lecture.objects.values_list("status", flat=True)) == {Status.DRAFT}


def test_the_reason_typed_before_is_offered_again(cast, clerk) -> None:
    """Called off and looked at again; or the file is brought again because something had changed since the check."""
    content, reason = book([lecture(1, **{HEADINGS[5]: 5})]), "派遣人员另计。"
    batch = checked(clerk, content)
    clerk.post(
        reverse("records:import_confirm", args=[batch.pk]), {"rows": "all", "unusual": "submit", "reason": reason}
    )
    batch.refresh_from_db()
    Job.objects.filter(pk=batch.job_id).update(status=JobStatus.CANCELLED)
    with pytest.raises(Cancelled):
        writing.write_import(batch.job, Progress(batch.job, lease=60))
    page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert f">{reason}</textarea>" in page
    confirmed(clerk, checked(clerk, content))
    confirmed(clerk, batch, "all", reason=reason)
    batch.refresh_from_db()
    assert batch.state == ImportState.FAILED, "there is such a record by now"
    again = checked(clerk, book([lecture(1, **{HEADINGS[5]: 5, HEADINGS[0]: "另一课"})]))
    assert f">{reason}</textarea>" in clerk.get(reverse("records:import", args=[again.pk])).content.decode()
    other = checked(clerk, content, name="别的台账.xlsx", after="draft")
    assert reason not in clerk.get(reverse("records:import", args=[other.pk])).content.decode()


# --- part by part -------------------------------------------------------------------------------------


def parted(clerk, monkeypatch, count: int = 5) -> Import:
    """A checked workbook of which two rows go in at a time."""
    monkeypatch.setattr(RecordImport, "part", 2)
    monkeypatch.setattr(writing, "PAUSE", 0)
    batch = checked(
        clerk,
        book([lecture(n, **{HEADINGS[3]: f"师傅{n}", HEADINGS[0]: f"{'甲乙丙丁戊'[n]}课"}) for n in range(count)]),
    )
    clerk.post(reverse("records:import_confirm", args=[batch.pk]), {"rows": "good", "unusual": "draft"})
    batch.refresh_from_db()
    return batch


def write_first_part(batch: Import) -> None:
    """As far as a worker came that was then killed."""
    with transaction.atomic():
        writing.write_part(batch.pk, resource_of(batch), lambda percent, words: None)


def test_good_rows_go_in_part_by_part(cast, clerk, monkeypatch) -> None:
    batch = parted(clerk, monkeypatch)
    running.run(batch.job_id)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"], batch.written["rows"]) == (ImportState.DONE, 5, 5)
    assert Lecture.objects.filter(import_batch=batch).count() == 5
    assert Entry.objects.filter(event="records.imported").count() == 1


def test_what_came_in_the_same_import_raises_no_new_question(cast, clerk, monkeypatch) -> None:
    """Four parts later the first rows are on file, and the last is far above them: nobody was asked about that."""
    monkeypatch.setattr(RecordImport, "part", 1)
    monkeypatch.setattr(writing, "PAUSE", 0)
    people = (31, 32, 33, 34, 150)
    rows = [
        lecture(
            n, 标题=f"{'甲乙丙丁戊'[n]}课", 主讲人=f"师傅{n}", **{"参加人数（人）": count, "参加人次（人次）": count}
        )
        for n, count in enumerate(people)
    ]
    batch = checked(clerk, book(rows))
    assert batch.unusual == 0
    clerk.post(reverse("records:import_confirm", args=[batch.pk]), {"rows": "good"})
    batch.refresh_from_db()
    running.run(batch.job_id)
    assert Lecture.objects.filter(import_batch=batch, status=Status.SUBMITTED).count() == len(people)


def test_a_worker_that_takes_over_goes_on_where_the_lost_one_was(cast, clerk, monkeypatch) -> None:
    batch = parted(clerk, monkeypatch)
    write_first_part(batch)
    assert Lecture.objects.count() == 2, "then the worker was killed"
    running.run(batch.job_id)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"], Lecture.objects.count()) == (ImportState.DONE, 5, 5)


def test_called_off_between_two_parts_the_rest_comes_back(cast, clerk, monkeypatch) -> None:
    batch = parted(clerk, monkeypatch)
    write_first_part(batch)
    job = Job.objects.get(pk=batch.job_id)
    cancel(job, acting_user=cast.clerk)
    with pytest.raises(Cancelled):
        writing.write_import(job, Progress(job, lease=60))
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"], Lecture.objects.count()) == (ImportState.DONE, 2, 2)
    assert [row for row, _column, why in reasons(batch) if "中途取消" in why] == [4, 5, 6]
    page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert "后面的 3 行没有写入" in page
    back = b"".join(clerk.get(reverse("records:import_problems", args=[batch.pk])))
    again = confirmed(clerk, checked(clerk, back), "all")
    assert again.counts["new"] == 3 and Lecture.objects.count() == 5


def test_what_got_stuck_half_written_is_closed_and_the_rest_handed_back(cast, clerk, monkeypatch) -> None:
    batch = parted(clerk, monkeypatch)
    write_first_part(batch)
    address = reverse("records:import_discard", args=[batch.pk])
    assert "不能放弃" in clerk.post(address, follow=True).content.decode(), "the job is still at it"
    Job.objects.filter(pk=batch.job_id).update(status=JobStatus.FAILED)
    page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert "前 2 行已经写入" in page and "不再写入" in page and "放弃这次导入" not in page
    clerk.post(address)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"], Lecture.objects.count()) == (ImportState.DONE, 2, 2)
    assert [row for row, _column, why in reasons(batch) if "导入中断" in why] == [4, 5, 6]
    assert "撤销这次导入" in clerk.get(reverse("records:import", args=[batch.pk])).content.decode()


def test_what_no_longer_fits_half_way_is_told_with_how_far_it_came(cast, clerk, monkeypatch) -> None:
    batch = parted(clerk, monkeypatch)
    write_first_part(batch)
    Grant.objects.filter(user=cast.clerk).delete()
    running.run(batch.job_id)
    batch.refresh_from_db()
    job = Job.objects.get(pk=batch.job_id)
    assert job.status == JobStatus.FAILED and "前 2 行已经写入，其余没有写入" in job.error
    assert (batch.state, batch.counts["new"], Lecture.objects.count()) == (ImportState.DONE, 2, 2)


def test_what_only_offices_report_is_not_offered_and_passes_no_check(cast, clerk):
    page = clerk.get(reverse("records:imports"), {"kind": "rights.inspection"}).content.decode()
    assert 'value="ideology.lecture"' in page and 'value="rights.inspection"' not in page
    refused = upload(clerk, book([lecture()]), kind="rights.inspection")
    assert "kind" in refused.context["form"].errors and not Import.objects.exists()
