"""Record kinds as sources of facts, and what the change feed is told of records."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, ClassVar, Protocol
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, Sum
from django.urls import reverse

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts, Counting, Fact, FactSource, Nature, YearBasis
from foundation.facts.feed import append_changes
from foundation.facts.models import Change
from records.core.models import Record

#: What all record kinds are called together by the sources that follow them.
RECORDS = "records"
#: The witness of silence: an enterprise that made a statement on the quarter. What it has no record of, it has none of.
SAID = "STA.said"


def append_record_changes(moved: Iterable[tuple[Record, str]], action: str) -> None:
    """Records moved, each with the quarter it was in before: one that went to another quarter moves the figures of both.
    Call inside the transaction of the move."""
    append_changes(
        Change(source=record.kind, place_id=record.filer_id, quarter=quarter, subject=record.pk, action=action)
        for record, was_in in moved
        for quarter in sorted({record.quarter, was_in})
    )


class CountedKind(Protocol):
    """What counting asks of a record kind (``records.core.kinds.RecordKind``, which stands above)."""

    model: ClassVar[Any]
    facts: ClassVar[tuple[Fact, ...]]

    @property
    def slug(self) -> str: ...

    @property
    def is_return(self) -> bool: ...

    @property
    def is_for_enterprises(self) -> bool: ...

    @property
    def is_for_offices(self) -> bool: ...

    def counted_in(self, quarter: Quarter, basis: YearBasis | None = None) -> models.Q: ...

    def counted(self, fact: Fact, quarter: Quarter) -> models.Q: ...

    def quarters_touched(self, quarter: Quarter) -> list[Quarter]: ...


class KindFacts(FactSource):
    """The facts of one record kind: the approved records that speak for the quarter, counted where they were filed.

    An enterprise without a record has no value, until its statement on the quarter turns silence into zero (flows of
    events only: a return that is missing is missing). One with a record has a number for every fact that counts records
    (0 where ``only`` leaves none: it answered "no"), and a sum only when somebody filled the field.
    """

    order = 10
    family = RECORDS

    def __init__(self, kind: CountedKind) -> None:
        self.kind = kind
        self.code = kind.slug
        self.facts = tuple(
            dataclasses.replace(fact, zero_with=SAID)
            if not kind.is_return and fact.nature is Nature.FLOW and not fact.zero_with
            else fact
            for fact in kind.facts
        )

    def quarters_touched(self, quarter: Quarter) -> list[Quarter]:
        return self.kind.quarters_touched(quarter)

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        by_basis: dict[YearBasis | None, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            by_basis[fact.year_basis].append(fact)
        for basis, facts in by_basis.items():
            found: dict[str, models.Aggregate] = {}
            for number, fact in enumerate(facts):
                # Of the rows that speak, which the queryset has chosen.
                said = models.Q(**{f"{fact.amount}__isnull": False}) if fact.amount else models.Q()
                counted = (fact.only & said) or None
                found[f"value_{number}"] = (
                    Sum(fact.amount, filter=counted) if fact.amount else Count("pk", filter=counted)
                )
                found[f"records_{number}"] = Count("pk", filter=counted)
            speaking = self.kind.model.objects.filter(
                self.kind.counted_in(quarter, basis), status="approved"
            ).order_by()
            values = {fact.code: (f"value_{number}", f"records_{number}") for number, fact in enumerate(facts)}
            # An office's own record lies at the office's place, whatever its level: there it adds up.
            filers = ("enterprise_id",) * self.kind.is_for_enterprises + ("office_id",) * self.kind.is_for_offices
            for filer in filers:
                rows = speaking.filter(**{f"{filer}__isnull": False}) if len(filers) > 1 else speaking
                yield Counting(
                    rows.values(filer, "county_id").annotate(**found), filer, "county_id", values, keeps_unsaid=True
                )

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Record]:
        rows: models.QuerySet[Record] = self.kind.model.objects.filter(self.kind.counted(fact, quarter)).order_by()
        return rows

    def amounts(self, fact: Fact, quarter: Quarter) -> list[Amounts]:
        return [Amounts(self.evidence(fact, quarter), "pk", fact.amount)]

    def url(self, fact: str, *, region: str, quarter: str) -> str:
        return f"{reverse('records:list')}?{urlencode({'fact': fact, 'region': region, 'quarter': quarter})}"
