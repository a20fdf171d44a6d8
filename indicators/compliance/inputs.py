"""What rules read: the approved returns and events that speak for a quarter with the breaches recorded at their hand-in,
statements, duties, staff and board seats; each of many enterprises at once."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from enterprises.bodies.facts import standing_on
from enterprises.models import Body, BodyKind, YearlyProfile
from enterprises.profiles.facts import standing_profiles
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import YearBasis
from indicators.compliance.declaring import Input
from records.core.kinds import kind_by_slug
from records.core.models import Breach
from records.models import Duty, QuarterStatement, Status


@dataclass(frozen=True)
class Broken:
    """A breach recorded at hand-in (``records.core.models.Breach``)."""

    rule: str
    message: str
    is_unstated: bool


@dataclass(frozen=True)
class Filed:
    """An approved record: its kind's fields by name, the breaches on it, and its lines where they were asked for."""

    pk: int
    period: str
    happened_on: datetime.date | None
    values: Mapping[str, Any]
    breaches: tuple[Broken, ...] = ()
    lines: tuple[Mapping[str, Any], ...] = ()

    def broken(self, rule: str) -> list[Broken]:
        return [one for one in self.breaches if one.rule == rule]


def _breaches_on(records: Sequence[int]) -> dict[int, tuple[Broken, ...]]:
    found: dict[int, list[Broken]] = defaultdict(list)
    rows = Breach.objects.filter(record_id__in=records).order_by("pk")
    for record, rule, message, is_unstated in rows.values_list("record_id", "rule", "message", "is_unstated"):
        found[record].append(Broken(rule, message, is_unstated))
    return {pk: tuple(breaches) for pk, breaches in found.items()}


def _filed(slug: str, rows: Any, *, lines: str = "") -> Iterable[tuple[int, Filed]]:
    """(enterprise, record) of these rows of a kind; a query for them, one for breaches and one for lines."""
    kind = kind_by_slug(slug)
    told = list(rows.order_by("pk").values("pk", "enterprise_id", "period", "happened_on", *_own(kind.fields)))
    keys = [row["pk"] for row in told]
    breaches = _breaches_on(keys) if kind.rules and keys else {}
    lines_of: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    declared = kind.lines_named(lines) if lines else None
    if declared is not None and keys:
        lines_model: type[Any] = declared.model
        cells = lines_model._base_manager.filter(record__in=keys).order_by("pk")
        for cell in cells.values("record_id", *declared.fields):
            lines_of[cell["record_id"]].append(cell)
    for row in told:
        values = {name: row[name] for name in kind.fields}
        yield (
            row["enterprise_id"],
            Filed(
                row["pk"],
                row["period"] or "",
                row["happened_on"],
                values,
                breaches.get(row["pk"], ()),
                tuple(lines_of[row["pk"]]),
            ),
        )


def _own(names: Iterable[str]) -> list[str]:
    return [name for name in names if name not in ("happened_on", "period")]


@dataclass(frozen=True)
class Return(Input[Filed]):
    """The approved return of a kind that speaks for the quarter: of a quarterly kind its own, of an annual one by
    ``basis`` that of the year before or the last one told. ``lines`` names the lines that are read with it."""

    kind: str
    basis: YearBasis | None = None
    lines: str = ""

    def load(self, quarter: Quarter, enterprises: Sequence[int]) -> Mapping[int, Filed]:
        kind = kind_by_slug(self.kind)
        found = kind.model.objects.filter(
            kind.counted_in(quarter, self.basis), status=Status.APPROVED, enterprise__in=enterprises
        )
        return dict(_filed(self.kind, found, lines=self.lines))


@dataclass(frozen=True)
class Returns(Input[list[Filed]]):
    """Every approved return of an annual kind up to the year before the quarter's, oldest first."""

    kind: str

    def load(self, quarter: Quarter, enterprises: Sequence[int]) -> Mapping[int, list[Filed]]:
        model = kind_by_slug(self.kind).model
        rows = model.objects.filter(status=Status.APPROVED, period__lt=str(quarter.year), enterprise__in=enterprises)
        found: dict[int, list[Filed]] = defaultdict(list)
        for enterprise, one in _filed(self.kind, rows):
            found[enterprise].append(one)
        return {pk: sorted(told, key=lambda one: one.period) for pk, told in found.items()}


