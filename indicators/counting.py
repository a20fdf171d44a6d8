"""Counting: what the figures of a quarter must be, read from the records as they stand. Writes nothing."""

from collections.abc import Collection, Iterator
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Nature
from indicators.register_facts import PLACES, Counted, count_duties, count_registers, only_of
from records.core.kinds import RecordKind, all_kinds
from records.models import QuarterStatement, Record, Status

CENT = Decimal("0.01")


def exact(value: Decimal | int) -> Decimal:
    """The value as it is stored: SQLite adds decimals as floats."""
    return Decimal(value).quantize(CENT)


def _counted_records(kind: RecordKind, quarter: Quarter) -> QuerySet:
    """The approved records of a kind that speak for the quarter, whichever fact counts them."""
    return kind.model.objects.filter(kind.counted_in(quarter), status=Status.APPROVED).order_by()


def count_kind(kind: RecordKind, quarter: Quarter, enterprise_ids: Collection[int] | None = None) -> Iterator[Counted]:
    """All facts of one kind in one query.

    An enterprise without a record of the kind yields nothing. One with a record yields a number for every fact that
    counts records (0 where ``only`` leaves none: it answered "no"), and for a sum only when somebody filled the field.
    """
    aggregates = {}
    for position, fact in enumerate(kind.facts):
        counted = kind.counted(fact, quarter)
        aggregates[f"value_{position}"] = (
            Sum(fact.amount, filter=counted) if fact.amount else Count("pk", filter=counted)
        )
        aggregates[f"records_{position}"] = Count("pk", filter=counted)
    if not aggregates:
        return
    for row in _counted_records(kind, quarter).filter(only_of(enterprise_ids)).values(*PLACES).annotate(**aggregates):
        place = [row[name] for name in PLACES]
        for position, fact in enumerate(kind.facts):
            value = row[f"value_{position}"]
            if value is not None:
                yield Counted(*place, fact.code, exact(value), row[f"records_{position}"])


def _said_none(quarter: Quarter, enterprise_ids: Collection[int] | None) -> Iterator[Counted]:
    """A quarter statement turns silence into zero: flows of event kinds the enterprise has no approved record of."""
    kinds = [kind for kind in all_kinds() if not kind.is_return]
    approved = Record.objects.filter(
        only_of(enterprise_ids), quarter=quarter.code, status=Status.APPROVED, kind__in=[kind.slug for kind in kinds]
    )
    with_records = set(approved.order_by().values_list("enterprise_id", "kind").distinct())
    statements = QuarterStatement.objects.filter(only_of(enterprise_ids), quarter=quarter.code).order_by()
    for row in statements.values(*PLACES):
        place = [row[name] for name in PLACES]
        for kind in kinds:
            if (row["enterprise_id"], kind.slug) in with_records:
                continue
            for fact in kind.facts:
                if fact.nature is Nature.FLOW:
                    yield Counted(*place, fact.code, exact(0))


def count_quarter(quarter: Quarter, enterprise_ids: Collection[int] | None = None) -> Iterator[Counted]:
    """Every value of the quarter, of all enterprises or of some. A handful of queries and one more for each kind."""
    for kind in all_kinds():
        yield from count_kind(kind, quarter, enterprise_ids)
    yield from _said_none(quarter, enterprise_ids)
    yield from count_registers(quarter, enterprise_ids)
    yield from count_duties(quarter, enterprise_ids)


def evidence(quarter: Quarter) -> Iterator[tuple[str, int, int, int, Decimal]]:
    """(fact, enterprise, record, version, value) for every record behind every figure of the quarter."""
    for kind in all_kinds():
        for fact in kind.facts:
            rows = kind.model.objects.filter(kind.counted(fact, quarter)).order_by()
            for row in rows.values("enterprise_id", "pk", "version", *filter(None, [fact.amount])):
                amount = row[fact.amount] if fact.amount else 1
                yield fact.code, row["enterprise_id"], row["pk"], row["version"], exact(amount)
