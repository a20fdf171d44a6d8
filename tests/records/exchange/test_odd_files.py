"""Sheets that are not the right one, or laid out in another way: each read, asked about or refused on purpose."""

import io
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import Workbook

from foundation.exchange.models import Import, ImportState
from foundation.exchange.rows import SheetRow
from foundation.exchange.tables import Layout, columns_read, needs_columns, needs_sheets, notes_of, read_rows, survey
from foundation.jobs import running
from foundation.refusals import Refused
from foundation.workbooks.opening import open_book
from foundation.workbooks.values import Formula
from records.exchange.resources import resource_for
from records.exchange.templates import template_for
from tests.foundation.workbooks.books import changed
from tests.records.exchange.books import (
    HEADINGS,
    LECTURE,
    PARTY,
    book,
    checked,
    day,
    lecture,
    opened,
    questions,
    reasons,
    saved,
    upload,
)

pytestmark = pytest.mark.django_db

OLD_LEDGER = Path(__file__).parent / "files" / "ledger.xls"
CASES = Path(__file__).parents[2] / "foundation" / "workbooks" / "cases"


class Read:
    """A file as the check reads it."""

    def __init__(self, content: bytes, kind=LECTURE) -> None:
        resource = resource_for(kind.slug)
        with open_book(io.BytesIO(content), "台账.xlsx", len(content)) as found:
            self.layout: Layout = survey(found, resource)[0]
            self.asks_sheets = needs_sheets(self.layout)
            self.asks_columns = needs_columns(self.layout, resource)
            self.rows: list[SheetRow] = list(read_rows(found, self.layout, resource))
            self.columns = columns_read(self.layout, resource)
            self.notes = notes_of(self.layout, resource)


def read(content: bytes, kind=LECTURE) -> Read:
    return Read(content, kind)


def refusal(content: bytes, kind=LECTURE) -> str:
    with pytest.raises(Refused) as refused:
        read(content, kind)
    return str(refused.value)


def with_sheet(xml_rows: str) -> bytes:
    """A real workbook whose sheet has further rows."""
    return changed(
        book([lecture()]), sheet1__xml=lambda part: part.replace(b"</sheetData>", xml_rows.encode() + b"</sheetData>")
    )


def test_the_page_refuses_at_once_what_is_no_workbook(cast, sign_in) -> None:
    response = upload(sign_in(cast.clerk), b"%PDF-1.7")
    assert "其实是 PDF 文件" in str(response.context["form"].errors["file"])
    assert not Import.objects.exists()


@pytest.mark.sweep
def test_a_row_under_a_million_empty_ones_is_not_dropped_in_silence() -> None:
    empty = "".join(
        f'<row r="{n}" spans="1:6" ht="14.25" customHeight="1"><c r="A{n}" s="0"/></row>' for n in range(3, 300_000)
    )
    table = read(with_sheet(empty + '<row r="1000000"><c r="A1000000" t="inlineStr"><is><t>尾</t></is></c></row>'))
    assert [row.number for row in table.rows] == [2, 1_000_000]


def test_a_stray_cell_at_the_far_end_costs_nothing() -> None:
    table = read(with_sheet('<row r="3"><c r="XFD3" t="inlineStr"><is><t>x</t></is></c></row>'))
    assert len(table.rows) == 1


def test_merged_titles_above_the_headings() -> None:
    workbook = opened(book([lecture()], above=[["江宁示例机械有限公司2026年台账"], [], ["单位：人"]]))
    workbook.active.merge_cells("A1:F1")
    table = read(saved(workbook))
    assert [(row.number, row.cells["title"]) for row in table.rows] == [(5, "第1课")]


def test_headings_as_people_retype_them() -> None:
    table = read(
        book([lecture()], headings=[" 标 题*", "活动日期\n", "举办形式 ", "主讲人", "参加人数(人)", "参加人次"])
    )
    assert table.columns == [
        "title",
        "happened_on",
        "form",
        "speaker",
        "number_of_people",
        "attendances",
    ]


