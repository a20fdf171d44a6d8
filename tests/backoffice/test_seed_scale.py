"""The measuring seed adds what it was asked for, as the actions would have left it, and says what it does not store."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from backoffice.reference import load_reference_data
from enterprises.models import Enterprise
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from indicators.drift import check
from indicators.fill import catch_up, open_reporting_quarters
from indicators.queries import figures
from records.models import Record

pytestmark = pytest.mark.django_db


def _seed(**options: int) -> str:
    out = StringIO()
    call_command("seed_scale", stdout=out, **options)
    return out.getvalue()


@pytest.mark.sweep
def test_it_adds_rows_and_fills(db: None) -> None:
    load_reference_data()
    said = _seed(enterprises=60, workers=50, records=250, quarters=2)
    assert "no register of workers" in said
    assert (Enterprise.objects.count(), Record.objects.count()) == (60, 250)
    province = Place.objects.get(code="32")
    for quarter in open_reporting_quarters():
        assert check(quarter) == []
    assert figures(province, Quarter.current().previous())["B01.sessions"].value > 0
    assert not any(user.has_usable_password() for user in User.objects.all())

    _seed(enterprises=10, records=100, quarters=2)
    assert (Enterprise.objects.count(), Record.objects.count()) == (70, 350)
    assert len(set(Enterprise.objects.values_list("name", flat=True))) == 70
    catch_up()
    for quarter in open_reporting_quarters():
        assert check(quarter) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL is seeded by sets")
def test_indexes_and_keys_are_back(db: None) -> None:
    """Taken off while the rows go in: the same stand again, and none is unchecked."""

    def there() -> list[list]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef")
            found = [cursor.fetchall()]
            cursor.execute(
                "SELECT attrelid::regclass::text, attnum, attstattarget FROM pg_attribute JOIN pg_index "
                "ON indexrelid = attrelid WHERE attstattarget >= 0 AND attnum > 0 ORDER BY 1, 2"
            )
            found.append(cursor.fetchall())
            cursor.execute(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
            )
            return [*found, cursor.fetchall()]

    load_reference_data()
    before = there()
    _seed(enterprises=30, records=100, quarters=2)
    assert there() == before
    connection.check_constraints()


def test_it_needs_reference_data(db: None) -> None:
    with pytest.raises(CommandError, match="load_reference_data"):
        _seed(enterprises=1)


def test_records_need_enterprises(db: None) -> None:
    load_reference_data()
    with pytest.raises(CommandError, match="need enterprises"):
        _seed(records=10)
