"""A cross table as data: lines of cells with what they say, in words as well as in numbers; the same for page, workbook and
API.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from enterprises.models import Industry, Ownership, PilotTier
from foundation.calendar.periods import Quarter, Year
from foundation.facts.declaring import Nature
from foundation.places.models import COUNTY_LEVELS, Level, Place
from foundation.ratios import per, percent_of
from foundation.saying import filled
from foundation.ui.formats import amount, not_reported
from records.core.kinds import facts_of_offices
from reporting.crosstable.asking import (
    OFFICE_LABEL,
    SIZES,
    STAGES,
    Axis,
    Mark,
    Measure,
    Show,
    Spec,
    area_name,
)
from reporting.crosstable.figures import ALL, Figures, Spot, Sums, is_running, two_falls
from reporting.crosstable.queries import OFFICE, enterprises_named
from reporting.parts import LEAST_ENTERPRISES, LEAST_PEOPLE, left_empty_said

TOTAL = "total"

_SCALES = {Show.PER_HUNDRED: 100, Show.PER_THOUSAND: 1000}


@dataclass(frozen=True)
class Member:
    """A row or column. ``key``: as figures know it; ``code``: in addresses; ``quarters``: those it is about."""

    key: Any
    code: str
    label: str
    quarters: tuple[Quarter, ...]
    place: Place | None = None


@dataclass
class Cell:
    """``value`` is what is shown, by which rows are sorted; ``plain`` the sum behind it. ``text`` says it in words:
    未填报, 不足5人. ``detail`` says of how many it speaks or against what; ``word`` is the mark, ``tone`` its colour."""

    measure: Measure
    row: Member
    column: Member
    value: Decimal | None = None
    plain: Decimal | None = None
    reporting: int = 0
    registered: int | None = None
    text: str = ""
    detail: str = ""
    word: str = ""
    tone: str = ""
    is_hidden: bool = False
    #: A ratio of sides that not as many told: it is shown, and held against no other.
    is_unlike: bool = False
    url: str = ""
    #: The heads above it, for where they do not stand above it: on a telephone.
    label: str = ""

    @property
    def is_missing(self) -> bool:
        return self.value is None and not self.is_hidden


@dataclass(frozen=True)
class Column:
    """One column of cells: a value under a member of the columns. ``sort`` is how it is named in the address."""

    member: Member
    measure: Measure | None
    heading: str
    short: str
    sort: str


@dataclass
class Line:
    member: Member
    cells: list[Cell]
    group: str = ""
    signs: list[str] = field(default_factory=list)


@dataclass
class Table:
    spec: Spec
    heads: list[tuple[str, int]]
    columns: list[Column]
    lines: list[Line]
    total: Line | None
    #: Lines there are, and of these those of the sort that is listed; of which again the first so many are kept.
    lines_in_all: int
    lines_listed: int
    notes: list[str]
    sorted_by: str = ""

    @property
    def title(self) -> str:
        """南京市 · 县（市、区）× 季度 · 2025年第四季度至2026年第四季度, and the value where there is one only."""
        spec = self.spec
        axes = f"{spec.rows.label} × {spec.columns.label}" if spec.columns else str(spec.rows.label)
        span = spec.until.label if spec.since == spec.until else f"{spec.since.label}{_('至')}{spec.until.label}"
        parts = [spec.region.full_name(), axes, span]
        if len(spec.measures) == 1:
            parts.append(heading_of(spec, spec.measures[0]))
        return " · ".join(parts)


# --- rows and columns -----------------------------------------------------------------------------


class _Members:
    """The members of the axes, in their order."""

    def __init__(self, figures: Figures) -> None:
        self.figures, self.spec = figures, figures.spec
        self.span = tuple(self.spec.quarters)

    def of(self, axis: Axis, *, is_row: bool) -> list[Member]:
        if axis is Axis.QUARTER:
            return [Member(ALL, quarter.code, _label(quarter), (quarter,)) for quarter in self.span]
        if axis is Axis.YEAR:
            return self._years()
        found = self.figures.keys(is_row)
        if axis in (Axis.CITY, Axis.COUNTY):
            return self._regions(axis, found)
        if axis is Axis.ENTERPRISE:
            named = enterprises_named(self.figures.asked)
            rows = sorted((named[key][1], named[key][0], key) for key in found if key in named)
            return [Member(key, code, name, self.span) for code, name, key in rows]
        return [Member(key, key, label, self.span) for key, label in self._attribute(axis, found)]

    def _years(self) -> list[Member]:
        found = []
        for year in sorted({quarter.year for quarter in self.span}):
            quarters = tuple(quarter for quarter in self.span if quarter.year == year)
            label = Year(year).label
            if len(quarters) < 4:
                label = filled(_("%(year)s（%(count)d 个季度）"), {"year": label, "count": len(quarters)})
            found.append(Member(ALL, str(year), label, quarters))
        return found

    def _regions(self, axis: Axis, found: set[Any]) -> list[Member]:
        """Those that are open, and any that still has values; last what offices above them have of their own."""
        levels = (Level.CITY,) if axis is Axis.CITY else COUNTY_LEVELS
        first = self.span[0].first_day
        members, own = [], []
        for pk, place in self.figures.regions.items():
            if place.level in levels:
                if pk in found or place.closed_on is None or place.closed_on >= first:
                    is_far = self.spec.region.level == Level.PROVINCE
                    label = place.full_name() if is_far else place.name
                    members.append(Member(pk, place.code, label, self.span, place))
            elif pk in found:
                own.append(Member(pk, f"{place.code}-own", _("%s本级") % place.name, self.span))
        return [*members, *own]

    def _attribute(self, axis: Axis, found: set[Any]) -> list[tuple[str, str]]:
        if axis is Axis.INDUSTRY:
            names = dict(Industry.objects.filter(level="section").values_list("code", "name"))
            known = [(code, f"{code} {names.get(code, '')}".strip()) for code in sorted(found - {OFFICE})]
        else:
            labels: dict[Axis, Iterable[tuple[str, Any]]] = {
                Axis.OWNERSHIP: Ownership.choices,
                Axis.SIZE: SIZES.items(),
                Axis.TIER: PilotTier.choices,
                Axis.STAGE: STAGES.items(),
            }
            wanted = self.spec.only.get(axis.by) if axis.by else None
            known = [
                (code, str(label))
                for code, label in labels[axis]
                if code in found or (code in wanted if wanted else axis in (Axis.OWNERSHIP, Axis.TIER))
            ]
        return [*known, *([(OFFICE, str(OFFICE_LABEL))] if OFFICE in found else [])]


def _label(quarter: Quarter) -> str:
    return _("%s（未结束）") % quarter.label if is_running(quarter) else quarter.label


# --- cells ----------------------------------------------------------------------------------------


class CellMaker:
    """Works out single cells."""

    def __init__(self, figures: Sums, spec: Spec | None = None) -> None:
        """``spec``: shows something else than what the figures were read for, and that needs no more than they have."""
        self.figures, self.spec = figures, spec or figures.spec
        #: Of these it is offices that report, of however many enterprises.
        self._of_offices = facts_of_offices()
        self.everything = Member(ALL, TOTAL, _("合计"), tuple(self.spec.quarters))

    def cell(self, row: Member, column: Member, measure: Measure, *, hides: bool = True) -> Cell:
        """``hides``: a few persons are not shown. They are where a place's own sum stands alone, as on its dashboard."""
        cell = Cell(measure, row, column)
        quarters = [quarter for quarter in row.quarters if quarter in column.quarters]
        if not quarters:
            cell.text = "—"
            return cell
        spot = (row.key, column.key)
        cell.registered = self.figures.registered(spot, quarters)
        few = self._of_fact(cell, spot, quarters) if measure.fact else self._of_indicator(cell, spot, quarters[-1])
        told = cell.reporting
        if self.spec.show.compares:
            few, told = self._compared(cell, spot, quarters, told, is_few=few)
        is_wages_of_few = measure.is_of_wages and 0 < (told or 0) < LEAST_ENTERPRISES
        if (few or is_wages_of_few) and hides and not self.figures.is_by_enterprise:
            hide(cell)
        elif cell.value is None and not cell.text:
            cell.text = "—" if cell.registered == 0 else not_reported()
        return cell

    def _of_fact(self, cell: Cell, spot: Spot, quarters: Sequence[Quarter]) -> bool:
        """Fill the cell; whether it speaks of a few persons."""
        fact, show = cell.measure.fact, self.spec.show
        found = self.figures.amount(spot, quarters, fact) if fact else None
        if fact is None or found is None:
            return False
        cell.plain, cell.reporting = found.value, found.reporting
        cell.registered = self.figures.to_report(spot, quarters, fact)
        if show is Show.PER_ENTERPRISE:
            cell.value = per(1, found.value, found.told)
        elif show in _SCALES:
            staff = self.figures.headcount(spot, quarters)
            cell.value = None if staff is None else per(_SCALES[show], found.value, staff)
            cell.text = "" if staff else _("职工人数未填报")
        elif show is Show.SHARE:
            whole = self.figures.amount((ALL, spot[1]), quarters, fact)
            cell.value = percent_of(found.value, whole.value) if whole else None
        else:
            cell.value = found.value
        if cell.value is not None:
            cell.text = self._written(cell.value)
        cell.detail = self._coverage(cell)
        if cell.detail and fact.nature is Nature.FLOW and len(quarters) > 1:
            # Who reported is another in each quarter that was added up.
            cell.detail = _("%(quarter)s %(coverage)s") % {"quarter": quarters[-1].short_label, "coverage": cell.detail}
        unsaid = left_empty_said(fact.code, self.figures.left_empty(spot, quarters, fact))
        cell.detail = _("，").join(filter(None, (cell.detail, unsaid)))
        return cell.measure.counts_people and 0 < found.value < LEAST_PEOPLE

    def _written(self, value: Decimal) -> str:
        if self.spec.show is Show.SHARE:
            return f"{amount(value, 1)}%"
        return amount(value, 1) if self.spec.show.is_rate else amount(value)

    def _coverage(self, cell: Cell) -> str:
        """Of how many it speaks, where that is not all."""
        fact = cell.measure.fact
        if fact is not None and fact.code in self._of_offices:
            return filled(_("%d 个产改办已报"), cell.reporting)
        if fact is not None and fact.of_some:
            return filled(_("%d 家已报（只问部分企业）"), cell.reporting)
        if cell.registered is None:
            enterprises = cell.row if self.spec.rows is Axis.ENTERPRISE else cell.column
            return filled(_("%d 家已报"), cell.reporting) if enterprises.key == ALL else ""
        if cell.reporting >= cell.registered:
            return ""
        return _("%(reported)s/%(all)s 家已报") % {
            "reported": amount(cell.reporting),
            "all": amount(cell.registered),
        }

    def _of_indicator(self, cell: Cell, spot: Spot, quarter: Quarter) -> bool:
        """An indicator stands as it is defined, whatever is made of facts."""
        found = self.figures.indicator(spot, quarter, cell.measure)
        version = cell.measure.version_in(quarter)
        if found is None or version is None:
            cell.text = _("未启用")
            return False
        cell.value = cell.plain = found.value
        cell.reporting = self.figures.reporting(spot, quarter, version)
        if found.value is not None:
            cell.text = amount(found.value, 1 if version.is_ratio else None)
            cell.is_unlike = found.sides is not None
            cell.detail = _("分子、分母的填报单位不一致") if cell.is_unlike else self._coverage(cell)
        people = cell.measure.known_people
        sides = ((found.numerator, version.numerator), (found.denominator, version.denominator))
        return any(
            side is not None and 0 < side < LEAST_PEOPLE and not people.isdisjoint(codes) for side, codes in sides
        )

    def _compared(
        self, cell: Cell, spot: Spot, quarters: Sequence[Quarter], told: int, *, is_few: bool
    ) -> tuple[bool, int]:
        """In place of the value its change; whether it or one of both sides is about a few persons, and of how many
        enterprises both sides are."""
        was_told = cell.value is not None
        cell.value, cell.text, cell.detail = None, "", ""
        if len(quarters) > 1:
            cell.text = "—"
            return is_few, told
        found = self.figures.comparison(spot, quarters[0], cell.measure)
        if found is None:
            cell.text = _("不可比") if was_told else ""
            return is_few, told
        cell.value = found.change
        cell.text = found.text
        if found.change:
            cell.word, cell.tone = (_("升"), "up") if found.change > 0 else (_("降"), "down")
        sides = {"before": amount(found.before), "value": amount(found.value)}
        cell.detail = _("%(before)s → %(value)s") % sides
        if found.enterprises is not None:
            cell.detail += filled(_("，可比 %d 家"), found.enterprises)
        few = any(0 < side < LEAST_PEOPLE for side in (found.before, found.value)) and cell.measure.counts_people
        return few or is_few, told if found.enterprises is None else min(told, found.enterprises)


