"""Filled values added up by what places have in common: region, ownership, industry, size, tier, stage.

Whatever is asked, the number of statements is fixed: sums, zeros that follow from a statement, and places that count in
several regions, each once for quarters that are frozen, once for those that are not, and once for what offices have of their
own. What an enterprise was comes from the closing of a frozen quarter and from the register for any other. Records are
never read here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, DateField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Substr

from enterprises.history import day_of
from enterprises.models import Enterprise
from enterprises.pilots.tiers import stage_on
from enterprises.profiles.facts import HEADCOUNT
from foundation.calendar.periods import Quarter
from foundation.places.models import COUNTY_LEVELS, REGION_LEVELS, Place
from indicators.models import FactValue, FrozenEnterprise, PlaceTotal, QuarterClosing, ScatteredPlace
from indicators.pairs import Pair
from indicators.totals import Total, exact, witnesses

#: The member of an attribute that is no enterprise's: what an office has of its own; and whoever has not said.
OFFICE, UNKNOWN = "office", "unknown"
#: The least headcount of each size, largest first: the bands of 统计上大中小微型企业划分办法（2017） for industry.
SIZE_BANDS = (("large", 1000), ("medium", 300), ("small", 20), ("micro", 0))


class By(StrEnum):
    """What values are added up by."""

    REGION = "region"
    ENTERPRISE = "enterprise"
    OWNERSHIP = "ownership"
    INDUSTRY = "industry"
    SIZE = "size"
    TIER = "tier"
    STAGE = "stage"


ATTRIBUTES = frozenset(By) - {By.REGION, By.ENTERPRISE}

#: The members of a group, in the order of ``Asked.by``.
Group = tuple[Any, ...]


@dataclass(frozen=True)
class Asked:
    """Values of these facts and quarters that count in a region, by what they are added up and narrowed to.

    ``regions``: the region and all below it, by key. ``only``: of an attribute, its members that are wanted."""

    region: Place
    regions: Mapping[int, Place]
    quarters: Sequence[Quarter]
    facts: Collection[str]
    by: Sequence[By] = ()
    only: Mapping[By, Collection[str]] = field(default_factory=dict)

    @property
    def attributes(self) -> set[By]:
        return {*self.by, *self.only} & ATTRIBUTES


class Row(NamedTuple):
    group: Group
    quarter: str
    fact: str


@dataclass(frozen=True)
class Read:
    """``sums`` add up to those of larger groups, but for enterprises that count in several regions: ``scattered`` has for
    each of these its key and every row of it that ``sums`` counted as one enterprise more."""

    sums: dict[Row, Total]
    scattered: list[tuple[Row, int]]


class _Base(NamedTuple):
    """Rows that lead to values by ``path``, to the enterprise by ``enterprise`` and to its attributes by ``columns``."""

    rows: QuerySet[Any]
    condition: Q
    path: str
    enterprise: str
    columns: Mapping[By, str]


def _closings(quarters: Sequence[Quarter]) -> dict[str, int]:
    """The closings of the quarters that are frozen."""
    found = QuarterClosing.objects.filter(
        quarter__in=[quarter.code for quarter in quarters], reopened_at=None, frozen_at__isnull=False
    )
    return dict(found.values_list("quarter", "pk"))


def frozen_quarters(quarters: Sequence[Quarter]) -> set[str]:
    return set(_closings(quarters))


def _bases(asked: Asked) -> Iterator[_Base]:
    """Where the values are read from, each value from one of these."""
    if not asked.attributes:
        yield _Base(FactValue.objects.all(), Q(), "", "place_id", {})
        return
    closings = _closings(asked.quarters)
    path = "enterprise__place__fact_values__"
    columns = {By.OWNERSHIP: "ownership", By.INDUSTRY: "industry", By.TIER: "tier"}
    then = Q(closing__in=closings.values(), **{f"{path}quarter": F("closing__quarter")})
    yield _Base(FrozenEnterprise.objects.all(), then, path, "enterprise_id", columns)
    path = "place__fact_values__"
    columns = {By.OWNERSHIP: "ownership", By.INDUSTRY: "industry_id", By.TIER: "pilot_tier"}
    others = [quarter.code for quarter in asked.quarters if quarter.code not in closings]
    yield _Base(Enterprise.objects.all(), Q(**{f"{path}quarter__in": others}), path, "pk", columns)
    if all(OFFICE in members for members in asked.only.values()):
        yield _Base(FactValue.objects.all(), Q(place__level__in=REGION_LEVELS), "", "place_id", {})


def _size() -> Case:
    """By ``staff_then``."""
    bands = [When(staff_then__gte=least, then=Value(size)) for size, least in SIZE_BANDS]
    return Case(*bands, default=Value(UNKNOWN), output_field=CharField())


def _days(quarters: Sequence[Quarter]) -> Case:
    return Case(
        *(When(quarter_then=quarter.code, then=Value(day_of(quarter))) for quarter in quarters),
        output_field=DateField(),
    )


def _with_members(rows: QuerySet[Any], base: _Base, asked: Asked) -> QuerySet[Any]:
    """The rows with a column ``by_…`` for whatever is asked, narrowed to the members that are wanted."""
    rows = rows.annotate(quarter_then=F(f"{base.path}quarter"))
    for by in {*asked.by, *asked.only}:
        if by is By.REGION:
            member: Any = F(f"{base.path}region_id")
        elif by is By.ENTERPRISE:
            member = F(f"{base.path}place_id")
        elif not base.columns:
            member = Value(OFFICE)
        elif by is By.SIZE:
            staff = FactValue.objects.filter(
                place=OuterRef(base.enterprise), quarter=OuterRef("quarter_then"), fact=HEADCOUNT
            )
            rows = rows.annotate(staff_then=Subquery(staff.order_by().values("value")[:1]))
            member = _size()
        elif by is By.STAGE:
            rows = rows.annotate(day_then=_days(asked.quarters))
            member = Coalesce(stage_on(OuterRef("day_then"), enterprise=base.enterprise), Value(UNKNOWN))
        elif by is By.INDUSTRY:
            member = Substr(base.columns[by], 1, 1)
        else:
            member = F(base.columns[by])
        rows = rows.annotate(**{f"by_{by}": member})
        if by in asked.only and base.columns:
            rows = rows.filter(**{f"by_{by}__in": list(asked.only[by])})
    return rows.order_by()


def _values(base: _Base, asked: Asked, condition: Q) -> QuerySet[Any]:
    """The rows of a base whose values are asked for. All conditions on values in one ``filter``: they speak of one."""
    path = base.path
    within = Q(
        **{
            f"{path}quarter__in": [quarter.code for quarter in asked.quarters],
            f"{path}region__in": list(asked.regions),
        }
    )
    return _with_members(base.rows.filter(base.condition & within & condition), base, asked)


def _names(asked: Asked) -> list[str]:
    return [f"by_{by}" for by in asked.by]


def read(asked: Asked) -> Read:
    """The sums of the values, by group, quarter and fact."""
    sums: dict[Row, Total] = {}
    if set(asked.by) <= {By.REGION} and not asked.only:
        _read_totals(asked, sums)
        # The total of the region itself counts everybody once.
        return Read(sums, list(_scattered(asked)) if asked.by else [])
    for base in _bases(asked):
        _read_sums(base, asked, sums)
        _read_witnessed(base, asked, sums)
    return Read(sums, list(_scattered(asked)))


def _read_totals(asked: Asked, sums: dict[Row, Total]) -> None:
    """By region, from the totals: of counties, and what cities and the province have of their own."""
    codes = [quarter.code for quarter in asked.quarters]
    counties = [pk for pk, place in asked.regions.items() if place.level in COUNTY_LEVELS]
    places = counties if asked.by else [asked.region.pk]
    totals = PlaceTotal.objects.filter(place__in=places, quarter__in=codes, fact__in=asked.facts)
    for place, quarter, fact, value, reporting, witnessed in totals.values_list(
        "place_id", "quarter", "fact", "value", "reporting", "witnessed"
    ):
        sums[Row((place,) if asked.by else (), quarter, fact)] = Total(exact(value), reporting, witnessed)
    if asked.by and asked.region.level not in COUNTY_LEVELS:
        above = {pk: place for pk, place in asked.regions.items() if place.level not in COUNTY_LEVELS}
        own = Asked(asked.region, above, asked.quarters, asked.facts, asked.by)
        _read_sums(_Base(FactValue.objects.all(), Q(), "", "place_id", {}), own, sums)


def _add(sums: dict[Row, Total], row: Row, total: Total) -> None:
    sums[row] = sums[row].plus(total) if row in sums else total


def _read_sums(base: _Base, asked: Asked, sums: dict[Row, Total]) -> None:
    path = base.path
    rows = _values(base, asked, Q(**{f"{path}fact__in": list(asked.facts)}))
    found = rows.values_list(*_names(asked), "quarter_then", f"{path}fact")
    for *group, quarter, fact, value, reporting in found.annotate(
        value_sum=Sum(f"{path}value"), value_count=Count(f"{path}value")
    ):
        _add(sums, Row(tuple(group), quarter, fact), Total(exact(value or 0), reporting))


def _read_witnessed(base: _Base, asked: Asked, sums: dict[Row, Total]) -> None:
    """Of the places that have a witness: how many have the fact itself, here or elsewhere, and so no zero."""
    path, other = base.path, f"{base.path}place__fact_values__"
    pairs = Q()
    for witness, silent in witnesses().items():
        if wanted := sorted(silent & set(asked.facts)):
            pairs |= Q(**{f"{path}fact": witness, f"{other}fact__in": wanted})
    if not pairs:
        return
    rows = _values(base, asked, pairs & Q(**{f"{other}quarter": F(f"{path}quarter")}))
    found = rows.values_list(*_names(asked), "quarter_then", f"{other}fact")
    for *group, quarter, fact, witnessed in found.annotate(places=Count(f"{path}place", distinct=True)):
        _add(sums, Row(tuple(group), quarter, fact), Total(witnessed=witnessed))


def _scattered(asked: Asked) -> Iterator[tuple[Row, int]]:
    """The rows of enterprises that have values in more than one region of a quarter."""
    noted = ScatteredPlace.objects.filter(quarter__in=[quarter.code for quarter in asked.quarters])
    moved = sorted(set(noted.values_list("place_id", flat=True)))
    if not moved:
        return
    for base in _bases(asked):
        path = base.path
        mine = {f"{path}place__in": moved, f"{path}value__isnull": False, f"{path}fact__in": list(asked.facts)}
        rows = _values(base, asked, Q(**mine))
        for *group, quarter, fact, place in rows.values_list(
            *_names(asked), "quarter_then", f"{path}fact", f"{path}place_id"
        ):
            yield Row(tuple(group), quarter, fact), place


def read_pairs(asked: Asked, before: Mapping[str, str]) -> dict[Row, Pair]:
    """What the facts were in an earlier quarter and are, over the places that have a value both times in the same region.
    ``before``: the earlier quarter of each, by their codes."""
    found: dict[Row, Pair] = {}
    if not asked.facts or not before:
        return found
    for base in _bases(asked):
        path, other = base.path, f"{base.path}place__fact_values__"
        both = Q()
        for quarter, earlier in before.items():
            both |= Q(**{f"{path}quarter": quarter, f"{other}quarter": earlier})
        said = {f"{path}fact__in": list(asked.facts), f"{path}value__isnull": False, f"{other}value__isnull": False}
        same = {f"{other}fact": F(f"{path}fact"), f"{other}region": F(f"{path}region")}
        rows = _values(base, asked, both & Q(**said, **same)).values_list(*_names(asked), "quarter_then", f"{path}fact")
        for *group, quarter, fact, was, now, places in rows.annotate(
            was=Sum(f"{other}value"), now=Sum(f"{path}value"), places=Count(f"{path}place")
        ):
            row = Row(tuple(group), quarter, fact)
            pair = Pair(exact(was or Decimal(0)), exact(now or Decimal(0)), places)
            found[row] = found[row].plus(pair) if row in found else pair
    return found


def enterprises_named(asked: Asked) -> dict[int, tuple[str, str]]:
    """Name and code of every place with a value among those asked for, by key. One query."""
    valued = FactValue.objects.filter(
        quarter__in=[quarter.code for quarter in asked.quarters],
        region__in=list(asked.regions),
        fact__in=list(asked.facts),
    )
    rows = Place.objects.filter(pk__in=valued.order_by().values("place_id")).values_list("pk", "name", "code")
    return {pk: (name, code) for pk, name, code in rows}
