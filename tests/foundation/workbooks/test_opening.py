"""The opener: values typed before text, what a sheet holds besides them, text files, old and foreign formats."""

import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from foundation.workbooks.opening import Book
from foundation.workbooks.scanning import FORMULA, RESULT
from foundation.workbooks.values import ErrorCell, Formula, LongNumber, Percent, Serial1904
from tests.foundation.workbooks.books import book, cells, changed, ods, opened, saved, with_rows

OLD_LEDGER = Path(__file__).parents[2] / "records" / "exchange" / "files" / "ledger.xls"
DAY = datetime.date(2026, 9, 1)

CHINESE_FORMATS = [
    'yyyy"年"m"月"d"日"',
    '[$-804]yyyy"年"m"月"d"日"',
    '[$-804]yyyy"年"m"月"d"日";@',
    '[DBNum1][$-804]yyyy"年"m"月"d"日"',
    '[DBNum1][$-804]yyyy"年"m"月"d"日";@',
    "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
    "yyyy\\-mm\\-dd",
    "yyyy/m/d;@",
    "yyyy.mm.dd",
    'e"年"m"月"d"日"',
    'yyyy"年"m"月"',
    'm"月"d"日"',
]


@pytest.mark.parametrize("number_format", CHINESE_FORMATS)
@pytest.mark.parametrize(("epoch", "serial"), [(None, 46266), (CALENDAR_MAC_1904, 44804)])
def test_days_by_the_formats_and_the_epoch_of_the_workbook(number_format: str, epoch, serial: int) -> None:
    workbook = Workbook()
    if epoch is not None:
        workbook.epoch = epoch
    workbook.active["A1"] = serial
    workbook.active["A1"].number_format = number_format
    assert cells(saved(workbook)) == [[DAY]]


def test_a_plain_number_of_a_workbook_of_1904_says_so() -> None:
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active.append([44804, 12.5])
    [[number, part]] = cells(saved(workbook))
    assert isinstance(number, Serial1904) and isinstance(part, Serial1904) and part == 12.5


def test_numbers_shares_and_texts() -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append([0.85, 12, 12.5, True, 123456789012345678, "第_x000D_\n行", "_x005F_x000D_", datetime.time(14, 30)])
    sheet["A1"].number_format = "0.0%"
    [[share, whole, part, yes, long, lines, literal, hour]] = cells(saved(workbook))
    assert isinstance(share, Percent) and share == 0.85
    assert (whole, type(whole), part, yes) == (12, int, 12.5, True)
    assert isinstance(long, LongNumber)
    assert lines == "第\n行" and hour == datetime.time(14, 30)
    assert "_x000D_" in literal or literal == "\n", literal


def test_percent_signs_in_quotes_are_no_share() -> None:
    workbook = Workbook()
    workbook.active["A1"] = 85
    workbook.active["A1"].number_format = '0"%"'
    assert type(cells(saved(workbook))[0][0]) is int


def test_formulas_give_their_results_and_without_one_themselves() -> None:
    content = with_rows(
        '<row r="2"><c r="A2"><f>10+10</f><v>20</v></c><c r="B2"><f>SUM(A1:A2)</f></c>'
        '<c r="C2" t="str"><f>A1</f><v>甲</v></c><c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="E2"><f t="shared" si="0"/><v>7</v></c></row>'
    )
    with opened(content) as found:
        [sheet] = found.sheets
        row = dict(found.rows(sheet))[2]
        facts = found.facts(sheet)
    assert row == [20, "=SUM(A1:A2)", "甲", "#DIV/0!", 7]
    assert isinstance(row[1], Formula) and isinstance(row[3], ErrorCell)
    assert (facts.count(RESULT), facts.count(FORMULA)) == (3, 1)


def test_an_error_at_the_very_end_is_found() -> None:
    [_heads, row] = cells(with_rows('<row r="2"><c r="C2" t="e"><v>#REF!</v></c></row>'))
    assert row == [None, None, "#REF!"] and isinstance(row[2], ErrorCell)


def test_hidden_columns_and_rows_without_numbers() -> None:
    content = changed(
        with_rows('<row hidden="1"><c t="inlineStr"><is><t>甲</t></is></c><c><v>3</v></c></row>'),
        sheet1__xml=lambda part: part.replace(
            b"<sheetData>", b'<cols><col min="2" max="3" hidden="1"/></cols><sheetData>'
        ),
    )
    with opened(content) as found:
        facts = found.facts(found.sheets[0])
        assert list(facts.hidden_rows) == [2] and facts.is_hidden_row(2) and not facts.is_hidden_row(1)
        assert facts.is_hidden_column(3) and not facts.is_hidden_column(1)
        assert dict(found.rows(found.sheets[0]))[2] == ["甲", 3]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("标题,人数\n一课,3\n".encode(), [["标题", "人数"], ["一课", "3"]]),
        ("\ufeff标题;人数\r\n一课;3\r\n".encode(), [["标题", "人数"], ["一课", "3"]]),
        ("标题\t人数\n一课\t3".encode("utf-16"), [["标题", "人数"], ["一课", "3"]]),
        ('标题,人数\n"一课,\n下午",3\n'.encode("gb18030"), [["标题", "人数"], ["一课,\n下午", "3"]]),
        ("标题，人数\n一课，3".encode("gb18030"), [["标题", "人数"], ["一课", "3"]]),
        ("sep=;\n标题;人数\n䶮课;".encode(), [[], ["标题", "人数"], ["䶮课", None]]),
        ("身份证号,姓名\n320102199001011234,王".encode(), [["身份证号", "姓名"], ["320102199001011234", "王"]]),
    ],
    ids=["utf-8", "bom-semicolon", "utf-16-tab", "gb18030-quoted", "full-width", "sep-line", "long-number"],
)
def test_delimited_text(content: bytes, expected: list[list[str | None]]) -> None:
    assert cells(content) == expected


def test_an_old_workbook_says_what_was_not_checked() -> None:
    with opened(OLD_LEDGER.read_bytes(), "台账.xls") as found:
        assert ".xls" in (found.unchecked or "") and "没有检查" in found.unchecked
        assert found.facts(found.sheets[0]) is None
        rows = dict(found.rows(found.sheets[0]))
    assert any(isinstance(cell, datetime.date) for row in rows.values() for cell in row)


def test_an_open_document() -> None:
    with opened(ods(), "台账.ods") as found:
        assert ".ods" in (found.unchecked or "")
        assert [row for _number, row in found.rows(found.sheets[0])] == [["标题", 3]]


@pytest.mark.parametrize("count", [40, 1200])
def test_a_sheet_that_was_left_half_way_is_not_taken_for_the_next(count: int) -> None:
    content = ods(row=f'table:number-rows-repeated="{count}"', names=("封面", "明细"))
    with opened(content, "台账.ods") as found:
        cover, ledger = found.sheets
        assert next(iter(found.rows(cover))) == (1, ["标题", 3])
        assert len(list(found.rows(ledger))) == count
        assert len(list(found.rows(cover))) == count


def test_rows_come_one_after_another() -> None:
    """Reading can stop after the headings; the rest of the file costs nothing more."""
    with opened(book(*([n, "课"] for n in range(1000)))) as found:
        rows = found.rows(found.sheets[0])
        assert next(rows) == (1, [0, "课"])
        assert next(rows) == (2, [1, "课"])


def test_the_base_of_all_forms_says_nothing_of_its_own() -> None:
    with pytest.raises(NotImplementedError):
        Book().facts(None)  # type: ignore[arg-type]
