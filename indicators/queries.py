"""Reading figures. Every function reads totals only, in a handful of queries whatever the size of the place."""

import datetime
import functools
import operator
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Count, Exists, Max, Q, QuerySet, Sum, Window
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, EnterpriseQuerySet
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, YearBasis, declared_facts
from foundation.places.models import COUNTY_LEVELS, Level, Place
from foundation.ratios import per, percent_of
from foundation.saying import filled
from foundation.ui.formats import change, growth_rate
from indicators.fill import READER
from indicators.formulas import terms
from indicators.models import (
    Against,
    Direction,
    FactValue,
    FillState,
    Indicator,
    PairedTotal,
    PlaceTotal,
    QuarterClosing,
    Target,
)
from indicators.pairs import paired_facts
from indicators.paths import QUARTERS, Mark, Way, judged
from indicators.totals import Total, exact, witnesses
from records.core.kinds import FiledBy, RecordKind, all_facts
from records.core.periods import first_quarter, since
from records.duties.circumstances import SaidNone
from records.models import ReportingQuarter


@dataclass(frozen=True)
class Figure:
    """One fact of a place in a quarter. ``value`` None: nobody reported it.

    ``year_to_date``: of a flow, the sum over the year's quarters so far; of a stock or headcount, the value itself.
    ``reporting``: enterprises behind ``value``. ``share``: of a part of a whole (``Fact.whole``), part and whole over the
    rows that tell both; None where nobody told both, or where the figure is no part.
    """

    code: str
    label: str
    unit: str
    nature: str
    value: Decimal | None
    year_to_date: Decimal | None
    reporting: int
    share: tuple[Decimal, Decimal] | None = None
    #: Of a part, how much of its whole was told by rows that left it empty.
    left_empty: Decimal = Decimal(0)


@dataclass(frozen=True)
class Comparison:
    """A figure beside that of an earlier time (``against``). ``enterprises``: both are the sums over so many that reported
    it both times; None: both are whole sums.

    Of a figure that is said once a year both stand for whole years, which is why it has a 同比 only."""

    value: Decimal
    before: Decimal
    enterprises: int | None = None
    against: Against = Against.QUARTER

    @property
    def change(self) -> Decimal:
        return self.value - self.before

    @property
    def growth(self) -> Decimal | None:
        """The change in per cent; None of so little that it would say less than the numbers."""
        return growth_rate(self.value, self.before, self.enterprises)

    @property
    def text(self) -> str:
        """``+20（+3.4%）``, ``-3``, ``持平``."""
        return change(self.value, self.before, self.enterprises)


class Lack(StrEnum):
    """Why a figure that is known now has no 同比: there was none of it a year before, or there was and nobody in the same
    county reported it both times."""

    NO_DATA = "no_data"
    NOBODY_TWICE = "nobody_twice"


@dataclass(frozen=True)
class Compared:
    """The figures of a place that can be compared, by code: with the quarter before (环比), with the same quarter of the
    year before (同比), and of activities the year to date with that of the year before, from the second quarter on. ``lacks``: why others have
    no 同比, where a reader would look for one."""

    quarter: dict[str, Comparison]
    year: dict[str, Comparison]
    to_date: dict[str, Comparison]
    lacks: dict[str, Lack]


