"""What people write into cells, and what is understood."""

import datetime

import pytest

from foundation.exchange.widgets import (
    CellProblem,
    CellWidget,
    ChoiceWidget,
    CodeWidget,
    DayWidget,
    NumberWidget,
    PeriodWidget,
    YesNoWidget,
)
from foundation.workbooks.values import ErrorCell, Formula, LongNumber, Percent, Serial1904

DAY = datetime.date(2026, 9, 1)


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        datetime.datetime(2026, 9, 1),
        datetime.datetime(2026, 9, 1, 14, 30),
        "2026-09-01",
        "2026-9-1",
        "2026.9.1",
        "2026/9/1",
        "2026年9月1日",
        "2026年9月1",
        "２０２６年９月１日",
        " 2026. 9. 1 ",
        "20260901",
        20260901,
        46266,
        "46266",
        "2026-09-01 00:00:00",
        "2026。9。1",
    ],
)
def test_days(cell) -> None:
    assert DayWidget().clean(cell) == DAY


@pytest.mark.parametrize("cell", ["九月一日", "2026-13-01", "2026.2.30", 7, "上周五"])
def test_what_is_no_day_goes_to_the_form_as_it_stands(cell) -> None:
    assert DayWidget().clean(cell) == str(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12, "12"),
        (12.0, "12"),
        ("１２", "12"),
        (" 12 ", "12"),
        ("1,200", "1200"),
        ("１，２００", "1200"),
        (12.5, "12.5"),
        ("12人", "12人"),
        ("", ""),
        (None, ""),
        ("　", ""),
        (0, "0"),
    ],
)
def test_numbers(cell, value) -> None:
    assert NumberWidget().clean(cell) == value


@pytest.mark.parametrize(
    ("cell", "value"), [("是", True), ("否", False), (" 有 ", True), ("√", True), (1, True), (0.0, False), ("", "")]
)
def test_yes_and_no(cell, value) -> None:
    assert YesNoWidget().clean(cell) == value


def test_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(CellProblem, match="大概") as refused:
        YesNoWidget().clean("大概")
    assert "是" in refused.value.cure


@pytest.mark.parametrize(
    "cell", ["2026Q3", "2026q3", "2026年第三季度", "2026年3季度", "2026年三季度", "2026-3", "２０２６Ｑ３"]
)
def test_quarters(cell) -> None:
    assert PeriodWidget(False).clean(cell) == "2026Q3"


@pytest.mark.parametrize("cell", [2026, 2026.0, "2026", "2026年", "2026年度"])
def test_years(cell) -> None:
    assert PeriodWidget(True).clean(cell) == "2026"


def test_choices_by_their_words_or_keys() -> None:
    widget = ChoiceWidget({"on_site": "现场讲授", "online": "线上（直播）"})
    assert [widget.clean(cell) for cell in ("现场讲授 ", "线上(直播)", "on_site", "别的")] == [
        "on_site",
        "online",
        "on_site",
        "别的",
    ]
    assert widget.render("online") == "线上（直播）"


def test_codes_and_text() -> None:
    assert CodeWidget().clean(" 91320115 ｍa1abc ") == "91320115MA1ABC"
    assert CellWidget().clean(" 大讲堂\u200b\u3000") == "大讲堂"
    assert CellWidget().clean("第１课") == "第１课", "text stays as it was written"


def test_a_formula_is_refused_with_its_text() -> None:
    with pytest.raises(CellProblem, match=r"=SUM\(A1:A3\)") as refused:
        NumberWidget().clean(Formula("=SUM(A1:A3)"))
    assert "选择性粘贴" in refused.value.cure


def test_an_error_is_refused_with_its_name() -> None:
    with pytest.raises(CellProblem, match="#DIV/0!"):
        CellWidget().clean(ErrorCell("#DIV/0!"))


def test_a_code_in_a_number_cell_says_that_digits_are_lost() -> None:
    with pytest.raises(CellProblem, match="只保留 15 位"):
        CodeWidget().clean(LongNumber(913201157000100000))


def test_a_share_is_what_the_field_counts_in() -> None:
    assert NumberWidget(2, is_percent=True).clean(Percent(0.856)) == "85.6"
    assert NumberWidget().clean(Percent(0.85)) == "85%", "a count is no share: the form refuses what stands in the cell"


def test_a_day_of_a_workbook_that_counts_from_1904() -> None:
    assert DayWidget().clean(Serial1904(44804)) == DAY
