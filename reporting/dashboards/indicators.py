"""Indicators of a region: those an office has to look at, and all of an area beside their own past."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from indicators.models import Against, Direction, Indicator
from indicators.paths import Light
from indicators.queries import (
    COVERAGE_FACTS,
    Board,
    Cells,
    IndicatorValue,
    Plan,
    board_of,
    facts_measured,
    plan,
    region_cells,
)
from indicators.units import compared_indicator
from records.models import ReportingQuarter
from reporting.dashboards.units import Delta
from reporting.links import side_urls

#: Names, in addresses, those that have something to reach, whatever they are about.
AIMED = "aimed"


def indicators_url(place: Place, quarter: Quarter) -> str:
    query = urlencode({"region": place.code, "quarter": quarter.code})
    return f"{reverse('reporting:dashboard_indicators')}?{query}"


def area_url(place: Place, quarter: Quarter, area: str) -> str:
    return f"{indicators_url(place, quarter)}&{urlencode({'area': area})}"


def areas_of(in_force: Iterable[Indicator]) -> dict[str, list[Indicator]]:
    """The indicators by area, in their order."""
    areas: dict[str, list[Indicator]] = {}
    for one in in_force:
        areas.setdefault(one.area, []).append(one)
    return areas


def _deltas(indicator: Indicator, value: IndicatorValue, laid: Plan, cells: Cells) -> dict[Against, Delta]:
    compared = compared_indicator(indicator, value, laid.place, laid.quarter, cells, laid.over)
    return {against: Delta(one, indicator.unit) for against, one in compared.items()}


def _is_off(value: IndicatorValue) -> bool:
    return value.mark is not None and value.mark.light in (Light.BEHIND, Light.FAR)


@dataclass(frozen=True)
class Watched:
    """An indicator with something to reach that is behind it, or worse than a year before (``is_worse``)."""

    value: IndicatorValue
    over_quarter: Delta | None
    over_year: Delta | None

    @property
    def is_off(self) -> bool:
        return _is_off(self.value)

    @property
    def is_worse(self) -> bool:
        if self.over_year is None:
            return False
        change = self.over_year.comparison.change
        return change < 0 if self.value.direction == Direction.UP else change > 0


def watched(laid: Plan, board: Board, cells: Cells) -> list[Watched]:
    """The far behind first, then the others behind, then what is only worse. ``cells`` know the place's two years."""
    by_code = {one.code: one for one in laid.aimed}
    found = []
    for value in board.indicators:
        if (indicator := by_code.get(value.code)) is None:
            continue
        deltas = _deltas(indicator, value, laid, cells)
        found.append(Watched(value, deltas.get(Against.QUARTER), deltas.get(Against.YEAR)))
    rank = {Light.FAR: 0, Light.BEHIND: 1}
    kept = [one for one in found if one.is_off or one.is_worse]
    return sorted(kept, key=lambda one: rank.get(one.value.mark.light, 2) if one.value.mark else 2)


@dataclass(frozen=True)
class Measured:
    """An indicator, what its two sides open ((label, address) of each fact), and its changes."""

    value: IndicatorValue
    numerator: list[tuple[str, str]]
    denominator: list[tuple[str, str]]
    over_quarter: Delta | None
    over_year: Delta | None


@dataclass(frozen=True)
class Area:
    """What may be chosen. ``off``: how many are behind the way to their target."""

    name: str
    label: str
    count: int
    off: int
    url: str
    is_shown: bool


@dataclass(frozen=True)
class IndicatorPage:
    """The indicators of one area. ``refused``: the area that the address asked for in vain."""

    place: Place
    quarter: Quarter
    areas: list[Area]
    measured: list[Measured]
    refused: str

    @property
    def shown(self) -> Area | None:
        return next((area for area in self.areas if area.is_shown), None)

    @property
    def notice(self) -> str:
        if not self.refused or self.shown is None:
            return ""
        text = _("没有“%(area)s”这个领域的指标，现在显示的是“%(shown)s”。请从上面选择领域。")
        return text % {"area": self.refused, "shown": self.shown.label}


def _chosen(asked: Mapping[str, str], groups: Mapping[str, Sequence[Indicator]]) -> tuple[str, str]:
    """The area to show, and the one that was asked for in vain."""
    wanted = asked.get("area", "")
    if wanted in groups:
        return wanted, ""
    return next((name for name, inside in groups.items() if inside), ""), wanted


def build_indicators(
    place: Place, quarter: Quarter, asked: Mapping[str, str], known: Sequence[ReportingQuarter]
) -> IndicatorPage:
    """Three queries."""
    laid = plan(place, quarter, known=known)
    groups = {AIMED: laid.aimed, **areas_of(laid.in_force)} if laid.aimed else areas_of(laid.in_force)
    area, refused = _chosen(asked, groups)
    shown = groups.get(area, [])
    codes = {*COVERAGE_FACTS.values(), *facts_measured([*laid.aimed, *shown])}
    quarters = {*laid.quarters, *(one for against in Against for one in against.before(quarter).year_to_date())}
    cells = region_cells([place.pk], sorted(quarters), codes)
    values = {one.code: one for one in board_of(laid, cells, {}, codes=codes, also=shown).indicators}
    off = {code for code, value in values.items() if _is_off(value)}
    measured = []
    for one in shown:
        value, deltas = values[one.code], _deltas(one, values[one.code], laid, cells)
        measured.append(
            Measured(
                value,
                side_urls(value.numerator_facts, region=place.code, quarter=quarter, judged=value.judged),
                side_urls(value.denominator_facts, region=place.code, quarter=quarter, judged=value.judged),
                deltas.get(Against.QUARTER),
                deltas.get(Against.YEAR),
            )
        )
    areas = [
        Area(
            name,
            _("有目标或要求值的") if name == AIMED else name,
            len(inside),
            sum(1 for one in inside if one.code in off),
            area_url(place, quarter, name),
            name == area,
        )
        for name, inside in groups.items()
    ]
    return IndicatorPage(place, quarter, areas, measured, refused)