@dataclass(frozen=True)
class UnitRow:
    """A unit directly below a place. ``enterprises``: in the register; ``reported``: of these, handed something in."""

    place: Place
    enterprises: int
    reported: int
    values: dict[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Coverage:
    """How complete a quarter is. The first four count enterprises, the last three duties."""

    enterprises: int
    reported: int
    complete: int
    nil: int
    due: int
    done: int
    on_time: int

    @property
    def reported_rate(self) -> Decimal | None:
        return percent_of(self.reported, self.enterprises)

    @property
    def on_time_rate(self) -> Decimal | None:
        return percent_of(self.on_time, self.due)


@dataclass(frozen=True)
class IndicatorValue:
    """An indicator of a place in a quarter, with the sums it was made of. ``value`` None: nothing to measure yet.

    ``adds_up``: it is made of what took place, from the year's beginning; its quarter alone stands under other names."""

    code: str
    name: str
    unit: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    direction: str
    target: Decimal | None
    area: str = ""
    source: str = ""
    version: int = 1
    adds_up: bool = False
    #: The last quarter of the year in which what is owed was judged: an indicator of duties says nothing of later ones.
    judged: Quarter | None = None
    #: It measures what is owed, and the day of the quarter asked for has not come: ``judged`` is an earlier one.
    is_behind: bool = False
    numerator_facts: tuple[str, ...] = ()
    denominator_facts: tuple[str, ...] = ()
    #: Places that told every fact it is made of, at least; None: enterprises do not tell it, the portal counts it.
    reporting: int | None = None
    #: Where not as many told the one side as the other: how many each. The ratio is then not one of the same people.
    sides: tuple[int, int] | None = None
    #: Enterprises that were to tell it; None: only some are asked, or offices tell it too.
    asked: int | None = None
    #: Where it stands against the target of the place, or what is required of all; ``target`` is that of the two.
    mark: Mark | None = None

    @property
    def comparable(self) -> Decimal | None:
        """The value, where it may be held against another: none of a ratio whose sides not as many told."""
        return self.value if self.sides is None else None

    @property
    def direction_label(self) -> str:
        return str(Direction(self.direction).label)

    @property
    def coverage(self) -> str:
        """Of how many it speaks, of what adds up over the year in the quarter itself; empty where nobody tells it."""
        if self.reporting is None:
            return ""
        if self.sides is not None:
            above, under = self.sides
            text = _("分子 %(above)d 个单位、分母 %(under)d 个单位已报，两边单位不一致，比率仅供参考")
            return filled(text, {"above": above, "under": under})
        if self.asked is None:
            text = _("本季度 %d 个单位已报") if self.adds_up else _("%d 个单位已报")
            return filled(text, self.reporting)
        text = _("本季度 %(reporting)d / %(asked)d 家已报") if self.adds_up else _("%(reporting)d / %(asked)d 家已报")
        return filled(text, {"reporting": self.reporting, "asked": self.asked})

    @property
    def label(self) -> str:
        if self.adds_up and self.is_behind and self.judged is not None:
            return _("%(name)s（本年累计，至%(quarter)s）") % {"name": self.name, "quarter": self.judged.label}
        return _("%s（本年累计）") % self.name if self.adds_up else self.name


#: {(place or enterprise id, quarter code, fact): (value, enterprises reporting)}
Cells = dict[tuple[int, str, str], tuple[Decimal, int]]


#: Field of ``Coverage`` → fact.
COVERAGE_FACTS = {
    "enterprises": "REG.enterprises",
    "reported": "REP.reported",
    "complete": "STA.complete",
    "nil": "STA.nil",
    "due": "DUT.due",
    "done": "DUT.done",
    "on_time": "DUT.on_time",
}


def _fact(code: str) -> Fact:
    try:
        return declared_facts()[code]
    except KeyError:
        raise LookupError(f"unknown fact {code!r}") from None


def _plain(value: Decimal) -> Decimal:
    """Whole numbers without decimals: 3, not 3.00."""
    whole = value.to_integral_value()
    return whole if value == whole else value


def _with_witnesses(codes: Iterable[str] | None) -> set[str]:
    """The facts to read for these (None: for all), with those that zeros follow from."""
    known = declared_facts(internal=True)
    wanted = set(known) if codes is None else set(codes)
    return wanted | {known[code].zero_with for code in wanted if code in known and known[code].zero_with}


def _with_zeros(read: dict[tuple[int, str, str], Total], codes: Collection[str] | None = None) -> Cells:
    """What was read, and the zeros that follow from it (of these facts; None: of all): a place with the witness of a fact
    and not the fact itself."""
    silent = witnesses()
    if codes is not None:
        silent = {witness: facts & set(codes) for witness, facts in silent.items()}
    for (place, quarter, witness), seen in list(read.items()):
        for fact in silent.get(witness, ()):
            total = read.get((place, quarter, fact), Total())
            if zeros := seen.reporting - total.witnessed:
                read[place, quarter, fact] = total._replace(reporting=total.reporting + zeros)
    return {key: (_plain(total.value), total.reporting) for key, total in read.items() if total.reporting}


def _enterprise_cells(enterprise_ids: Iterable[int], quarters: Sequence[Quarter], codes: Iterable[str] | None) -> Cells:
    codes = None if codes is None else set(codes)
    values = FactValue.objects.filter(
        place__in=enterprise_ids, quarter__in=[q.code for q in quarters], fact__in=_with_witnesses(codes)
    )
    sums = values.order_by().values_list("place_id", "quarter", "fact").annotate(total=Sum("value"))
    return _with_zeros({(place, quarter, fact): _single(total) for place, quarter, fact, total in sums}, codes)


def _single(value: Decimal | None) -> Total:
    """The total of one enterprise: it has the fact, whether it says a number or none."""
    return Total(witnessed=1) if value is None else Total(exact(value), reporting=1, witnessed=1)


class Reading(NamedTuple):
    """What is read of some regions: these facts (None: all) in these quarters."""

    places: Collection[int]
    quarters: Collection[Quarter]
    codes: Collection[str] | None

    @property
    def condition(self) -> Q:
        quarters = [quarter.code for quarter in self.quarters]
        return Q(place__in=self.places, quarter__in=quarters, fact__in=_with_witnesses(self.codes))


def region_cells_of(*readings: Reading) -> Cells:
    """Several readings together, no two of the same region. One query."""
    condition = functools.reduce(operator.or_, (one.condition for one in readings))
    rows = PlaceTotal.objects.filter(condition).values_list(
        "place_id", "quarter", "fact", "value", "reporting", "witnessed"
    )
    by_place = {place: number for number, one in enumerate(readings) for place in one.places}
    read: list[dict[tuple[int, str, str], Total]] = [{} for _one in readings]
    for place, quarter, fact, value, reporting, witnessed in rows:
        read[by_place[place]][place, quarter, fact] = Total(value, reporting, witnessed)
    found: Cells = {}
    for one, totals in zip(readings, read, strict=True):
        found |= _with_zeros(totals, one.codes)
    return found


def region_cells(place_ids: Iterable[int], quarters: Sequence[Quarter], codes: Iterable[str] | None) -> Cells:
    return region_cells_of(Reading(list(place_ids), quarters, None if codes is None else set(codes)))


def own_cells(place: Place, quarters: Sequence[Quarter], codes: Iterable[str]) -> Cells:
    """What a region has of its own, as its office reported it, without what lies below. One query."""
    return _enterprise_cells([place.pk], quarters, codes)


def _cells(place: Place, quarters: Sequence[Quarter], codes: Iterable[str] | None = None) -> Cells:
    """The cells of one place: a region's totals or an enterprise's own values. One query."""
    if place.level == Level.ENTERPRISE:
        return _enterprise_cells([place.pk], quarters, codes)
    if not place.is_region:
        raise ValueError(f"no figures are kept for a place of level {str(place.level)!r}")
    return region_cells([place.pk], quarters, codes)


def _value(cells: Cells, place_id: int, quarter: Quarter, code: str) -> Decimal | None:
    cell = cells.get((place_id, quarter.code, code))
    return cell[0] if cell else None


def _year_to_date(cells: Cells, place_id: int, quarter: Quarter, fact: Fact) -> Decimal | None:
    if fact.nature is not Nature.FLOW:
        return _value(cells, place_id, quarter, fact.code)
    parts = [_value(cells, place_id, earlier, fact.code) for earlier in quarter.year_to_date()]
    reported = [part for part in parts if part is not None]
    return sum(reported, Decimal(0)) if reported else None


def _share(cells: Cells, place_id: int, quarter: Quarter, fact: Fact) -> tuple[Decimal, Decimal] | None:
    if not fact.whole:
        return None
    part, whole = (_value(cells, place_id, quarter, code) for code in (fact.shared_part, fact.shared_whole))
    return None if part is None or whole is None else (part, whole)


def left_empty(value: Decimal | None, whole: Decimal | None, share: tuple[Decimal, Decimal] | None) -> Decimal:
    """How much of a whole was told by rows that left this part of it empty. ``share``: part and whole over the rows that tell
    both. None where a figure is unknown, or where the sides of a share that was declared lately have not been counted
    yet."""
    if value is None or whole is None or share is None or share[0] != value:
        return Decimal(0)
    return max(whole - share[1], Decimal(0))


def _left_empty(cells: Cells, place_id: int, quarter: Quarter, fact: Fact) -> Decimal:
    if not fact.whole:
        return Decimal(0)
    value, whole = (_value(cells, place_id, quarter, code) for code in (fact.code, fact.whole))
    return left_empty(value, whole, _share(cells, place_id, quarter, fact))


def _figures(cells: Cells, place_id: int, quarter: Quarter, codes: Collection[str] | None = None) -> dict[str, Figure]:
    return {
        code: Figure(
            code=code,
            label=fact.label_in(quarter),
            unit=str(fact.unit),
            nature=str(fact.nature),
            value=_value(cells, place_id, quarter, code),
            year_to_date=_year_to_date(cells, place_id, quarter, fact),
            reporting=cells.get((place_id, quarter.code, code), (None, 0))[1],
            share=_share(cells, place_id, quarter, fact),
            left_empty=_left_empty(cells, place_id, quarter, fact),
        )
        for code, fact in declared_facts().items()
        if codes is None or code in codes
    }


def figures(place: Place, quarter: Quarter) -> dict[str, Figure]:
    """Every fact of a region or an enterprise in a quarter, by code; unreported ones with ``value`` None. One query."""
    return _figures(_cells(place, quarter.year_to_date()), place.pk, quarter)


def enterprise_figures(enterprise_ids: Iterable[int], quarter: Quarter) -> dict[int, dict[str, Figure]]:
    """The figures of several enterprises, by enterprise id. One query."""
    ids = list(enterprise_ids)
    cells = _enterprise_cells(ids, quarter.year_to_date(), None)
    return {enterprise_id: _figures(cells, enterprise_id, quarter) for enterprise_id in ids}


def told_figures(enterprise_ids: Iterable[int], quarter: Quarter) -> dict[int, dict[str, Figure]]:
    """Of several enterprises only the figures that have a value in the quarter's year, by enterprise id. One query."""
    ids = list(enterprise_ids)
    cells = _enterprise_cells(ids, quarter.year_to_date(), None)
    told: dict[int, set[str]] = {enterprise_id: set() for enterprise_id in ids}
    for place, _quarter, code in cells:
        told[place].add(code)
    return {enterprise_id: _figures(cells, enterprise_id, quarter, told[enterprise_id]) for enterprise_id in ids}


def says_anything(kind: RecordKind, fact: Fact, values: Iterable[Decimal | None]) -> bool:
    """Whether an enterprise's own values of a fact say something: it came to anything, or a return says in so many words
    that it did not. What is 0 only because nothing was filed says nothing."""
    said = [value for value in values if value is not None]
    return any(said) or bool(said and fact.amount and kind.is_return)


def trend(place: Place, codes: Iterable[str], quarters: Sequence[Quarter]) -> dict[str, list[Decimal | None]]:
    """Each fact's values over the quarters, in their order. One query. Raises ``LookupError`` for an unknown code."""
    wanted = [_fact(code).code for code in codes]
    cells = _cells(place, quarters, wanted)
    return {code: [_value(cells, place.pk, quarter, code) for quarter in quarters] for code in wanted}


def units_below(place: Place, quarter: Quarter) -> list[Place]:
    """The regions directly below: cities of a province, counties and zones of a city, by code. One that was closed
    before the quarter began is left out; earlier quarters still have it."""
    levels: dict[str, list[Level]] = {Level.PROVINCE: [Level.CITY], Level.CITY: list(COUNTY_LEVELS)}
    below = Place.objects.filter(parent=place, level__in=levels.get(place.level, [])).order_by("code")
    return list(below.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=quarter.first_day)))


