"""What people write into cells, and what is understood."""

import datetime

import pytest

from foundation.exchange.columns import Column
from foundation.exchange.readings import CellProblem
from foundation.exchange.rows import cure_for, cure_of
from foundation.exchange.widgets import (
    CellWidget,
    ChoiceWidget,
    CodeWidget,
    DayWidget,
    LineWidget,
    NameWidget,
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


@pytest.mark.parametrize(
    "cell",
    [
        "2026-09-01 下午2:30",
        "2026年9月1日 14:30",
        "2026年9月1日（星期二）",
        "2026-9-1（周二）下午2点半",
        "2026年9月1日上午",
        "2026年9月1日9时",
        "2026-09-01T14:30:00+08:00",
        "2026-9-1 10:00-11:30",
        "'2026-09-01",
        "2026年9月1号",
    ],
)
def test_what_stands_behind_a_day_and_changes_nothing(cell) -> None:
    assert DayWidget().clean(cell) == DAY


def test_a_day_written_first_is_understood_when_it_can_only_be_one() -> None:
    assert DayWidget().clean("13/10/2026") == DayWidget().clean("10/13/2026") == datetime.date(2026, 10, 13)
    assert DayWidget().clean("10/10/2026") == datetime.date(2026, 10, 10)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("九月一日", "看不出是哪一天"),
        ("上周五", "看不出是哪一天"),
        ("2026-13-01", "月份不对"),
        ("2026.9.31", "2026 年 9 月只有 30 天"),
        ("20260931", "2026 年 9 月只有 30 天"),
        ("2025.2.29", "2025 年 2 月只有 28 天"),
        ("2026年9月", "没有写是哪一天"),
        ("9月1日", "没有写年份"),
        ("26.9.1", "年份没有写全"),
        ("9/1/2026", "哪个是月、哪个是日"),
        ("2026.9.1-9.3", "不止一天"),
        ("2026年9月1日、2日", "不止一天"),
        ("2026年9月1日（星期三）", "2026-09-01 是星期二"),
        ("2026-09-01 江宁厂区", "除了日期还写了别的"),
    ],
)
def test_what_is_no_one_day_is_refused_with_its_own_words(cell, reason) -> None:
    with pytest.raises(CellProblem, match=reason) as refused:
        DayWidget().clean(cell)
    assert cell in refused.value.reason and refused.value.cure


def test_a_number_that_is_no_day() -> None:
    with pytest.raises(CellProblem, match="“7”看不出是哪一天"):
        DayWidget().clean(7)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12, "12"),
        (12.0, "12"),
        ("１２", "12"),
        (" 12 ", "12"),
        ("1,200", "1200"),
        ("１，２００", "1200"),
        ("1 200", "1200"),
        ("12人", "12"),
        ("12 名", "12"),
        ("'12", "12"),
        ("12.0", "12"),
        ("五十", "50"),
        ("十二人", "12"),
        ("两百三十", "230"),
        ("一万二千", "12000"),
        ("-5", "-5"),
        ("", ""),
        (None, ""),
        ("　", ""),
        (0, "0"),
    ],
)
def test_numbers(cell, value) -> None:
    assert NumberWidget(unit="人").clean(cell) == value


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("约50人", "约数"),
        ("50余人", "约数"),
        ("3场/120人次", "不止一个数"),
        ("100-199人", "范围"),
        ("50人次", "这一列的单位是“人”"),
        ("50（含派遣）", "这一列的单位是“人”"),
        ("50.5", "不是整数"),
        (50.5, "不是整数"),
        ("无", "不是数"),
        (Percent(0.85), "百分比"),
        (DAY, "不是数"),
    ],
)
def test_what_is_no_one_number_is_refused_with_its_own_words(cell, reason) -> None:
    with pytest.raises(CellProblem, match=reason) as refused:
        NumberWidget(unit="人").clean(cell)
    assert refused.value.reason.startswith("“") and refused.value.cure


