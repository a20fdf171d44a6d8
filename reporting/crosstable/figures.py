"""The figures of a table: what its facts and indicators come to in each group of each row and column, and in all of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone

from enterprises.facts import REGISTERED
from enterprises.profiles.facts import HEADCOUNT
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, declared_facts
from foundation.places.models import Place
from indicators.models import Indicator
from indicators.pairs import Pair, paired_facts
from indicators.queries import (
    Cells,
    Comparison,
    IndicatorValue,
    facts_measured,
    left_empty,
    measured,
    not_asked,
    over,
    with_witnesses,
    with_zeros,
)
from indicators.totals import Total
from reporting.crosstable.asking import Axis, Measure, Show, Spec
from reporting.crosstable.queries import Asked, By, Group, frozen_quarters, read, read_pairs

#: In place of a row or column: all of them.
ALL = "*"
#: The keys of a row and a column.
Spot = tuple[Any, Any]


@dataclass(frozen=True)
class Amount:
    """A fact over some quarters: its value as its nature allows, how many enterprises tell it in the last of them, and in
    all quarters together, each enterprise once a quarter."""

    value: Decimal
    reporting: int
    told: int


def sides_of(fact: Fact) -> set[str]:
    """What is read to say how much of its whole was told without this part; nothing of what is no part."""
    return {fact.shared_part, fact.whole, fact.shared_whole} if fact.whole else set()


class Sums:
    """Facts and indicators of the spots of a table, made of what was read: ``numbers`` says under which number ``cells``
    holds each spot, ``judged`` which quarters are over as far as duties are concerned."""

    def __init__(
        self, spec: Spec, cells: Cells, numbers: dict[Spot, int], judged: set[str], *, is_by_enterprise: bool
    ) -> None:
        self.spec = spec
        self.facts = declared_facts()
        self.is_by_enterprise = is_by_enterprise
        self._cells = cells
        self._numbers = numbers
        self._judged = judged

    def _cell(self, place: Spot, quarter: Quarter, fact: str) -> tuple[Decimal, int] | None:
        return self._cells.get((self._numbers.get(place, -1), quarter.code, fact))

    def amount(self, place: Spot, quarters: Sequence[Quarter], fact: Fact) -> Amount | None:
        """What takes place adds up over the quarters; what is counted at a moment, or counts persons, is that of the last."""
        counted = quarters if fact.nature is Nature.FLOW else quarters[-1:]
        found = [cell for quarter in counted if (cell := self._cell(place, quarter, fact.code))]
        if not found:
            return None
        last = self._cell(place, counted[-1], fact.code)
        return Amount(
            sum((value for value, _count in found), Decimal(0)),
            last[1] if last else 0,
            sum(count for _value, count in found),
        )

    def registered(self, place: Spot, quarters: Sequence[Quarter]) -> int | None:
        """Enterprises in the register; None where that was not asked."""
        if self.is_by_enterprise:
            return None
        cell = self._cell(place, quarters[-1], REGISTERED)
        return int(cell[0]) if cell else 0

    def to_report(self, place: Spot, quarters: Sequence[Quarter], fact: Fact) -> int | None:
        """Of these, those that are asked a fact: without who said that there is none."""
        registered, closer = self.registered(place, quarters), not_asked().get(fact.code)
        cell = self._cell(place, quarters[-1], closer) if closer else None
        return registered if registered is None or cell is None else registered - int(cell[0])

    def left_empty(self, place: Spot, quarters: Sequence[Quarter], fact: Fact) -> Decimal:
        """How much of the whole was told by rows that left this part of it empty (``Fact.whole``); none where the two sides of
        the share have not been counted yet."""
        if not fact.whole:
            return Decimal(0)
        known = declared_facts(internal=True)
        codes = (fact.code, fact.shared_part, fact.whole, fact.shared_whole)
        value, part, whole, told = (self.amount(place, quarters, known[code]) for code in codes)
        if whole is None or part is None or told is None or value is None:
            return Decimal(0)
        return left_empty(value.value, whole.value, (part.value, told.value))

    def headcount(self, place: Spot, quarters: Sequence[Quarter]) -> Decimal | None:
        cell = self._cell(place, quarters[-1], HEADCOUNT)
        return cell[0] if cell else None

    def indicator(self, place: Spot, quarter: Quarter, measure: Measure) -> IndicatorValue | None:
        """None in a quarter that no version of it measures."""
        version = measure.version_in(quarter)
        if version is None:
            return None
        return measured(version, self._cells, self._numbers.get(place, -1), quarter, judged=self._judged)

    def reporting(self, place: Spot, quarter: Quarter, version: Indicator) -> int:
        """Of the facts an indicator is made of, how many told the one that fewest told."""
        cells = [self._cell(place, quarter, code) for code in version.fact_codes if code in self.facts]
        return min((cell[1] if cell else 0 for cell in cells), default=0)

    def comparison(self, place: Spot, quarter: Quarter, measure: Measure) -> Comparison | None:
        """A value beside that of the quarter it is compared with; None where the two cannot be compared, as here, where
        nothing is known of another quarter."""
        return None


class Figures(Sums):
    """Everything a table needs, read in a fixed number of queries."""

    def __init__(self, spec: Spec) -> None:
        self.by = list(dict.fromkeys(axis.by for axis in spec.axes if axis.by is not None))
        super().__init__(spec, {}, {}, set(), is_by_enterprise=By.ENTERPRISE in self.by)
        within = Place.objects.regions().within(spec.region).select_related("city").order_by("code")
        self.regions = {place.pk: place for place in within}
        self.needs_pairs = spec.show.compares or spec.listed is not None
        self._of_group: dict[Group, tuple[Spot, ...]] = {}
        quarters = sorted(self._quarters_read())
        self.asked = Asked(spec.region, self.regions, quarters, with_witnesses(self._facts_read()), self.by, spec.only)
        self._cells = self._read()
        self._pairs = self._read_pairs() if self.needs_pairs else {}
        if any(measure.versions for measure in spec.measures):
            self._judged = over(quarters)
        self.frozen = frozen_quarters(spec.quarters) if self.asked.attributes else set()

    # --- what is read ---------------------------------------------------------------------------------

    def earlier(self, quarter: Quarter) -> Quarter:
        """The quarter this one is compared with."""
        return quarter.year_before() if self.spec.show is Show.YEAR_CHANGE else quarter.previous()

    def _quarters_read(self) -> set[Quarter]:
        shown = set(self.spec.quarters)
        if self.needs_pairs:
            shown |= {self.earlier(quarter) for quarter in shown}
        if any(measure.versions for measure in self.spec.measures):
            shown |= {one for quarter in shown for one in quarter.year_to_date()}
        return shown

    def _facts_read(self) -> set[str]:
        found = {measure.fact.code for measure in self.spec.measures if measure.fact}
        found |= facts_measured(version for measure in self.spec.measures for version in measure.versions)
        found |= {closer for code in found if (closer := not_asked().get(code))}
        for measure in self.spec.measures:
            found |= sides_of(measure.fact) if measure.fact else set()
        if self.spec.show in (Show.PER_HUNDRED, Show.PER_THOUSAND):
            found.add(HEADCOUNT)
        # Of a single enterprise it says nothing how many of how many told.
        return found if self.is_by_enterprise else found | {REGISTERED}

    def _places_of(self, group: Group) -> tuple[Spot, ...]:
        """The cells a group adds to: its own, those of its row and its column, and the whole table's."""
        if group not in self._of_group:
            members = dict(zip(self.by, group, strict=True))
            row, column = (self._key(axis, members) for axis in (self.spec.rows, self.spec.columns))
            self._of_group[group] = tuple({(row, column), (row, ALL), (ALL, column), (ALL, ALL)})
        return self._of_group[group]

    def _key(self, axis: Axis | None, members: dict[By, Any]) -> Any:
        if axis is None or axis.by is None:
            return ALL
        member = members[axis.by]
        if axis is Axis.CITY:
            return self.regions[member].city_id or member
        return member

    def _number(self, place: Spot) -> int:
        return self._numbers.setdefault(place, len(self._numbers))

    def _read(self) -> Cells:
        found = read(self.asked)
        sums: dict[tuple[int, str, str], Total] = {}
        for row, total in found.sums.items():
            for place in self._places_of(row.group):
                key = (self._number(place), row.quarter, row.fact)
                sums[key] = sums[key].plus(total) if key in sums else total
        seen: Counter[tuple[tuple[int, str, str], int]] = Counter()
        for row, enterprise in found.scattered:
            for place in self._places_of(row.group):
                seen[(self._number(place), row.quarter, row.fact), enterprise] += 1
        for (key, _enterprise), times in seen.items():
            if key in sums:
                sums[key] = sums[key].plus(Total(reporting=1 - times))
        return with_zeros(sums, self.asked.facts)

    def _read_pairs(self) -> dict[tuple[int, str, str], Pair]:
        """Like with like: of what somebody has to report."""
        wanted = self._paired & {measure.fact.code for measure in self.spec.measures if measure.fact}
        before = {quarter.code: self.earlier(quarter).code for quarter in self.spec.quarters}
        asked = Asked(self.spec.region, self.regions, self.asked.quarters, wanted, self.by, self.spec.only)
        found: dict[tuple[int, str, str], Pair] = {}
        for row, pair in read_pairs(asked, before).items():
            for place in self._places_of(row.group):
                key = (self._number(place), row.quarter, row.fact)
                found[key] = found[key].plus(pair) if key in found else pair
        return found

    # --- what is there --------------------------------------------------------------------------------

    def keys(self, is_row: bool) -> set[Any]:
        """The members that rows (or columns) have values of, of the facts that are shown."""
        shown = self._shown_facts()
        numbers = {number for number, _quarter, fact in self._cells if fact in shown}
        index = 0 if is_row else 1
        return {place[index] for place, number in self._numbers.items() if number in numbers} - {ALL}

    def _shown_facts(self) -> set[str]:
        codes = {measure.fact.code for measure in self.spec.measures if measure.fact}
        return codes.union(*(version.fact_codes for one in self.spec.measures for version in one.versions))

    def comparison(self, place: Spot, quarter: Quarter, measure: Measure) -> Comparison | None:
        if measure.fact is None:
            now, was = (self.indicator(place, one, measure) for one in (quarter, self.earlier(quarter)))
            if now is None or was is None or now.comparable is None or was.comparable is None:
                return None
            return Comparison(now.comparable, was.comparable)
        fact = measure.fact
        if fact.year_basis is not None or (fact.nature is Nature.FLOW and is_running(quarter)):
            return None
        if fact.code in self._paired:
            pair = self._pairs.get((self._numbers.get(place, -1), quarter.code, fact.code))
            return Comparison(pair.value, pair.before, pair.enterprises) if pair else None
        cell, past = self._cell(place, quarter, fact.code), self._cell(place, self.earlier(quarter), fact.code)
        return Comparison(cell[0], past[0]) if cell and past else None

    @cached_property
    def _paired(self) -> frozenset[str]:
        return paired_facts()


def is_running(quarter: Quarter) -> bool:
    return quarter.last_day >= timezone.localdate()


def two_falls(quarters: Iterable[Quarter], compared: Callable[[Quarter], Comparison | None]) -> bool | None:
    """Whether a value fell in each of the last two quarters that can be compared; None where there are no two."""
    latest = [quarter for quarter in quarters if not is_running(quarter)][-2:]
    found = [compared(quarter) for quarter in latest]
    if len(found) < 2 or any(one is None for one in found):
        return None
    return all(one is not None and one.change < 0 for one in found)