def _counted_in(county: Place, quarters: Sequence[Quarter], read: Collection[str]) -> "QuerySet[FactValue]":
    """The values by which an enterprise counted in a county, wherever it now lies. Of the facts only those that are read,
    and where it was in the register, reported or made its statement: whoever counted in any other was one of these as
    well."""
    facts = {*read, "STA.said", "REG.enterprises", "REP.reported"}
    return FactValue.objects.filter(region=county, quarter__in=[q.code for q in quarters], fact__in=facts).order_by()


def _enterprises_below(county: Place, quarters: Sequence[Quarter], read: Collection[str]) -> EnterpriseQuerySet:
    """The county's active enterprises, and others that counted here in these quarters (they moved, or left). Of a quarter
    that is frozen those that counted in it, and nobody who came since."""
    counted = _counted_in(county, quarters, read).values("place_id")
    active = Q(county=county, is_active=True) & ~_is_frozen(quarters[-1])
    return Enterprise.objects.filter(active | Q(pk__in=counted))


def _is_frozen(quarter: Quarter) -> Q:
    """A condition that holds of every row, or of none."""
    return Q(Exists(QuarterClosing.objects.filter(quarter=quarter.code, reopened_at=None, frozen_at__isnull=False)))


def _members(county: Place, quarter: Quarter, read: Collection[str]) -> EnterpriseQuerySet:
    """The same of one quarter. By a union of keys: as one condition with "or" it reads the whole register."""
    active = Enterprise.objects.filter(~_is_frozen(quarter), county=county, is_active=True).order_by().values("pk")
    return Enterprise.objects.filter(pk__in=active.union(_counted_in(county, [quarter], read).values("place_id")))


def silent_enterprises(county: Place, quarter: Quarter, shown: int) -> tuple[list[Enterprise], int]:
    """The first, by name, of a county's enterprises that reported nothing in the quarter, and how many they are. One
    query."""
    reported = FactValue.objects.filter(region=county, quarter=quarter.code, fact="REP.reported", value__gt=0)
    silent = _members(county, quarter, ()).exclude(pk__in=reported.order_by().values("place_id"))
    first = list(silent.annotate(in_all=Window(Count("pk"))).order_by("name", "pk")[:shown])
    return first, sum(getattr(enterprise, "in_all", 0) for enterprise in first[:1])