def wages_note() -> str:
    return _("工资合计和用它算的比率，填报不足 %d 家的不显示，以免推出一家的工资；能由合计推出它的，另隐去一格。")


def hide(cell: Cell) -> None:
    cell.is_hidden, cell.value, cell.plain, cell.detail, cell.word, cell.tone = True, None, None, "", "", ""
    is_wages = cell.measure.is_of_wages
    cell.text = filled(_("不足 %d 家"), LEAST_ENTERPRISES) if is_wages else filled(_("不足 %d 人"), LEAST_PEOPLE)


def hide_second(lines: Sequence[Sequence[Cell]]) -> None:
    """A single hidden cell of a row or column is what its total leaves over: a second one is hidden with it, the smallest
    that is left. ``lines``: rows and columns, each with its total last."""
    is_changed = True
    while is_changed:
        is_changed = False
        for line in lines:
            hidden = [cell for cell in line if cell.is_hidden]
            if len(hidden) != 1 or hidden[0] is line[-1] or line[-1].plain is None:
                continue
            shown = [cell for cell in line[:-1] if not cell.is_hidden and cell.plain]
            second = min(shown, key=lambda cell: cell.plain or Decimal(0), default=line[-1])
            hide(second)
            second.text = _("不显示")
            is_changed = True


# --- the table ------------------------------------------------------------------------------------


