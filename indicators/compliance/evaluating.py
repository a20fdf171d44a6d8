"""Judging: every rule in force, for the enterprises in the register on the day of the quarter, some hundreds at a time.

What is stored is made equal to what is found: rows that differ are written, rows that are no longer found deleted. Call
``store`` with the quarter's lock held (``indicators.fill``)."""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from django.utils import timezone

from enterprises.history import day_of, register_on
from enterprises.models import Enterprise
from enterprises.pilots.tiers import tier_on
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from indicators.compliance.declaring import Case, ComplianceRule, Deadlines, Outcome, inputs_of, rules_in_force
from indicators.compliance.findings import Finding
from indicators.models import ComplianceResult
from indicators.sets import Scope
from records.models import ReportingQuarter, ReportingYear

#: How many enterprises are judged at once.
AT_ONCE = 500
_WRITTEN = ("version", "finding", "values", "said", "cure", "cure_by", "province_id", "city_id", "county_id")
_FIELDS = tuple(name.removesuffix("_id") for name in _WRITTEN)

#: A result, comparable: what ``_WRITTEN`` names, in its order.
Row = tuple[object, ...]


def deadlines_of(quarter: Quarter) -> Deadlines:
    """Two queries."""
    due = ReportingQuarter.objects.filter(code=quarter.code).values_list("enterprise_due", flat=True).first()
    years = ReportingYear.objects.filter(code__in=[str(quarter.year - 1), str(quarter.year)])
    return Deadlines(due, dict(years.values_list("code", "enterprise_due")))


def _judged(quarter: Quarter, scope: Scope) -> "QuerySet[Enterprise]":
    """The enterprises in the register on the quarter's day, with ``county_then`` and ``tier_then``."""
    day = day_of(quarter)
    rows: QuerySet[Enterprise] = scope.narrow(register_on(day), place="pk", region="county_then")
    return rows.annotate(tier_then=tier_on(day))


def evaluate(
    quarter: Quarter, scope: Scope, rules: Sequence[ComplianceRule] | None = None
) -> Iterator[dict[tuple[int, str], Row]]:
    """What the rules find, batch by batch: by enterprise and rule. A number of queries for each batch that does not depend
    on how many enterprises it has."""
    rules = rules_in_force(quarter) if rules is None else rules
    inputs = inputs_of(rules)
    day, today, deadlines = day_of(quarter), timezone.localdate(), deadlines_of(quarter)
    lies_in = {pk: (province, city) for pk, province, city in _counties()}
    rows = _judged(quarter, scope)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        batch = keys[start : start + AT_ONCE]
        enterprises = list(rows.filter(pk__in=batch).order_by("pk"))
        found = {source: source.load(quarter, batch) for source in inputs}
        judged: dict[tuple[int, str], Row] = {}
        for enterprise in enterprises:
            county: int = enterprise.county_then  # type: ignore[attr-defined]  # annotated
            tier: str = enterprise.tier_then  # type: ignore[attr-defined]  # annotated
            case = Case(enterprise, tier, quarter, day, today, deadlines, found)
            places = (*lies_in[county], county)
            for rule in rules:
                judged[enterprise.pk, rule.code] = _row(rule, rule.judge(case), places)
        yield judged


def _counties() -> "QuerySet[Place, tuple[int, int | None, int | None]]":
    return Place.objects.counties().order_by().values_list("pk", "province_id", "city_id")


def _row(rule: ComplianceRule, outcome: Outcome, places: tuple[object, ...]) -> Row:
    return (
        rule.version,
        outcome.finding.value,
        dict(outcome.values),
        outcome.said,
        outcome.cure,
        outcome.cure_by,
        *places,
    )


def _stored(quarter: Quarter, enterprises: Sequence[int]) -> dict[tuple[int, str], Row]:
    """The kept values are read as text: most rows have none, or the same as many others, and these are parsed once."""
    rows = ComplianceResult.objects.filter(quarter=quarter.code, enterprise__in=enterprises).order_by()
    columns = ["values_text" if name == "values" else name for name in _WRITTEN]
    place = columns.index("values_text")
    parsed: dict[str, object] = {}
    found: dict[tuple[int, str], Row] = {}
    texts = rows.annotate(values_text=Cast("values", TextField()))
    for enterprise, rule, *row in texts.values_list("enterprise_id", "rule", *columns):
        text = row[place]
        if text not in parsed:
            parsed[text] = json.loads(text)
        row[place] = parsed[text]
        found[enterprise, rule] = tuple(row)
    return found


