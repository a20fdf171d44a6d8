"""What the page of a region says, as data: its size, every figure that somebody reported beside its own past and the other
units of its level, its indicators with targets, what rules found, and the units below. The number of queries is fixed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from statistics import median

from django.utils.translation import gettext as _

from enterprises.facts import REGISTERED
from enterprises.profiles.facts import HEADCOUNT
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, extent_facts, key_facts
from foundation.places.models import Place
from foundation.ratios import per, percent_of
from foundation.saying import filled
from foundation.ui.formats import amount, quantity
from indicators.compliance.reading import Counts, counts_by_rule, newly_broken, results_of
from indicators.medians import LEAST
from indicators.models import Indicator
from indicators.paths import counted_lights
from indicators.queries import (
    COVERAGE_FACTS,
    Board,
    Cells,
    IndicatorValue,
    board,
    facts_measured,
    is_over,
    measured,
    not_asked,
    over,
    region_cells,
    units_below,
)
from records.core.kinds import facts_of_offices
from records.models import ReportingQuarter
from reporting.attention.declaring import Asked, Attention, attentions, read_for_lines
from reporting.crosstable.asking import area_name, facts_offered
from reporting.dashboards.content import why_no_year
from reporting.dashboards.units import Delta
from reporting.links import fact_url
from reporting.parts import left_empty_said

#: The quarters of a trend.
TRAILING = 8


@dataclass(frozen=True)
class Peers:
    """The median of the regions of one level, this one among them, and over how many of them it is."""

    median: Decimal
    units: int

    @property
    def text(self) -> str:
        return amount(self.median, 1)


@dataclass(frozen=True)
class Line:
    """A figure of the region. ``rate``: what it is in a thousand workers, or of what enterprises do, their share (``rate_unit``);
    that alone is held against other regions, because these are not as large. ``peers`` None: fewer than five tell it."""

    fact: Fact
    label: str
    value: Decimal | None
    coverage: str
    url: str
    series: list[Decimal | None]
    told: str
    over_quarter: Delta | None
    over_year: Delta | None
    why_no_year: str
    rate: Decimal | None
    rate_unit: str
    peers: Peers | None

    @property
    def heading(self) -> str:
        return f"{self.label}（{self.fact.unit}）"

    @property
    def rate_text(self) -> str:
        if self.rate is None:
            return "—"
        return f"{amount(self.rate, 1)}%" if self.rate_unit == "%" else f"{amount(self.rate, 1)} {self.rate_unit}"

    @property
    def peers_text(self) -> str:
        if self.peers is None:
            return ""
        return f"{self.peers.text}{'%' if self.rate_unit == '%' else ''}"


@dataclass(frozen=True)
class Area:
    key: str
    label: str
    lines: list[Line]


@dataclass(frozen=True)
class Aimed:
    """An indicator with a target or a standard, beside the regions of its level."""

    value: IndicatorValue
    peers: Peers | None


@dataclass(frozen=True)
class Rules:
    """What the rules found of the enterprises of the region. ``rules_broken``: rules that somebody broke."""

    counts: Counts
    rules: int
    rules_broken: int
    newly_broken: int


@dataclass(frozen=True)
class Overview:
    place: Place
    quarter: Quarter
    read: Board
    lines: list[Attention]
    extent: list[Line]
    areas: list[Area]
    aimed: list[Aimed]
    rules: Rules
    #: Regions of the same level under the same one, this one among them; none of the province.
    level: list[Place]
    below: list[Place]
    is_over: bool

    @property
    def level_name(self) -> str:
        """``全省13个设区市``, ``南京市11个县（市、区）``."""
        if not self.level or self.place.parent is None:
            return ""
        units = _("县（市、区）") if self.place.is_county_level else _("设区市")
        said = {"parent": self.place.parent.short_name, "count": len(self.level), "units": units}
        return filled(_("%(parent)s%(count)d个%(units)s"), said)

    @property
    def undone(self) -> int:
        return self.read.coverage.due - self.read.coverage.done

    @property
    def lights(self) -> list[tuple[str, str, int]]:
        """(word, tone, how many) of the lights, in their order."""
        return counted_lights(one.value.mark for one in self.aimed if one.value.mark)


def _rate(fact: Fact, cells: Cells, pk: int, quarter: Quarter) -> Decimal | None:
    """None of what nobody told, and of what the rest is measured by."""
    value = cells.get((pk, quarter.code, fact.code))
    by = cells.get((pk, quarter.code, REGISTERED if _counts_enterprises(fact) else HEADCOUNT))
    if value is None or by is None or fact.code in (REGISTERED, HEADCOUNT):
        return None
    return percent_of(value[0], by[0]) if _counts_enterprises(fact) else per(1000, value[0], by[0])


def _counts_enterprises(fact: Fact) -> bool:
    return str(fact.unit) == _("家")


def _peers(values: Collection[Decimal | None]) -> Peers | None:
    known = [value for value in values if value is not None]
    return Peers(Decimal(median(known)), len(known)) if len(known) >= LEAST else None


class _Lines:
    """Makes the lines of a region from what was read of it and of the regions of its level."""

    def __init__(self, place: Place, quarter: Quarter, read: Board, level: Sequence[Place], cells: Cells) -> None:
        self.place, self.quarter, self.read = place, quarter, read
        self.level, self.cells = level, cells
        self.running = Quarter.current()

    def of(self, fact: Fact) -> Line:
        figure, compared, quarter = self.read.figures[fact.code], self.read.compared, self.quarter
        quarterly, yearly = compared.quarter.get(fact.code), compared.year.get(fact.code)
        lack = compared.lacks.get(fact.code)
        series = self.read.series[fact.code]
        own = {
            (self.place.pk, quarter.code, code): (one.value, one.reporting)
            for code, one in self.read.figures.items()
            if one.value is not None
        }
        return Line(
            fact=fact,
            label=figure.label,
            value=figure.value,
            coverage=_("，").join(filter(None, (self._coverage(fact), left_empty_said(fact.code, figure.left_empty)))),
            url=fact_url(fact.code, region=self.place.code, quarter=quarter.code),
            series=series,
            told=_("%(label)s：%(values)s")
            % {
                "label": figure.label,
                "values": "；".join(
                    f"{one.short_label} {quantity(value, fact.unit)}"
                    for one, value in zip(self.read.quarters, series, strict=True)
                ),
            },
            over_quarter=Delta(quarterly, str(fact.unit)) if quarterly else None,
            over_year=Delta(yearly, str(fact.unit)) if yearly else None,
            why_no_year=why_no_year(fact.code, lack) if lack else "",
            rate=_rate(fact, own, self.place.pk, quarter),
            rate_unit="%" if _counts_enterprises(fact) else _("%s/千人") % fact.unit,
            peers=_peers([_rate(fact, self.cells, unit.pk, quarter) for unit in self.level]),
        )

    def _coverage(self, fact: Fact) -> str:
        """Of how many enterprises a figure speaks, where they have to tell it; without those who said that there is none."""
        figure, closer = self.read.figures[fact.code], not_asked().get(fact.code)
        none = int(self.read.figures[closer].value or 0) if closer else 0
        enterprises = max(self.read.coverage.enterprises - none, figure.reporting)
        if figure.value is None or not (fact.of_return or figure.nature == "headcount"):
            return ""
        if fact.code in facts_of_offices():
            return filled(_("%d 个产改办已报"), figure.reporting)
        if fact.of_some:
            return filled(_("%d 家已报（只问部分企业）"), figure.reporting)
        said = {"reported": amount(figure.reporting), "all": amount(enterprises)}
        return _("%(reported)s/%(all)s 家已报") % said


def _areas(lines: _Lines, quarter: Quarter) -> list[Area]:
    """The key figures, then every figure somebody told, by area."""
    found = [Area("key", _("重点数据"), [lines.of(fact) for fact in key_facts()])]
    told = [one for one in facts_offered(quarter) if one.fact and lines.read.figures[one.code].value is not None]
    for area, measures in groupby(told, key=lambda one: one.area):
        found.append(Area(area, area_name(area), [lines.of(one.fact) for one in measures if one.fact]))
    return found


def _aimed(read: Board, level: Sequence[Place], quarter: Quarter, known: Sequence[ReportingQuarter]) -> list[Aimed]:
    """One query."""
    wanted = [
        (one, value) for one, value in zip(read.in_force, read.indicators, strict=True) if value.mark and value.mark.way
    ]
    found: dict[str, list[Decimal | None]] = {}
    if level and wanted:
        quarters = quarter.year_to_date()
        codes = {COVERAGE_FACTS["enterprises"], *facts_measured(one for one, _value in wanted)}
        cells = region_cells([unit.pk for unit in level], quarters, codes)
        judged = over(quarters, known)
        found = {one.code: [_value_of(one, cells, unit, quarter, judged) for unit in level] for one, _value in wanted}
    return [Aimed(value, _peers(found.get(one.code, ()))) for one, value in wanted]


def _value_of(one: Indicator, cells: Cells, unit: Place, quarter: Quarter, judged: set[str]) -> Decimal | None:
    """Of what is a rate: sums of larger and smaller regions are not held against each other."""
    return measured(one, cells, unit.pk, quarter, judged=judged).comparable if one.is_ratio else None


def _rules(place: Place, quarter: Quarter) -> Rules:
    """Two queries."""
    results = results_of(place, quarter)
    by_rule = counts_by_rule(results)
    return Rules(
        counts=sum(by_rule.values(), Counts()),
        rules=len(by_rule),
        rules_broken=sum(1 for counts in by_rule.values() if counts.broken),
        newly_broken=newly_broken(results).count(),
    )


def overview_of(
    place: Place, quarter: Quarter, user: User, known: Sequence[ReportingQuarter], row: ReportingQuarter | None
) -> Overview:
    """Everything the page of a region says. ``place`` comes with its parent; ``row`` is the quarter's."""
    below = [] if place.is_county_level else units_below(place, quarter)
    level = units_below(place.parent, quarter) if place.parent else []
    read = board(place, quarter, quarters=TRAILING, known=known)
    told = read_for_lines(place, below, quarter, codes=(), quarters=())
    is_late = is_over(row, quarter)
    lines = _Lines(
        place, quarter, read, level, region_cells([unit.pk for unit in level], [quarter], None) if level else {}
    )
    return Overview(
        place=place,
        quarter=quarter,
        read=read,
        lines=attentions(Asked(user, place, quarter, row, read, below, told, is_late)),
        extent=[lines.of(fact) for fact in extent_facts()],
        areas=_areas(lines, quarter),
        aimed=_aimed(read, level, quarter, known),
        rules=_rules(place, quarter),
        level=level,
        below=below,
        is_over=is_late,
    )


def notes_of(found: Overview) -> list[str]:
    notes = [
        _("只统计已通过审核的记录；没有人填报的写“未填报”，不当作 0。"),
        _("“按规模”：企业数占在册企业的百分比，其余每千名职工多少。地区大小不同，只有这样折算的才和同级比。"),
    ]
    if found.level:
        text = _("“同级中位数”是%(level)s的中位数，含本地区；有数的不足 %(least)d 个不列。")
        notes.append(filled(text, {"level": found.level_name, "least": LEAST}))
    return notes