def build_table(spec: Spec) -> Table:
    """The table; its number of queries does not depend on how many rows and columns it has."""
    figures = Figures(spec)
    members, cells = _Members(figures), CellMaker(figures)
    columns = _columns(spec, members, cells.everything)
    if spec.rows is Axis.AREA:
        lines = [
            Line(
                Member(ALL, measure.code, measure.heading, tuple(spec.quarters)),
                [cells.cell(cells.everything, column.member, measure) for column in columns],
                group=measure.area if measure.versions else area_name(measure.area),
            )
            for measure in spec.measures
        ]
        total = None
    else:
        rows = members.of(spec.rows, is_row=True)
        lines = [Line(row, [cells.cell(row, one.member, _of(one)) for one in columns]) for row in rows]
        everything = cells.everything
        total = Line(everything, [cells.cell(everything, one.member, _of(one)) for one in columns])
    for line in [*lines, *([total] if total else [])]:
        for cell, column in zip(line.cells, columns, strict=True):
            cell.label = column.short if len(spec.measures) == 1 else column.heading
    hide_left_over(lines, total, columns)
    in_all = len(lines)
    unjudged = _keep_falling(figures, lines) if spec.listed else 0
    notes = _notes(figures, unjudged)
    table = Table(spec, _heads(spec, columns), columns, lines, total, in_all, len(lines), notes)
    _sort(table)
    _mark(table)
    if spec.top is not None:
        table.lines = table.lines[: spec.top]
    return table


