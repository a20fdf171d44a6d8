"""Lines in a workbook stand in a sheet of their own, whose rows name the record's row by its running number."""

from typing import Any

import pytest
from django.urls import reverse
from openpyxl import Workbook

from records.core.actions import file_record
from records.core.kinds import kind_by_slug
from records.core.lines import stored_rows
from records.exchange.lines import columns_of
from records.exchange.resources import columns_for
from records.models import Record, RecordStep
from rights.models import CongressSession
from tests.contracts.world import values_for
from tests.records.exchange.books import changes, checked, confirmed, opened, reasons, saved

pytestmark = pytest.mark.django_db

KIND = kind_by_slug("rights.congresssession")
AGENDA = KIND.lines[0]
CONTRACT = {"topic": "集体合同草案", "sort": "approve", "votes_for": 40, "result": "passed"}
PLAN = {"topic": "年度培训计划", "sort": "advise", "votes_for": None, "result": "considered"}
ROOM = {"representatives": 60, "present": 50, "secret_ballot": True}


def filed(cast, *topics: dict[str, Any], **changed: Any) -> Record:
    values = values_for(KIND.slug, cast.enterprise, **{**ROOM, "agenda": list(topics), **changed})
    return file_record(acting_user=cast.clerk, kind=KIND, filer=cast.enterprise, values=values)


def kept() -> dict[str, list[dict[str, Any]]]:
    return {record.title: stored_rows(record, AGENDA) for record in CongressSession.objects.all()}


def book(cast, sessions: dict[Any, str], topics: list[list[Any]], *, sheet: str = "议题") -> bytes:
    """A workbook of somebody's own: sessions by their number and title, and a sheet of topics."""
    workbook = Workbook()
    columns = [column for column in columns_for(KIND) if not column.only_exact and not column.is_shown_only]
    first = workbook.active
    first.append([column.heading for column in columns])
    for number, title in sessions.items():
        values = values_for(KIND.slug, cast.enterprise, **ROOM, title=title)
        said = {"_number": number, "_code": cast.enterprise.credit_code}
        said |= {c.name: c.widget.render(values[c.name]) for c in columns if c.name in values}
        first.append([said.get(column.name) for column in columns])
    second = workbook.create_sheet(sheet)
    second.append(["年度议题一览"])
    second.append([column.heading for column in columns_of(AGENDA)])
    for row in topics:
        second.append(row)
    return saved(workbook)


def test_an_export_brought_back_changes_nothing_and_a_changed_line_is_said(cast, sign_in):
    clerk = sign_in(cast.clerk)
    filed(cast, CONTRACT, PLAN, title="第一次会议")
    filed(cast, title="没有议题的会议")
    exported = b"".join(clerk.get(reverse("records:export"), {"kind": KIND.slug}))
    sheet = opened(exported)["议题"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [2, "集体合同草案", "审议通过", 40, "通过"],
        [2, "年度培训计划", "审查建议", None, "已听取，未表决"],
    ]
    batch = checked(clerk, exported, kind=KIND.slug, after="draft")
    assert batch.counts["unchanged"] == 2 and not batch.notes

    workbook = opened(exported)
    workbook["议题"]["D2"] = 45
    workbook["议题"].append([1, "工资专项集体合同草案", "审议通过", 39, "通过"])
    batch = checked(clerk, saved(workbook), kind=KIND.slug, after="draft")
    assert batch.counts["changed"] == 2
    labels = {change["label"] for row in changes(batch) for change in row}
    assert labels == {"议题第 1 行“赞成票”", "议题增加第 1 行"}
    confirmed(clerk, batch)
    assert kept()["第一次会议"] == [{**CONTRACT, "votes_for": 45}, PLAN]
    assert kept()["没有议题的会议"][0]["votes_for"] == 39
    assert RecordStep.objects.filter(action="edit").count() == 2

    clerk.post(reverse("records:import_undo", args=[batch.pk]))
    batch.refresh_from_db()
    from foundation.jobs import running  # noqa: PLC0415

    running.run(batch.job_id)
    assert kept() == {"第一次会议": [CONTRACT, PLAN], "没有议题的会议": []}


def test_a_file_without_the_sheet_leaves_lines_as_they_are(cast, sign_in):
    clerk = sign_in(cast.clerk)
    filed(cast, CONTRACT, title="第一次会议")
    workbook = opened(b"".join(clerk.get(reverse("records:export"), {"kind": KIND.slug})))
    del workbook["议题"]
    heads = [cell.value for cell in workbook["填报"][1]]
    workbook["填报"].cell(2, heads.index("实到代表（人）") + 1).value = 48
    batch = checked(clerk, saved(workbook), kind=KIND.slug, after="draft")
    assert [[change["label"] for change in row] for row in changes(batch)] == [["实到代表"]]
    confirmed(clerk, batch)
    assert kept()["第一次会议"] == [CONTRACT]


