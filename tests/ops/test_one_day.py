"""A run of the tests that crosses midnight sees one day."""

import datetime
import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.one_day import set_back_at

ROOT = Path(__file__).resolve().parents[2]
HERE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "begun",
    ["2026-11-30T00:00", "2026-11-30T12:00", "2026-11-30T20:59", "2026-11-30T21:01", "2026-12-31T23:59:50"],
)
def test_the_day_stays_for_as_long_as_a_run_takes(begun: str) -> None:
    start = datetime.datetime.fromisoformat(begun).replace(tzinfo=HERE)
    back = set_back_at(start)
    for minutes in (0, 15, 90, 179):
        shown = start + datetime.timedelta(minutes=minutes) - back
        assert shown.astimezone(HERE).date() == start.date()


def test_without_midnight_near_the_clock_is_the_real_one() -> None:
    assert not set_back_at(datetime.datetime(2026, 11, 30, 12, tzinfo=HERE))


def test_what_is_loaded_after_it_reads_the_clock_that_was_set_back() -> None:
    """The default of a column and what the portal calls today."""
    said = (
        "import datetime, django, tests.one_day; django.setup()\n"
        "from django.utils import timezone\n"
        "from foundation.notify.models import Message\n"
        "real, read = datetime.datetime.now(datetime.UTC), Message._meta.get_field('created_at').pre_save(Message(), True)\n"
        "print(round((real - read).total_seconds()), round((real - timezone.localtime()).total_seconds()))\n"
    )
    env = {**os.environ, "PORTAL_TEST_CLOCK_SET_BACK": "14400", "DJANGO_SETTINGS_MODULE": "reform_portal.settings"}
    ended = subprocess.run([sys.executable, "-c", said], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["14400", "14400"]
