"""Reading figures. Every function reads totals only, in a handful of queries whatever the size of the place."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter

from django.db.models import Count, Q, QuerySet, Sum, Window
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, EnterpriseQuerySet
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, declared_facts
from foundation.places.models import COUNTY_LEVELS, Level, Place
from foundation.ratios import per, percent_of
from indicators.fill import READER
from indicators.models import FactValue, FillState, Indicator, PairedTotal, PlaceTotal
from indicators.pairs import paired_facts
from indicators.totals import Total, exact, witnesses
from records.core.kinds import RecordKind
from records.models import ReportingQuarter


@dataclass(frozen=True)
class Figure:
    """One fact of a place in a quarter. ``value`` None: nobody reported it.

    ``year_to_date``: of a flow, the sum over the year's quarters so far; of a stock or headcount, the value itself.
    ``reporting``: enterprises behind ``value``.
    """

    code: str
    label: str
    unit: str
    nature: str
    value: Decimal | None
    year_to_date: Decimal | None
    reporting: int


@dataclass(frozen=True)
class Comparison:
    """A figure beside that of the quarter before. ``enterprises``: both are the sums over so many that reported the stock
    or headcount both times; None: both are whole sums."""

    value: Decimal
    before: Decimal
    enterprises: int | None = None

    @property
    def change(self) -> Decimal:
        return self.value - self.before


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
    numerator_facts: tuple[str, ...] = ()
    denominator_facts: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return _("%s（本年累计）") % self.name if self.adds_up else self.name


#: {(place or enterprise id, quarter code, fact): (value, enterprises reporting)}
Cells = dict[tuple[int, str, str], tuple[Decimal, int]]


#: Field of ``Coverage`` → fact.
_COVERAGE = {
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


def _with_zeros(read: dict[tuple[int, str, str], Total]) -> Cells:
    """What was read, and the zeros that follow from it: a place with the witness of a fact and not the fact itself."""
    silent = witnesses()
    for (place, quarter, witness), seen in list(read.items()):
        for fact in silent.get(witness, ()):
            total = read.get((place, quarter, fact), Total())
            if zeros := seen.reporting - total.witnessed:
                read[place, quarter, fact] = total._replace(reporting=total.reporting + zeros)
    return {key: (_plain(total.value), total.reporting) for key, total in read.items() if total.reporting}


def _enterprise_cells(enterprise_ids: Iterable[int], quarters: Sequence[Quarter], codes: Iterable[str] | None) -> Cells:
    values = FactValue.objects.filter(
        place__in=enterprise_ids, quarter__in=[q.code for q in quarters], fact__in=_with_witnesses(codes)
    )
    sums = values.order_by().values_list("place_id", "quarter", "fact").annotate(total=Sum("value"))
    return _with_zeros({(place, quarter, fact): _single(total) for place, quarter, fact, total in sums})


def _single(value: Decimal | None) -> Total:
    """The total of one enterprise: it has the fact, whether it says a number or none."""
    return Total(witnessed=1) if value is None else Total(exact(value), reporting=1, witnessed=1)


def _region_cells(place_ids: Iterable[int], quarters: Sequence[Quarter], codes: Iterable[str] | None) -> Cells:
    totals = PlaceTotal.objects.filter(
        place_id__in=place_ids, quarter__in=[q.code for q in quarters], fact__in=_with_witnesses(codes)
    )
    rows = totals.values_list("place_id", "quarter", "fact", "value", "reporting", "witnessed")
    return _with_zeros(
        {
            (place, quarter, fact): Total(value, reporting, witnessed)
            for place, quarter, fact, value, reporting, witnessed in rows
        }
    )


def _cells(place: Place, quarters: Sequence[Quarter], codes: Iterable[str] | None = None) -> Cells:
    """The cells of one place: a region's totals or an enterprise's own values. One query."""
    if place.level == Level.ENTERPRISE:
        return _enterprise_cells([place.pk], quarters, codes)
    if not place.is_region:
        raise ValueError(f"no figures are kept for a place of level {str(place.level)!r}")
    return _region_cells([place.pk], quarters, codes)


def _value(cells: Cells, place_id: int, quarter: Quarter, code: str) -> Decimal | None:
    cell = cells.get((place_id, quarter.code, code))
    return cell[0] if cell else None


def _year_to_date(cells: Cells, place_id: int, quarter: Quarter, fact: Fact) -> Decimal | None:
    if fact.nature is not Nature.FLOW:
        return _value(cells, place_id, quarter, fact.code)
    parts = [_value(cells, place_id, earlier, fact.code) for earlier in quarter.year_to_date()]
    reported = [part for part in parts if part is not None]
    return sum(reported, Decimal(0)) if reported else None


def _figures(cells: Cells, place_id: int, quarter: Quarter) -> dict[str, Figure]:
    return {
        code: Figure(
            code=code,
            label=fact.label_in(quarter),
            unit=str(fact.unit),
            nature=str(fact.nature),
            value=_value(cells, place_id, quarter, code),
            year_to_date=_year_to_date(cells, place_id, quarter, fact),
            reporting=cells.get((place_id, quarter.code, code), (None, 0))[1],
        )
        for code, fact in declared_facts().items()
    }


def figures(place: Place, quarter: Quarter) -> dict[str, Figure]:
    """Every fact of a region or an enterprise in a quarter, by code; unreported ones with ``value`` None. One query."""
    return _figures(_cells(place, quarter.year_to_date()), place.pk, quarter)


def enterprise_figures(enterprise_ids: Iterable[int], quarter: Quarter) -> dict[int, dict[str, Figure]]:
    """The figures of several enterprises, by enterprise id. One query."""
    ids = list(enterprise_ids)
    cells = _enterprise_cells(ids, quarter.year_to_date(), None)
    return {enterprise_id: _figures(cells, enterprise_id, quarter) for enterprise_id in ids}


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
    """The county's active enterprises, and others that counted here in these quarters (they moved, or left)."""
    counted = _counted_in(county, quarters, read).values("place_id")
    return Enterprise.objects.filter(Q(county=county, is_active=True) | Q(pk__in=counted))