@dataclass(frozen=True)
class Events(Input[list[Filed]]):
    """The approved events of a kind from the first day of the year before to the quarter's last day, in their order.
    ``lines`` names the lines that are read with them."""

    kind: str
    lines: str = ""

    def load(self, quarter: Quarter, enterprises: Sequence[int]) -> Mapping[int, list[Filed]]:
        model = kind_by_slug(self.kind).model
        since = datetime.date(quarter.year - 1, 1, 1)
        rows = model.objects.filter(
            status=Status.APPROVED, happened_on__range=(since, quarter.last_day), enterprise__in=enterprises
        )
        found: dict[int, list[Filed]] = defaultdict(list)
        for enterprise, one in _filed(self.kind, rows, lines=self.lines):
            found[enterprise].append(one)
        return {pk: sorted(held, key=lambda one: one.happened_on or since) for pk, held in found.items()}


@dataclass(frozen=True)
class Statements(Input[frozenset[str]]):
    """The quarters of the year and of the one before that the enterprise stated to be complete, or empty: of these what
    is not on file did not take place."""

    def load(self, quarter: Quarter, enterprises: Sequence[int]) -> Mapping[int, frozenset[str]]:
        codes = [one.code for one in Quarter(quarter.year - 1, 1).through(quarter)]
        found: dict[int, set[str]] = defaultdict(set)
        rows = QuarterStatement.objects.filter(quarter__in=codes, enterprise__in=enterprises)
        for enterprise, code in rows.values_list("enterprise_id", "quarter"):
            found[enterprise].add(code)
        return {pk: frozenset(said) for pk, said in found.items()}


@dataclass(frozen=True)
class Owed:
    kind: str
    period: str
    due: datetime.date
    done_on: datetime.date | None


@dataclass(frozen=True)
class Duties(Input[list[Owed]]):
    """What the enterprise owes for the quarter, by day due."""

    def load(self, quarter: Quarter, enterprises: Sequence[int]) -> Mapping[int, list[Owed]]:
        found: dict[int, list[Owed]] = defaultdict(list)
        rows = Duty.objects.filter(quarter=quarter.code, enterprise__in=enterprises).order_by("due", "pk")
        for enterprise, kind, period, due, at in rows.values_list(
            "enterprise_id", "kind", "period", "due", "fulfilled_at"
        ):
            found[enterprise].append(Owed(kind, period, due, timezone.localtime(at).date() if at else None))
        return found


@dataclass(frozen=True)
class StaffFigures:
    year: int
    headcount: int | None
    union_members: int | None


@dataclass(frozen=True)
class Staff(Input[StaffFigures]):
    """The yearly profile that stands for the quarter. Who has none has the register's entry only."""

    def load(self, quarter: Quarter, enterprises: Sequence[int]) -> Mapping[int, StaffFigures]:
        rows = standing_profiles(quarter).filter(enterprise__in=enterprises)
        told = rows.values_list("enterprise_id", "year", "headcount", "union_members")
        return {pk: StaffFigures(year, headcount, members) for pk, year, headcount, members in told}


@dataclass(frozen=True)
class Wages(Input[dict[int, Decimal]]):
    """The wages of each year up to the one before the quarter's, where a profile tells them; 万元."""

    def load(self, quarter: Quarter, enterprises: Sequence[int]) -> Mapping[int, dict[int, Decimal]]:
        found: dict[int, dict[int, Decimal]] = defaultdict(dict)
        rows = YearlyProfile.objects.filter(
            enterprise__in=enterprises, year__lt=quarter.year, wages_total__isnull=False
        )
        for enterprise, year, total in rows.values_list("enterprise_id", "year", "wages_total"):
            if total is not None:
                found[enterprise][year] = total
        return found


@dataclass(frozen=True)
class Board(Input[Body]):
    """The body that tells the employees' seats on the boards, as it stood on the day of the quarter."""

    def load(self, quarter: Quarter, enterprises: Sequence[int]) -> Mapping[int, Body]:
        rows = standing_on(quarter).filter(kind=BodyKind.BOARD, enterprise__in=enterprises)
        return {body.enterprise_id: body for body in rows}
