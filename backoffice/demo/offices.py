"""What offices report of themselves, in the quarters that are open: filed, confirmed by the office above, some not yet."""

import datetime
import random
from collections.abc import Sequence

from backoffice.demo.people import holders
from backoffice.demo.setting import ORIGIN, SEED, Clock
from foundation.access.models import Role
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from records.core.bulk import create_records, move_records
from records.core.factories import build_record
from records.core.kinds import RecordKind, office_kinds
from records.models import Record

#: The offices that have something to tell, with who confirms it: nobody above confirms the province's.
_OFFICES = (
    ("320115", "3201"),
    ("320106", "3201"),
    ("320571", "3205"),
    ("3201", "32"),
    ("3205", "32"),
    ("32", ""),
)
_UNCLEAR = "请核对各项数字的来源后再提交。"


def _days(kind: RecordKind, quarters: Sequence[Quarter], clock: Clock) -> list[datetime.date]:
    """An event in each of the quarters; a return once, of the latest quarter that is over."""
    if not kind.is_return:
        return [clock.day_in(quarter) for quarter in quarters]
    return [quarter.last_day for quarter in quarters if quarter.last_day < clock.today][-1:]


def _move(user: User, records: Sequence[Record], action: str, at: datetime.datetime, reason: str = "") -> None:
    """Raises ``RuntimeError`` when a move is refused: the plan must be possible."""
    ids = [record.pk for record in records]
    outcomes = move_records(acting_user=user, record_ids=ids, action=action, reason=reason, at=at, asks=False)
    if refused := [outcome for outcome in outcomes if not outcome.ok]:
        raise RuntimeError(f"demo: {action} refused for record {refused[0].record_id}: {refused[0].message}")


def report_of_offices(quarters: Sequence[Quarter]) -> None:
    """Of each kind, by each office that reports it: the first that was filed is a draft, the second waits, the third has
    come back, the others are confirmed; where one stands in this row differs from office to office."""
    clock = Clock(random.Random(SEED))
    people = {**holders(Role.COUNTY), **holders(Role.CITY), **holders(Role.PROVINCE)}
    places = {place.code: place for place in Place.objects.filter(code__in=[code for code, *_more in _OFFICES])}
    present = [entry for entry in _OFFICES if entry[0] in places and places[entry[0]].pk in people]
    for turn, (code, above) in enumerate(present):
        office = places[code]
        officer, made = people[office.pk], list[Record]()
        for kind in office_kinds(office):
            if not kind.is_for_enterprises:
                drafts = [build_record(kind, enterprise=office, day=day) for day in _days(kind, quarters, clock)]
                filed_at = clock.now - datetime.timedelta(days=3)
                made += create_records(acting_user=officer, kind=kind, drafts=drafts, origin=ORIGIN, at=filed_at)
        made = made[turn:] + made[:turn]
        _move(officer, made[1:], "submit", clock.now - datetime.timedelta(days=2))
        if above:
            decider, decided_at = people[places[above].pk], clock.now - datetime.timedelta(days=1)
            _move(decider, made[2:3], "return", decided_at, _UNCLEAR)
            _move(decider, made[3:], "approve", decided_at)
