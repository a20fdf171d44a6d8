"""What the pages of compliance show, as data. A handful of queries, however many enterprises there are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.places.models import Level, Place
from foundation.saying import filled
from indicators.compliance.declaring import ComplianceRule, all_rules
from indicators.compliance.findings import Finding
from indicators.compliance.reading import Counts, counts_by_rule, counts_by_unit, results_of
from indicators.models import ComplianceResult
from indicators.queries import units_below
from reporting.compliance.links import Link, results_url, rule_url, way_out

#: The column of a result that names the unit directly below.
UNIT_COLUMN = {Level.PROVINCE: "city", Level.CITY: "county"}
#: In what order an enterprise reads them: what is to be done first.
READING_ORDER = (Finding.BROKEN, Finding.NOT_STATED, Finding.HOLDS, Finding.NOT_APPLICABLE)
TONES = {
    Finding.HOLDS: "done",
    Finding.BROKEN: "bad",
    Finding.NOT_STATED: "soon",
    Finding.NOT_APPLICABLE: "quiet",
}


@dataclass(frozen=True)
class Cell:
    """What a rule found in one place, with the list behind each number."""

    unit: Place
    counts: Counts
    urls: dict[str, str]

    @classmethod
    def of(cls, unit: Place, counts: Counts, rule: ComplianceRule, quarter: Quarter) -> "Cell":
        urls = {finding.value: results_url(unit, quarter, rule=rule.code, finding=finding.value) for finding in Finding}
        return cls(unit, counts, urls)

    @property
    def numbers(self) -> list[tuple[str, int, str]]:
        """(finding, how many, address) of each finding."""
        return [
            (str(finding.label), getattr(self.counts, finding.value), self.urls[finding.value]) for finding in Finding
        ]


@dataclass(frozen=True)
class RuleRow:
    rule: ComplianceRule
    url: str
    total: Cell
    cells: list[Cell]


@dataclass(frozen=True)
class Matrix:
    """Rules by unit. ``units`` is empty for a county. ``enterprises``: of how many there are results."""

    place: Place
    quarter: Quarter
    units: list[Place]
    areas: list[tuple[str, str, list[RuleRow]]]
    enterprises: int

    @property
    def rows(self) -> Iterable[RuleRow]:
        return (row for _label, _key, rows in self.areas for row in rows)


def matrix_of(place: Place, quarter: Quarter) -> Matrix:
    """Four queries."""
    results = results_of(place, quarter)
    totals = counts_by_rule(results)
    column = UNIT_COLUMN.get(Level(place.level))
    by_unit = counts_by_unit(results, column) if column else {}
    units = units_below(place, quarter) if column else []
    areas: dict[str, list[RuleRow]] = {}
    for rule in all_rules():
        if rule.code not in totals:
            continue
        cells = [Cell.of(unit, by_unit.get((rule.code, unit.pk), Counts()), rule, quarter) for unit in units]
        total = Cell.of(place, totals[rule.code], rule, quarter)
        areas.setdefault(rule.area, []).append(RuleRow(rule, rule_url(rule, place, quarter), total, cells))
    listed = [(rows[0].rule.area_label, area, rows) for area, rows in areas.items()]
    return Matrix(place, quarter, units, listed, max((counts.all for counts in totals.values()), default=0))


@dataclass(frozen=True)
class RulePage:
    rule: ComplianceRule
    total: Cell
    cells: list[Cell]
    looks_at: list[str]


def rule_page(rule: ComplianceRule, place: Place, quarter: Quarter) -> RulePage:
    """Three queries."""
    results = results_of(place, quarter).filter(rule=rule.code)
    total = counts_by_rule(results).get(rule.code, Counts())
    column = UNIT_COLUMN.get(Level(place.level))
    cells = []
    if column:
        by_unit = counts_by_unit(results, column)
        cells = [
            Cell.of(unit, by_unit.get((rule.code, unit.pk), Counts()), rule, quarter)
            for unit in units_below(place, quarter)
        ]
    return RulePage(rule, Cell.of(place, total, rule, quarter), cells, rule.looks_at_labels())


@dataclass(frozen=True)
class Line:
    """One rule on an enterprise's own list."""

    rule: ComplianceRule
    result: ComplianceResult
    values: list[tuple[str, str]]
    link: Link | None


@dataclass(frozen=True)
class OwnList:
    """``groups``: (finding, its tone, its lines), what is to be done first."""

    enterprise: Enterprise
    quarter: Quarter
    groups: list[tuple[Finding, str, list[Line]]]
    numbers: Counter[str]

    @property
    def sentence(self) -> str:
        """How many rules were looked at and what they found."""
        parts = [f"{finding.label} {self.numbers[finding.value]}" for finding in READING_ORDER]
        values = {"all": self.numbers.total(), "parts": "，".join(parts)}
        return filled(_("共 %(all)d 条规则：%(parts)s。"), values)


def own_list(user: Actor, enterprise: Enterprise, quarter: Quarter) -> OwnList:
    """What the rules found of one enterprise. One query."""
    rows = ComplianceResult.objects.visible_to(user).filter(enterprise=enterprise, quarter=quarter.code)
    found = {result.rule: result for result in rows}
    by_finding: dict[str, list[Line]] = {finding.value: [] for finding in READING_ORDER}
    for rule in all_rules():
        if (result := found.get(rule.code)) is not None:
            values = [
                (rule.label_of(name), rule.text_of(name, value))
                for name, value in result.values.items()
                if name != "record"
            ]
            by_finding[result.finding].append(Line(rule, result, values, way_out(user, rule, result, enterprise)))
    groups = [(finding, TONES[finding], by_finding[finding.value]) for finding in READING_ORDER]
    numbers = Counter({finding.value: len(by_finding[finding.value]) for finding in READING_ORDER})
    return OwnList(enterprise, quarter, [group for group in groups if group[2]], numbers)


def rule_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The rules to choose from in a filter, by area."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for rule in all_rules():
        groups.setdefault(rule.area_label, []).append((rule.code, rule.title))
    return list(groups.items())
