"""How offices review: working days, the share of the sample, ready-made phrases. Rows, with proposals where none is set."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.labels import Label
from records.review.models import ReviewSettings

#: Proposals (待核定) until the province sets its own.
REVIEW_DAYS, APPEAL_DAYS, SAMPLE_PERCENT = 5, 5, 5
MOST_DAYS, MOST_PHRASES, LONGEST_PHRASE = 60, 30, 200
#: What an office starts from until it has a list of its own.
STARTER_PHRASES: tuple[Label, ...] = (
    _("参加人数与人次不一致，请核对后重新填写。"),
    _("活动日期与佐证材料不符，请核对。"),
    _("与已提交的记录重复，请确认后保留一条。"),
    _("标题没有写明活动内容，请补充。"),
    _("数字明显偏大，请核对单位和位数。"),
    _("不属于这一记录类型，请改填相应的类型。"),
)


@dataclass(frozen=True)
class ReviewRules:
    """What holds in one place. ``proposed`` names the numbers nobody has set yet."""

    review_days: int
    appeal_days: int
    sample_percent: int
    proposed: frozenset[str] = frozenset()


_PROPOSALS = {"review_days": REVIEW_DAYS, "appeal_days": APPEAL_DAYS, "sample_percent": SAMPLE_PERCENT}


class SettingsOf:
    """The settings of some places, read with one query when first asked for."""

    def __init__(self, place_ids: Iterable[int]) -> None:
        self.place_ids = set(place_ids)

    @cached_property
    def _rows(self) -> dict[int, ReviewSettings]:
        return {row.place_id: row for row in ReviewSettings.objects.filter(place_id__in=self.place_ids)}

    def rules(self, *place_ids: int) -> ReviewRules:
        """What holds where the places, the nearest first, are asked in turn."""
        values, proposed = {}, set()
        rows = [self._rows[pk] for pk in place_ids if pk in self._rows]
        for name, proposal in _PROPOSALS.items():
            found = next((value for row in rows if (value := getattr(row, name)) is not None), None)
            values[name] = proposal if found is None else found
            if found is None:
                proposed.add(name)
        return ReviewRules(**values, proposed=frozenset(proposed))


class Placed(Protocol):
    """A record, an appeal or anything else that has a city and a province."""

    city_id: int
    province_id: int


def rules_of(obj: Placed) -> ReviewRules:
    """What holds where it lies."""
    return SettingsOf([obj.city_id, obj.province_id]).rules(obj.city_id, obj.province_id)


def phrases_of(place_id: int) -> list[str]:
    """The office's own phrases; until it has some, the starters."""
    row = ReviewSettings.objects.filter(pk=place_id).only("phrases").first()
    if row is None or row.phrases is None:
        return [str(phrase) for phrase in STARTER_PHRASES]
    return list(row.phrases)


def phrases_for(user: Actor) -> list[str]:
    """The phrases of the person's office."""
    places = scope_of(user).places(Role.COUNTY, Role.CITY, Role.PROVINCE)
    return phrases_of(places[0].pk) if places else []
