"""Duties are made by one statement a rule: for those who owe and have none yet, met by the first record that meets it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enterprises.models import PilotTier
from foundation.calendar.periods import Quarter
from foundation.facts.models import Change
from records.core.actions import act
from records.duties.actions import generate_duties
from records.models import Duty, DutyRule, Record
from tests.cast import Cast, make_enterprise
from tests.contracts.world import PARTY, filed

pytestmark = pytest.mark.django_db

NOW = Quarter.current()


def test_only_who_owes_and_has_none_gets_one(cast: Cast) -> None:
    DutyRule.objects.create(kind=PARTY, tiers=[PilotTier.CITY])
    type(cast.enterprise).objects.update(pilot_tier=PilotTier.NONE)
    type(cast.enterprise).objects.filter(pk=cast.enterprise.pk).update(pilot_tier=PilotTier.CITY)
    assert generate_duties(NOW) == 1
    duty = Duty.objects.get()
    assert (duty.enterprise_id, duty.county_id, duty.quarter) == (
        cast.enterprise.pk,
        cast.enterprise.county_id,
        NOW.code,
    )
    assert generate_duties(NOW) == 0
    change = Change.objects.get(source="duties")
    assert (change.place_id, change.is_below, change.quarter) == (cast.enterprise.county_id, True, NOW.code)


def test_a_record_handed_in_before_meets_it(cast: Cast) -> None:
    """A yearly event counts by its first hand-in; one that was refused or is a draft does not."""
    kind = "rights.congresssession"
    first = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug=kind)
    later = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug=kind, title="后来的会议")
    refused = filed(cast.second_clerk, cast.second_enterprise, (cast.second_clerk, "submit"), slug=kind)
    Record.objects.filter(pk=later.pk).update(first_submitted_at=timezone.now() + datetime.timedelta(minutes=1))
    act(acting_user=cast.county, record_id=refused.pk, action="reject", version=refused.version, reason="重复。")
    DutyRule.objects.create(kind=kind)
    generate_duties(NOW)
    met = Duty.objects.get(enterprise=cast.enterprise)
    assert (met.record_id, met.fulfilled_at) == (first.pk, first.first_submitted_at)
    open_one = Duty.objects.get(enterprise=cast.second_enterprise)
    assert (open_one.record_id, open_one.fulfilled_at) == (None, None)


def test_its_cost_does_not_grow_with_the_register(cast: Cast) -> None:
    DutyRule.objects.create(kind=PARTY)
    generate_duties(NOW)
    costs = []
    for number in (1, 3):
        for turn in range(number):
            code = f"9132011500000{number}{turn}"
            make_enterprise(county=cast.places["320115"], name=f"江宁示例第{number}{turn}有限公司", code=code)
        with CaptureQueriesContext(connection) as captured:
            assert generate_duties(NOW) == number
        costs.append(len(captured))
    assert costs[0] == costs[1]