def ranked_enterprises(county: Place, code: str, quarter: Quarter) -> list[int]:
    """The enterprises of a county, the highest value of a fact in the quarter first, those without one last. At
    most four queries. Raises ``LookupError`` for an unknown code."""
    fact = _fact(code)
    values = FactValue.objects.filter(quarter=quarter.code, region=county).order_by()
    ranked: dict[int, Decimal | None] = dict(values.filter(fact=code).values_list("place_id", "value"))
    if fact.zero_with:
        said = values.filter(fact=fact.zero_with, value__isnull=False).values_list("place_id", flat=True)
        silent = set(said) - ranked.keys()
        # Who has the fact in another county has no zero in this one.
        elsewhere = FactValue.objects.filter(quarter=quarter.code, fact=code, place__in=silent)
        ranked |= dict.fromkeys(silent - set(elsewhere.values_list("place_id", flat=True)), Decimal(0))
    # By credit code, and so are those of one value: the sort keeps their order.
    everybody = list(_members(county, quarter, {code}).order_by("credit_code").values_list("pk", flat=True))
    valued = [(value, pk) for pk in everybody if (value := ranked.get(pk)) is not None]
    valued.sort(key=itemgetter(0), reverse=True)
    return [*(pk for _value, pk in valued), *(pk for pk in everybody if ranked.get(pk) is None)]


def _county_cells(
    county: Place, quarters: Sequence[Quarter], codes: Iterable[str], among: Collection[int] | None
) -> Cells:
    """Enterprises' values as counted in this county, so that they add up to its total; of all, or ``among`` some."""
    codes = None if codes is None else set(codes)
    read = _with_witnesses(codes)
    values = FactValue.objects.filter(quarter__in=[q.code for q in quarters], fact__in=read)
    counted = values.filter(region=county) if among is None else values.filter(region=county, place__in=among)
    rows = counted.values_list("place_id", "quarter", "fact", "value")
    found = {(place, quarter, fact): _single(value) for place, quarter, fact, value in rows}
    seen_with = witnesses()
    silent = set().union(*seen_with.values())
    if read & silent:
        # Who has the fact in another county has no zero in this one.
        here = {place for place, _quarter, fact in found if fact in seen_with}
        elsewhere = values.filter(fact__in=read & silent, place__in=here).exclude(region=county)
        for key in elsewhere.values_list("place_id", "quarter", "fact"):
            found.setdefault(key, Total(witnessed=1))
    return _with_zeros(found, codes)


def cells_below(
    place: Place,
    quarters: Sequence[Quarter],
    codes: Collection[str],
    *,
    quarter: Quarter,
    among: Sequence[int] | None = None,
) -> tuple[list[Place], Cells]:
    """The units directly below a region (of a county only the enterprises ``among``, in this order) and what is known of
    them in these quarters. ``quarter``: that of the page, by which regions are listed. At most three queries."""
    if not place.is_county_level:
        units = units_below(place, quarter)
        return units, region_cells([unit.pk for unit in units], quarters, codes)
    cells = _county_cells(place, quarters, codes, among)
    if among is None:
        below = _enterprises_below(place, quarters, codes).select_related("place").order_by("name", "pk")
        return [enterprise.place for enterprise in below], cells
    found = Place.objects.in_bulk(among)
    return [found[pk] for pk in among], cells


def by_unit(
    place: Place,
    codes: Iterable[str],
    quarter: Quarter,
    *,
    year_to_date: bool = False,
    among: Sequence[int] | None = None,
    read_before: tuple[list[Place], Cells] | None = None,
) -> list[UnitRow]:
    """The units directly below a region (province: cities; city: counties and zones; county: enterprises) with the
    values of some facts. ``among``: of a county only these enterprises, in this order. At most three queries; none where
    the units and their values of the quarter were ``read_before``. Raises ``LookupError`` for an unknown code."""
    facts = [_fact(code) for code in codes]
    quarters = quarter.year_to_date() if year_to_date else [quarter]
    read = {*(fact.code for fact in facts), "REG.enterprises", "REP.reported"}
    units, cells = read_before or cells_below(place, quarters, read, among=among, quarter=quarter)
    return [
        UnitRow(
            place=unit,
            enterprises=int(_value(cells, unit.pk, quarter, "REG.enterprises") or 0),
            reported=int(_value(cells, unit.pk, quarter, "REP.reported") or 0),
            values={
                fact.code: _year_to_date(cells, unit.pk, quarter, fact)
                if year_to_date
                else _value(cells, unit.pk, quarter, fact.code)
                for fact in facts
            },
        )
        for unit in units
    ]


def coverage(place: Place, quarter: Quarter) -> Coverage:
    """How complete the quarter is in a region or enterprise. One query."""
    return _coverage_of(_cells(place, [quarter], COVERAGE_FACTS.values()), place, quarter)


def _coverage_of(cells: Cells, place: Place, quarter: Quarter) -> Coverage:
    return Coverage(**{name: int(_value(cells, place.pk, quarter, code) or 0) for name, code in COVERAGE_FACTS.items()})


def coverage_by_unit(place: Place, quarter: Quarter) -> tuple[Coverage, list[UnitRow]]:
    """How complete the quarter is in a city or province, and in each unit directly below. Two queries."""
    units = units_below(place, quarter)
    cells = region_cells([place.pk, *(unit.pk for unit in units)], [quarter], COVERAGE_FACTS.values())
    return _coverage_of(cells, place, quarter), by_unit(place, [], quarter, read_before=(units, cells))


def is_over(row: ReportingQuarter | None, quarter: Quarter) -> bool:
    """The day by which enterprises report the quarter has passed, or it was closed: what is missing then is late."""
    if row is not None and not row.is_open:
        return True
    due = row.enterprise_due if row else ReportingQuarter.default_dates(quarter)["enterprise_due"]
    return due < timezone.localdate()


def _over(quarters: Sequence[Quarter], known: Sequence[ReportingQuarter] | None = None) -> set[str]:
    """Those of the quarters of which what is owed can be judged. One query, none where all quarters are ``known``."""
    if known is None:
        known = list(ReportingQuarter.objects.filter(code__in=[q.code for q in quarters]))
    rows = {row.code: row for row in known}
    return {quarter.code for quarter in quarters if is_over(rows.get(quarter.code), quarter)}


