"""Loading the demonstration, in a size that loads quickly: repeatable, never half there, never beside anything else."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from backoffice.demo.loading import is_loaded, load_demo
from backoffice.demo.setting import QUARTERS, demo_quarters
from backoffice.reference import load_reference_data
from enterprises.models import Enterprise
from foundation.access.models import Grant, Role
from foundation.accounts.models import User
from foundation.refusals import Refused
from records.models import Record

pytestmark = pytest.mark.django_db


def _small(folder):
    return load_demo(accounts_file=folder / "demo-accounts.txt", cities=("3213",), enterprises_per_county=1, quarters=3)


@pytest.mark.sweep
def test_a_load_that_fails_leaves_nothing_and_the_next_is_the_same(db, tmp_path, monkeypatch) -> None:
    load_reference_data()

    def rows():
        ordered = Record.objects.order_by("pk")
        return list(ordered.values_list("title", "enterprise__name", "quarter", "status", "attendances"))

    written = []

    def fail(path, listed) -> None:
        written.extend(rows())
        raise OSError("no space left on device")

    with monkeypatch.context() as failing:
        failing.setattr("backoffice.demo.loading.write_accounts", fail)
        with pytest.raises(OSError, match="no space"), transaction.atomic():
            _small(tmp_path)
    assert not Enterprise.objects.exists()
    assert not User.objects.exists()
    assert not is_loaded()
    assert len(written) > 20
    _small(tmp_path)
    assert rows() == written


def test_it_is_refused_beside_real_enterprises(cast, tmp_path) -> None:
    with pytest.raises(Refused, match="already holds enterprises"):
        _small(tmp_path)
    with pytest.raises(CommandError, match="already holds enterprises"):
        call_command("demo_data")
    assert not Grant.objects.filter(role=Role.CLERK, user__username="clerk1").exists()


def test_without_reference_data_it_says_so(db, tmp_path) -> None:
    with pytest.raises(Refused, match="load_reference_data"):
        _small(tmp_path)


def test_the_quarters_follow_the_calendar() -> None:
    years = [f"2025Q{number}" for number in range(1, 5)] + [f"2026Q{number}" for number in range(1, 5)]
    assert [q.code for q in demo_quarters(datetime.date(2026, 11, 20))] == years
    assert [q.code for q in demo_quarters(datetime.date(2026, 12, 31))] == years
    assert [q.code for q in demo_quarters(datetime.date(2027, 1, 1))] == [*years[1:], "2027Q1"]
    assert len(years) == QUARTERS
