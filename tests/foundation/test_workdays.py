"""Counting in working days, by the table the province keeps."""

import datetime

import pytest

from foundation.calendar.loading import load_workdays
from foundation.calendar.models import SpecialDay, WorkYear
from foundation.calendar.workdays import (
    add_working_days,
    is_published,
    is_working_day,
    working_days_between,
)

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def table() -> None:
    load_workdays(2025)


@pytest.mark.parametrize(
    ("date", "worked"),
    [
        ("2026-09-30", True),
        ("2026-10-01", False),  # National Day, a Thursday
        ("2026-10-07", False),
        ("2026-10-10", True),  # a Saturday worked for it
        ("2026-10-11", False),
        ("2026-02-14", True),  # a Saturday before the Spring Festival
        ("2026-05-09", True),
    ],
)
def test_published_days(table: None, date: str, worked: bool) -> None:
    assert is_working_day(day(date)) is worked


def test_counting_past_a_holiday(table: None) -> None:
    # 30 September; then 8, 9 and, worked for the holiday, Saturday 10 October.
    assert add_working_days(day("2026-09-30"), 1) == day("2026-10-08")
    assert add_working_days(day("2026-09-30"), 3) == day("2026-10-10")
    assert add_working_days(day("2026-10-08"), -1) == day("2026-09-30")
    assert add_working_days(day("2026-10-03"), 0) == day("2026-10-03")
    assert working_days_between(day("2026-09-30"), day("2026-10-10")) == 3
    assert working_days_between(day("2026-10-10"), day("2026-09-30")) == -3
    assert working_days_between(day("2026-10-01"), day("2026-10-01")) == 0


def test_seven_working_days_hold_the_whole_long_way(table: None) -> None:
    assert add_working_days(day("2026-02-13"), 7) == day("2026-03-02")
    assert working_days_between(day("2026-02-13"), day("2026-03-02")) == 7


def test_a_year_nobody_published_is_monday_to_friday(table: None) -> None:
    assert is_published(2026) and not is_published(2040)
    assert not is_working_day(day("2040-10-06")) and is_working_day(day("2040-10-01"))


def test_loading_again_leaves_what_was_edited(table: None) -> None:
    SpecialDay.objects.get(day=day("2026-10-10")).delete()
    WorkYear.objects.filter(year=2026).update(is_settled=False)
    again = load_workdays(2025)
    assert again.touched == 0
    assert not is_working_day(day("2026-10-10")) and not is_published(2026)