def _sum(cells: Cells, place_id: int, quarter: Quarter, codes: Sequence[str], over: Collection[str]) -> Decimal | None:
    """A side of an indicator: the sum of its facts; None when none was reported. Flows count from the year's start, what
    is owed in the quarters that are ``over``."""
    known = declared_facts()
    parts: list[Decimal] = []
    for sign, fact in ((sign, known[code]) for sign, code in terms(codes) if code in known):
        if fact.is_owed:
            judged = [one for one in quarter.year_to_date() if one.code in over]
            told = [_value(cells, place_id, one, fact.code) for one in judged]
        else:
            told = [_year_to_date(cells, place_id, quarter, fact)]
        parts += [sign * part for part in told if part is not None]
        if sign < 0 and not any(part is not None for part in told):
            # Taking off what nobody told would tell too much.
            return None
    return sum(parts, Decimal(0)) if parts else None


@functools.cache
def told_by_offices() -> set[str]:
    """Facts of kinds that offices report, alone or as well."""
    return {fact.code for kind, fact in all_facts() if kind.filed_by is not FiledBy.ENTERPRISE}


@functools.cache
def not_asked() -> dict[str, str]:
    """Facts of kinds that nobody is asked who said of the year that there is none (适用情况), each with the fact that counts
    these."""
    return {
        fact.code: f"APP.{rule.question.value}_none"
        for kind, fact in all_facts()
        for rule in kind.warnings
        if issubclass(rule, SaidNone)
    }


def _extent(facts: Sequence[Fact], cells: Cells, place_id: int, quarter: Quarter) -> tuple[int | None, int | None]:
    """How many told what an indicator is made of, the fact that fewest told, and how many were to; see
    ``IndicatorValue``. What took place is told by whoever did something, and what is counted by the portal by nobody."""
    told = [fact for fact in facts if fact.of_return or fact.nature is Nature.HEADCOUNT]
    if not told:
        return None, None
    reporting = min(cells.get((place_id, quarter.code, fact.code), (None, 0))[1] for fact in told)
    everybody = _value(cells, place_id, quarter, COVERAGE_FACTS["enterprises"])
    is_of_all = any(fact.of_return for fact in told) and not any(
        fact.of_some or fact.code in told_by_offices() for fact in told
    )
    if not is_of_all or everybody is None:
        return reporting, None
    closed_by = {not_asked().get(fact.code) for fact in told}
    closer = closed_by.pop() if len(closed_by) == 1 else None
    none = (_value(cells, place_id, quarter, closer) or 0) if closer else 0
    # Who said that there is none and tells some all the same is among those that told.
    return reporting, max(int(everybody - none), reporting)


def _share_of(indicator: Indicator) -> Fact | None:
    """The part, of an indicator that divides one by its whole (``Fact.whole``)."""
    fact = declared_facts().get(indicator.numerator[0]) if len(indicator.numerator) == 1 else None
    return fact if fact and fact.whole and [fact.whole] == list(indicator.denominator) else None


def facts_measured(indicators: Iterable[Indicator]) -> set[str]:
    """The codes of the facts to read for these indicators: what they are made of, who is not asked it, and of shares the whole
    over the rows that tell both."""
    known, found = declared_facts(), set()
    for one in indicators:
        codes = {code for code in one.fact_codes if code in known}
        found |= codes | {not_asked()[code] for code in codes if code in not_asked()}
        if part := _share_of(one):
            found.add(part.shared_whole)
    return found


def _sides(indicator: Indicator, cells: Cells, place_id: int, quarter: Quarter) -> tuple[int, int] | None:
    """How many told the numerator and how many the denominator, where these are not as many; see ``IndicatorValue``. A part is
    of the same people as its whole where whoever left it empty had nothing of the whole either."""
    known = declared_facts()
    if part := _share_of(indicator):
        whole = known[part.whole]
        both = _year_to_date(cells, place_id, quarter, replace(whole, code=part.shared_whole))
        if both is not None and both == _year_to_date(cells, place_id, quarter, whole):
            return None
    counts = []
    for side in (indicator.numerator, indicator.denominator):
        facts = [known[code] for _sign, code in terms(side) if code in known]
        reporting, _asked = _extent(facts, cells, place_id, quarter)
        if reporting is None:
            return None
        counts.append(reporting)
    return (counts[0], counts[1]) if counts[0] != counts[1] else None


def _way(
    indicator: Indicator, target: Target | None, facts: Sequence[Fact], quarter: Quarter, start: Decimal | None
) -> Way | None:
    """The way an indicator goes in the quarter's year; None without a target, or where none is better or worse."""
    if indicator.direction == Direction.NONE or (target is None and indicator.target is None):
        return None
    adds_up = not indicator.is_ratio and any(fact.nature is Nature.FLOW for fact in facts)
    is_closed = any(fact.year_basis is YearBasis.CLOSED_YEAR for fact in facts)
    if target is not None:
        begins = Decimal(0) if adds_up else start if target.start is None else target.start
        value, year = target.value, target.year
    else:
        value, year = indicator.target or Decimal(0), None
        begins = Decimal(0) if adds_up else value
    return Way(
        target=value,
        start=begins,
        done=QUARTERS if is_closed else quarter.number,
        rises=indicator.direction == Direction.UP,
        adds_up=adds_up,
        year=year,
    )


def _facts_of(indicator: Indicator) -> list[Fact]:
    known = declared_facts()
    return [known[code] for code in indicator.fact_codes if code in known]


def year_told(indicator: Indicator, quarter: Quarter) -> int:
    """The year whose target an indicator is held against in a quarter: what is told for a closed year, that one."""
    is_closed = any(fact.year_basis is YearBasis.CLOSED_YEAR for fact in _facts_of(indicator))
    return quarter.year - 1 if is_closed else quarter.year