def _gone(quarter: Quarter, scope: Scope, rules: Sequence[ComplianceRule]) -> "QuerySet[ComplianceResult]":
    """Results that nothing finds any more: of who was not in the register, and of rules that are not in force."""
    stored = scope.narrow(
        ComplianceResult.objects.filter(quarter=quarter.code), place="enterprise_id", region="county_id"
    )
    there = register_on(day_of(quarter)).values("pk")
    return stored.exclude(enterprise__in=there, rule__in=[rule.code for rule in rules])


def store(quarter: Quarter, scope: Scope) -> int:
    """Make the stored results equal to what the rules find. Returns how many rows changed."""
    rules = rules_in_force(quarter)
    gone = _gone(quarter, scope, rules)
    left = set(gone.values_list("enterprise_id", flat=True))
    changed = gone.delete()[0]
    if left:
        note_new(quarter.next(), sorted(left))
    for judged in evaluate(quarter, scope, rules):
        enterprises = sorted({enterprise for enterprise, _rule in judged})
        stored = _stored(quarter, enterprises)
        fresh = [
            ComplianceResult(
                quarter=quarter.code, enterprise_id=enterprise, rule=rule, **dict(zip(_WRITTEN, row, strict=True))
            )
            for (enterprise, rule), row in judged.items()
            if stored.get((enterprise, rule)) != row
        ]
        ComplianceResult.objects.bulk_create(
            fresh,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["quarter", "enterprise", "rule"],
            update_fields=_FIELDS,
        )
        changed += len(fresh)
        if fresh or scope == Scope():
            note_new(quarter, enterprises)
        if fresh:
            note_new(quarter.next(), sorted({one.enterprise_id for one in fresh}))
    return changed


def _is_found_new(quarter: Quarter) -> Q:
    """Of a result of the quarter: it broke a rule which the enterprise had not broken in the quarter before, when it was
    judged."""
    before = ComplianceResult.objects.filter(
        enterprise=OuterRef("enterprise"), rule=OuterRef("rule"), quarter=quarter.previous().code
    )
    return Q(finding=Finding.BROKEN) & Q(Exists(before.exclude(finding=Finding.BROKEN)))


def _wrongly_noted(rows: "QuerySet[ComplianceResult]", quarter: Quarter) -> "QuerySet[ComplianceResult]":
    """Of some results of a quarter those noted as broken anew that are not, and those that are and are not noted."""
    is_found = _is_found_new(quarter)
    return rows.filter((Q(is_new=True) & ~is_found) | (Q(is_new=False) & is_found))


def note_new(quarter: Quarter, enterprises: Sequence[int]) -> None:
    """Note which of their results of the quarter are broken anew. The results of both quarters decide: whoever writes those of
    one brings it up to date in that quarter and in the next. One statement."""
    rows = ComplianceResult.objects.filter(quarter=quarter.code, enterprise__in=enterprises).order_by()
    _wrongly_noted(rows, quarter).update(is_new=Choose(When(is_new=True, then=False), default=True))


#: How a difference says whether a result is broken anew.
_NEW, _NOT_NEW = "broken, new", "not new"


class Difference(NamedTuple):
    enterprise: int
    rule: str
    stored: str | None
    expected: str | None


def differences(quarter: Quarter, *, limit: int) -> list[Difference]:
    """Where what is stored is not what the rules find now: at most ``limit``. Writes nothing."""
    rules = rules_in_force(quarter)
    found: list[Difference] = []
    for enterprise, rule, finding in _gone(quarter, Scope(), rules).values_list("enterprise_id", "rule", "finding")[
        :limit
    ]:
        found.append(Difference(enterprise, rule, finding, None))
    noted = _misnoted(quarter, limit=limit)
    for judged in evaluate(quarter, Scope(), rules):
        stored = _stored(quarter, sorted({enterprise for enterprise, _rule in judged}))
        for key, row in judged.items():
            if len(found) >= limit:
                return found
            if (have := stored.get(key)) != row:
                found.append(Difference(*key, str(have[1]) if have else None, str(row[1])))
                noted.pop(key, None)
    return [*found, *noted.values()][:limit]


def _misnoted(quarter: Quarter, *, limit: int) -> dict[tuple[int, str], Difference]:
    """Results that are noted as broken anew and are not, or the other way round. One query."""
    rows = _wrongly_noted(ComplianceResult.objects.filter(quarter=quarter.code).order_by(), quarter)
    return {
        (enterprise, rule): Difference(enterprise, rule, *((_NEW, _NOT_NEW) if is_new else (_NOT_NEW, _NEW)))
        for enterprise, rule, is_new in rows.values_list("enterprise_id", "rule", "is_new")[:limit]
    }