def test_unknown_headings_are_named_and_a_double_one_refused() -> None:
    table = read(book([[*lecture(), "x"]], headings=[*HEADINGS, "备注"]))
    assert "备注" in table.notes[0] and not table.asks_columns
    assert "出现了不止一次" in refusal(book([[*lecture(), "x"]], headings=[*HEADINGS, "标题"]))


def test_no_headings_no_key_no_rows() -> None:
    assert "没有找到" in refusal(book([[1, 2, 3]], headings=["甲", "乙", "丙"]))
    assert "缺少“活动日期”列" in refusal(book([["一课", "王", 3]], headings=["标题", "主讲人", "参加人数"]))
    assert read(book([])).rows == []


def test_formulas_are_seen_as_such() -> None:
    table = read(book([lecture(1, **{HEADINGS[4]: "=10+10"})]))
    assert isinstance(table.rows[0].cells["number_of_people"], Formula)


def test_a_template_of_another_kind_names_both(cast) -> None:
    said = refusal(template_for(PARTY, cast.clerk))
    assert PARTY.label in said and LECTURE.label in said


def test_the_example_row_and_rows_that_only_name_the_enterprise_are_no_rows(cast) -> None:
    assert read(template_for(LECTURE, cast.clerk)).rows == []


def test_a_sheet_without_rows_fails_with_a_cure(cast, sign_in) -> None:
    upload(sign_in(cast.clerk), template_for(LECTURE, cast.clerk))
    batch = run(Import.objects.latest("pk"))
    assert batch.state == ImportState.FAILED and "没有要导入的行" in batch.job.error


def test_an_old_workbook(cast, sign_in) -> None:
    """.xls of years ago: a merged title, dates of both sorts, full-width digits, the enterprise by its name."""
    batch = checked(sign_in(cast.clerk), OLD_LEDGER.read_bytes(), name="台账.xls", after="draft")
    assert batch.state == ImportState.CHECKED, batch.job.error
    assert batch.counts["new"] == 2, batch.problems


def test_a_workbook_without_the_right_sheet_but_another() -> None:
    workbook = Workbook()
    workbook.active.append(["封面"])
    sheet = workbook.create_sheet("明细")
    for row in (HEADINGS, lecture()):
        sheet.append(row)
    assert len(read(saved(workbook)).rows) == 1


def two_sheets(first: str, second: str, rows: list, *, base: bytes | None = None) -> bytes:
    """A workbook, or ``base``, with another sheet behind."""
    workbook = opened(base or book([lecture(1)]))
    workbook.worksheets[0].title = first
    sheet = workbook.create_sheet(second)
    for row in rows:
        sheet.append(row)
    return saved(workbook)


def test_a_copy_of_the_sheet_to_fill_is_seen(cast) -> None:
    for base in (None, template_for(LECTURE, cast.clerk)):
        table = read(two_sheets("填报", "填报 (2)", [HEADINGS, lecture(2)], base=base))
        assert [sheet["name"] for sheet in table.layout["sheets"] if sheet["head"]] == ["填报", "填报 (2)"]
        assert table.asks_sheets


def test_a_renamed_sheet_of_the_template_is_still_the_own(cast) -> None:
    assert read(two_sheets("一季度", "附注", [["无"]], base=template_for(LECTURE, cast.clerk))).layout["sheets"][0][
        "head"
    ]


def test_a_visible_sheet_whose_headings_are_not_recognised_is_named(cast) -> None:
    table = read(two_sheets("10月", "11月", [["甲", "乙"], [1, 2]]))
    assert not table.asks_sheets and "没有读取工作表“11月”：前 30 行里没有找到" in "".join(table.notes)
    assert not read(two_sheets("10月", "空表", [])).notes
    assert not read(template_for(LECTURE, cast.clerk)).notes


def test_a_hidden_sheet_does_not_go_in_unasked() -> None:
    workbook = opened(two_sheets("封存", "封面", [["2025 年台账"]]))
    workbook["封存"].sheet_state = "hidden"
    workbook.active = 1
    assert read(saved(workbook)).asks_sheets


# --- what has to be said first ------------------------------------------------------------------------


