"""What is not opened, or not read to its end: each refused on purpose, with the cause and a cure."""

import csv
import functools
import io
import struct
import zipfile

import pytest

from foundation.refusals import Refused
from foundation.workbooks import delimited, foreign, judging, limits, scanning
from tests.foundation.workbooks.books import book, cells, changed, ods, with_rows, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        cells(content)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "是空的"),
        (b"%PDF-1.7", "其实是 PDF 文件"),
        (b"\x89PNG\r\n", "其实是 PNG 文件"),
        (bytes(40), "不是 Excel 工作簿"),
        (b"PK\x03\x04 cut short", "已损坏"),
        (zipped(**{"word/document.xml": b"<w/>"}), "Word 文档"),
        (zipped(**{"台账.xlsx": b"PK"}), "压缩包"),
        (zipped(**{"a.txt": b"a"}), "不是 Excel 工作簿"),
        (zipped(**{"xl/workbook.xml": b"<broken"}), "已损坏"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word 文档"),
        (OLE + bytes(600), "已损坏"),
        (zipped(**{"xl/workbook.xml": b"<w/>", "xl/sharedStrings.xml": bytes(30 << 20)}), "异常庞大"),
        ("标题,人数\n一课,3".encode("gb18030") + b"\xff\xff\x80", "编码读不出来"),
        (b"<?xml version='1.0'?><list/>", "不是 Excel 工作簿"),
        ("今天的会议纪要\n到会三十人".encode(), "其实是纯文本"),
    ],
    ids=[
        "empty",
        "pdf",
        "png",
        "zeros",
        "cut",
        "docx",
        "zip-of-workbooks",
        "zip",
        "broken",
        "password",
        "doc",
        "broken-xls",
        "bomb",
        "encoding",
        "xml",
        "prose",
    ],
)
def test_refused_with_a_cure(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_too_large_a_file(monkeypatch) -> None:
    monkeypatch.setattr(judging, "MAX_BYTES", 1000)
    assert "上限" in refusal(book(["一课"]))


@pytest.mark.parametrize(("part", "root"), [("sheet1__xml", b"<worksheet"), ("workbook__xml", b"<workbook ")])
def test_entities_are_refused(part: str, root: bytes) -> None:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    content = changed(book(["一课"]), **{part: lambda old: old.replace(root, doctype + root, 1)})
    assert "已损坏" in refusal(content)


def test_a_part_that_unpacks_to_more_than_the_zip_says_is_refused() -> None:
    content = bytearray(with_rows('<row r="2"><c r="A2"><v>1</v></c></row>'))
    name = b"xl/worksheets/sheet1.xml"
    at = content.rindex(name) - 46  # its entry in the table of contents
    size = struct.unpack_from("<I", content, at + 24)[0]
    struct.pack_into("<I", content, at + 24, size - 40)
    assert "已损坏" in refusal(bytes(content))


def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(book(["一课"]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl\\worksheets\\SHEET1.xml", "<worksheet/>")
    assert "已损坏" in refusal(out.getvalue())


def test_one_endless_piece_of_markup_is_refused() -> None:
    content = with_rows(f'<row r="2" spans="{"1 " * 3_000_000}"/>')
    assert "异常庞大" in refusal(content)


def test_too_wide_an_extent_names_the_far_cell() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 1000))
    said = refusal(with_rows(f'{rows}<row r="1000"><c r="XFD1000"><v>1</v></c></row>'))
    assert "XFD 列第 1000 行" in said and "选择性粘贴" in said


def test_a_far_cell_of_a_small_sheet_costs_nothing() -> None:
    found = cells(with_rows('<row r="3"><c r="XFD3"><v>1</v></c></row>'))
    assert len(found) == 3 and found[2][16383] == 1


def test_cells_are_counted_where_they_say_they_are() -> None:
    """An address that contradicts its row does not hide a far cell."""
    said = refusal(with_rows('<row r="2"><c r="A2"><v>1</v></c><c r="XFD1000000"><v>1</v></c></row>'))
    assert "范围过大" in said


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_CELLS", 3, "有内容的格超过"),
        ("MAX_CELLS_PER_ROW", 2, "有内容的格超过"),
        ("MAX_ROWS", 2, "有内容的行超过 2 行"),
        ("MAX_ELEMENTS", 5, "格太多"),
        ("MAX_MARKS", 1, "隐藏的行"),
    ],
)
def test_too_many(monkeypatch, limit: str, value: int, words: str) -> None:
    monkeypatch.setattr(scanning, limit, value)
    content = with_rows(
        '<row r="2" hidden="1"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="C2"><v>3</v></c></row>'
        '<row r="3" hidden="1"><c r="A3"><v>1</v></c><c r="B3"/></row>'
    )
    assert words in refusal(content)


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_CELLS", 3, "异常地多"),
        ("MAX_CELLS_PER_ROW", 1, "异常地多"),
        ("MAX_ROWS", 1, "超过 1 行"),
        ("_LONGEST", 3, "缺了引号"),
    ],
)
def test_too_much_text(monkeypatch, request, limit: str, value: int, words: str) -> None:
    # The length of a cell is a limit of the process: whoever reads a table after this test would meet it.
    request.addfinalizer(functools.partial(csv.field_size_limit, csv.field_size_limit()))
    monkeypatch.setattr(delimited, limit, value)
    assert words in refusal("标题,人数\n很长的一课,3\n二课,4\n".encode())


def test_formats_of_a_million_empty_rows_are_no_content() -> None:
    empty = "".join(f'<row r="{n}" ht="14.25"><c r="A{n}" s="0"/></row>' for n in range(2, 200_000))
    assert [row for row in cells(with_rows(empty)) if row] == [["标题", "人数"]]


def test_a_foreign_file_that_asks_for_all_the_memory_is_refused(monkeypatch) -> None:
    """One cell repeated over a whole sheet: the process that reads it dies, the worker does not."""
    monkeypatch.setattr(foreign, "CHILD_BYTES", 256 << 20)
    repeated = ods(repeat='table:number-columns-repeated="90"', row='table:number-rows-repeated="1000000"')
    assert "没有读完" in refusal(repeated)


def test_the_limits_let_a_list_of_100_000_rows_pass() -> None:
    assert limits.MAX_ROWS >= 100_000 and limits.MAX_CELLS >= 100_000 * 20 and limits.MAX_AREA >= limits.MAX_CELLS