def _members(county: Place, quarter: Quarter, read: Collection[str]) -> EnterpriseQuerySet:
    """The same of one quarter. By a union of keys: as one condition with "or" it reads the whole register."""
    active = Enterprise.objects.filter(county=county, is_active=True).order_by().values("pk")
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
    return _with_zeros(found)


def by_unit(
    place: Place,
    codes: Iterable[str],
    quarter: Quarter,
    *,
    year_to_date: bool = False,
    among: Sequence[int] | None = None,
) -> list[UnitRow]:
    """The units directly below a region (province: cities; city: counties and zones; county: enterprises) with the
    values of some facts. ``among``: of a county only these enterprises, in this order. At most three queries. Raises
    ``LookupError`` for an unknown code."""
    facts = [_fact(code) for code in codes]
    quarters = quarter.year_to_date() if year_to_date else [quarter]
    read = {*(fact.code for fact in facts), "REG.enterprises", "REP.reported"}
    if place.is_county_level:
        cells = _county_cells(place, quarters, read, among)
        if among is None:
            below = _enterprises_below(place, quarters, read).select_related("place").order_by("name", "pk")
            units = [enterprise.place for enterprise in below]
        else:
            found = Place.objects.in_bulk(among)
            units = [found[pk] for pk in among]
    else:
        units = units_below(place, quarter)
        cells = _region_cells([unit.pk for unit in units], quarters, read)
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
    cells = _cells(place, [quarter], _COVERAGE.values())
    return Coverage(**{name: int(_value(cells, place.pk, quarter, code) or 0) for name, code in _COVERAGE.items()})


def is_over(row: ReportingQuarter | None, quarter: Quarter) -> bool:
    """The day by which enterprises report the quarter has passed: what is missing then is late."""
    due = row.enterprise_due if row else ReportingQuarter.default_dates(quarter)["enterprise_due"]
    return due < timezone.localdate()


def _over(quarters: Sequence[Quarter]) -> set[str]:
    """Those of the quarters of which what is owed can be judged. One query."""
    rows = {row.code: row for row in ReportingQuarter.objects.filter(code__in=[q.code for q in quarters])}
    return {quarter.code for quarter in quarters if is_over(rows.get(quarter.code), quarter)}


