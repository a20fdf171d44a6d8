"""Declaring facts and their sources, and the registry in which ``indicators`` finds them."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter, Year


class Nature(StrEnum):
    """How values of a fact may be put together.

    FLOW       summed within a quarter and over quarters (year-to-date is derived, never stored)
    STOCK      the value at a period's end; summed over places only
    HEADCOUNT  people; summed over places only, never over records or quarters
    """

    FLOW = "flow"
    STOCK = "stock"
    HEADCOUNT = "headcount"


class YearBasis(StrEnum):
    """For which year a yearly number stands in a quarter.

    CLOSED_YEAR  the whole year before the quarter's: money, patents, what took place in a year
    AS_OF        how things stood when it was last said, carried forward from one year to the next: bodies, posts, cover
    """

    CLOSED_YEAR = "closed_year"
    AS_OF = "as_of"

    def years(self, quarter: Quarter) -> list[Year]:
        """The years whose returns speak for the quarter, the first that is there for each enterprise."""
        own = Year(quarter.year)
        return [own.previous()] if self is YearBasis.CLOSED_YEAR else [own, own.previous()]

    def label_of_years(self, quarter: Quarter) -> str:
        """``2025年度``; ``2026或2025年度`` of what is carried forward."""
        latest, *before = self.years(quarter)
        if not before:
            return latest.label
        return _("%(latest)d或%(before)d年度") % {"latest": latest.year, "before": before[0].year}


class SpeaksOf(StrEnum):
    """What a fact tells, and so where a report says it.

    AREA      the work of a task area, under that area
    REGISTER  how many there are, in 总体情况
    COVERAGE  how complete a quarter is, in 总体情况; its quarters stand in the workbook only
    """

    AREA = "area"
    REGISTER = "register"
    COVERAGE = "coverage"


@dataclass(frozen=True)
class Fact:
    """A number kept for each place and quarter.

    ``code`` is stable and unique in the portal (``B01.sessions``; the part before the dot is the indicator catalogue's
    code). Where the rows of one model are counted, ``amount`` names the field that is summed, or is empty to count the
    rows themselves, and ``only`` narrows the rows.

    ``lines`` names the lines of a record kind: these are counted, or their ``amount`` is summed. ``only`` then names fields of
    the line, and of the record where the line has none of that name.

    ``zero_with`` names another fact: a place that has a value of that one and no row of this one has a zero here, which
    is derived when figures are read and stored nowhere. The place must have the other fact in one region at most.
    ``is_internal``: such a witness, or a side of a share, shown nowhere by itself.

    ``is_owed``: it counts what is owed. It grows before anybody is late, so that nothing is measured by it for a quarter
    whose day has not passed.

    ``year_basis``: it is said once a year, and its value in a quarter is that of another time (``YearBasis``).

    ``of_return``: enterprises tell it in a return; who hands in none has not said zero.

    ``whole`` names the figure of the same source of which this one is a part, where not every row that tells that one
    tells this: a share is taken over the rows that tell both (``shares``), never of what was left empty as if it were none.

    ``of_some``: only some enterprises are asked, so that how many told it is not measured against all there are.

    ``of_wages``: a sum of wages. Where groups stand side by side, neither it nor what is measured by it is shown of fewer than
    five enterprises.

    Where it is shown, besides the lists and files that have every fact: ``key`` is its place among the key figures of a
    dashboard, ``extent`` among those that say how large the area is, ``printed`` among the columns of a report's table by
    unit, whose narrow columns have ``head`` in place of the label; smaller first, 0 for none.
    """

    code: str
    label: str | Promise
    unit: str | Promise
    nature: Nature = Nature.FLOW
    amount: str = ""
    only: Q = field(default_factory=Q)
    zero_with: str = ""
    is_internal: bool = False
    is_owed: bool = False
    year_basis: YearBasis | None = None
    lines: str = ""
    of_return: bool = False
    of_some: bool = False
    of_wages: bool = False
    whole: str = ""
    speaks_of: SpeaksOf = SpeaksOf.AREA
    key: int = 0
    extent: int = 0
    printed: int = 0
    head: str | Promise = ""

    @property
    def shared_part(self) -> str:
        """The code of the internal figure that sums this part over the rows that tell part and ``whole``."""
        return f"{self.code}@part"

    @property
    def shared_whole(self) -> str:
        """The code of the internal figure that sums the ``whole`` over the same rows."""
        return f"{self.code}@whole"

    def label_in(self, quarter: Quarter) -> str:
        """The label, with the year whose value stands in the quarter where that is not the quarter itself."""
        if self.year_basis is None:
            return str(self.label)
        latest, *before = self.year_basis.years(quarter)
        if not before:
            return _("%(label)s（%(year)s）") % {"label": self.label, "year": latest.label}
        said = {"label": str(self.label).removesuffix("（年报）"), "latest": latest.year, "before": before[0].year}
        return _("%(label)s（%(latest)d或%(before)d年报）") % said


@dataclass(frozen=True)
class Counting:
    """A set of counted values, as a query that nothing has evaluated yet.

    ``rows`` yields one row for each place and region: the place whose figures these are (an enterprise's, or a
    region's own), and the region they add to, of level county, city or province. ``place`` and ``region`` name those
    columns, which are filtered by. ``values`` maps the code of a fact to the columns of its value and of the number of
    records behind it ("" where there are none). A value of NULL is no value: nobody said. Several sets of a source must
    not give a value for the same place, region and fact.

    ``keeps_unsaid``: a NULL of a fact with ``zero_with`` is kept, because who had a row and did not say is not to be
    taken for zero.
    """

    rows: QuerySet[Any, Any]
    place: str
    region: str
    values: Mapping[str, tuple[str, str]]
    keeps_unsaid: bool = False


@dataclass(frozen=True)
class Amounts:
    """What single rows gave to a value: ``key`` names the column by which the list at ``FactSource.url`` knows its rows,
    ``value`` the column that is summed ("": the rows themselves are counted)."""

    rows: QuerySet[Any, Any]
    key: str
    value: str


class FactSource:
    """Where some facts come from. Subclass it in the room that knows, and ``register_source`` an instance.

    code     stable and unique; the change feed and the marks of staleness name it
    order    of its facts among those of the other sources, smaller first
    family   a name that several sources share, for ``follows``
    follows  codes or families of the sources whose changes move these figures, too
    facts    what is counted
    is_plain ``count`` follows from the quarter alone and looks nothing up: its statements may be kept
    """

    code: str
    order: int = 50
    family: str = ""
    follows: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    is_plain: bool = False

    def quarters_touched(self, quarter: Quarter) -> list[Quarter]:
        """The quarters whose figures a change in this quarter may move."""
        return [quarter]

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        """Everything counted of the quarter, as sets; never a loop over places. The values are those of the quarter's
        last day, or of today while it runs; where no history is kept, today's value stands."""
        raise NotImplementedError

    def has_rows(self) -> bool:
        """Whether there is anything at all that ``count`` could find, in whatever quarter: asked before counting, and to
        be answered with next to no work. A source that cannot tell says yes."""
        return True

    def evidence(self, fact: Fact, quarter: Quarter) -> QuerySet[Any]:
        """The rows a fact's values of the quarter are made of: the very condition that counts them, and what the list
        at ``url`` shows."""
        raise NotImplementedError

    def of_today(self, fact: Fact) -> str:
        """What of the fact is counted as it stands today, also for a quarter that is over, because no history of it is
        kept: a sentence, which the list behind a figure of the past says. Empty where everything is as of then."""
        return ""

    def amounts(self, fact: Fact, quarter: Quarter) -> list[Amounts]:
        """What each row of the list at ``url`` gave. The list is one of places unless a source says otherwise."""
        sets = [counting for counting in self.count(quarter) if fact.code in counting.values]
        return [Amounts(one.rows, one.place, one.values[fact.code][0]) for one in sets]

    def url(self, fact: str, *, region: str, quarter: str) -> str:
        """The address of the list behind a value; region and quarter by their codes."""
        raise NotImplementedError


_sources: dict[str, FactSource] = {}


def register_source(source: FactSource) -> FactSource:
    """A code used by two sources, or a fact's by two facts, is an error. The same source again replaces itself."""
    known = _sources.get(source.code)
    if known is not None and type(known) is not type(source):
        raise ValueError(f"fact source {source.code!r} is registered twice")
    taken = {fact.code for other in _sources.values() if other.code != source.code for fact in other.facts}
    codes = [fact.code for fact in source.facts]
    if twice := {code for code in codes if code in taken or codes.count(code) > 1}:
        raise ValueError(f"fact codes used twice: {sorted(twice)}")
    _sources[source.code] = source
    return source


def all_sources() -> list[FactSource]:
    return [_sources[code] for code in sorted(_sources)]


def source_by_code(code: str) -> FactSource:
    """Raises ``LookupError`` for an unknown code."""
    try:
        return _sources[code]
    except KeyError:
        raise LookupError(f"unknown fact source {code!r}") from None


def sources_moved_by(code: str) -> Iterator[FactSource]:
    """The source of this code and those that follow it or its family."""
    changed = source_by_code(code)
    for source in all_sources():
        if source is changed or code in source.follows or (changed.family and changed.family in source.follows):
            yield source


def declared_facts(*, internal: bool = False) -> dict[str, Fact]:
    """Every fact of the portal by code, in the order of the sources. The same mapping for everybody: not to be changed."""
    return _facts_of(tuple(_sources.values()), internal)


@functools.lru_cache(maxsize=8)
def _facts_of(sources: tuple[FactSource, ...], internal: bool) -> dict[str, Fact]:
    """A page asks hundreds of times, and what is declared stays as long as the sources are the same."""
    ordered = sorted(sources, key=lambda source: (source.order, source.code))
    return {fact.code: fact for source in ordered for fact in source.facts if internal or not fact.is_internal}


def _chosen(place: Callable[[Fact], int]) -> list[Fact]:
    return sorted((fact for fact in declared_facts().values() if place(fact)), key=place)


def key_facts() -> list[Fact]:
    """The key figures of a dashboard, in their order."""
    return _chosen(lambda fact: fact.key)


def extent_facts() -> list[Fact]:
    """What says how large an area is, in its order."""
    return _chosen(lambda fact: fact.extent)


def printed_facts() -> list[Fact]:
    """The columns of a report's table by unit, in their order."""
    return _chosen(lambda fact: fact.printed)


def codes_about(*parts: SpeaksOf) -> set[str]:
    return {fact.code for fact in declared_facts().values() if fact.speaks_of in parts}


def source_of_fact(code: str) -> FactSource:
    """Raises ``LookupError`` for an unknown code."""
    try:
        return _source_by_fact(tuple(_sources.values()))[code]
    except KeyError:
        raise LookupError(f"unknown fact {code!r}") from None


@functools.lru_cache(maxsize=8)
def _source_by_fact(sources: tuple[FactSource, ...]) -> dict[str, FactSource]:
    return {fact.code: source for source in sources for fact in source.facts}