@pytest.mark.parametrize(("is_needed", "told"), [(True, "没有准确数的，先核实再填。"), (False, "没有统计的留空。")])
@pytest.mark.parametrize("cell", ["约50人", "50余人", "100-199人", "50人次", "无"])
def test_a_number_nobody_has_may_stay_empty_only_where_its_column_may(cell, is_needed, told) -> None:
    column = Column("people", "参加人数（人）", "", is_needed, NumberWidget(unit="人"))
    with pytest.raises(CellProblem) as refused:
        column.widget.clean(cell)
    cure = cure_of(refused.value, column)
    assert cure.endswith(told) and ("留空" in cure) is not is_needed
    assert cure_for(column) == f"请核对数字，只填数值。{told}"


@pytest.mark.parametrize(("is_needed", "told"), [(True, "不清楚的，先核实再填。"), (False, "没有统计的留空。")])
def test_an_answer_nobody_has_may_stay_empty_only_where_its_column_may(is_needed, told) -> None:
    column = Column("union", "已建立工会", "", is_needed, YesNoWidget())
    with pytest.raises(CellProblem) as refused:
        column.widget.clean("大概")
    assert cure_of(refused.value, column) == f"请填“是”或“否”。{told}"


def test_amounts_keep_their_decimals_and_their_unit() -> None:
    money = NumberWidget(2, unit="万元")
    assert [money.clean(cell) for cell in ("1,200.50", 12.5, "3万元")] == ["1200.50", "12.5", "3"]
    with pytest.raises(CellProblem, match="500元"):
        money.clean("500元")


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
    assert [widget.clean(cell) for cell in ("现场讲授 ", "线上(直播)", "on_site")] == ["on_site", "online", "on_site"]
    assert widget.render("online") == "线上（直播）"


@pytest.mark.parametrize(
    ("cell", "reason", "cure"),
    [("现场", "不在可选的内容里", "“现场讲授”"), ("现场讲授、电话", "不止一项", ""), ("别的", "不在可选的内容里", "")],
)
def test_what_is_no_choice_is_refused_with_its_own_words(cell, reason, cure) -> None:
    with pytest.raises(CellProblem, match=reason) as refused:
        ChoiceWidget({"on_site": "现场讲授", "phone": "电话"}).clean(cell)
    assert cell in refused.value.reason and cure in refused.value.cure


def test_names_and_lines() -> None:
    assert NameWidget().clean("换行\n示例 有限公司 ") == "换行示例有限公司"
    assert NameWidget().clean("ABC Trading 有限公司") == "ABC Trading有限公司"
    assert LineWidget().clean("王强\n李明") == "王强 李明"


def test_characters_of_private_use_are_read_as_what_they_stand_for() -> None:
    assert LineWidget().clean("王\ue863") == "王䶮"


def test_codes_and_text() -> None:
    assert CodeWidget().clean(" 91320115 ｍa1abc ") == "91320115MA1ABC"
    assert CellWidget().clean(" 大讲堂\u200b\u3000") == "大讲堂"
    assert CellWidget().clean("第１课") == "第１课", "text stays as it was written"


def test_a_formula_is_refused_with_its_text() -> None:
    with pytest.raises(CellProblem, match=r"=SUM\(A1:A3\)") as refused:
        NumberWidget().clean(Formula("=SUM(A1:A3)"))
    assert "选择性粘贴" in refused.value.cure


def test_an_error_is_refused_with_its_name() -> None:
    for cell in (ErrorCell("#DIV/0!"), "#DIV/0!", "#n/a"):
        with pytest.raises(CellProblem, match="错误值"):
            CellWidget().clean(cell)


def test_a_code_in_a_number_cell_says_that_digits_are_lost() -> None:
    with pytest.raises(CellProblem, match="只保留 15 位"):
        CodeWidget().clean(LongNumber(913201157000100000))
    for widget in (CellWidget(), LineWidget(), NameWidget()):
        with pytest.raises(CellProblem, match="只保留 15 位"):
            widget.clean(LongNumber(1234567890123456789))


def test_a_share_is_what_the_field_counts_in() -> None:
    assert NumberWidget(2, is_percent=True).clean(Percent(0.856)) == "85.6"
    assert NumberWidget(2, is_percent=True).clean("85.6%") == "85.6"


def test_a_day_of_a_workbook_that_counts_from_1904() -> None:
    assert DayWidget().clean(Serial1904(44804)) == DAY