def _of(column: Column) -> Measure:
    if column.measure is None:
        raise ValueError("only columns of a table of areas have no value of their own")
    return column.measure


def _columns(spec: Spec, members: _Members, everything: Member) -> list[Column]:
    """Under each member of the columns the values; last those of all members together."""
    span: list[Member]
    if spec.columns is None or spec.columns is Axis.AREA:
        span = [Member(ALL, "", "", everything.quarters)]
    else:
        span = members.of(spec.columns, is_row=False)
        # Changes do not add up over the quarters.
        if not (spec.show.compares and spec.columns is Axis.QUARTER):
            span = [*span, everything]
    if spec.rows is Axis.AREA:
        return [Column(one, None, one.label or _("数值"), one.label or _("数值"), f"{one.code}~") for one in span]
    found = []
    for one in span:
        for measure in spec.measures:
            heading = heading_of(spec, measure)
            long = _("%(column)s %(value)s") % {"column": one.label, "value": heading} if one.label else heading
            short = one.label if one.label and len(spec.measures) == 1 else heading
            found.append(Column(one, measure, long, short, f"{one.code}~{measure.code}"))
    return found


def heading_of(spec: Spec, measure: Measure) -> str:
    """With the unit of what is made of it."""
    return measure.heading if measure.fact is None else f"{measure.label}（{unit_of(spec.show, measure)}）"


