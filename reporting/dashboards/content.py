"""What a dashboard shows, as data: key figures, charts with the tables behind them, units below, indicators."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, declared_facts, extent_facts, key_facts
from foundation.places.models import Level, Place
from foundation.ratios import percent_of
from foundation.saying import filled
from foundation.ui.formats import change
from indicators.paths import Light
from indicators.queries import (
    COVERAGE_FACTS,
    Board,
    Cells,
    Compared,
    Comparison,
    Coverage,
    Figure,
    IndicatorValue,
    Lack,
    UnitRow,
    board,
    by_unit,
    not_asked,
    ranked_enterprises,
    units_below,
)
from records.models import ReportingQuarter
from reporting.attention.declaring import read_for_lines
from reporting.charts import Option, caption, ranking_option, tile_map_option, trend_option
from reporting.links import fact_url, side_urls

#: So many units a dashboard shows at either end; the others are in the list of all. A page of a large county costs little
#: more than that of a small one, and the list is one click away.
ENDS = 10
#: So many are drawn.
DRAWN = 20


def compared() -> list[Fact]:
    """What units below may be compared by: the key figures, how many reported, and how large each is."""
    known = declared_facts()
    return [*key_facts(), known[COVERAGE_FACTS["reported"]], *extent_facts()]


def why_no_year(code: str, lack: Lack) -> str:
    """Why a figure has no 同比, in words."""
    is_yearly = declared_facts()[code].year_basis is not None
    if lack is Lack.NO_DATA:
        return _("上年度没有数据") if is_yearly else _("上年同期没有数据")
    return _("没有两年都填报的企业，不作同比")


def _against(comparison: Comparison | None, since: str) -> str:
    """With what, and over how many, a figure is compared."""
    if comparison is None or comparison.enterprises is None:
        return since
    among = filled(_("可比企业 %d 家"), comparison.enterprises)
    return _("%(among)s，%(since)s") % {"among": among, "since": since}


def _delta(comparison: Comparison | None) -> str:
    return change(comparison.value, comparison.before) if comparison else ""


@dataclass(frozen=True)
class KeyFigure:
    """A figure beside the quarter before and the same quarter of the year before; ``enterprises`` in the register that are
    asked it, of which ``figure.reporting`` reported it."""

    figure: Figure
    compared: Compared
    enterprises: int
    href: str

    @property
    def comparison(self) -> Comparison | None:
        return self.compared.quarter.get(self.figure.code)

    @property
    def delta(self) -> str:
        return _delta(self.comparison)

    @property
    def against(self) -> str:
        return _against(self.comparison, _("比上季度"))

    @property
    def year_delta(self) -> str:
        return _delta(self.compared.year.get(self.figure.code))

    @property
    def year_against(self) -> str:
        """The same of the year before; in its place why there is nothing to compare with, where somebody would look for
        it."""
        code = self.figure.code
        if lack := self.compared.lacks.get(code):
            return why_no_year(code, lack)
        comparison = self.compared.year.get(code)
        since = _("比上年度") if declared_facts()[code].year_basis else _("同比")
        return _against(comparison, since) if comparison else ""

    @property
    def extent_hint(self) -> str:
        """How many entries of the register say it; nothing of what counts the entries themselves."""
        if self.figure.nature != Nature.HEADCOUNT:
            return ""
        values = {"reported": f"{self.figure.reporting:,}", "all": f"{self.enterprises:,}"}
        return _("%(reported)s / %(all)s 家已登记") % values

    @property
    def hint(self) -> str:
        """Of what adds up over quarters the year so far; of anything else how many reported it."""
        if self.figure.nature != Nature.FLOW:
            if declared_facts()[self.figure.code].of_some:
                return _("%s 家已报（只问部分企业）") % f"{self.figure.reporting:,}"
            return _("%(reported)s / %(all)s 家已报") % {
                "reported": f"{self.figure.reporting:,}",
                "all": f"{self.enterprises:,}",
            }
        if self.figure.year_to_date is None:
            return ""
        values = {"value": f"{self.figure.year_to_date:,}", "unit": self.figure.unit}
        text = _("本年累计 %(value)s %(unit)s") % values
        to_date = self.compared.to_date.get(self.figure.code)
        return _("%(text)s，同比 %(change)s") % {"text": text, "change": _delta(to_date)} if to_date else text


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
class IndicatorArea:
    """The indicators of one area: a table that can be folded away."""

    name: str
    measured: list[Measured]
    is_open: bool = False

    @property
    def told(self) -> int:
        return sum(1 for one in self.measured if one.value.value is not None)

    @property
    def off(self) -> int:
        """How many are behind the way to their target."""
        return sum(1 for one in self.measured if one.value.mark and one.value.mark.light in (Light.BEHIND, Light.FAR))


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
    #: What the page was made of, for what else stands on it.
    read: Board
    below: list[Place]
    told: Cells
    units: list[Unit] = field(default_factory=list)
    #: The lowest of them, where ``units`` are only the highest; ``units_in_all`` counts those between as well.
    lowest: list[Unit] = field(default_factory=list)
    units_in_all: int = 0
    all_units_url: str = ""

    @property
    def indicator_areas(self) -> list[IndicatorArea]:
        """Those that have something to reach, whatever they are about; then all by area, in their order."""
        areas: dict[str, list[Measured]] = {}
        for one in self.indicators:
            areas.setdefault(one.value.area, []).append(one)
        aimed = [one for one in self.indicators if one.value.mark and one.value.mark.way]
        first = [IndicatorArea(_("有目标或要求值的"), aimed, is_open=True)] if aimed else []
        return [*first, *(IndicatorArea(area, found) for area, found in areas.items())]


def dashboard_url(place: Place, quarter: Quarter, fact: str = "") -> str:
    query = {"region": place.code, "quarter": quarter.code, **({"fact": fact} if fact else {})}
    return f"{reverse('reporting:dashboard')}?{urlencode(query)}"


def units_url(place: Place, quarter: Quarter, fact: str) -> str:
    """The list of all units below."""
    query = {"region": place.code, "quarter": quarter.code, "fact": fact}
    return f"{reverse('reporting:dashboard_units')}?{urlencode(query)}"


def _key_figures(found: Board, facts: Sequence[Fact], place: Place, quarter: Quarter) -> list[KeyFigure]:
    shown = []
    for code in (fact.code for fact in facts):
        opens = fact_url(code, region=place.code, quarter=quarter.code)
        figure, closer = found.figures[code], not_asked().get(code)
        none = int(found.figures[closer].value or 0) if closer else 0
        asked = max(found.coverage.enterprises - none, figure.reporting)
        shown.append(KeyFigure(figure, found.compared, asked, opens))
    return shown


def _trend(found: Board, figure: Figure) -> Chart:
    """A quarter that still runs says so under its point and in its row: nobody takes it for a fall."""
    running = Quarter.current()
    labels = [
        _("%s（未结束）") % quarter.short_label if quarter == running else quarter.short_label
        for quarter in found.quarters
    ]
    values = found.series[figure.code]
    title = filled(_("%(fact)s，近 %(count)d 个季度"), {"fact": figure.label, "count": len(labels)})
    option = trend_option(title, figure.unit, labels, {figure.label: values})
    names = [_("%s（未结束）") % quarter.label if quarter == running else quarter.label for quarter in found.quarters]
    rows = [[name, value] for name, value in zip(names, values, strict=True)]
    return Chart(option, [_("季度"), f"{figure.label}（{figure.unit}）"], rows, caption(option))


class RankedUnits:
    """The units directly below a region, the highest value of a figure first, those that did not report it last. Of a
    county, whose enterprises are many, only the stretch that is asked for is read."""

    def __init__(
        self, place: Place, quarter: Quarter, figure: Figure, read_before: tuple[list[Place], Cells] | None = None
    ) -> None:
        self.place, self.quarter, self.figure = place, quarter, figure
        self._rows: list[UnitRow] = []
        self._enterprises: list[int] = []
        if place.is_county_level:
            self._enterprises = ranked_enterprises(place, figure.code, quarter)
        else:
            rows = by_unit(place, [figure.code], quarter, read_before=read_before)
            self._rows = sorted(rows, key=self._rank)

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
        f"{reverse('reporting:enterprise', args=[row.place.pk])}?{urlencode({'quarter': quarter.code})}"
        if is_enterprise
        else dashboard_url(row.place, quarter, figure.code)
    )
    rate = percent_of(row.reported, row.enterprises)
    opens = fact_url(figure.code, region=row.place.code, quarter=quarter.code)
    reported = fact_url(COVERAGE_FACTS["reported"], region=row.place.code, quarter=quarter.code)
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


def build_dashboard(
    place: Place, quarter: Quarter, fact: str, known: Sequence[ReportingQuarter] | None = None
) -> Dashboard:
    """The dashboard of a region in a quarter; ``fact`` is compared among the units below. At most twelve queries."""
    found = board(place, quarter, known=known)
    codes = [one.code for one in compared()]
    chosen = found.figures[fact if fact in codes else codes[0]]
    below = [] if place.is_county_level else units_below(place, quarter)
    told = read_for_lines(place, below, quarter)
    ranked = RankedUnits(place, quarter, chosen, (below, told))
    is_long = len(ranked) > 2 * ENDS
    highest = ranked[:DRAWN] if is_long else ranked[:]
    units = highest[:ENDS] if is_long else highest
    lowest = ranked[-ENDS:] if is_long else []
    return Dashboard(
        place=place,
        quarter=quarter,
        chosen=chosen,
        key=_key_figures(found, key_facts(), place, quarter),
        register=_key_figures(found, extent_facts(), place, quarter),
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
        read=found,
        below=below,
        told=told,
    )
