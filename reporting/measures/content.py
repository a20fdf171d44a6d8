"""What was done for each measure of a policy document, as data: the figures that answer it, and how many units have any.

A measure's figures are those its points name, and where a point names a whole kind the first of that kind. They are read
from the filled values in a handful of queries, whatever the size of the region.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Nature, declared_facts
from foundation.places.models import Level, Place
from foundation.saying import filled
from foundation.ui.formats import amount
from indicators.compliance.declaring import all_rules
from indicators.models import PlaceTotal
from indicators.queries import Board, Comparison, Figure, IndicatorValue, board, units_below
from policies.points import Point
from policies.queries import ClauseReading, DocumentReading, PartReading
from records.core.kinds import RecordKind, all_kinds, kind_by_slug
from records.duties.models import DutyRule
from reporting.links import fact_url
from reporting.measures.answers import INDICATOR, RULE

#: Of a kind that a point names as a whole, so many of its figures: how often, and how many took part.
OF_A_KIND = 2
#: Quarters of a trend.
QUARTERS = 8


@dataclass(frozen=True)
class Row:
    """A figure that answers a measure. ``values``: of the last quarters, the one shown last; ``told``: the same in words."""

    figure: Figure
    before: Comparison | None
    year_before: Comparison | None
    values: list[Decimal | None]
    told: str
    href: str

    @property
    def is_flow(self) -> bool:
        return self.figure.nature == Nature.FLOW

    @property
    def delta(self) -> str:
        return self.before.text if self.before else ""

    @property
    def year_delta(self) -> str:
        return self.year_before.text if self.year_before else ""

    @property
    def so_far(self) -> Decimal | None:
        """In the year so far; of a stock or headcount the value itself."""
        return self.figure.year_to_date


@dataclass(frozen=True)
class Group:
    """The figures of one kind, or of a register or the portal itself (``kind`` empty)."""

    label: str
    kind: str
    is_owed: bool
    rows: list[Row]


@dataclass(frozen=True)
class Units:
    """Of the regions directly below, how many have done something in the year so far."""

    active: int
    in_all: int
    silent: list[Place]
    level: str
    #: It is told by what took place; otherwise by what there is, of which nobody knows that it came this year.
    is_of_deeds: bool

    @property
    def sentence(self) -> str:
        counts = {"active": self.active, "all": self.in_all}
        if self.level == Level.PROVINCE:
            text = (
                _("%(all)d个设区市中%(active)d个今年报有开展")
                if self.is_of_deeds
                else _("%(all)d个设区市中%(active)d个已有")
            )
        elif self.is_of_deeds:
            text = _("%(all)d个县（市、区）中%(active)d个今年报有开展")
        else:
            text = _("%(all)d个县（市、区）中%(active)d个已有")
        return filled(text, counts)


@dataclass(frozen=True)
class Carried:
    """What was done for one measure, or for a part without measures."""

    code: str
    title: str
    groups: list[Group]
    indicators: list[IndicatorValue] = field(default_factory=list)
    citations: list[str] = field(default_factory=list)
    units: Units | None = None

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def is_counted(self) -> bool:
        """Anything at all is counted for it."""
        return bool(self.groups)

    @property
    def is_done(self) -> bool:
        """Somebody did something in the year so far; of a measure that is told by what there is, there is something."""
        deeds = [row for row in self.rows if row.is_flow]
        return any(row.so_far for row in deeds or self.rows)

    @property
    def is_reported(self) -> bool:
        return any(row.so_far is not None for row in self.rows)

    @property
    def main(self) -> list[Row]:
        """The first figure of each kind that came to something, of the first three kinds."""
        return [row for group in self.groups for row in group.rows[:1] if row.so_far][:3]


@dataclass(frozen=True)
class Overview:
    """A document's measures with what was done for each, for one place in one quarter."""

    place: Place
    quarter: Quarter
    quarters: list[Quarter]
    by_code: dict[str, Carried]

    @property
    def counted(self) -> list[Carried]:
        return [one for one in self.by_code.values() if one.is_counted]

    @property
    def idle(self) -> list[Carried]:
        """Measures that nobody carries out: nothing was done this year that the portal counts for them."""
        return [one for one in self.counted if not one.is_done]


def _holders(reading: DocumentReading) -> Iterable[tuple[str, str, list[ClauseReading]]]:
    """(code, title, clauses) of each measure, and of each part whose sentences belong to no measure."""
    for top in reading.parts:
        for part in top.walk():
            if part.clauses:
                yield part.part.code, str(part.part), part.clauses
            yield from _measures(part)


def _measures(part: PartReading) -> Iterable[tuple[str, str, list[ClauseReading]]]:
    for measure in part.measures:
        yield measure.measure.code, str(measure.measure), measure.clauses


