"""Reading results: counts by rule of a place and of the units below it, each a set-based query."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from foundation.ratios import percent_of
from indicators.models import ComplianceResult


@dataclass(frozen=True)
class Counts:
    """How many enterprises a rule found what of."""

    holds: int = 0
    broken: int = 0
    not_applicable: int = 0
    not_stated: int = 0

    @property
    def all(self) -> int:
        return self.holds + self.broken + self.not_applicable + self.not_stated

    @property
    def stated(self) -> int:
        """Of how many it is known whether they keep the rule."""
        return self.holds + self.broken

    @property
    def share(self) -> Decimal | None:
        """Who keeps it, of those of whom it is known, in per cent; None where it is known of nobody."""
        return percent_of(self.holds, self.stated)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.holds + other.holds,
            self.broken + other.broken,
            self.not_applicable + other.not_applicable,
            self.not_stated + other.not_stated,
        )


def results_of(place: Place, quarter: Quarter) -> "QuerySet[ComplianceResult]":
    """The results of everybody who lay in the region on the quarter's day. ``place``: a county, city or province."""
    rows = ComplianceResult.objects.filter(quarter=quarter.code, **{f"{place.scope_column()}_id": place.pk})
    return rows.order_by()


def newly_broken(rows: "QuerySet[ComplianceResult]") -> "QuerySet[ComplianceResult]":
    """Of some results those that broke a rule which the enterprise had not broken in the quarter before. Who was not judged
    then is not new: nobody knows."""
    return rows.filter(is_new=True)


def counts_by_rule(rows: "QuerySet[ComplianceResult]") -> dict[str, Counts]:
    """One query."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for rule, finding, number in rows.order_by().values_list("rule", "finding").annotate(number=Count("pk")):
        found[rule][finding] = number
    return {rule: Counts(**numbers) for rule, numbers in found.items()}


def counts_by_unit(rows: "QuerySet[ComplianceResult]", column: str) -> dict[tuple[str, int], Counts]:
    """By rule and unit; ``column`` names the units: ``city``, ``county``. One query."""
    counted = rows.order_by().values_list("rule", f"{column}_id", "finding").annotate(number=Count("pk"))
    found: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for rule, unit, finding, number in counted:
        found[rule, unit][finding] = number
    return {key: Counts(**numbers) for key, numbers in found.items()}
