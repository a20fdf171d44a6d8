"""What a dashboard shows, as data: key figures, charts with the tables behind them, units below, indicators."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Nature
from foundation.places.models import Level, Place
from foundation.ratios import percent_of
from foundation.saying import filled
from foundation.ui.formats import change
from indicators.queries import (
    Board,
    Comparison,
    Coverage,
    Figure,
    IndicatorValue,
    UnitRow,
    board,
    by_unit,
    ranked_enterprises,
)
from reporting.charts import Option, caption, ranking_option, tile_map_option, trend_option
from reporting.links import fact_url, side_urls

#: The figures on top, in the order an office asks for them.
KEY_FACTS = (
    "B01.sessions",
    "B01.attendances",
    "B04.new_members",
    "B04.new_frontline",
    "B03.members",
    "B05.empty_teams",
    "A01.led_by_principal",
    "A02.plan_reviewed",
)
REGISTER_FACTS = ("REG.enterprises", "REG.pilots", "REG.headcount", "REG.frontline")
#: Field of the coverage → the fact whose list it opens.
COVERAGE_FACTS = {
    "reported": "REP.reported",
    "enterprises": "REG.enterprises",
    "complete": "STA.complete",
    "nil": "STA.nil",
    "due": "DUT.due",
    "on_time": "DUT.on_time",
}
#: So many units a dashboard shows at either end; the others are in the list of all. A page of a large county costs little
#: more than that of a small one, and the list is one click away.
ENDS = 10
#: So many are drawn.
DRAWN = 20
#: What units below may be compared by.
COMPARED = (*KEY_FACTS, "REP.reported", "REG.pilots")


@dataclass(frozen=True)
class KeyFigure:
    """A figure beside the quarter before; ``enterprises`` in the register, of which ``figure.reporting`` reported it."""

    figure: Figure
    comparison: Comparison | None
    enterprises: int
    href: str

    @property
    def delta(self) -> str:
        return change(self.comparison.value, self.comparison.before) if self.comparison else ""

    @property
    def against(self) -> str:
        """With what, and over how many, it is compared."""
        if self.comparison is None or self.comparison.enterprises is None:
            return _("比上季度")
        return filled(_("可比企业 %d 家，比上季度"), self.comparison.enterprises)

    @property
    def hint(self) -> str:
        """Of what adds up over quarters the year so far; of anything else how many reported it."""
        if self.figure.nature != Nature.FLOW:
            return _("%(reported)s / %(all)s 家已报") % {
                "reported": f"{self.figure.reporting:,}",
                "all": f"{self.enterprises:,}",
            }
        if self.figure.year_to_date is None:
            return ""
        return _("本年累计 %(value)s %(unit)s") % {"value": f"{self.figure.year_to_date:,}", "unit": self.figure.unit}


@dataclass(frozen=True)
class Chart:
    """An ECharts option and the rows of the table behind it."""

    option: Option
    head: list[str]
    rows: list[list[Any]]
    label: str


@dataclass(frozen=True)
class Unit:
    """A unit below, with the chosen figure and where its name and its figure lead."""

    row: UnitRow
    value: Decimal | None
    url: str
    figure_url: str
    reported_url: str
    rate: Decimal | None


@dataclass(frozen=True)
class Measured:
    """An indicator and what its two sides open: (label, address) of each fact."""

    value: IndicatorValue
    numerator: list[tuple[str, str]]
    denominator: list[tuple[str, str]]


@dataclass(frozen=True)
class Dashboard:
    place: Place
    quarter: Quarter
    chosen: Figure
    key: list[KeyFigure]
    register: list[KeyFigure]
    coverage: Coverage
    coverage_links: dict[str, str]
    indicators: list[Measured]
    trend: Chart
    ranking: Chart
    map: Chart | None
    units: list[Unit] = field(default_factory=list)
    #: The lowest of them, where ``units`` are only the highest; ``units_in_all`` counts those between as well.
    lowest: list[Unit] = field(default_factory=list)
    units_in_all: int = 0
    all_units_url: str = ""


def dashboard_url(place: Place, quarter: Quarter, fact: str = "") -> str:
    query = {"region": place.code, "quarter": quarter.code, **({"fact": fact} if fact else {})}
    return f"{reverse('reporting:dashboard')}?{urlencode(query)}"


def units_url(place: Place, quarter: Quarter, fact: str) -> str:
    """The list of all units below."""
    query = {"region": place.code, "quarter": quarter.code, "fact": fact}
    return f"{reverse('reporting:dashboard_units')}?{urlencode(query)}"


def _key_figures(found: Board, codes: tuple[str, ...], place: Place, quarter: Quarter) -> list[KeyFigure]:
    shown = []
    for code in codes:
        opens = fact_url(code, region=place.code, quarter=quarter.code)
        shown.append(KeyFigure(found.figures[code], found.comparisons.get(code), found.coverage.enterprises, opens))
    return shown


def _trend(found: Board, figure: Figure) -> Chart:
    labels = [quarter.short_label for quarter in found.quarters]
    values = found.series[figure.code]
    title = filled(_("%(fact)s，近 %(count)d 个季度"), {"fact": figure.label, "count": len(labels)})
    option = trend_option(title, figure.unit, labels, {figure.label: values})
    rows = [[quarter.label, value] for quarter, value in zip(found.quarters, values, strict=True)]
    return Chart(option, [_("季度"), f"{figure.label}（{figure.unit}）"], rows, caption(option))


class RankedUnits:
    """The units directly below a region, the highest value of a figure first, those that did not report it last. Of a
    county, whose enterprises are many, only the stretch that is asked for is read."""

    def __init__(self, place: Place, quarter: Quarter, figure: Figure) -> None:
        self.place, self.quarter, self.figure = place, quarter, figure
        self._rows: list[UnitRow] = []
        self._enterprises: list[int] = []
        if place.is_county_level:
            self._enterprises = ranked_enterprises(place, figure.code, quarter)
        else:
            self._rows = sorted(by_unit(place, [figure.code], quarter), key=self._rank)

    def _rank(self, row: UnitRow) -> tuple[bool, Decimal, str]:
        value = row.values[self.figure.code]
        return value is None, -(value or Decimal(0)), row.place.code

    def __len__(self) -> int:
        return len(self._enterprises or self._rows)

    def __getitem__(self, asked: slice) -> list[Unit]:
        rows = self._rows[asked]
        if ids := self._enterprises[asked]:
            rows = by_unit(self.place, [self.figure.code], self.quarter, among=ids)
        return [as_unit(row, self.quarter, self.figure) for row in rows]


def as_unit(row: UnitRow, quarter: Quarter, figure: Figure) -> Unit:
    is_enterprise = row.place.level == Level.ENTERPRISE
    url = (
        reverse("enterprises:detail", args=[row.place.pk])
        if is_enterprise
        else dashboard_url(row.place, quarter, figure.code)
    )
    rate = percent_of(row.reported, row.enterprises)
    opens = fact_url(figure.code, region=row.place.code, quarter=quarter.code)
    reported = fact_url("REP.reported", region=row.place.code, quarter=quarter.code)
    return Unit(row, row.values[figure.code], url, opens, reported, rate)


def _ranking(units: list[Unit], figure: Figure, quarter: Quarter) -> Chart:
    title = _("%(quarter)s各单位%(fact)s") % {"quarter": quarter.label, "fact": figure.label}
    option = ranking_option(
        title, figure.unit, [{"name": u.row.place.short_name, "value": u.value, "url": u.url} for u in units]
    )
    return Chart(option, [], [], caption(option))


def _map(units: list[Unit], place: Place, figure: Figure, quarter: Quarter) -> Chart | None:
    """The tiles of the 13 cities; only the province has one."""
    if place.level != Level.PROVINCE:
        return None
    title = _("%(quarter)s各设区市%(fact)s") % {"quarter": quarter.label, "fact": figure.label}
    option = tile_map_option(
        title,
        figure.unit,
        [{"code": u.row.place.code, "name": u.row.place.short_name, "value": u.value, "url": u.url} for u in units],
    )
    return Chart(option, [], [], caption(option))


def build_dashboard(place: Place, quarter: Quarter, fact: str) -> Dashboard:
    """The dashboard of a region in a quarter; ``fact`` is compared among the units below. At most nine queries."""
    found = board(place, quarter)
    chosen = found.figures[fact if fact in COMPARED else COMPARED[0]]
    ranked = RankedUnits(place, quarter, chosen)
    is_long = len(ranked) > 2 * ENDS
    highest = ranked[:DRAWN] if is_long else ranked[:]
    units = highest[:ENDS] if is_long else highest
    lowest = ranked[-ENDS:] if is_long else []
    return Dashboard(
        place=place,
        quarter=quarter,
        chosen=chosen,
        key=_key_figures(found, KEY_FACTS, place, quarter),
        register=_key_figures(found, REGISTER_FACTS, place, quarter),
        coverage=found.coverage,
        coverage_links={
            name: fact_url(code, region=place.code, quarter=quarter.code) for name, code in COVERAGE_FACTS.items()
        },
        indicators=[
            Measured(
                one,
                side_urls(one.numerator_facts, region=place.code, quarter=quarter, judged=one.judged),
                side_urls(one.denominator_facts, region=place.code, quarter=quarter, judged=one.judged),
            )
            for one in found.indicators
        ],
        trend=_trend(found, chosen),
        ranking=_ranking(highest[:DRAWN], chosen, quarter),
        map=_map(units, place, chosen, quarter),
        units=units,
        lowest=lowest,
        units_in_all=len(ranked),
        all_units_url=units_url(place, quarter, chosen.code) if is_long else "",
    )
