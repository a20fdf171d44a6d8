"""Month, quarter, half-year and year: one value type."""

import copy
import datetime
import pickle

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from foundation.calendar.periods import HalfYear, Month, Period, Quarter, Year, validate_quarter

KINDS = (Month, Quarter, HalfYear, Year)
DAYS = st.dates(datetime.date(2001, 1, 1), datetime.date(2098, 12, 31))


@pytest.mark.parametrize(
    ("code", "period", "label", "first", "last"),
    [
        ("2026-07", Month(2026, 7), "2026年7月", "2026-07-01", "2026-07-31"),
        ("2024-02", Month(2024, 2), "2024年2月", "2024-02-01", "2024-02-29"),
        ("2026Q3", Quarter(2026, 3), "2026年第三季度", "2026-07-01", "2026-09-30"),
        ("2026H1", HalfYear(2026, 1), "2026年上半年", "2026-01-01", "2026-06-30"),
        ("2026H2", HalfYear(2026, 2), "2026年下半年", "2026-07-01", "2026-12-31"),
        ("2026", Year(2026), "2026年度", "2026-01-01", "2026-12-31"),
    ],
)
def test_codes_labels_and_days(code: str, period: Period, label: str, first: str, last: str) -> None:
    assert Period.parse(code) == period and type(Period.parse(code)) is type(period)
    assert (period.code, str(period), period.label) == (code, code, label)
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)


def test_a_code_is_read_as_people_type_it_and_refused_with_its_form() -> None:
    assert Quarter.parse(" 2026q3 ") == Quarter(2026, 3)
    for kind, wrong in ((Quarter, "2026"), (Quarter, "2026Q5"), (Year, "2026Q1"), (Month, "2026-13"), (Period, "第三")):
        with pytest.raises(ValueError, match="无法识别：请写成"):
            kind.parse(wrong)
    with pytest.raises(ValueError, match="2026Q3"):
        Quarter.parse("2026-07")
    with pytest.raises(ValidationError, match="2026Q3"):
        validate_quarter("2026")
    for kind, number in ((Month, 0), (Month, 13), (Quarter, 5), (HalfYear, 3), (Year, 2)):
        with pytest.raises(ValueError, match=kind.__name__):
            kind(2026, number)


def test_order_is_by_first_day_then_by_length_whatever_the_kind() -> None:
    assert [
        period.code for period in sorted(map(Period.parse, ["2026-02", "2026", "2026Q1", "2025Q4", "2026-01"]))
    ] == [
        "2025Q4",
        "2026-01",
        "2026Q1",
        "2026",
        "2026-02",
    ]
    assert Quarter(2026, 1) != Year(2026) and Quarter(2026, 1) < Quarter(2026, 2) >= Quarter(2026, 2)
    with pytest.raises(TypeError):
        assert Quarter(2026, 1) < "2026Q2"


def test_containment_and_division() -> None:
    year = Year(2026)
    assert Quarter(2026, 4) in year and Month(2026, 12) in Quarter(2026, 4) and year in year
    assert year not in Quarter(2026, 1) and Month(2026, 7) not in HalfYear(2026, 1)
    assert datetime.date(2026, 9, 30) in Quarter(2026, 3) and datetime.date(2026, 10, 1) not in Quarter(2026, 3)
    assert year.divided(Quarter) == [Quarter(2026, number) for number in (1, 2, 3, 4)]
    assert HalfYear(2026, 2).divided(Month)[0] == Month(2026, 7)


def test_iteration_across_the_years_end() -> None:
    assert [quarter.code for quarter in Quarter(2025, 4).through(Quarter(2026, 2))] == ["2025Q4", "2026Q1", "2026Q2"]
    assert Quarter(2026, 2).through(Quarter(2026, 1)) == []
    assert [month.code for month in Month(2026, 1).trailing(3)] == ["2025-11", "2025-12", "2026-01"]
    assert Quarter(2026, 3).year_to_date() == [Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)]
    assert Month(2026, 1).year_before() == Month(2025, 1)


@given(DAYS, st.sampled_from(KINDS), st.integers(-400, 400))
def test_every_day_lies_in_exactly_one_period_and_shifts_undo(day: datetime.date, kind: type[Period], by: int) -> None:
    period = kind.of(day)
    assert day in period and day not in period.next() and day not in period.previous()
    assert period.next().first_day == period.last_day + datetime.timedelta(days=1)
    assert period.shift(by).shift(-by) == period
    assert Period.parse(period.code) == period
    assert all(part in period for part in period.divided(Month)) and len(period.divided(Month)) == kind.months


@given(DAYS, DAYS)
def test_codes_of_one_kind_sort_as_their_periods(one: datetime.date, other: datetime.date) -> None:
    for kind in KINDS:
        assert (kind.of(one) < kind.of(other)) == (kind.of(one).code < kind.of(other).code)


def test_a_period_is_a_value() -> None:
    period = Quarter(2026, 3)
    assert {period, Quarter(2026, 3), Period.parse("2026Q3")} == {period}
    assert pickle.loads(pickle.dumps(period)) == period == copy.deepcopy(period)  # noqa: S301
    with pytest.raises(AttributeError):
        period.number = 4  # type: ignore[misc]
