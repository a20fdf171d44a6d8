"""What a dashboard shows, as data: key figures, charts with the tables behind them, units below, indicators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, declared_facts, extent_facts, key_facts
from foundation.places.models import Level, Place
from foundation.saying import filled
from foundation.ui.formats import not_reported
from indicators.paths import counted_lights
from indicators.queries import (
    COVERAGE_FACTS,
    Board,
    Compared,
    Comparison,
    Coverage,
    Figure,
    Lack,
    Plan,
    board_of,
    facts_measured,
    not_asked,
    plan,
    units_below,
)
from indicators.units import pairs_of_place
from records.core.kinds import facts_of_offices
from records.models import ReportingQuarter
from reporting.attention.declaring import Told, read_for_lines
from reporting.charted import Chart
from reporting.charts import band_colours, ranking_option, tile_map_option, trend_option
from reporting.crosstable.asking import INDICATOR, Show
from reporting.crosstable.figures import sides_of
from reporting.dashboards.indicators import Watched, area_url, areas_of, indicators_url, watched
from reporting.dashboards.units import SORTS, TRAILING, Choice, RankedUnits, Unit, notes_of
from reporting.links import fact_url
from reporting.parts import left_empty_said

#: So many units a dashboard shows at either end, and so many of the indicators to look at; the others are in the list of
#: all. A page of a large county costs little more than that of a small one, and the list is one click away.
ENDS = 10
#: So many are drawn.
DRAWN = 20


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
    return comparison.text if comparison else ""


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
        """How far it is known; of a part also how much of its whole was told without it."""
        unsaid = left_empty_said(self.figure.code, self.figure.left_empty)
        return _("，").join(filter(None, (self._extent, unsaid)))

    @property
    def _extent(self) -> str:
        """Of what adds up over quarters the year so far; of anything else how many reported it."""
        if self.figure.nature != Nature.FLOW:
            if self.figure.code in facts_of_offices():
                return filled(_("%d 个产改办已报"), self.figure.reporting)
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
class Head:
    """The head of a column of units: what it is listed by, and where a click leads."""

    label: str
    url: str
    direction: str = ""
    is_number: bool = True


@dataclass(frozen=True)
class Dashboard:
    place: Place
    quarter: Quarter
    choice: Choice
    key: list[KeyFigure]
    register: list[KeyFigure]
    coverage: Coverage
    coverage_links: dict[str, str]
    #: Of the indicators with something to reach those behind it or worse than a year before.
    watched: list[Watched]
    trend: Chart
    ranking: Chart | None
    map: Chart | None
    #: What the page was made of, for what else stands on it.
    read: Board
    below: list[Place]
    told: Told
    ranked: RankedUnits
    notes: list[str]
    units: list[Unit] = field(default_factory=list)
    #: The lowest of them, where ``units`` are only the highest; ``units_in_all`` counts those between as well.
    lowest: list[Unit] = field(default_factory=list)
    units_in_all: int = 0

    @property
    def all_units_url(self) -> str:
        """The list of all units, where the page shows only some."""
        return units_url(self.place, self.quarter, self.choice) if self.lowest else ""

    @property
    def heads(self) -> list[Head]:
        return heads_of(self.ranked, reverse("reporting:dashboard"))

    @property
    def watched_first(self) -> list[Watched]:
        return self.watched[:ENDS]

    @property
    def watched_more(self) -> int:
        """How many of them the page does not show."""
        return len(self.watched[ENDS:])

    @property
    def aimed(self) -> int:
        """How many indicators have something to reach."""
        return sum(1 for one in self.read.indicators if one.mark and one.mark.way)

    @property
    def lights(self) -> list[tuple[str, str, int]]:
        """(word, tone, how many) of these."""
        return counted_lights(one.mark for one in self.read.indicators if one.mark and one.mark.way)

    @property
    def indicator_areas(self) -> list[tuple[str, int, str]]:
        """(area, how many indicators, where they stand), in their order."""
        return [
            (area, len(inside), area_url(self.place, self.quarter, area))
            for area, inside in areas_of(self.read.in_force).items()
        ]

    @property
    def indicators_url(self) -> str:
        return indicators_url(self.place, self.quarter)


def dashboard_url(place: Place, quarter: Quarter, fact: str = "") -> str:
    query = {"region": place.code, "quarter": quarter.code, **({"fact": fact} if fact else {})}
    return f"{reverse('reporting:dashboard')}?{urlencode(query)}"


def units_url(place: Place, quarter: Quarter, choice: Choice) -> str:
    """The list of all units below."""
    return f"{reverse('reporting:dashboard_units')}?{choice.query(place, quarter)}"


def _chart_url(place: Place, quarter: Quarter, choice: Choice, name: str) -> str:
    return f"{reverse('reporting:dashboard_chart')}?{choice.query(place, quarter, chart=name)}"


def _key_figures(found: Board, facts: Sequence[Fact], place: Place, quarter: Quarter) -> list[KeyFigure]:
    shown = []
    for code in (fact.code for fact in facts):
        opens = fact_url(code, region=place.code, quarter=quarter.code)
        figure, closer = found.figures[code], not_asked().get(code)
        none = int(found.figures[closer].value or 0) if closer else 0
        asked = max(found.coverage.enterprises - none, figure.reporting)
        shown.append(KeyFigure(figure, found.compared, asked, opens))
    return shown


def _trend(ranked: RankedUnits, quarters: Sequence[Quarter]) -> Chart:
    """A quarter that still runs says so under its point and in its row: nobody takes it for a fall."""
    running, choice = Quarter.current(), ranked.choice
    # A region's share of itself is no trend: what stands there is the count.
    is_count = choice.show in (Show.PLAIN, Show.SHARE)
    label, unit = (choice.measure.label, choice.measure.unit) if is_count else (choice.label, choice.unit)
    labels = [
        _("%s（未结束）") % quarter.short_label if quarter == running else quarter.short_label for quarter in quarters
    ]
    values = ranked.series()
    title = filled(_("%(fact)s，近 %(count)d 个季度"), {"fact": label, "count": len(labels)})
    names = [_("%s（未结束）") % quarter.label if quarter == running else quarter.label for quarter in quarters]
    rows = [[name, not_reported() if value is None else value] for name, value in zip(names, values, strict=True)]
    return Chart(
        trend_option(title, unit, labels, {label: values}),
        [_("季度"), f"{label}（{unit}）"],
        rows,
        _chart_url(ranked.place, ranked.quarter, choice, "trend"),
    )


def heads_of(ranked: RankedUnits, page: str) -> list[Head]:
    """Numbers are first listed from the highest, names from the beginning; then the other way round."""
    heads, choice = [], ranked.choice
    for name, (label, _read) in SORTS.items():
        first = name if name == "name" else f"-{name}"
        other = f"-{name}" if name == "name" else name
        query = choice.query(ranked.place, ranked.quarter, sort=other if choice.sort == first else first)
        direction = {name: "ascending", f"-{name}": "descending"}.get(choice.sort, "")
        heads.append(Head(str(label) or choice.heading, f"{page}?{query}#units", direction, name != "name"))
    return heads


def _unit_rows(units: Sequence[Unit], ranked: RankedUnits) -> tuple[list[str], list[list[Any]]]:
    """The table behind a chart of units: value, coverage, class and both changes."""
    head = [_("单位"), ranked.choice.heading, _("覆盖"), _("高低"), _("比上季度"), _("同比")]
    rows: list[list[Any]] = []
    for unit in [*units, *ranked.last_rows]:
        rows.append(
            [
                unit.name,
                unit.cell.text if unit.cell.value is None else unit.cell.value,
                unit.cell.detail,
                unit.band.word if unit.band else "",
                unit.over_quarter.text if unit.over_quarter else "—",
                unit.over_year.text if unit.over_year else "—",
            ]
        )
    return head, rows


def _drawn(unit: Unit) -> dict[str, Any]:
    place = unit.place
    return {
        "code": place.code if place else "",
        "name": place.short_name if place else unit.name,
        "value": unit.cell.value,
        "text": unit.cell.text,
        "url": unit.url,
        "band": unit.band.number if unit.band else None,
    }


def _ranking(units: list[Unit], ranked: RankedUnits) -> Chart:
    choice = ranked.choice
    title = _("%(quarter)s各单位%(fact)s") % {"quarter": ranked.quarter.label, "fact": choice.label}
    colours = None if ranked.bands is None else band_colours(len(ranked.bands))
    option = ranking_option(title, choice.unit, [_drawn(unit) for unit in units], colours)
    url = _chart_url(ranked.place, ranked.quarter, choice, "ranking")
    return Chart(option, *_unit_rows(units, ranked), url, notes_of(ranked))


def _map(ranked: RankedUnits) -> Chart | None:
    """The tiles of the 13 cities; only the province has one."""
    if ranked.place.level != Level.PROVINCE:
        return None
    choice, units = ranked.choice, ranked[:]
    title = _("%(quarter)s各设区市%(fact)s") % {"quarter": ranked.quarter.label, "fact": choice.label}
    drawn = [_drawn(unit) for unit in units]
    option = tile_map_option(title, choice.unit, drawn, [band.label for band in ranked.bands or ()])
    url = _chart_url(ranked.place, ranked.quarter, choice, "map")
    notes = [*notes_of(ranked), _("方块只示意相对位置，不是地图；灰色虚线框是未填报、不显示或不可比。")]
    return Chart(option, *_unit_rows(units, ranked), url, notes)


def _shown_facts(laid: Plan, choice: Choice) -> set[str]:
    """The facts that stand on the page, and what is read to say of whom they speak."""
    shown = {fact.code for fact in (*key_facts(), *extent_facts())} | set(COVERAGE_FACTS.values()) | choice.facts
    shown |= {closer for code in shown if (closer := not_asked().get(code))}
    shown |= {side for code in shown if (fact := declared_facts().get(code)) for side in sides_of(fact)}
    return shown | facts_measured(laid.aimed)


def build_dashboard(
    place: Place,
    quarter: Quarter,
    asked: Mapping[str, str],
    known: Sequence[ReportingQuarter] | None = None,
    *,
    whole: bool = False,
) -> Dashboard:
    """The dashboard of a region in a quarter; ``asked`` is its address, which says by what units are compared. ``whole``:
    ``read`` holds every figure and indicator, not only what stands on the page. At most twelve queries."""
    below = [] if place.is_county_level else units_below(place, quarter)
    # Only where units are compared by an indicator are they held against targets of their own.
    beside = below if asked.get("fact", "").startswith(INDICATOR) else []
    laid = plan(place, quarter, quarters=TRAILING, known=known, beside=beside)
    choice = Choice.of(asked, laid)
    codes = None if whole else _shown_facts(laid, choice)
    of_place = {*laid.quarters, *quarter.year_before().year_to_date()}
    quarters = choice.quarters(quarter)
    told = read_for_lines(place, below, quarter, codes=choice.facts, quarters=quarters, own=(codes, of_place))
    found = board_of(laid, told.cells, pairs_of_place(told.pairs, place, quarter), codes=codes)
    ranked = RankedUnits(place, quarter, choice, found, below, told, known)
    is_long = len(ranked) > 2 * ENDS
    highest = ranked[:DRAWN] if is_long else ranked[:]
    return Dashboard(
        place=place,
        quarter=quarter,
        choice=choice,
        key=_key_figures(found, key_facts(), place, quarter),
        register=_key_figures(found, extent_facts(), place, quarter),
        coverage=found.coverage,
        coverage_links={
            name: fact_url(code, region=place.code, quarter=quarter.code) for name, code in COVERAGE_FACTS.items()
        },
        watched=watched(laid, found, told.cells),
        trend=_trend(ranked, found.quarters),
        ranking=_ranking(highest[:DRAWN], ranked) if len(ranked) else None,
        map=_map(ranked),
        units=highest[:ENDS] if is_long else highest,
        lowest=ranked[-ENDS:] if is_long else [],
        units_in_all=len(ranked),
        read=found,
        below=below,
        told=told,
        ranked=ranked,
        notes=notes_of(ranked),
    )
