"""The units directly below a region beside each other, by any fact or indicator, as a count or a rate.

A value is worked out as in the cross table (``CellMaker``), so that both say the same of the same; a change is that of the
dashboards (``indicators.units``). Of a county, whose enterprises are many, only the stretch that is asked for is read, as
long as they are listed by what the fact itself says.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.profiles.facts import HEADCOUNT
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import declared_facts, key_facts
from foundation.labels import Label
from foundation.places.models import Level, Place
from foundation.ratios import percent_of
from foundation.saying import filled, in_marks
from foundation.ui.formats import amount
from indicators.models import Against, Indicator
from indicators.paths import QUARTERS, Mark
from indicators.queries import (
    COVERAGE_FACTS,
    Board,
    Cells,
    Comparison,
    Plan,
    cells_below,
    facts_measured,
    measured,
    not_asked,
    over,
    own_cells,
    ranked_enterprises,
    told_by_offices,
    with_mark,
)
from indicators.units import compared_as_told, compared_fact, compared_indicator
from records.models import ReportingQuarter
from reporting.attention.declaring import Told
from reporting.crosstable.asking import INDICATOR, Axis, Measure, Show, Spec
from reporting.crosstable.content import (
    TOTAL,
    Cell,
    CellMaker,
    Member,
    hide_second,
    unit_of,
    wages_note,
)
from reporting.crosstable.figures import ALL, Spot, Sums, sides_of
from reporting.links import fact_url, side_urls
from reporting.parts import LEAST_ENTERPRISES

#: What is made of a value where units are compared.
SHOWS = (Show.PLAIN, Show.PER_ENTERPRISE, Show.PER_THOUSAND, Show.SHARE)
#: The quarters of a trend; they hold the quarter before and the one a year before as well.
TRAILING = 5
HIGHEST_FIRST = "-value"
#: Under this key and number stands what a region's office reported itself; no place has the number.
OWN = 0


def measure_of(code: str, plan: Plan) -> Measure | None:
    """The fact or indicator of this name; None where there is none."""
    if code.startswith(INDICATOR):
        for one in plan.in_force:
            if one.code == code.removeprefix(INDICATOR):
                return Measure(code, plan.label_of(one), one.unit, one.area, versions=(one,))
        return None
    fact = declared_facts().get(code)
    return Measure(code, fact.label_in(plan.quarter), str(fact.unit), "", fact=fact) if fact else None


@dataclass(frozen=True)
class Choice:
    """By what units are compared, and in which order they are listed. ``refused``: what the address asked for in vain."""

    measure: Measure
    show: Show = Show.PLAIN
    sort: str = HIGHEST_FIRST
    refused: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], plan: Plan) -> "Choice":
        """As the address asks; what it does not ask, or asks in vain, is the first key figure as it stands."""
        wanted = asked.get("fact", "")
        found = measure_of(wanted, plan)
        measure = found or measure_of(key_facts()[0].code, plan)
        if measure is None:
            raise LookupError("a key figure is no fact")
        given = asked.get("show", "")
        show = Show(given) if given in SHOWS and measure.fact else Show.PLAIN
        sort = asked.get("sort", "")
        return cls(measure, show, sort if sort.removeprefix("-") in SORTS else HIGHEST_FIRST, "" if found else wanted)

    @property
    def notice(self) -> str:
        """That something else is shown than was asked for; "" where it is not."""
        if not self.refused:
            return ""
        said = {"value": self.refused, "shown": in_marks(self.measure.label)}
        return _("“%(value)s”不在可选的范围内，现在显示的是%(shown)s。请从列表中重新选择。") % said

    @property
    def code(self) -> str:
        return self.measure.code

    @property
    def unit(self) -> str:
        return unit_of(self.show, self.measure)

    @property
    def label(self) -> str:
        """``职工大讲堂场次，每千名职工``."""
        if self.show is Show.PLAIN:
            return self.measure.label
        return _("%(measure)s，%(show)s") % {"measure": self.measure.label, "show": self.show.label}

    @property
    def heading(self) -> str:
        return f"{self.measure.label}（{self.unit}）"

    @property
    def facts(self) -> set[str]:
        """What is read for it: also who is not asked it, because they said that there is none."""
        found = {self.measure.fact.code} if self.measure.fact else facts_measured(self.measure.versions)
        found |= sides_of(self.measure.fact) if self.measure.fact else set()
        return found | {closer for code in found if (closer := not_asked().get(code))}

    @property
    def indicator(self) -> Indicator | None:
        return self.measure.versions[0] if self.measure.versions else None

    def quarters(self, quarter: Quarter) -> list[Quarter]:
        """What is read for a quarter, its trend and its comparisons."""
        trailing = quarter.trailing(TRAILING)
        if self.indicator is None:
            return trailing
        return sorted({one for each in trailing for one in each.year_to_date()})

    def query(self, place: Place, quarter: Quarter, **changes: str) -> str:
        """The address's parameters, without those that say nothing of their own."""
        asked = {"region": place.code, "quarter": quarter.code, "fact": self.code}
        if self.show is not Show.PLAIN:
            asked["show"] = self.show.value
        if self.sort != HIGHEST_FIRST:
            asked["sort"] = self.sort
        return urlencode({**asked, **changes})


