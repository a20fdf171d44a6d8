"""Counting the register by tier and one other thing at a time, from one grouped query."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from enterprises.models import ClusterKind, Enterprise, Industry, Ownership, Pilot
from enterprises.models.pilot import TIERS
from foundation.calendar.periods import Quarter
from foundation.labels import Label
from foundation.places.models import Level, Place
from foundation.ratios import percent_of
from indicators.queries import units_below

#: The column of the register that names the unit directly below.
_UNIT = {Level.PROVINCE: "city_id", Level.CITY: "county_id"}


@dataclass
class Line:
    """One row of a table. An enterprise of several tiers is counted once, in the highest. ``staff``: of the pilots,
    None when not one of them has said."""

    label: str
    narrowed: dict[str, str]
    unit: Place | None = None
    enterprises: int = 0
    tiers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TIERS, 0))
    staff: int | None = None

    @property
    def pilots(self) -> int:
        return sum(self.tiers.values())

    @property
    def rate(self) -> Any:
        """Pilots among the enterprises of the row, in per cent."""
        return percent_of(self.pilots, self.enterprises)

    def add(self, tier: str, number: int, staff: int | None) -> None:
        self.enterprises += number
        if tier in self.tiers:
            self.tiers[tier] += number
            if staff is not None:
                self.staff = (self.staff or 0) + staff

    def cells(self) -> list[tuple[Label, int, str]]:
        """(tier's name, number, address of the enterprises counted) for every tier."""
        return [(tier.label, self.tiers[tier], self.url(pilot_tier=tier)) for tier in TIERS]

    def url(self, **more: str) -> str:
        return f"{reverse('enterprises:list')}?{urlencode({**self.narrowed, **more})}"

    @property
    def pilots_url(self) -> str:
        return self.url(fact="REG.pilots")

    @property
    def enterprises_url(self) -> str:
        return self.url(fact="REG.enterprises")


@dataclass(frozen=True)
class Cut:
    """A table: the register cut by one thing."""

    title: str
    head: str
    lines: list[Line]


@dataclass(frozen=True)
class Reach:
    """The pilots of a region. ``clusters``: parks and chains by tier, which are no enterprises and stand apart."""

    place: Place
    total: Line
    cuts: list[Cut]
    clusters: list[tuple[str, list[tuple[Label, int, str]]]]


def _rows(place: Place) -> list[dict[str, Any]]:
    """The register of the region, counted by unit, ownership, section and tier together. One query."""
    unit = {"unit": _unit_column(place)} if place.level in _UNIT else {}
    columns = [*unit.values(), "ownership", "section", "pilot_tier"]
    enterprises = Enterprise.objects.active().filter(**{f"{place.scope_column()}_id": place.pk}).order_by()
    counted = enterprises.annotate(section=Substr("industry_id", 1, 1)).values(*columns)
    return list(counted.annotate(number=Count("pk"), staff=Sum("headcount")))


def _units(place: Place, rows: list[dict[str, Any]]) -> list[Place]:
    """The regions directly below: those that are open, and any that still holds an enterprise."""
    holding = {row[_unit_column(place)] for row in rows}
    return [unit for unit in units_below(place, Quarter.current()) if unit.pk in holding or not unit.is_closed]


def _unit_column(place: Place) -> str:
    return _UNIT[Level(place.level)]


def _gather(rows: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], Any], lines: dict[Any, Line]) -> list[Line]:
    for row in rows:
        lines[key(row)].add(row["pilot_tier"], row["number"], row["staff"])
    return list(lines.values())


def pilot_reach(place: Place) -> Reach:
    """Everything the page and the workbook show. Four queries, however large the region."""
    rows, region = _rows(place), {"region": place.code}
    total = Line(_("合计"), region)
    _gather(rows, lambda row: None, {None: total})
    cuts = []
    if place.level in _UNIT:
        units = {unit.pk: Line(unit.name, {"region": unit.code}, unit) for unit in _units(place, rows)}
        column = _unit_column(place)
        cuts.append(Cut(_("按地区"), _("地区"), _gather(rows, lambda row: row[column], units)))
    ownerships = {value: Line(str(label), {**region, "ownership": value}) for value, label in Ownership.choices}
    cuts.append(Cut(_("按所有制"), _("所有制"), _gather(rows, lambda row: row["ownership"], ownerships)))
    names = dict(Industry.objects.filter(level="section").values_list("code", "name"))
    found = sorted({row["section"] for row in rows})
    sections = {code: Line(f"{code} {names.get(code, '')}".strip(), {**region, "industry": code}) for code in found}
    cuts.append(Cut(_("按行业门类"), _("行业门类"), _gather(rows, lambda row: row["section"], sections)))
    return Reach(place, total, cuts, _clusters(place))


def _clusters(place: Place) -> list[tuple[str, list[tuple[Label, int, str]]]]:
    """(park or chain, (tier's name, number, address) for every tier)."""
    inside = Q(**{f"cluster__{place.scope_column()}": place.pk})
    counted = Pilot.objects.in_force().filter(inside).order_by().values("cluster__kind", "tier")
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    for row in counted.annotate(number=Count("pk")):
        numbers[row["cluster__kind"], row["tier"]] = row["number"]
    address = reverse("enterprises:pilots")

    def cells(kind: str) -> list[tuple[Label, int, str]]:
        asked = {"region": place.code, "subject": kind, "state": "now"}
        return [(t.label, numbers[kind, t], f"{address}?{urlencode({**asked, 'tier': t})}") for t in TIERS]

    return [(str(label), cells(kind)) for kind, label in ClusterKind.choices]