def _sum(cells: Cells, place_id: int, quarter: Quarter, codes: Sequence[str], over: Collection[str]) -> Decimal | None:
    """A side of an indicator: the sum of its facts; None when none was reported. Flows count from the year's start, what
    is owed in the quarters that are ``over``."""
    known = declared_facts()
    parts: list[Decimal | None] = []
    for fact in (known[code] for code in codes if code in known):
        if fact.is_owed:
            judged = [one for one in quarter.year_to_date() if one.code in over]
            parts += [_value(cells, place_id, one, fact.code) for one in judged]
        else:
            parts.append(_year_to_date(cells, place_id, quarter, fact))
    reported = [part for part in parts if part is not None]
    return sum(reported, Decimal(0)) if reported else None


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
        judged=max((one for one in quarter.year_to_date() if one.code in over), default=None),
        numerator_facts=tuple(code for code in indicator.numerator if code in known),
        denominator_facts=tuple(code for code in indicator.denominator if code in known),
    )


def indicator_values(place: Place, quarter: Quarter) -> list[IndicatorValue]:
    """Every indicator in force, of a region or enterprise. Ratios are made of the place's own sums. Three queries."""
    indicators = list(Indicator.objects.in_force(quarter))
    codes = {code for indicator in indicators for code in indicator.fact_codes}
    cells = _cells(place, quarter.year_to_date(), codes)
    over = _over(quarter.year_to_date())
    return [_measure(indicator, cells, place.pk, quarter, over) for indicator in indicators]


def _pairs(place: Place, quarter: Quarter) -> dict[str, Comparison]:
    rows = PairedTotal.objects.filter(place=place, quarter=quarter.code)
    return {
        fact: Comparison(_plain(value), _plain(before), enterprises)
        for fact, value, before, enterprises in rows.values_list("fact", "value", "before", "enterprises")
    }


def _comparisons(cells: Cells, place: Place, quarter: Quarter) -> dict[str, Comparison]:
    """The figures of a region or enterprise that can be compared with the quarter before, by code. One query.

    What took place in a running quarter is not compared with a whole one, and what is said once a year not at all. A stock
    is compared over those that reported it both times: with more enterprises reporting it would grow, though nothing
    grew in any of them.
    """
    earlier = quarter.previous()
    is_running = quarter.last_day >= timezone.localdate()
    paired = paired_facts()
    found = {} if place.level == Level.ENTERPRISE else _pairs(place, quarter)
    for code, fact in declared_facts().items():
        if fact.year_basis is not None:
            continue
        if (code in paired and place.level != Level.ENTERPRISE) or (is_running and fact.nature is Nature.FLOW):
            continue
        value, before = _value(cells, place.pk, quarter, code), _value(cells, place.pk, earlier, code)
        if value is not None and before is not None:
            found[code] = Comparison(value, before)
    return found


def comparisons(place: Place, quarter: Quarter) -> dict[str, Comparison]:
    """The figures of a place that can be compared with the quarter before, by code. Two queries."""
    return _comparisons(_cells(place, [quarter, quarter.previous()]), place, quarter)


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


@dataclass(frozen=True)
class Board:
    """Everything a dashboard shows of one place: read together, because it is shown together."""

    figures: dict[str, Figure]
    coverage: Coverage
    indicators: list[IndicatorValue]
    series: dict[str, list[Decimal | None]]
    quarters: list[Quarter]
    comparisons: dict[str, Comparison]


def board(place: Place, quarter: Quarter, *, quarters: int = 5) -> Board:
    """Figures, coverage, indicators and the trend over the last ``quarters`` quarters of a place. Four queries."""
    over = _over(quarter.year_to_date())
    trailing = quarter.trailing(quarters)
    cells = _cells(place, sorted({*trailing, *quarter.year_to_date()}))
    found = _figures(cells, place.pk, quarter)
    codes = declared_facts()
    return Board(
        figures=found,
        coverage=Coverage(**{name: int(found[code].value or 0) for name, code in _COVERAGE.items()}),
        indicators=[
            _measure(indicator, cells, place.pk, quarter, over) for indicator in Indicator.objects.in_force(quarter)
        ],
        series={code: [_value(cells, place.pk, one, code) for one in trailing] for code in codes},
        quarters=trailing,
        comparisons=_comparisons(cells, place, quarter),
    )
