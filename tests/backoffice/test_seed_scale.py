"""The measuring seed adds what it was asked for, as the actions would have left it, and says what it does not store."""

from collections import defaultdict
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from stdnum.cn import uscc

from backoffice.reference import load_reference_data
from enterprises.models import Enterprise, Pilot
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.facts.models import Change
from foundation.places.models import Place, pinyin_initials
from indicators.drift import check
from indicators.fill import catch_up, open_reporting_quarters
from indicators.queries import figures
from records.core.kinds import all_kinds, kind_of
from records.core.periods import counting_quarter, open_quarters
from records.core.transitions import check_complete
from records.core.values import stored, values_of
from records.models import Duty, QuarterStatement, Record, RecordStep, Status

pytestmark = pytest.mark.django_db


def _seed(**options: int) -> str:
    out = StringIO()
    call_command("seed_scale", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def seeded(db: None) -> None:
    load_reference_data()
    _seed(enterprises=60, records=450, quarters=2)


def test_it_adds_rows_and_fills(db: None) -> None:
    load_reference_data()
    said = _seed(enterprises=120, workers=50, records=400, quarters=2)
    assert "no register of workers" in said
    assert (Enterprise.objects.count(), Record.objects.count()) == (120, 400)
    province = Place.objects.get(code="32")
    for quarter in open_reporting_quarters():
        assert check(quarter) == []
    assert figures(province, Quarter.current().previous())["B01.sessions"].value > 0
    assert not any(user.has_usable_password() for user in User.objects.all())

    _seed(enterprises=10, records=100, quarters=2)
    assert (Enterprise.objects.count(), Record.objects.count()) == (130, 500)
    assert len(set(Enterprise.objects.values_list("name", flat=True))) == 130
    catch_up()
    for quarter in open_reporting_quarters():
        assert check(quarter) == []


def test_enterprises_are_as_registered(seeded: None) -> None:
    for enterprise in Enterprise.objects.select_related("place", "county"):
        assert uscc.validate(enterprise.credit_code) == enterprise.credit_code == enterprise.place.code
        assert enterprise.initials == pinyin_initials(enterprise.name) == enterprise.place.initials
        assert (enterprise.city_id, enterprise.place.county_id) == (enterprise.county.city_id, enterprise.county_id)
        enterprise.full_clean()
        tiers = list(Pilot.objects.filter(enterprise=enterprise).values_list("tier", flat=True))
        assert tiers == [enterprise.pilot_tier] * enterprise.is_pilot


def test_records_are_as_the_actions_leave_them(seeded: None) -> None:
    quarters, kinds = open_quarters(), all_kinds()
    found = [record for kind in kinds for record in kind.model.objects.select_related("enterprise")]
    assert {record.kind for record in found if kind_of(record).rhythm == "event"} == {
        kind.slug for kind in kinds if not kind.is_return
    }
    steps: dict[int, list[RecordStep]] = defaultdict(list)
    for step in RecordStep.objects.order_by("pk"):
        steps[step.record_id].append(step)
    for record in found:
        kind, trail = kind_of(record), [step for step in steps[record.pk] if step.action not in ("appeal", "uphold")]
        assert kind.applies_to(record.enterprise)
        assert (record.province_id, record.city_id, record.county_id) == (
            record.enterprise.province_id,
            record.enterprise.city_id,
            record.enterprise.county_id,
        )
        counted = counting_quarter(kind, happened_on=record.happened_on, period=record.period, quarters=quarters)
        assert counted == (Quarter.parse(record.quarter), record.is_late_entry)
        assert [step.version for step in trail] == list(range(1, record.version + 1))
        assert ["", *(step.to_status for step in trail)] == [*(step.from_status for step in trail), record.status]
        assert sorted(step.at for step in trail) == [step.at for step in trail]
        assert trail[-1].values == values_of(record, {})
        assert (record.status == Status.SUBMITTED) == bool(record.held_by)
        if record.status != Status.DRAFT:
            check_complete(record)
            assert all(stored(record, name) not in (None, "") for name in kind.required_of(record))
            assert record.decide_by > record.created_at.date()
            assert Change.objects.filter(subject=record.pk, source=record.kind, quarter=record.quarter).exists()
    assert 0 < Record.objects.waiting().count() < 225


def test_duties_and_statements_are_there(seeded: None) -> None:
    owed = Duty.objects.filter(quarter=Quarter.current().previous().code, kind="ideology.partydevelopment")
    assert owed.count() == 60
    filed = owed.filter(record__isnull=False)
    assert filed.exists() == Record.objects.filter(kind="ideology.partydevelopment").exists()
    for statement in QuarterStatement.objects.filter(is_nil=True):
        beside = Record.objects.filter(
            enterprise=statement.enterprise_id, quarter=statement.quarter, period__isnull=True
        ).exclude(status__in=[Status.REJECTED, Status.WITHDRAWN])
        assert not beside.exists()


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


def test_its_people_find_their_pages(seeded: None) -> None:
    client = Client()
    for username, path in (
        ("scale-320115", "/"),
        ("scale-320115", "/review/"),
        ("scale-3201", "/records/"),
        ("scale-32", "/dashboard/"),
    ):
        client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
        assert client.get(path).status_code == 200, (username, path)


def test_it_needs_reference_data(db: None) -> None:
    with pytest.raises(CommandError, match="load_reference_data"):
        _seed(enterprises=1)


def test_records_need_enterprises(db: None) -> None:
    load_reference_data()
    with pytest.raises(CommandError, match="need enterprises"):
        _seed(records=10)