@dataclass(frozen=True)
class Delta:
    """A change of the value itself, whatever is shown of it."""

    comparison: Comparison
    unit: str

    @property
    def text(self) -> str:
        if self.unit == "%" and self.comparison.change:
            return _("%s 个百分点") % f"{'+' if self.comparison.change > 0 else ''}{amount(self.comparison.change)}"
        return self.comparison.text

    @property
    def word(self) -> str:
        return {"up": _("升"), "down": _("降")}[self.tone] if self.tone else ""

    @property
    def tone(self) -> str:
        change = self.comparison.change
        return "" if not change else "up" if change > 0 else "down"

    @property
    def detail(self) -> str:
        if self.comparison.enterprises is None:
            return ""
        return filled(_("可比 %d 家"), self.comparison.enterprises)


@dataclass(frozen=True)
class Band:
    """A class of values, with a word for it; it says how large they are, not how good."""

    number: int
    word: str
    lowest: Decimal
    highest: Decimal

    @property
    def label(self) -> str:
        """``较高 12–30``."""
        ends = [amount(self.lowest), amount(self.highest)]
        return f"{self.word} {'–'.join(dict.fromkeys(ends))}"


_BAND_LABELS: dict[int, tuple[Label, ...]] = {
    1: (gettext_lazy("有数"),),
    2: (gettext_lazy("较低"), gettext_lazy("较高")),
    3: (gettext_lazy("较低"), gettext_lazy("中等"), gettext_lazy("较高")),
    4: (gettext_lazy("低"), gettext_lazy("较低"), gettext_lazy("较高"), gettext_lazy("高")),
}