def _measure(
    indicator: Indicator, cells: Cells, place_id: int, quarter: Quarter, over: Collection[str]
) -> IndicatorValue:
    known = declared_facts()
    numerator = _sum(cells, place_id, quarter, indicator.numerator, over)
    denominator = _sum(cells, place_id, quarter, indicator.denominator, over) if indicator.is_ratio else None
    value = None
    if numerator is not None and indicator.is_ratio:
        value = None if denominator is None else per(indicator.scale, numerator, denominator)
    elif numerator is not None:
        value = numerator * indicator.scale
    latest = max((one for one in quarter.year_to_date() if one.code in over), default=None)
    reporting, asked = _extent(_facts_of(indicator), cells, place_id, quarter)
    return IndicatorValue(
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        value=None if value is None else _plain(value),
        numerator=numerator,
        denominator=denominator,
        direction=indicator.direction,
        target=indicator.target,
        area=indicator.area,
        source=indicator.source,
        version=indicator.version,
        adds_up=any(known[code].nature is Nature.FLOW for code in indicator.fact_codes if code in known),
        judged=latest,
        is_behind=latest != quarter and any(known[code].is_owed for code in indicator.fact_codes if code in known),
        numerator_facts=tuple(code for _sign, code in terms(indicator.numerator) if code in known),
        denominator_facts=tuple(code for _sign, code in terms(indicator.denominator) if code in known),
        reporting=reporting,
        asked=asked,
        sides=_sides(indicator, cells, place_id, quarter),
    )


def _targets(
    places: Sequence[Place], indicators: Sequence[Indicator], quarter: Quarter
) -> dict[tuple[int, str], Target]:
    """The targets of regions that hold in a quarter, by region and code of the indicator. One query."""
    by_code = {indicator.code: indicator for indicator in indicators}
    rows = Target.objects.filter(
        place__in=[place.pk for place in places if place.is_region], year__in=[quarter.year - 1, quarter.year]
    )
    return {
        (row.place_id, row.indicator): row
        for row in rows
        if (found := by_code.get(row.indicator)) and year_told(found, quarter) == row.year
    }


def _begins_before(indicator: Indicator, target: Target) -> bool:
    """Whether the way begins where the indicator stood at the end of the year before."""
    adds_up = not indicator.is_ratio and any(fact.nature is Nature.FLOW for fact in _facts_of(indicator))
    return target.start is None and not adds_up


def _marked(
    values: Sequence[IndicatorValue], indicators: Sequence[Indicator], place: Place, quarter: Quarter
) -> list[IndicatorValue]:
    """The values of one place with their lights. One query for the targets, two more where a way begins at last year's
    end."""
    targets = _targets([place], indicators, quarter)
    cells: Cells = {}
    over: set[str] = set()
    if sought := _sought(indicators, place, targets):
        before = _year_end_before(quarter).year_to_date()
        cells, over = _cells(place, before, facts_measured(sought)), _over(before)
    return _marked_by(values, indicators, place, quarter, targets, cells, over)


def _year_end_before(quarter: Quarter) -> Quarter:
    return Quarter(quarter.year - 1, QUARTERS)


def _sought(indicators: Sequence[Indicator], place: Place, targets: dict[tuple[int, str], Target]) -> list[Indicator]:
    """Those whose way begins at the end of the year before."""
    return [one for one in indicators if (set_ := targets.get((place.pk, one.code))) and _begins_before(one, set_)]


def _marked_by(
    values: Sequence[IndicatorValue],
    indicators: Sequence[Indicator],
    place: Place,
    quarter: Quarter,
    targets: dict[tuple[int, str], Target],
    cells: Cells,
    over: Collection[str],
) -> list[IndicatorValue]:
    """By targets that were read before. ``cells`` and ``over`` know the year before, where a way begins at its end."""
    before = _year_end_before(quarter)
    starts = {
        one.code: _measure(one, cells, place.pk, before, over).comparable for one in _sought(indicators, place, targets)
    }
    return [
        _with_mark(value, one, targets.get((place.pk, one.code)), starts.get(one.code), quarter)
        for value, one in zip(values, indicators, strict=True)
    ]


def _with_mark(
    value: IndicatorValue, indicator: Indicator, target: Target | None, start: Decimal | None, quarter: Quarter
) -> IndicatorValue:
    way = _way(indicator, target, _facts_of(indicator), quarter, start)
    is_over = quarter.last_day < timezone.localdate() and not value.is_behind
    is_alike = value.sides is None
    mark = judged(value.value, way, quarter, is_over=is_over, is_alike=is_alike, unit=indicator.unit)
    return replace(value, mark=mark, target=indicator.target if way is None else way.target)


def indicator_values(place: Place, quarter: Quarter) -> list[IndicatorValue]:
    """Every indicator in force, of a region or enterprise. Ratios are made of the place's own sums. Four queries, two more
    where a target's way begins at the end of the year before."""
    indicators = list(Indicator.objects.in_force(quarter))
    codes = {COVERAGE_FACTS["enterprises"], *facts_measured(indicators)}
    cells = _cells(place, quarter.year_to_date(), codes)
    over = _over(quarter.year_to_date())
    values = [_measure(indicator, cells, place.pk, quarter, over) for indicator in indicators]
    return _marked(values, indicators, place, quarter)


def history(indicator: Indicator, place: Place, quarters: Sequence[Quarter]) -> list[IndicatorValue]:
    """What an indicator, saved or not, gives in each of the quarters, whenever it is in force. Two queries."""
    read = sorted({one for quarter in quarters for one in quarter.year_to_date()})
    cells = _cells(place, read, {COVERAGE_FACTS["enterprises"], *facts_measured([indicator])})
    over = _over(read)
    return [_measure(indicator, cells, place.pk, quarter, over) for quarter in quarters]


def _of_units(
    units: Sequence[Place], indicators: Sequence[Indicator], quarter: Quarter
) -> dict[tuple[int, str], IndicatorValue]:
    codes = {COVERAGE_FACTS["enterprises"], *facts_measured(indicators)}
    cells = region_cells([unit.pk for unit in units], quarter.year_to_date(), codes)
    over = _over(quarter.year_to_date())
    return {(unit.pk, one.code): _measure(one, cells, unit.pk, quarter, over) for unit in units for one in indicators}


@dataclass(frozen=True)
class UnitIndicators:
    """Indicators of several regions, by key of the region and code: ``before`` at the end of the year before, ``now`` with
    their lights."""

    before: dict[tuple[int, str], IndicatorValue]
    now: dict[tuple[int, str], IndicatorValue]


