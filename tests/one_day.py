"""A pytest plugin: all tests of a run see one and the same day.

Loaded with ``-p tests.one_day``, before anything reads the clock. Tests name days and quarters where they are loaded, and the rows
of the cast are of the day they were made; what runs after midnight would compare these with another day, on four nights a
year with another quarter. A run that begins shortly before midnight has its clock set back: time passes as ever, and the day
stays. The parallel workers take over what the process that started them found.

Programs have a clock of their own, so that the tests of programs and of the browser keep the real one.
"""

import datetime
import os
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

_MARK = "PORTAL_TEST_CLOCK_SET_BACK"
_ZONE = ZoneInfo("Asia/Shanghai")
#: Longer than any run takes; set back by more, the clock still shows the day on which the run began.
_LONGEST = datetime.timedelta(hours=3)
_BACK = datetime.timedelta(hours=4)
_real_now = timezone.now
_is_real = False


def set_back_at(begun: datetime.datetime) -> datetime.timedelta:
    """By how much for a run that began then."""
    here = begun.astimezone(_ZONE)
    return _BACK if (here + _LONGEST).date() != here.date() else datetime.timedelta()


def _now() -> datetime.datetime:
    return _real_now() if _is_real else _real_now() - _back


if _MARK not in os.environ:
    os.environ[_MARK] = str(int(set_back_at(datetime.datetime.now(datetime.UTC)).total_seconds()))
_back = datetime.timedelta(seconds=int(os.environ[_MARK]))
if _back:
    timezone.now = _now


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    global _is_real
    _is_real = bool(item.get_closest_marker("e2e") or item.get_closest_marker("programs"))
    try:
        return (yield)
    finally:
        _is_real = False