def bands_of(values: Sequence[Decimal]) -> list[Band]:
    """At most four classes of about as many values each; equal values are of one class."""
    ranked = sorted(values)
    classes: dict[int, list[Decimal]] = {}
    for value in ranked:
        classes.setdefault(bisect_left(ranked, value) * 4 // len(ranked), []).append(value)
    found = [classes[number] for number in sorted(classes)]
    return (
        [
            Band(number, str(word), inside[0], inside[-1])
            for number, (word, inside) in enumerate(zip(_BAND_LABELS[len(found)], found, strict=True))
        ]
        if found
        else []
    )


@dataclass(frozen=True)
class Unit:
    """A unit below a region, or (``place`` None) what its own office reported (``label`` names it), or all of them together."""

    place: Place | None
    enterprises: int
    reported: int
    cell: Cell
    compared: dict[Against, Delta]
    mark: Mark | None
    band: Band | None = None
    url: str = ""
    figure_url: str = ""
    reported_url: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        return self.place.name if self.place else self.label or _("合计")

    @property
    def comparable(self) -> Decimal | None:
        """The value, where it may be held against that of another unit."""
        return None if self.cell.is_unlike else self.cell.value

    @property
    def rate(self) -> Decimal | None:
        return percent_of(self.reported, self.enterprises)

    @property
    def over_quarter(self) -> Delta | None:
        return self._change(Against.QUARTER)

    @property
    def over_year(self) -> Delta | None:
        return self._change(Against.YEAR)

    def _change(self, against: Against) -> Delta | None:
        """None where the value is hidden: the change would tell it."""
        return None if self.cell.is_hidden else self.compared.get(against)


def _changed(against: Against) -> Callable[[Unit], Decimal | None]:
    def read(unit: Unit) -> Decimal | None:
        delta = unit.over_quarter if against is Against.QUARTER else unit.over_year
        return delta.comparison.change if delta else None

    return read


#: The columns units are listed by: what each reads; None stands last either way.
SORTS: dict[str, tuple[Label, Callable[[Unit], Any]]] = {
    "name": (gettext_lazy("单位"), lambda unit: unit.name),
    "value": ("", lambda unit: unit.comparable),
    "quarter": (gettext_lazy("比上季度"), _changed(Against.QUARTER)),
    "year": (gettext_lazy("同比"), _changed(Against.YEAR)),
    "rate": (gettext_lazy("填报率"), lambda unit: unit.rate),
}


class RankedUnits:
    """The units below a region in the order the choice asks for; a sequence of ``Unit``."""

    def __init__(
        self,
        place: Place,
        quarter: Quarter,
        choice: Choice,
        board: Board,
        below: Sequence[Place],
        told: Told,
        known: Sequence[ReportingQuarter] | None = None,
    ) -> None:
        self.place, self.quarter, self.choice = place, quarter, choice
        self._board, self._told = board, told
        self._quarters = choice.quarters(quarter)
        self._judged = over(self._quarters, known) if choice.indicator else set()
        self._page = reverse("reporting:dashboard")
        self._ids: list[int] = []
        self._units: list[Unit] = []
        #: The classes of all values; None where only stretches are read.
        self.bands: list[Band] | None = []
        if not place.is_county_level:
            self._units = self._sorted(self._made(below, told.cells))
        elif self._is_ranked_by_itself():
            self._ids = ranked_enterprises(place, choice.code, quarter)
            self.bands = None
        else:
            self._units = self._sorted(self._made(*self._read(None)))

    def __len__(self) -> int:
        return len(self._ids or self._units)

    def __getitem__(self, asked: slice) -> list[Unit]:
        if ids := self._ids[asked]:
            return self._made(*self._read(ids))
        return self._units[asked]

    def _is_ranked_by_itself(self) -> bool:
        return self.choice.show is Show.PLAIN and bool(self.choice.measure.fact) and self.choice.sort == HIGHEST_FIRST

    def _read(self, among: Sequence[int] | None) -> tuple[list[Place], Cells]:
        codes = {*self.choice.facts, HEADCOUNT, "REG.enterprises", "REP.reported"}
        units, cells = cells_below(self.place, self._quarters, codes, quarter=self.quarter, among=among)
        return units, {**self._told.cells, **cells}

    @cached_property
    def spec(self) -> Spec:
        axes: dict[str, Axis] = {Level.PROVINCE: Axis.CITY, Level.CITY: Axis.COUNTY}
        return Spec(
            region=self.place,
            rows=axes.get(self.place.level, Axis.ENTERPRISE),
            columns=None,
            measures=(self.choice.measure,),
            since=self._quarters[0],
            until=self.quarter,
            show=self.choice.show,
            only={},
            listed=None,
            mark=None,
            sort="",
            top=None,
            given=(),
        )

    def _maker(self, cells: Cells, units: Sequence[Place] = ()) -> CellMaker:
        numbers: dict[Spot, int] = {(unit.pk, ALL): unit.pk for unit in units}
        numbers[ALL, ALL] = self.place.pk
        return CellMaker(Sums(self.spec, cells, numbers, self._judged, is_by_enterprise=self.place.is_county_level))

    def _made(self, units: Sequence[Place], cells: Cells) -> list[Unit]:
        maker, measure = self._maker(cells, units), self.choice.measure
        whole = self._whole
        lines = [
            maker.cell(Member(unit.pk, unit.code, unit.name, (self.quarter,), unit), whole, measure) for unit in units
        ]
        if measure.is_hidden_of_few and not self.place.is_county_level:
            hide_second([[*lines, *(unit.cell for unit in self.last_rows)]])
        if self.bands is not None:
            self.bands = bands_of([cell.value for cell in lines if cell.value is not None and not cell.is_unlike])
        return [self._unit(unit, cell, cells) for unit, cell in zip(units, lines, strict=True)]

    @property
    def _whole(self) -> Member:
        return Member(ALL, TOTAL, _("合计"), (self.quarter,))

    @cached_property
    def total(self) -> Unit:
        """All of them together: the region's own sum, as its key figures have it."""
        cells = self._told.cells
        cell = self._maker(cells).cell(self._whole, self._whole, self.choice.measure, hides=False)
        return self._unit(self.place, cell, cells, is_total=True)

    @cached_property
    def own(self) -> Unit | None:
        """What the region's own office reported; None where it told nothing of the fact. One query, none of a fact that no
        office reports."""
        fact = self.choice.measure.fact
        if fact is None or fact.code not in told_by_offices():
            return None
        quarters = sorted({self.quarter, *(against.before(self.quarter) for against in Against)})
        found = own_cells(self.place, quarters, self.choice.facts)
        if (self.place.pk, self.quarter.code, fact.code) not in found:
            return None
        cells = {**self._told.cells, **{(OWN, quarter, code): told for (_pk, quarter, code), told in found.items()}}
        numbers: dict[Spot, int] = {(OWN, ALL): OWN, (ALL, ALL): self.place.pk}
        sums = Sums(self.spec, cells, numbers, self._judged, is_by_enterprise=self.place.is_county_level)
        label = _("%s本级") % self.place.name
        cell = CellMaker(sums).cell(
            Member(OWN, f"{self.place.code}-own", label, (self.quarter,)), self._whole, self.choice.measure
        )
        url = fact_url(fact.code, region=self.place.code, quarter=self.quarter.code, is_own=True)
        compared = compared_as_told(fact, OWN, self.quarter, cells)
        deltas = {against: Delta(one, self.choice.measure.unit) for against, one in compared.items()}
        return Unit(None, 0, 0, cell, deltas, None, figure_url=url, label=label)

    @property
    def last_rows(self) -> list[Unit]:
        """What stands below the units, so that they add up: what the region's office reported, and all together."""
        return [self.own, self.total] if self.own else [self.total]

    def _unit(self, unit: Place, cell: Cell, cells: Cells, *, is_total: bool = False) -> Unit:
        is_enterprise = unit.level == Level.ENTERPRISE
        compared, mark, coverage = self._compared(unit, cells)
        if cell.value is not None and coverage:
            cell.detail = coverage
        enterprises, reported = (
            int(cells.get((unit.pk, self.quarter.code, COVERAGE_FACTS[name]), (0, 0))[0])
            for name in ("enterprises", "reported")
        )
        query = urlencode({"quarter": self.quarter.code})
        url = (
            f"{reverse('reporting:enterprise', args=[unit.pk])}?{query}"
            if is_enterprise
            else f"{self._page}?{self.choice.query(unit, self.quarter)}"
        )
        return Unit(
            place=None if is_total else unit,
            enterprises=enterprises,
            reported=reported,
            cell=cell,
            compared={against: Delta(one, self.choice.measure.unit) for against, one in compared.items()},
            mark=mark,
            band=None if is_total or cell.is_unlike else self._band(cell.value),
            url="" if is_total else url,
            figure_url=self._figure_url(unit),
            reported_url=fact_url(COVERAGE_FACTS["reported"], region=unit.code, quarter=self.quarter.code),
        )

    def _band(self, value: Decimal | None) -> Band | None:
        return next((one for one in self.bands or () if value is not None and one.lowest <= value <= one.highest), None)

    def _figure_url(self, unit: Place) -> str:
        """What a value opens; of an indicator, what its first fact counts."""
        fact, indicator = self.choice.measure.fact, self.choice.indicator
        if fact is not None:
            return fact_url(fact.code, region=unit.code, quarter=self.quarter.code)
        sides = side_urls(indicator.fact_codes[:1] if indicator else (), region=unit.code, quarter=self.quarter)
        return sides[0][1] if sides else ""

    def _compared(self, unit: Place, cells: Cells) -> tuple[dict[Against, Comparison], Mark | None, str]:
        """The changes; of an indicator also its light, and of how many it speaks."""
        indicator = self.choice.indicator
        if self.choice.measure.fact is not None:
            return compared_fact(self.choice.measure.fact, unit, self.quarter, cells, self._told.pairs), None, ""
        if indicator is None:
            return {}, None, ""
        value = measured(indicator, cells, unit.pk, self.quarter, judged=self._judged)
        before = measured(indicator, cells, unit.pk, Quarter(self.quarter.year - 1, QUARTERS), judged=self._judged)
        target = self._board.targets.get((unit.pk, indicator.code))
        mark = with_mark(value, indicator, target, before.comparable, self.quarter).mark
        compared = compared_indicator(indicator, value, unit, self.quarter, cells, self._judged)
        return compared, mark, "" if self.place.is_county_level else value.coverage

    def _sorted(self, units: list[Unit]) -> list[Unit]:
        """What has no value stands last either way; what is equal by name of its code."""
        is_down = self.choice.sort.startswith("-")
        read = SORTS[self.choice.sort.removeprefix("-")][1]
        units = sorted(units, key=lambda unit: unit.place.code if unit.place else "")
        known = sorted((unit for unit in units if read(unit) is not None), key=read, reverse=is_down)
        return [*known, *(unit for unit in units if read(unit) is None)]

    def series(self) -> list[Decimal | None]:
        """What the region itself came to in each quarter of the trend. Its share of itself is no trend: that is the count."""
        measure, indicator, trailing = self.choice.measure, self.choice.indicator, self._board.quarters
        cells = self._told.cells
        if indicator is not None:
            return [measured(indicator, cells, self.place.pk, one, judged=self._judged).value for one in trailing]
        if self.choice.show in (Show.PLAIN, Show.SHARE):
            return self._board.series[measure.code]
        maker = self._maker(cells)
        made = [Member(ALL, one.code, one.label, (one,)) for one in trailing]
        return [maker.cell(one, one, measure, hides=False).value for one in made]


def notes_of(units: RankedUnits) -> list[str]:
    """What one must know to read the units beside each other: only what concerns these."""
    choice = units.choice
    notes = [_("只统计已通过审核的记录；没有人填报的写“未填报”，不当作 0。颜色和“高、低”只说数值大小，不说好坏。")]
    if choice.show is Show.PER_ENTERPRISE:
        notes.append(_("平均每家：合计除以报了这一项的企业数。"))
    if choice.show is Show.PER_THOUSAND:
        notes.append(
            _("每千名职工：合计除以各企业当季填报的职工人数之和，填了职工人数、没有报这一项的企业也在分母里。")
        )
    if choice.show is Show.SHARE:
        notes.append(_("比重：本单位占全部单位合计的百分比。"))
    if choice.show is not Show.PLAIN:
        notes.append(_("比上季度、同比说的是数值本身的变化，不是折算以后的。"))
    if choice.indicator:
        notes.append(_("指标由各单位自己的数相除得出；本年累计的数不和上季度比，季度没有结束时不作同比。"))
        notes.append(_("分子、分母填报单位不一致的，照原样列出，排在最后，不分高低，不作比较。"))
    elif choice.measure.fact:
        notes.append(_("报表填报的数只比两个季度都报了的企业，写明可比几家；季度没有结束时，发生的次数和金额不比。"))
    if choice.measure.counts_people and not units.place.is_county_level:
        notes.append(_("人数不足 5 人的单位不显示，能由合计推出它的另隐去一个。"))
    if choice.measure.is_of_wages and not units.place.is_county_level:
        notes.append(filled(wages_note(), LEAST_ENTERPRISES))
    return notes
