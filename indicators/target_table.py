"""The table of targets: the regions somebody looks after by indicators, for a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from foundation.access.rules import where
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.places.models import COUNTY_LEVELS, Level, Place
from indicators.models import Direction, Indicator, Target
from indicators.paths import QUARTERS
from indicators.queries import IndicatorValue, indicators_of_units
from records.core.periods import working_quarter

#: So many columns at once: more can be read by nobody.
MOST_COLUMNS = 12


@dataclass(frozen=True)
class Cell:
    """A target of a region. ``before``: the indicator at the end of the year before. ``now``: how it stands, where the
    year's target is what it is held against. ``typed``: what stands in the field."""

    code: str
    name: str
    value: Decimal | None
    typed: str
    url: str
    may_set: bool
    before: IndicatorValue | None
    now: IndicatorValue | None
    is_wrong: bool = False


@dataclass(frozen=True)
class Line:
    place: Place
    is_own: bool
    cells: list[Cell]


@dataclass(frozen=True)
class TargetTable:
    """``quarter``: the one whose lights are shown; of a year to come none. ``offered``: what there may be targets of."""

    year: int
    quarter: Quarter | None
    columns: list[Indicator]
    offered: list[Indicator]
    lines: list[Line] = field(default_factory=list)

    @property
    def may_set(self) -> bool:
        return any(cell.may_set for line in self.lines for cell in line.cells)

    def with_typed(self, typed: Mapping[str, str], wrong: Mapping[str, str]) -> "TargetTable":
        """The same with what was sent in the fields, so that nothing typed is lost."""
        lines = [
            replace(
                line,
                cells=[
                    replace(cell, typed=typed.get(cell.name, cell.typed), is_wrong=cell.name in wrong)
                    for cell in line.cells
                ],
            )
            for line in self.lines
        ]
        return replace(self, lines=lines)


def regions_looked_after(user: Actor) -> list[Place]:
    """The person's own regions and the regions directly below, highest first."""
    own = scope_of(user).regions()
    below = [Level.CITY, *COUNTY_LEVELS]
    mine = Q(pk__in=[place.pk for place in own])
    found = Place.objects.regions().open().filter(mine | Q(parent__in=own, level__in=below))
    ranks = {Level.PROVINCE.value: 0, Level.CITY.value: 1}
    return sorted(found.select_related("city"), key=lambda place: (ranks.get(place.level, 2), place.code))


def _quarter_of(year: int) -> Quarter | None:
    """The quarter that says how the year's targets stand."""
    worked, now = working_quarter(), Quarter.current()
    if worked.year == year:
        return worked
    return Quarter(year, QUARTERS) if year < worked.year else now if now.year == year else None


def _columns(offered: Sequence[Indicator], asked: Sequence[str], places: Sequence[Place], year: int) -> list[Indicator]:
    """What was asked for; else what has targets this year or had in the year before, else what has a standard."""
    if asked:
        return [one for one in offered if one.code in asked][:MOST_COLUMNS]
    present = Target.objects.filter(place__in=places, year__in=[year - 1, year]).order_by()
    codes = set(present.values_list("indicator", flat=True).distinct())
    if found := [one for one in offered if one.code in codes]:
        return found[:MOST_COLUMNS]
    return [one for one in offered if one.target is not None][:MOST_COLUMNS]


def table_of_targets(user: Actor, year: int, asked: Sequence[str]) -> TargetTable:
    """The table a person sees of a year: what it costs does not depend on how many regions and targets there are."""
    last = Quarter(year, QUARTERS)
    offered = [
        one
        for one in Indicator.objects.visible_to(user).in_force(min(last, Quarter.current()))
        if one.direction != Direction.NONE
    ]
    places = regions_looked_after(user)
    columns = _columns(offered, asked, places, year)
    quarter = _quarter_of(year)
    targets = {
        (row.place_id, row.indicator): row
        for row in Target.objects.visible_to(user).filter(
            place__in=places, year=year, indicator__in=[one.code for one in columns]
        )
    }
    settable = set(
        Place.objects.filter(where(user, "indicators.set_targets"), pk__in=[place.pk for place in places]).values_list(
            "pk", flat=True
        )
    )
    read = indicators_of_units(places, columns, quarter or Quarter(timezone.localdate().year + 1, 1))
    own = {place.pk for place in scope_of(user).regions()}
    lines = []
    for place in places:
        cells = []
        for one in columns:
            target = targets.get((place.pk, one.code))
            now = read.now[place.pk, one.code]
            is_told = quarter is not None and now.mark is not None and now.mark.way is not None
            cells.append(
                Cell(
                    code=one.code,
                    name=f"t-{place.pk}-{one.code}",
                    value=None if target is None else target.value,
                    typed="" if target is None else f"{target.value.normalize():f}",
                    url="" if target is None else target.get_absolute_url(),
                    may_set=place.pk in settable,
                    before=read.before[place.pk, one.code],
                    now=now if is_told and now.mark and now.mark.way and now.mark.way.year == year else None,
                )
            )
        lines.append(Line(place, place.pk in own, cells))
    return TargetTable(year, quarter, columns, offered, lines)