def indicators_of_units(units: Sequence[Place], indicators: Sequence[Indicator], quarter: Quarter) -> UnitIndicators:
    """These indicators in several regions, in a quarter and at the end of the year before it. Five queries."""
    before = _of_units(units, indicators, Quarter(quarter.year - 1, QUARTERS))
    targets = _targets(units, indicators, quarter)
    by_code = {one.code: one for one in indicators}
    now = {}
    for key, value in _of_units(units, indicators, quarter).items():
        now[key] = _with_mark(value, by_code[key[1]], targets.get(key), before[key].comparable, quarter)
    return UnitIndicators(before, now)


#: {(against, fact): the sums of one place over those that reported the fact both times}
PlacePairs = dict[tuple[Against, str], Comparison]


def _pairs(place: Place, quarter: Quarter) -> PlacePairs:
    """One query, none of an enterprise: it is no sum."""
    if place.level == Level.ENTERPRISE:
        return {}
    rows = PairedTotal.objects.filter(place=place, quarter=quarter.code)
    return {
        (Against(against), fact): Comparison(_plain(value), _plain(before), enterprises, Against(against))
        for against, fact, value, before, enterprises in rows.values_list(
            "against", "fact", "value", "before", "enterprises"
        )
    }


def is_running(quarter: Quarter) -> bool:
    return quarter.last_day >= timezone.localdate()


def _quarters_compared(quarter: Quarter) -> list[Quarter]:
    """What comparing a quarter reads, besides the pairs."""
    year_before = quarter.year_before()
    to_date = set() if is_running(quarter) else {*quarter.year_to_date(), *year_before.year_to_date()}
    return sorted({quarter, quarter.previous(), year_before, *to_date})


def is_compared(fact: Fact, against: Against, *, is_running: bool) -> bool:
    """What took place in a running quarter is not compared with a whole one. What is said once a year of a whole year
    is compared with the year before and not from quarter to quarter; how things stood when it was last said with
    nothing, because one and the same return may stand in both quarters."""
    if fact.year_basis is not None:
        return fact.year_basis is YearBasis.CLOSED_YEAR and against is Against.YEAR
    return not (is_running and fact.nature is Nature.FLOW)


def _compared(
    cells: Cells, place: Place, quarter: Quarter, pairs: PlacePairs, codes: Collection[str] | None = None
) -> Compared:
    """The comparisons of a region or enterprise, of these facts (None: of all). What returns tell is compared over those
    that reported it both times: with more enterprises reporting it would grow, though nothing grew in any of them."""
    running = is_running(quarter)
    is_one = place.level == Level.ENTERPRISE
    found: dict[Against, dict[str, Comparison]] = {one: {} for one in Against}
    lacks: dict[str, Lack] = {}
    to_date: dict[str, Comparison] = {}
    paired = {one: paired_facts(one) for one in Against}
    for code, fact in declared_facts().items():
        if codes is not None and code not in codes:
            continue
        now = _value(cells, place.pk, quarter, code)
        for against in Against:
            if not is_compared(fact, against, is_running=running):
                continue
            before = _value(cells, place.pk, against.before(quarter), code)
            if code in paired[against] and not is_one:
                comparison = pairs.get((against, code))
            elif now is not None and before is not None:
                comparison = Comparison(now, before, against=against)
            else:
                comparison = None
            if comparison is not None:
                found[against][code] = comparison
            elif against is Against.YEAR and now is not None:
                lacks[code] = Lack.NO_DATA if before is None else Lack.NOBODY_TWICE
        if _adds_up_whole(fact) and quarter.number > 1 and not running:
            sums = [_whole_to_date(cells, place.pk, one, code) for one in (quarter, quarter.year_before())]
            if sums[0] is not None and sums[1] is not None:
                to_date[code] = Comparison(sums[0], sums[1], against=Against.YEAR)
    return Compared(found[Against.QUARTER], found[Against.YEAR], to_date, lacks)


def _adds_up_whole(fact: Fact) -> bool:
    """What takes place, of which silence is zero: the sums over all enterprises may be compared, and added up."""
    return fact.nature is Nature.FLOW and not fact.of_return and fact.year_basis is None


def _whole_to_date(cells: Cells, place_id: int, quarter: Quarter, code: str) -> Decimal | None:
    """The year to date of what adds up; None where it is not known of each of its quarters: a year that the portal saw the
    second half of is less than a whole one."""
    parts = [_value(cells, place_id, one, code) for one in quarter.year_to_date()]
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def compared(place: Place, quarter: Quarter) -> Compared:
    """Every comparison of a place's figures of a quarter. Two queries."""
    return _compared(_cells(place, _quarters_compared(quarter)), place, quarter, _pairs(place, quarter))


def comparisons(place: Place, quarter: Quarter, against: Against = Against.QUARTER) -> dict[str, Comparison]:
    """The figures of a place that can be compared with the quarter before, or with the year before, by code. Two
    queries."""
    found = compared(place, quarter)
    return found.quarter if against is Against.QUARTER else found.year


@dataclass(frozen=True)
class Freshness:
    """``counted``: when the quarter's figures last changed. ``known``: the moment up to which they are known to hold: of
    an open quarter, when the change feed was last followed to their end. None: never counted."""

    counted: datetime.datetime | None
    known: datetime.datetime | None


def freshness(quarter: Quarter, *, is_open: bool) -> Freshness:
    """How fresh the quarter's figures are. One query."""
    times = dict(FillState.objects.filter(name__in=[READER, quarter.code]).values_list("name", "done_at"))
    counted = times.get(quarter.code)
    if counted is None or not is_open:
        return Freshness(counted, counted)
    return Freshness(counted, max(counted, times.get(READER) or counted))


def last_filled(quarter: Quarter) -> datetime.datetime | None:
    """``freshness(...).known`` for callers that do not know whether the quarter is open."""
    is_open = not ReportingQuarter.objects.filter(code=quarter.code, is_open=False).exists()
    return freshness(quarter, is_open=is_open).known