def _facts_of(points: Iterable[Point], indicators: Mapping[str, IndicatorValue]) -> dict[str, list[str]]:
    """The figures that answer some points, by the slug of their kind ("" where no kind counts them). Of an indicator those
    that it measures."""
    known = declared_facts()
    found: dict[str, list[str]] = defaultdict(list)
    for point in points:
        for answer in point.answers:
            if answer.startswith("fact:"):
                kind, codes = "", [answer.removeprefix("fact:")]
            elif indicator := indicators.get(answer.removeprefix(INDICATOR)):
                for code in indicator.numerator_facts:
                    of_kind = next((one.slug for one in all_kinds() if code in {fact.code for fact in one.facts}), "")
                    found[of_kind] += [code] if code not in found[of_kind] else []
                continue
            else:
                kind, _hash, fact = answer.partition("@")[0].partition("#")
                declared = _kind(kind)
                if declared is None:
                    continue
                codes = [fact] if fact else [one.code for one in declared.facts if not one.is_internal][:OF_A_KIND]
            found[kind] += [code for code in codes if code in known and code not in found[kind]]
    return {kind: codes for kind, codes in found.items() if codes}


def _kind(slug: str) -> RecordKind | None:
    try:
        return kind_by_slug(slug)
    except LookupError:
        return None  # a register, or what is still to come


def _active(place: Place, units: Sequence[Place], quarter: Quarter, facts: set[str]) -> dict[str, set[int]]:
    """The units below by the fact of which they have more than nothing in the year so far. One query."""
    rows = PlaceTotal.objects.filter(
        place__in=units, quarter__in=[one.code for one in quarter.year_to_date()], fact__in=facts, value__gt=0
    )
    found: dict[str, set[int]] = defaultdict(set)
    for fact, unit in rows.values_list("fact", "place_id").distinct():
        found[fact].add(unit)
    return found


def overview(reading: DocumentReading, place: Place, quarter: Quarter) -> Overview:
    """The document's measures with what was done for each, at a region or an enterprise. At most seven queries."""
    figures = board(place, quarter, quarters=QUARTERS)
    indicators = {one.code: one for one in figures.indicators}
    points = {
        code: [one.point for clause in clauses for one in clause.coverage.points]
        for code, _title, clauses in _holders(reading)
    }
    holders = [(code, title, _facts_of(points[code], indicators)) for code, title, _clauses in _holders(reading)]
    wanted = {fact for _code, _title, by_kind in holders for facts in by_kind.values() for fact in facts}
    units = [] if place.is_county_level or not place.is_region else units_below(place, quarter)
    active = _active(place, units, quarter, wanted) if units else {}
    owed = set(DutyRule.objects.filter(is_active=True).values_list("kind", flat=True))
    carried = {}
    for code, title, by_kind in holders:
        groups = [_group(kind, facts, figures, place, quarter, owed) for kind, facts in by_kind.items()]
        facts = {fact for one in by_kind.values() for fact in one}
        carried[code] = Carried(
            code,
            title,
            groups,
            [one for one in figures.indicators if facts & set(one.numerator_facts)],
            _citations(by_kind, points[code]),
            _units(units, facts, active, place),
        )
    return Overview(place, quarter, figures.quarters, carried)


def _group(kind: str, facts: list[str], figures: Board, place: Place, quarter: Quarter, owed: set[str]) -> Group:
    rows = [
        Row(
            figures.figures[fact],
            figures.compared.quarter.get(fact),
            figures.compared.year.get(fact),
            figures.series[fact],
            "，".join(
                f"{one.short_label} {amount(value)}"
                for one, value in zip(figures.quarters, figures.series[fact], strict=True)
            ),
            fact_url(fact, region=place.code, quarter=quarter.code) if place.is_region else "",
        )
        for fact in facts
    ]
    declared = _kind(kind) if kind else None
    return Group(str(declared.label) if declared else _("名录和平台统计"), kind, kind in owed, rows)


def _citations(by_kind: Mapping[str, list[str]], points: Iterable[Point]) -> list[str]:
    """The regulations that records of these kinds are checked against, and those of the rules that answer points."""
    kinds = filter(None, map(_kind, by_kind))
    named = {answer.removeprefix(RULE) for point in points for answer in point.answers if answer.startswith(RULE)}
    of_rules = [rule.citation for rule in all_rules() if rule.code in named]
    return list(dict.fromkeys([*(rule.citation for kind in kinds for rule in kind.rules), *of_rules]))


def _units(units: Sequence[Place], facts: set[str], active: Mapping[str, set[int]], place: Place) -> Units | None:
    if not units or not facts:
        return None
    known = declared_facts()
    deeds = {fact for fact in facts if known[fact].nature is Nature.FLOW}
    doing = {unit for fact in deeds or facts for unit in active.get(fact, ())}
    silent = [unit for unit in units if unit.pk not in doing]
    return Units(len(units) - len(silent), len(units), silent, place.level, bool(deeds))