def case(name: str) -> bytes:
    return (CASES / name).read_bytes()


def waiting(browser, name: str) -> Import:
    """A case uploaded and looked at, as the worker does it."""
    upload(browser, case(name), name=name, after="draft")
    return run(Import.objects.latest("pk"))


def run(batch: Import) -> Import:
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def choose(browser, batch: Import, step: str, **said) -> Import:
    browser.post(reverse(f"records:import_{step}", args=[batch.pk]), said)
    batch.refresh_from_db()
    return run(batch)


def test_both_sheets_are_offered_and_read(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    batch = waiting(clerk, "sheets_by_month.xlsx")
    assert batch.state == ImportState.SHEETS
    page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert "10月" in page and "1 行" in page and "11月" in page and "2 行" in page and "十一月第二课" in page
    clerk.post(reverse("records:import_sheets", args=[batch.pk]))
    assert Import.objects.get(pk=batch.pk).state == ImportState.SHEETS, "nothing chosen"
    batch = choose(clerk, batch, "sheets", sheet=["10月", "11月"])
    assert batch.state == ImportState.CHECKED and batch.counts["new"] == 3, reasons(batch)
    assert not batch.upload
    page = clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    assert "读到的前几行" in page and "十一月第二课" in page


def test_a_row_that_stands_on_two_sheets_goes_in_once(cast, sign_in) -> None:
    """Both stand in row 2: a row is known by its sheet and its number."""
    workbook = opened(book([lecture(1)]))
    again = workbook.create_sheet("副本")
    for row in (HEADINGS, lecture(1)):
        again.append(row)
    clerk = sign_in(cast.clerk)
    batch = checked(clerk, saved(workbook), after="draft")
    batch = choose(clerk, batch, "sheets", sheet=["Sheet", "副本"])
    assert (batch.counts["new"], batch.counts["invalid"]) == (1, 1)
    assert "与工作表“Sheet”第 2 行是同一条记录" in reasons(batch)[0][2]


def test_a_sheet_that_was_not_chosen_is_named(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    batch = choose(clerk, waiting(clerk, "sheets_by_month.xlsx"), "sheets", sheet="11月")
    assert batch.counts["new"] == 2 and "没有读取工作表“10月”（1 行）" in "".join(batch.notes)


def test_the_visible_sheet_goes_in_and_the_hidden_one_is_named(cast, sign_in) -> None:
    batch = waiting(sign_in(cast.clerk), "hidden_sheet_first.xlsx")
    assert batch.state == ImportState.CHECKED and batch.counts["new"] == 1
    assert batch.rows.get().said["title"] == "今年的课"
    assert "隐藏的工作表“2025”" in "".join(batch.notes)


@pytest.mark.parametrize(("hidden", "count", "note"), [("skip", 2, "1 行没有读取"), ("read", 3, "1 行也读取了")])
def test_hidden_rows_are_asked_about(cast, sign_in, hidden, count, note) -> None:
    clerk = sign_in(cast.clerk)
    batch = waiting(clerk, "hidden_rows.xlsx")
    assert "其中隐藏 1 行" in clerk.get(reverse("records:import", args=[batch.pk])).content.decode()
    batch = choose(clerk, batch, "sheets", sheet="Sheet1", hidden=hidden)
    assert batch.counts["new"] == count and note in "".join(batch.notes)


@pytest.mark.parametrize(("merged", "count"), [("fill", 3), ("leave", 1)])
def test_a_merged_day_is_asked_about(cast, sign_in, merged, count) -> None:
    clerk = sign_in(cast.clerk)
    batch = choose(clerk, waiting(clerk, "merged_day.xlsx"), "sheets", sheet="Sheet1", merged=merged)
    assert batch.counts["new"] == count and "1 处合并单元格" in "".join(batch.notes)


@pytest.mark.parametrize("name", ["synonym_heads.xlsx", "synonym_heads2.xlsx"])
def test_other_words_for_the_columns_are_offered_and_confirmed(cast, sign_in, name) -> None:
    clerk = sign_in(cast.clerk)
    batch = waiting(clerk, name)
    assert batch.state == ImportState.COLUMNS
    context = clerk.get(reverse("records:import", args=[batch.pk])).context
    guessed = [entry["column"] for entry in context["headings"]]
    assert guessed == ["title", "happened_on", "form", "speaker", "number_of_people", "attendances"]
    said = {"heading": [entry["heading"] for entry in context["headings"]], "column": guessed}
    batch = choose(clerk, batch, "columns", **said)
    assert batch.state == ImportState.CHECKED and batch.counts["new"] == 1, reasons(batch)


def test_a_column_without_which_rows_cannot_be_told_apart_has_to_be_said(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    content = book([lecture()], headings=["标题", "何时", *HEADINGS[2:]])
    upload(clerk, content, after="draft")
    batch = run(Import.objects.latest("pk"))
    assert batch.state == ImportState.COLUMNS
    address = reverse("records:import_columns", args=[batch.pk])
    answer = clerk.post(address, {"heading": ["标题", "何时"], "column": ["title", ""]}, follow=True)
    assert "缺少“活动日期”列" in answer.content.decode()
    twice = clerk.post(address, {"heading": ["标题", "何时"], "column": ["title", "title"]}, follow=True)
    assert "“标题”、“何时”都对应到了“标题”" in twice.content.decode()
    batch = choose(clerk, batch, "columns", heading=["标题", "何时"], column=["title", "happened_on"])
    assert batch.counts["new"] == 1, reasons(batch)


def test_error_cells_are_refused_with_their_name(cast, sign_in) -> None:
    batch = waiting(sign_in(cast.clerk), "odd_cells.xlsx")
    assert [column for row, column, why in reasons(batch) if "错误值 #N/A" in why] == ["标题", "主讲人"]


def test_text_of_a_chinese_windows_goes_in(cast, sign_in) -> None:
    batch = waiting(sign_in(cast.clerk), "gb18030.csv")
    assert batch.counts["new"] == 1 and not batch.notes


def test_results_of_formulas_are_read_and_said(cast, sign_in) -> None:
    rows = '<row r="3"><c r="A3" t="inlineStr"><is><t>二课</t></is></c><c r="B3"><v>46266</v></c><c r="E3"><f>2*10</f><v>20</v></c></row>'
    found = read(with_sheet(rows))
    assert found.rows[-1].cells["number_of_people"] == 20
    assert "有 1 格是公式" in "".join(found.notes)


def test_what_becomes_of_a_formula_in_the_rows_handed_back_is_said(cast, sign_in) -> None:
    """Numbers and days come back as such; a formula does not, which would reckon with other cells in its new row."""
    clerk = sign_in(cast.clerk)

    def back(batch) -> list:
        return list(opened(b"".join(clerk.get(reverse("records:import_problems", args=[batch.pk]))))["填报"][2])

    row = back(checked(clerk, book([lecture(1, **{HEADINGS[4]: "=10+10"})])))
    assert row[1].is_date and row[1].value.date() == day()
    assert (row[4].value, row[4].data_type) == ("=10+10", "s") and row[5].value == 22
    assert "公式换了行不能照用，这里按文字保留，不会计算。" in row[-1].value
    cells = '<c r="A3" t="inlineStr"><is><t>二课</t></is></c><c r="E3"><f>2*10</f><v>20</v></c>'
    row = back(checked(clerk, with_sheet(f'<row r="3">{cells}</row>')))
    assert row[4].value == 20 and "原表中的公式，这里是它算好的值。" in row[-1].value


def test_questions_are_listed_by_row(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    batch = checked(clerk, book([lecture(1, **{HEADINGS[5]: 5})]))
    assert list(questions(batch)) == [2]


def test_too_many_cells_are_refused_by_the_job(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr("foundation.workbooks.scanning.MAX_CELLS", 10)
    clerk = sign_in(cast.clerk)
    upload(clerk, book([lecture(1), lecture(2)]))
    batch = run(Import.objects.latest("pk"))
    assert batch.state == ImportState.FAILED and "有内容的格超过 10 个" in batch.job.error
