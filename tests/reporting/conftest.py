"""What several tests of figures stand on."""

import pytest

from indicators.fill import catch_up
from indicators.loading import load_indicators
from tests.indicators.helpers import NOW, lecture, party


@pytest.fixture
def reported(cast):
    """Two quarters of lectures and returns in three counties of two cities; the latter quarter is open."""
    load_indicators()
    lecture(cast, attendances=40, number_of_people=40)
    lecture(cast, attendances=25, number_of_people=25)
    lecture(cast, who="second_enterprise", attendances=12, number_of_people=12)
    lecture(cast, who="neighbour_enterprise", attendances=90, number_of_people=90)
    lecture(cast, day=NOW.first_day, attendances=30)
    party(cast, new=9, front=7, total=60)
    party(cast, who="second_enterprise", new=6, front=5, total=30)
    party(cast, who="neighbour_enterprise", new=8, front=6, total=50)
    party(cast, quarter=NOW, new=7, front=5, total=70)
    catch_up()
    return cast