def unit_of(show: Show, measure: Measure) -> str:
    """The unit of what is made of a value."""
    if measure.fact is None:
        return measure.unit
    units = {
        Show.PER_ENTERPRISE: _("%s/家"),
        Show.PER_HUNDRED: _("%s/百人"),
        Show.PER_THOUSAND: _("%s/千人"),
    }
    return "%" if show is Show.SHARE else units.get(show, "%s").replace("%s", measure.unit)


def _heads(spec: Spec, columns: Sequence[Column]) -> list[tuple[str, int]]:
    """The upper heads with how many columns each spans; none where there is one head only."""
    if spec.rows is Axis.AREA or spec.columns is None or len(spec.measures) == 1:
        return []
    found: list[tuple[str, int]] = []
    for column in columns:
        if spec.columns is Axis.AREA and column.measure is not None:
            measure = column.measure
            label = measure.area if measure.versions else area_name(measure.area)
        else:
            label = column.member.label
        if found and found[-1][0] == label:
            found[-1] = (label, found[-1][1] + 1)
        else:
            found.append((label, 1))
    return found


def hide_left_over(lines: Sequence[Line], total: Line | None, columns: Sequence[Column]) -> None:
    """What single hidden cells leave over, value by value."""
    found: list[list[Cell]] = []
    every = [*lines, *([total] if total else [])]
    has_total = any(column.member.code == TOTAL for column in columns)
    for line in every:
        for code in dict.fromkeys(cell.measure.code for cell in line.cells):
            of_one = [cell for cell in line.cells if cell.measure.code == code]
            if has_total and of_one[0].measure.is_hidden_of_few:
                found.append(of_one)
    if total is not None:
        for number, cell in enumerate(total.cells):
            if cell.measure.is_hidden_of_few:
                found.append([line.cells[number] for line in every])
    hide_second(found)


def _keep_falling(figures: Figures, lines: list[Line]) -> int:
    """Leave the lines of which a value fell twice; of how many others nothing can be said."""
    unjudged, kept = 0, []
    for line in lines:
        judged = False
        for measure in figures.spec.measures:
            spot = (line.member.key, ALL)
            fell = two_falls(
                figures.spec.quarters,
                lambda quarter: figures.comparison(spot, quarter, measure),  # noqa: B023 -- called at once
            )
            judged = judged or fell is not None
            if fell:
                line.signs.append(_("连降两季：%s") % measure.label)
        if line.signs:
            kept.append(line)
        elif not judged:
            unjudged += 1
    lines[:] = kept
    return unjudged


def _sort(table: Table) -> None:
    """As asked; enterprises by the first column if nothing is asked. What has no value stands last either way."""
    asked = table.spec.sort
    names = [column.sort for column in table.columns]
    if table.spec.rows is Axis.AREA:
        return
    if asked.removeprefix("-") == "name":
        table.lines.sort(key=lambda line: line.member.label, reverse=asked.startswith("-"))
        table.sorted_by = asked
        return
    if not asked and table.spec.rows is Axis.ENTERPRISE and names:
        asked = f"-{names[0]}"
    if asked.removeprefix("-") not in names:
        return
    number, is_down = names.index(asked.removeprefix("-")), asked.startswith("-")
    # One after the other: what is equal keeps its order, and what has no value is not turned round.
    table.lines.sort(key=lambda line: line.cells[number].value or Decimal(0), reverse=is_down)
    table.lines.sort(key=lambda line: line.cells[number].value is None)
    table.sorted_by = asked


def _mark(table: Table) -> None:
    mark = table.spec.mark
    if mark is None or table.total is None or table.spec.show.compares:
        return
    for number, total in enumerate(table.total.cells):
        cells = [line.cells[number] for line in table.lines if not line.cells[number].is_unlike]
        values = [cell.value for cell in cells if cell.value is not None]
        # What is not shown may be lower still.
        lowest = None if any(cell.is_hidden for cell in cells) else min(values, default=None)
        if mark is Mark.ENDS and len(set(values)) > 1:
            for cell in cells:
                if cell.value == max(values):
                    cell.word, cell.tone = _("最高"), "up"
                elif cell.value is not None and cell.value == lowest:
                    cell.word, cell.tone = _("最低"), "down"
        is_rate = table.spec.show.is_rate if total.measure.fact else True
        if mark is Mark.TOTAL and is_rate and total.value is not None and not total.is_unlike:
            for cell in cells:
                if cell.value is not None and cell.value != total.value:
                    is_above = cell.value > total.value
                    cell.word, cell.tone = (_("高于合计"), "up") if is_above else (_("低于合计"), "down")