def test_a_workbook_of_ones_own_brings_records_with_their_lines(cast, sign_in):
    clerk = sign_in(cast.clerk)
    topics = [
        ["一", "集体合同草案", "审议通过", 40, "通过"],
        ["二", "年度培训计划", "审查建议", None, "已听取，未表决"],
        ["一", "奖惩办法", "审议通过", 33, "通过"],
        ["九", "没有这一行", "监督", None, None],
        [None, "没有序号", "监督", None, None],
    ]
    batch = checked(
        clerk, book(cast, {"一": "甲会议", "二": "乙会议", "三": "丙会议"}, topics), kind=KIND.slug, after="draft"
    )
    assert batch.counts["new"] == 3, reasons(batch)
    assert any("没有写序号，没有读取：第 7 行" in note for note in batch.notes)
    assert any("序号在“填报”表中没有，没有读取：第 6 行" in note for note in batch.notes)
    confirmed(clerk, batch)
    assert {title: [row["topic"] for row in rows] for title, rows in kept().items()} == {
        "甲会议": ["集体合同草案", "奖惩办法"],
        "乙会议": ["年度培训计划"],
        "丙会议": [],
    }


def test_problems_name_sheet_row_and_column_and_the_lines_go_back_with_their_row(cast, sign_in):
    clerk = sign_in(cast.clerk)
    topics = [
        [1, "集体合同草案", "审议通过", "许多", "通过"],
        [1, "年度培训计划", "没有这一项", None, None],
        [1, "奖惩办法", "审议通过", 51, "通过"],
        [2, "", "监督", None, None],
    ]
    batch = checked(clerk, book(cast, {1: "甲会议", 2: "乙会议"}, topics), kind=KIND.slug)
    said = [reason for _row, _column, reason in reasons(batch)]
    for words in (
        "工作表“议题”第 3 行“赞成票（票）”：",
        "工作表“议题”第 4 行“性质”：",
        "工作表“议题”第 5 行“赞成票（票）”：“赞成票”（51 票）超过了“实到代表”（50 人）",
        "工作表“议题”第 6 行“议题”：还没有填",
    ):
        assert sum(words in reason for reason in said) == 1, (words, said)
    back = b"".join(clerk.get(reverse("records:import_problems", args=[batch.pk])))
    rows = [[cell.value for cell in row] for row in opened(back)["议题"].iter_rows(min_row=2)]
    assert [(str(row[0]), row[1]) for row in rows[:3]] == [
        ("1", "集体合同草案"),
        ("1", "年度培训计划"),
        ("1", "奖惩办法"),
    ]
    workbook = opened(back)
    workbook["议题"]["D2"], workbook["议题"]["C3"], workbook["议题"]["D4"] = 40, "审查建议", 33
    workbook["议题"]["B5"] = "社会保险费缴纳情况报告"
    again = checked(clerk, saved(workbook), kind=KIND.slug, after="draft")
    assert again.counts["new"] == 2, reasons(again)


def test_a_number_that_two_rows_have_is_refused(cast, sign_in):
    clerk = sign_in(cast.clerk)
    workbook = opened(book(cast, {1: "甲会议", 2: "乙会议"}, [[1, "集体合同草案", "审议通过", 40, "通过"]]))
    workbook.worksheets[0]["A3"] = 1
    batch = checked(clerk, saved(workbook), kind=KIND.slug, after="draft")
    assert (batch.counts["new"], batch.counts["invalid"]) == (1, 1)
    assert any("序号“1”出现了不止一次" in reason for _row, _column, reason in reasons(batch))


def test_a_sheet_without_its_headings_is_refused(cast, sign_in):
    content = opened(book(cast, {1: "甲会议"}, []))
    for row in content["议题"].iter_rows():
        for cell in row:
            cell.value = None
    content["议题"]["A1"] = "随便写的"
    batch = checked(sign_in(cast.clerk), saved(content), kind=KIND.slug)
    assert batch.state == "failed" and "没有找到表头" in batch.job.error


def test_a_line_that_lacks_something_names_no_draft_where_the_file_is_handed_in(cast, sign_in):
    batch = checked(
        sign_in(cast.clerk), book(cast, {"一": "甲会议"}, [["一", "奖惩办法", None, None, None]]), kind=KIND.slug
    )
    told = [reason for _row, _column, reason in reasons(batch)]
    assert any("还没有填" in reason for reason in told), told
    assert "先存草稿" not in "".join(told)
