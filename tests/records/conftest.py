"""What several modules about records stand on."""

import pytest

from foundation.calendar.periods import Quarter
from records.duties.actions import generate_duties
from records.models import DutyRule
from tests.records.returns import HAZARD, PARTY


@pytest.fixture
def quarter(cast) -> Quarter:
    """The last quarter, with two returns owed by the enterprise."""
    found = Quarter.current().previous()
    for kind in (PARTY, HAZARD):
        DutyRule.objects.create(kind=kind, tiers=[cast.enterprise.pilot_tier])
    generate_duties(found)
    return found
