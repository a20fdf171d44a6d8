"""Files that are no workbook, or not the right one: each refused on purpose, in words that say what to do."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from foundation.exchange import reading, uploads
from foundation.exchange.reading import read_table
from foundation.exchange.uploads import check_file
from foundation.exchange.widgets import Formula
from foundation.refusals import Refused
from records.exchange.resources import resource_for
from records.exchange.templates import template_for
from records.models import ImportBatch, ImportState
from tests.records.exchange.books import HEADINGS, LECTURE, PARTY, book, checked, lecture, opened, saved, upload

pytestmark = pytest.mark.django_db

OLD_LEDGER = Path(__file__).parent / "files" / "ledger.xls"


def read(content: bytes, kind=LECTURE) -> reading.Table:
    handle = io.BytesIO(content)
    return read_table(handle, check_file(handle, "台账.xlsx", len(content)), resource_for(kind.slug))


def refusal(content: bytes, kind=LECTURE) -> str:
    with pytest.raises(Refused) as refused:
        read(content, kind)
    return str(refused.value)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_sheet(xml_rows: str) -> bytes:
    """A real workbook whose sheet is replaced."""
    source = zipfile.ZipFile(io.BytesIO(book([lecture()])))
    sheet = source.read("xl/worksheets/sheet1.xml").decode()
    head, rest = sheet.split("</sheetData>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                content = f"{head}{xml_rows}</sheetData>{rest}".encode()
            archive.writestr(entry.filename, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "是空的"),
        (b"%PDF-1.7", "不是 Excel 工作簿"),
        ("标题,活动日期".encode(), "不是 Excel 工作簿"),
        (b"PK\x03\x04 cut short", "已损坏"),
        (zipped(**{"word/document.xml": b"<w/>"}), "不是 Excel 工作簿"),
        (zipped(**{"xl/workbook.xml": b"<broken"}), "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "已损坏"),
        (zipped(**{"xl/workbook.xml": b"<w/>", "xl/sharedStrings.xml": bytes(30 << 20)}), "异常庞大"),
    ],
    ids=["empty", "pdf", "csv", "cut", "docx", "broken", "password", "broken-xls", "bomb"],
)
def test_refused_with_a_cure(content, words) -> None:
    assert words in refusal(content)


def test_too_large(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 1000)
    assert "上限" in refusal(book([lecture()]))


def test_the_page_refuses_at_once_what_is_no_workbook(cast, sign_in) -> None:
    response = upload(sign_in(cast.clerk), b"%PDF-1.7")
    assert "不是 Excel 工作簿" in str(response.context["form"].errors["file"])
    assert not ImportBatch.objects.exists()


def test_a_million_empty_rows_end_early() -> None:
    empty = "".join(
        f'<row r="{n}" spans="1:6" ht="14.25" customHeight="1"><c r="A{n}" s="0"/></row>' for n in range(3, 300_000)
    )
    table = read(with_sheet(empty + '<row r="1000000"><c r="A1000000" t="inlineStr"><is><t>尾</t></is></c></row>'))
    assert [row.number for row in table.rows] == [2]


def test_a_stray_cell_at_the_far_end_costs_nothing() -> None:
    table = read(with_sheet('<row r="3"><c r="XFD3" t="inlineStr"><is><t>x</t></is></c></row>'))
    assert len(table.rows) == 1


def test_too_many_rows(monkeypatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert "超过 3 行" in refusal(book([lecture(n) for n in range(4)]))


def test_merged_titles_above_the_headings() -> None:
    workbook = opened(book([lecture()], above=[["江宁示例机械有限公司2026年台账"], [], ["单位：人"]]))
    workbook.active.merge_cells("A1:F1")
    table = read(saved(workbook))
    assert [(row.number, row.cells["title"]) for row in table.rows] == [(5, "第1课")]


def test_headings_as_people_retype_them() -> None:
    table = read(
        book([lecture()], headings=[" 标 题*", "活动日期\n", "举办形式 ", "主讲人", "参加人数(人)", "参加人次"])
    )
    assert [column.name for column in table.columns] == [
        "title",
        "happened_on",
        "form",
        "speaker",
        "number_of_people",
        "attendances",
    ]


def test_unknown_headings_are_named_and_a_double_one_refused() -> None:
    table = read(book([[*lecture(), "x"]], headings=[*HEADINGS, "备注"]))
    assert "备注" in table.notes[0]
    assert "出现了不止一次" in refusal(book([[*lecture(), "x"]], headings=[*HEADINGS, "标题"]))


def test_no_headings_no_key_no_rows() -> None:
    assert "没有找到" in refusal(book([[1, 2, 3]], headings=["甲", "乙", "丙"]))
    assert "缺少“活动日期”列" in refusal(book([["一课", "王", 3]], headings=["标题", "主讲人", "参加人数"]))
    assert "没有要导入的行" in refusal(book([]))


def test_formulas_are_seen_as_such() -> None:
    table = read(book([lecture(1, **{HEADINGS[4]: "=10+10"})]))
    assert isinstance(table.rows[0].cells["number_of_people"], Formula)


def test_a_template_of_another_kind_names_both(cast) -> None:
    said = refusal(template_for(PARTY, cast.clerk))
    assert PARTY.label in said and LECTURE.label in said


def test_the_example_row_and_rows_that_only_name_the_enterprise_are_no_rows(cast) -> None:
    assert "没有要导入的行" in refusal(template_for(LECTURE, cast.clerk))


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
