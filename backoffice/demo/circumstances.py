"""适用情况 of the demonstration: enterprises of the known cities have answered what applies to them, as they then file."""

import random
from collections.abc import Mapping, Sequence

from backoffice.demo.plan import Planner
from backoffice.demo.register import KNOWN_CITIES
from backoffice.demo.setting import SEED
from enterprises.models import PilotTier
from foundation.accounts.models import User
from foundation.calendar.periods import Year
from records.core.kinds import RecordKind
from records.duties.actions import answer_applicability
from records.duties.circumstances import SaidNone
from records.duties.models import Circumstance

#: How many of the pilots there have answered, and how likely something is there of which nothing is filed.
_ANSWERED, _THERE = 0.8, 0.2


def _questions_of(kind: RecordKind) -> set[str]:
    """What must have been answered with yes where the kind is filed."""
    return {rule.question.value for rule in kind.warnings if issubclass(rule, SaidNone)}


def answer_circumstances(planner: Planner, clerks: Mapping[int, User], years: Sequence[int]) -> None:
    """Who files something of a question says yes to it."""
    chance = random.Random(SEED)
    for enterprise in planner.enterprises:
        is_asked = enterprise.county.code[:4] in KNOWN_CITIES and enterprise.pilot_tier != PilotTier.NONE
        if not is_asked or (enterprise.pk not in planner.shown and chance.random() > _ANSWERED):
            continue
        filed = set().union(*(_questions_of(kind) for kind in planner.others[enterprise.pk]))
        answers = {one.value: one.value in filed or chance.random() < _THERE for one in Circumstance}
        for year in years:
            answer_applicability(
                acting_user=clerks[enterprise.pk], enterprise=enterprise, year=Year(year), answers=answers
            )
