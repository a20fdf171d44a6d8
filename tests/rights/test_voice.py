"""Disclosure and opinions by channel."""

import pytest
from django.core.exceptions import ValidationError

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from tests.rights.filing import approve, filed, hand_in

pytestmark = pytest.mark.django_db

KIND = "rights.voice"


def line(channel: str, received: int, settled: int, in_time: int | None = None, satisfied: int | None = None) -> dict:
    return {
        "channel": channel,
        "received": received,
        "settled": settled,
        "in_time": in_time,
        "satisfied": satisfied,
    }


def test_opinions_add_up_over_channels(cast):
    lines = [line("union", 10, 9, 8, 7), line("manager", 4, 4), line("meeting", 0, 0, 0)]
    record = filed(cast, KIND, disclosures=3, visits=2, opinions=lines)
    hand_in(cast, record)
    approve(cast, record)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    codes = ("F04.times", "F06.received", "F06.settled", "F06.in_time", "F06.satisfied", "F21.times")
    assert [shown[code].value for code in codes] == [3, 14, 13, 8, 7, 2]
    assert [shown[code].value for code in ("B17.received", "B17.closed")] == [14, 13]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([line("union", 3, 4)], "超过了“收到”"),
        ([line("union", 4, 3, in_time=4)], "超过了“办结”"),
        ([line("union", 4, 3, satisfied=4)], "超过了“办结”"),
        ([line("union", 4, 3), line("union", 1, 1)], "与第 1 行相同"),
    ],
)
def test_a_channel_stands_once_and_its_parts_lie_within(cast, lines, words):
    with pytest.raises(ValidationError) as caught:
        filed(cast, KIND, opinions=lines)
    assert words in str(caught.value)
