"""What the measuring seed writes is as the actions would have left it. Seeded once for all of these."""

from collections import defaultdict
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker
from stdnum.cn import uscc

from backoffice.reference import load_reference_data
from enterprises.models import Enterprise, Pilot
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.facts.models import Change
from foundation.places.models import pinyin_initials
from records.core.kinds import enterprise_kinds, kind_of
from records.core.periods import counting_quarter, open_quarters
from records.core.transitions import check_complete
from records.core.values import stored, values_of
from records.models import Duty, QuarterStatement, Record, RecordStep, Status

#: In one worker: the rows are seeded there and nowhere else.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("seeded-rows")]


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tests' own transactions lie within this one, which is taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference_data()
        call_command("seed_scale", stdout=StringIO(), enterprises=60, records=450, quarters=2)
        # Once: each test would check at its end every reference of what was seeded.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


def test_enterprises_are_as_registered(seeded: None) -> None:
    for enterprise in Enterprise.objects.select_related("place", "county"):
        assert uscc.validate(enterprise.credit_code) == enterprise.credit_code == enterprise.place.code
        assert enterprise.initials == pinyin_initials(enterprise.name) == enterprise.place.initials
        assert (enterprise.city_id, enterprise.place.county_id) == (enterprise.county.city_id, enterprise.county_id)
        enterprise.full_clean()
        tiers = list(Pilot.objects.filter(enterprise=enterprise).values_list("tier", flat=True))
        assert tiers == [enterprise.pilot_tier] * enterprise.is_pilot


def test_records_are_as_the_actions_leave_them(seeded: None) -> None:
    quarters, kinds = open_quarters(), enterprise_kinds()
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
    quarter, kind = Quarter.current().previous().code, "ideology.partydevelopment"
    owed = Duty.objects.filter(quarter=quarter, kind=kind)
    assert owed.count() == Enterprise.objects.filter(has_party_organisation=True).count() > 0
    filed = owed.filter(record__isnull=False)
    # Which quarters the few returns of this kind are of is chance.
    assert filed.exists() == Record.objects.filter(kind=kind, period=quarter).exists()
    for statement in QuarterStatement.objects.filter(is_nil=True):
        beside = Record.objects.filter(
            enterprise=statement.enterprise_id, quarter=statement.quarter, period__isnull=True
        ).exclude(status__in=[Status.REJECTED, Status.WITHDRAWN])
        assert not beside.exists()


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