# --- what stands below ----------------------------------------------------------------------------


def _notes(figures: Figures, unjudged: int) -> list[str]:
    """What one must know to read the table: only what concerns this one."""
    return [*_of_values(figures), *_of_groups(figures), *_of_what_is_shown(figures, unjudged)]


def _of_values(figures: Figures) -> Iterable[str]:
    spec = figures.spec
    facts = [measure.fact for measure in spec.measures if measure.fact]
    yield _("只统计已通过审核的记录和名录；没有人填报的写“未填报”，不当作 0。")
    if len(spec.quarters) > 1:
        if any(fact.nature is Nature.FLOW for fact in facts):
            yield _("几个季度合在一格的，发生数是各季度之和。")
        if any(fact.nature is not Nature.FLOW for fact in facts):
            yield _("时点数和人数不能跨季度相加：几个季度合在一格的，是其中最后一个季度的数。")
        yield _("家数是格内最后一个有数的季度的。")
    if any(measure.versions for measure in spec.measures):
        yield _(
            "指标由本格各数之和相除得出，不平均、不相加；发生数的指标从年初累计到该季度，跨季度的格子取最后一个季度。"
        )
    if spec.show is not Show.PLAIN and any(measure.versions for measure in spec.measures):
        yield _("指标本身已是算好的数，除比较变化外，照原样列出。")
    if any(is_running(quarter) for quarter in spec.quarters):
        yield _("%s还没有结束，数字会继续变化。") % "、".join(q.label for q in spec.quarters if is_running(q))


def _of_groups(figures: Figures) -> Iterable[str]:
    spec = figures.spec
    if attributes := figures.asked.attributes:
        frozen = [quarter.label for quarter in spec.quarters if quarter.code in figures.frozen]
        others = [quarter.label for quarter in spec.quarters if quarter.code not in figures.frozen]
        if attributes & {"ownership", "industry", "tier"}:
            if frozen:
                yield _("%s已关闭：所有制、行业、试点层级按关闭时冻结的。") % "、".join(frozen)
            if others:
                yield _("%s没有关闭：所有制、行业、试点层级按企业名录现在登记的。") % "、".join(others)
        if "size" in attributes:
            yield _("规模按当季填报的职工人数分，不是名录里登记的企业规模。")
        if "stage" in attributes:
            yield _("试点阶段按现有的试点登记推算到季末（未结束的季度到今天），不随季度冻结；有几个层级的取最高的。")
    if spec.has(Axis.CITY, Axis.COUNTY, Axis.ENTERPRISE) or spec.only:
        yield _("企业按填报时所在的地区统计。")
    if spec.has(Axis.ENTERPRISE):
        yield _("只列出报了其中任何一项的企业。")
    else:
        if any(measure.counts_people for measure in spec.measures):
            yield filled(_("人数不足 %d 人的格子不显示，以免认出个人；能由合计推出它的，另隐去一格。"), LEAST_PEOPLE)
        if any(measure.is_of_wages for measure in spec.measures):
            yield filled(wages_note(), LEAST_ENTERPRISES)


def _of_what_is_shown(figures: Figures, unjudged: int) -> Iterable[str]:
    spec = figures.spec
    if spec.show is Show.PER_ENTERPRISE:
        yield _("平均每家：本格合计除以报了这一项的企业数；跨季度的发生数除以各季度家数之和，是每家每季的平均。")
    if spec.show in _SCALES:
        yield _(
            "每百名、每千名职工：本格合计除以本格最后一个季度各企业填报的职工人数之和；填了职工人数、没有报这一项的企业也在分母里。"
        )
    if spec.show is Show.SHARE:
        yield _("比重：本格占同列合计的百分比。")
    if spec.show.compares:
        yield _("报表填报的数，只比两个季度都报了、并且没有换地区的企业，写明可比几家；其余比两个季度的合计。")
        yield _("没有结束的季度、一年报一次的数不比；指标比的是两个季度的数之差，两次填报的企业可能不同。")
    if spec.listed:
        yield _("连续两季下降：最近两个已结束的季度，每季都低于前一季度。")
        if unjudged:
            yield filled(_("另有 %d 行缺少可比的数，不能判断，没有列出。"), unjudged)
