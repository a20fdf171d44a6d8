"""Files as people have them: what is right when they are opened (``cases/README.md``)."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foundation.refusals import Refused
from foundation.workbooks.opening import Book, open_book
from foundation.workbooks.scanning import ERROR, Merged
from foundation.workbooks.values import ErrorCell, LongNumber

CASES = Path(__file__).parent / "cases"


def use(name: str, look: Callable[[Book], Any]) -> Any:
    path = CASES / name
    with path.open("rb") as handle, open_book(handle, name, path.stat().st_size) as book:
        return look(book)


def rows(name: str, sheet: int = 0) -> list[list[Any]]:
    return use(name, lambda book: [cells for _number, cells in book.rows(book.sheets[sheet])])


def facts(name: str, sheet: int = 0) -> Any:
    return use(name, lambda book: book.facts(book.sheets[sheet]))


def test_every_case_is_in_the_index() -> None:
    index = (CASES / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in CASES.iterdir() if f"`{path.name}`" not in index and path.suffix != ".md"] == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("cellxf_fontid_out_of_range.xlsx", "结构课"),
        ("fill_empty_element.xlsx", "结构课"),
        ("font_family_255.xlsx", "结构课"),
        ("bad_patternType.xlsx", "结构课"),
        ("strict_ooxml.xlsx", "结构课"),
        ("SharedStrings_capital.xlsx", "共享串课"),
        ("backslash_names.xlsx", "共享串课"),
        ("xlsx_renamed.xls", "改名课"),
        ("people_fontid.xlsx", "张三丰"),
    ],
)
def test_what_other_programs_write_is_read(name: str, title: str) -> None:
    found = rows(name)
    assert len(found) == 2 and found[1][0] == title
    assert facts(name).cells in (8, 12)


def test_every_sheet_is_listed() -> None:
    assert use("sheets_by_month.xlsx", lambda book: [sheet.name for sheet in book.sheets]) == ["10月", "11月", "汇总"]
    assert [len(rows("sheets_by_month.xlsx", number)) for number in range(3)] == [2, 3, 1]


def test_hidden_sheets_and_rows_are_known() -> None:
    listed = use("hidden_sheet_first.xlsx", lambda book: [(sheet.name, sheet.is_hidden) for sheet in book.sheets])
    assert listed == [("2025", True), ("2026", False)]
    assert list(facts("hidden_rows.xlsx").hidden_rows) == [3]
    assert rows("hidden_rows.xlsx")[2][0] == "已筛掉的课"


def test_merged_cells_are_known() -> None:
    assert facts("merged_day.xlsx").merged == [Merged(2, 2, 4, 2)]
    assert [row[1] for row in rows("merged_day.xlsx")[1:]] == ["2026-10-17", None, None]


@pytest.mark.parametrize(
    ("name", "row", "column"), [("odd_cells.xlsx", 23, 4), ("people.xlsx", 14, 1), ("enterprises_ok.xlsx", 15, 1)]
)
def test_an_error_is_never_a_text(name: str, row: int, column: int) -> None:
    cell = rows(name)[row - 1][column - 1]
    assert isinstance(cell, ErrorCell) and cell == "#N/A"
    assert facts(name).count(ERROR) >= 1


def test_texts_and_numbers_arrive_as_they_were_written() -> None:
    found = {row[0]: row for row in rows("odd_cells.xlsx")[1:]}
    assert found["下午课"][1] == "2026-10-10 下午2:30" and found["小数"][4] == 50.5 and found["空格数"][4] == "1 200"
    assert found["空格数"][5] == 1200 and isinstance(found["空格数"][5], int)
    assert found["撇号"][1] == "'2026-10-11"
    assert "换行\n标题" in found
    text = rows("odd_text.xlsx")[1]
    assert text[0].startswith("生僻课：䶮㛃𠮷𬍛𫍽") and "\ue863姓" in text[6] and "བོད" in text[6]


def test_a_code_in_a_number_cell_is_known_to_have_lost_digits() -> None:
    found = {row[0]: row[1] for row in rows("enterprises.xlsx")[1:]}
    assert isinstance(found["数字代码示例有限公司"], LongNumber)
    assert found["行业代码数字示例有限公司"] == "91320115700010082J"


def test_text_of_a_chinese_windows() -> None:
    assert rows("gb18030.csv") == [
        ["标题", "活动日期", "举办形式", "主讲人", "参加人数", "参加人次"],
        ["逗号课", "2026-10-27", "现场讲授", "王强", "30", "30"],
    ]


@pytest.mark.parametrize(
    ("name", "cause"), [("html_as.xls", "其实是网页"), ("xml2003_as.xls", "其实是“XML 电子表格 2003”")]
)
def test_a_disguise_is_named(name: str, cause: str) -> None:
    with pytest.raises(Refused) as refused:
        rows(name)
    assert (cause in str(refused.value) and "再上传" in str(refused.value)) or "上传" in str(refused.value)


def test_the_day_of_a_cell_is_a_day() -> None:
    assert not any(isinstance(cell, datetime.date) for row in rows("people.xlsx") for cell in row)