def newest_with_data(region: Place, codes: Collection[str]) -> dict[str, Quarter]:
    """The newest quarter up to the running one in which each of these facts came to anything in a region; none of the facts of
    which nothing ever was. One query."""
    rows = PlaceTotal.objects.filter(
        place=region, fact__in=codes, value__gt=0, quarter__lte=Quarter.current().code
    ).order_by()
    found = rows.values_list("fact").annotate(newest=Max("quarter"))
    return {fact: Quarter.parse(code) for fact, code in found}


@dataclass(frozen=True)
class Plan:
    """What a page of one place in a quarter goes by, known before any figure is read: the indicators in force, the targets
    of the place and of those beside it, the quarters of its trend, and of which quarters what is owed can be judged
    (``over``)."""

    place: Place
    quarter: Quarter
    trailing: list[Quarter]
    over: set[str]
    in_force: list[Indicator]
    targets: dict[tuple[int, str], Target]

    @property
    def aimed(self) -> list[Indicator]:
        """The indicators with something to reach: a target of the place, or what is required of all."""
        return [
            one
            for one in self.in_force
            if one.direction != Direction.NONE and (one.target is not None or (self.place.pk, one.code) in self.targets)
        ]

    @property
    def quarters(self) -> list[Quarter]:
        """Those that figures, trend, comparisons and targets are made of."""
        read = {*self.trailing, *_quarters_compared(self.quarter), *self.quarter.year_to_date()}
        if _sought(self.in_force, self.place, self.targets):
            read.update(_year_end_before(self.quarter).year_to_date())
        return sorted(read)

    def label_of(self, indicator: Indicator) -> str:
        """What the indicator is called in the quarter."""
        return _measure(indicator, {}, self.place.pk, self.quarter, self.over).label


@dataclass(frozen=True)
class Board:
    """Everything a dashboard shows of one place: read together, because it is shown together. ``figures``, ``series`` and
    ``compared`` may hold only the facts that were asked for, and ``indicators`` only those ``aimed`` at something."""

    figures: dict[str, Figure]
    coverage: Coverage
    indicators: list[IndicatorValue]
    series: dict[str, list[Decimal | None]]
    quarters: list[Quarter]
    compared: Compared
    #: The indicators in force, and the targets of the place and of those ``beside`` it.
    in_force: list[Indicator]
    targets: dict[tuple[int, str], Target]


def plan(
    place: Place,
    quarter: Quarter,
    *,
    quarters: int = 5,
    known: Sequence[ReportingQuarter] | None = None,
    beside: Sequence[Place] = (),
) -> Plan:
    """``quarters``: the last so many make the trend, from the portal's first one on. ``beside``: other regions whose
    targets are wanted. Three queries; one less where all quarters are ``known``."""
    known = list(ReportingQuarter.objects.all()) if known is None else known
    in_force = list(Indicator.objects.in_force(quarter))
    return Plan(
        place=place,
        quarter=quarter,
        trailing=since(first_quarter(known), quarter.trailing(quarters)) or [quarter],
        over=_over([*_year_end_before(quarter).year_to_date(), *quarter.year_to_date()], known),
        in_force=in_force,
        targets=_targets([place, *beside], in_force, quarter),
    )


def board_of(
    plan: Plan,
    cells: Cells,
    pairs: PlacePairs,
    *,
    codes: Collection[str] | None = None,
    also: Collection[Indicator] = (),
) -> Board:
    """What a page shows, of what was read of the place. ``codes``: only these facts, and of the indicators only those
    aimed at something and ``also`` others. No query."""
    place, quarter = plan.place, plan.quarter
    shown = declared_facts().keys() if codes is None else codes
    found = _figures(cells, place.pk, quarter, codes)
    aimed, others = {one.code for one in plan.aimed}, {one.code for one in also}
    measured = [one for one in plan.in_force if codes is None or one.code in aimed or one.code in others]
    values = [_measure(indicator, cells, place.pk, quarter, plan.over) for indicator in measured]
    return Board(
        figures=found,
        coverage=Coverage(**{name: int(found[code].value or 0) for name, code in COVERAGE_FACTS.items()}),
        indicators=_marked_by(values, measured, place, quarter, plan.targets, cells, plan.over),
        series={code: [_value(cells, place.pk, one, code) for one in plan.trailing] for code in shown},
        quarters=plan.trailing,
        compared=_compared(cells, place, quarter, pairs, codes),
        in_force=plan.in_force,
        targets=plan.targets,
    )


def board(
    place: Place,
    quarter: Quarter,
    *,
    quarters: int = 5,
    known: Sequence[ReportingQuarter] | None = None,
    beside: Sequence[Place] = (),
) -> Board:
    """Every figure and indicator of a place, with coverage, comparisons and the trend; see ``plan``. Two queries more than
    that takes."""
    laid = plan(place, quarter, quarters=quarters, known=known, beside=beside)
    return board_of(laid, _cells(place, laid.quarters), _pairs(place, quarter))


def with_zeros(read: dict[tuple[int, str, str], Total], codes: Collection[str]) -> Cells:
    """What was read of any groups of places, under numbers of the caller's own, with the zeros of these facts that follow
    from it."""
    return _with_zeros(read, codes)


def with_witnesses(codes: Iterable[str]) -> set[str]:
    """The facts to read for these, with those that zeros follow from."""
    return _with_witnesses(codes)


def over(quarters: Sequence[Quarter], known: Sequence[ReportingQuarter] | None = None) -> set[str]:
    """Those of the quarters of which what is owed can be judged. One query, none where all quarters are ``known``."""
    return _over(quarters, known)


def with_mark(
    value: IndicatorValue, indicator: Indicator, target: Target | None, start: Decimal | None, quarter: Quarter
) -> IndicatorValue:
    """The value with its light. ``start``: what the indicator was at the end of the year before."""
    return _with_mark(value, indicator, target, start, quarter)


def measured(
    indicator: Indicator, cells: Cells, group: int, quarter: Quarter, *, judged: Collection[str]
) -> IndicatorValue:
    """An indicator over a group of places whose figures ``cells`` holds under this number. ``judged``: what ``over``
    says of the quarters."""
    return _measure(indicator, cells, group, quarter, judged)
