"""The quarter that pages show until another is asked for."""

import datetime

import pytest
from django.utils import timezone

from foundation.calendar.periods import Quarter
from records.core.periods import working_quarter
from records.models import ReportingQuarter
from tests.cast import Cast

LAST = Quarter.parse("2026Q4")


@pytest.fixture
def quarters(cast: Cast) -> None:
    for quarter in (LAST, LAST.next()):
        ReportingQuarter.objects.get_or_create(code=quarter.code, defaults=ReportingQuarter.default_dates(quarter))
    ReportingQuarter.objects.update(is_open=True)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-31", "2026Q4"),
        ("2027-01-01", "2026Q4"),
        ("2027-01-15", "2026Q4"),
        ("2027-01-16", "2027Q1"),
    ],
)
def test_across_the_years_end(quarters: None, monkeypatch: pytest.MonkeyPatch, day: str, expected: str) -> None:
    """The quarter that ended is worked on until the day of its review, also in the new year."""
    noon = datetime.datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=timezone.get_default_timezone())
    monkeypatch.setattr(timezone, "now", lambda: noon)
    assert working_quarter().code == expected


def test_one_that_is_closed_is_worked_on_no_longer(quarters: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=False)
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime(2027, 1, 5, 4, tzinfo=datetime.UTC))
    assert working_quarter() == LAST.next()


def test_workbench_dashboard_and_progress_show_the_same(cast: Cast, sign_in) -> None:
    label = working_quarter().label
    browser = sign_in(cast.county)
    for address in ("/", "/dashboard/", "/records/progress/", "/records/duties/"):
        assert label in browser.get(address).content.decode(), address
