"""Sides beside each other as data: every fact and indicator of an area with value and coverage, per thousand workers, and how
each side differs from the first. Each side is read as the cross table reads it, a fixed number of queries a side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from enterprises.facts import REGISTERED
from enterprises.profiles.facts import HEADCOUNT
from foundation.facts.declaring import Nature, declared_facts, source_of_fact
from foundation.ratios import per
from foundation.saying import filled
from foundation.ui.formats import amount
from records.core.kinds import facts_of_offices
from reporting.beside.asking import Asked, Side
from reporting.crosstable.asking import Axis, Measure, Show, Spec, area_name
from reporting.crosstable.content import Cell, CellMaker
from reporting.crosstable.figures import Figures, is_running
from reporting.crosstable.links import table_url
from reporting.parts import LEAST_PEOPLE

#: The share of enterprises that told a figure on one side, against that on the other: below this the figure is not compared.
LEAST_ALIKE = Decimal("0.9")


@dataclass(frozen=True)
class Told:
    """What one side says of a measure: the value itself, and of what adds up what it is in a thousand workers. ``than_first``: how
    much more that is than of the first side; None where one of both is unknown or not shown. ``places``: decimals of that."""

    label: str
    cell: Cell
    rate: Cell | None
    than_first: Decimal | None = None
    places: int | None = 1
    url: str = ""
    #: Both are exactly as much; else no difference is one that its decimals do not show.
    is_same: bool = False
    #: Much more, or much fewer, of its enterprises told it than of the first side's: a difference would tell that.
    is_unlike: bool = False

    @property
    def compared(self) -> Decimal | None:
        """What is held against other sides: the rate of what adds up, because sides are not as large; a ratio as it is."""
        if self.rate is not None:
            return self.rate.value
        return None if self.cell.is_unlike else self.cell.value

    @property
    def difference(self) -> str:
        if self.is_unlike:
            return _("填报面不同")
        if self.than_first is None:
            return "—"
        if not self.than_first:
            return _("相同") if self.is_same else _("相差不到 0.1")
        return f"{'+' if self.than_first > 0 else ''}{amount(self.than_first, self.places)}"

    @property
    def word(self) -> str:
        if not self.than_first:
            return ""
        return _("高") if self.than_first > 0 else _("低")


@dataclass(frozen=True)
class Row:
    measure: Measure
    told: list[Told]


@dataclass(frozen=True)
class Group:
    """The facts of one kind of record, or the indicators of the area."""

    label: str
    rows: list[Row]


@dataclass(frozen=True)
class Head:
    """A side with how large it is."""

    side: Side
    enterprises: Cell
    headcount: Cell
    url: str


@dataclass(frozen=True)
class Beside:
    asked: Asked
    heads: list[Head]
    groups: list[Group]
    notes: list[str]
    #: Measures that no side said anything of, which are not listed.
    silent: int

    @property
    def columns(self) -> int:
        return 2 * len(self.heads)

    @property
    def title(self) -> str:
        names = _("、").join(head.side.label for head in self.heads)
        said = {"sides": names, "area": self.asked.area_label, "quarter": self.asked.quarter.label}
        return _("%(sides)s · %(area)s · %(quarter)s") % said


class _Side:
    """Everything of one side. The indicators are read apart: they take the whole year, of few facts."""

    def __init__(self, side: Side, asked: Asked) -> None:
        known = declared_facts()
        size = [
            Measure(code, str(known[code].label), str(known[code].unit), "", fact=known[code])
            for code in (REGISTERED, HEADCOUNT)
        ]
        self.side, self.asked = side, asked
        self.spec = Spec(
            region=side.region,
            rows=Axis.AREA,
            columns=None,
            measures=(*size, *(one for one in asked.measures if one.fact and one.code not in (REGISTERED, HEADCOUNT))),
            since=asked.quarter,
            until=asked.quarter,
            show=Show.PER_THOUSAND,
            only=side.only,
            listed=None,
            mark=None,
            sort="",
            top=None,
            given=(),
        )
        figures = Figures(self.spec)
        self._rates = CellMaker(figures)
        self._values = CellMaker(figures, replace(self.spec, show=Show.PLAIN))
        indicators = tuple(one for one in asked.measures if one.versions)
        whole_year = replace(self.spec, measures=indicators, show=Show.PLAIN)
        self._indicators = CellMaker(Figures(whole_year)) if indicators else self._values
        self.enterprises, self.headcount = (self._cell(self._values, one) for one in size)

    def _cell(self, maker: CellMaker, measure: Measure) -> Cell:
        return maker.cell(maker.everything, maker.everything, measure)

    def told(self, measure: Measure) -> Told:
        cell = self._cell(self._values if measure.fact else self._indicators, measure)
        rate: Cell | None = None
        if measure.fact:
            rate = self._cell(self._rates, measure) if measure.code != HEADCOUNT else None
        elif (version := measure.version_in(self.asked.quarter)) and not version.is_ratio:
            rate = self._rate_of(cell)
        places = None if measure.code == HEADCOUNT else 1
        url = self.url_of(measure) if cell.value is not None else ""
        return Told(self.side.label, cell, rate, places=places, url=url)

    def _rate_of(self, cell: Cell) -> Cell:
        """Of an indicator that is a sum, as of a fact: what it is in a thousand workers."""
        staff = self.headcount.value
        value = None if cell.value is None or staff is None else per(1000, cell.value, staff)
        return replace(cell, value=value, text="" if value is None else amount(value, 1), detail="")

    def url_of(self, measure: Measure) -> str:
        """The enterprises behind a value, each with its own."""
        values = [measure.code, *(measure.versions[0].fact_codes if measure.versions else ())]
        query = [
            ("region", self.side.region.code),
            ("rows", Axis.ENTERPRISE.value),
            ("quarter", self.asked.quarter.code),
        ]
        query += [("value", one) for one in values]
        query += [(by.value, member) for by, members in self.side.only.items() for member in members]
        return table_url(urlencode(query))


def _row(measure: Measure, sides: Sequence[_Side]) -> Row:
    told = [side.told(measure) for side in sides]
    return Row(measure, [told[0], *(_beside_first(one, told[0], measure) for one in told[1:])])


def _beside_first(one: Told, first: Told, measure: Measure) -> Told:
    if first.compared is None or one.compared is None:
        return one
    if _is_unlike(one.cell, first.cell, measure):
        return replace(one, is_unlike=True)
    return replace(one, than_first=one.compared - first.compared, is_same=_is_same(one, first))


def _is_unlike(one: Cell, first: Cell, measure: Measure) -> bool:
    """What is told by few enterprises of one side and by many of the other is less in a thousand workers of all, however it
    is with those who told it. Who holds an activity files it, and who files none had none: there nothing is left out."""
    fact = measure.fact
    if fact is None or measure.code in facts_of_offices() or (fact.nature is Nature.FLOW and not fact.of_return):
        return False
    if not one.registered or not first.registered:
        return False
    # Shares of enterprises that told it, each times the enterprises of both sides.
    fewer, more = sorted([one.reporting * first.registered, first.reporting * one.registered])
    return fewer < LEAST_ALIKE * more


def _is_same(one: Told, first: Told) -> bool:
    """Rates are compared as they are shown: only of nothing, and of whole numbers, it is known that they are the same."""
    return one.places is None or one.cell.value == first.cell.value == 0


def _group_of(measure: Measure) -> str:
    """The kind of record that tells it; of what no kind tells the area."""
    if measure.fact is None:
        return _("指标")
    kind = getattr(source_of_fact(measure.code), "kind", None)
    return area_name(measure.area) if kind is None else str(kind.label)


def build_beside(asked: Asked) -> Beside:
    sides = [_Side(side, asked) for side in asked.sides]
    rows = [_row(measure, sides) for measure in asked.measures]
    shown = [row for row in rows if any(one.cell.value is not None or one.cell.is_hidden for one in row.told)]
    grouped: dict[str, list[Row]] = {}
    for row in shown:
        grouped.setdefault(_group_of(row.measure), []).append(row)
    groups = [Group(label, inside) for label, inside in grouped.items()]
    heads = [
        Head(one.side, one.enterprises, one.headcount, one.url_of(asked.measures[0]) if asked.measures else "")
        for one in sides
    ]
    return Beside(asked, heads, groups, _notes(asked), len(rows) - len(shown))


def _notes(asked: Asked) -> list[str]:
    quarter = asked.quarter
    notes = [
        _("只统计已通过审核的记录和名录；没有人填报的写“未填报”，不当作 0。"),
        _(
            "“比第一方”：数据项和本身是合计数的指标，比的是每千名职工多少，因为各方大小不同；由分子、分母算出的指标比的是指标本身。高、低只说数值，不说好坏。"
        ),
        _(
            "一方填报这一项的企业所占的比例不到另一方的九成的，写“填报面不同”，不比高低：相差的多半是报没报，不是做没做。"
        ),
        _("每千名职工：本方合计除以本方各企业当季填报的职工人数之和，填了职工人数、没有报这一项的企业也在分母里。"),
        filled(_("人数不足 %d 人的不显示，以免认出个人。"), LEAST_PEOPLE),
    ]
    if any(side.only for side in asked.sides):
        notes.append(
            _(
                "季度关闭以后，所有制、行业、试点层级按关闭时冻结的，没有关闭的按企业名录现在登记的；规模按当季填报的职工人数分；产改办自己填报的数不在各类企业里。"
            )
        )
    if is_running(quarter):
        notes.append(_("%s还没有结束，数字会继续变化。") % quarter.label)
    return notes
