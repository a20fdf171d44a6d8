"""Record kinds as sources of facts, and what the change feed is told of records."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Protocol
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, OuterRef, Subquery, Sum
from django.urls import reverse

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts, Counting, Fact, FactSource, Nature, YearBasis
from foundation.facts.feed import append_changes
from foundation.facts.frozen import frozen_amounts
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


def line_condition(model: type[models.Model], fact: Fact, *, line: str = "", record: str = "record__") -> models.Q:
    """Which lines a fact counts: as a condition on the lines' own table, or with ``line`` and ``record`` on one from which
    these lead to the fields of each. What is not said is not summed."""
    own = {field.name for field in model._meta.concrete_fields}
    condition = _renamed(fact.only, own, line, record)
    return condition & models.Q(**{f"{line}{fact.amount}__isnull": False}) if fact.amount else condition


def _renamed(condition: models.Q, own: Collection[str], line: str, record: str) -> models.Q:
    """The condition with each field looked up where it is: at the line, or at its record where the line has none such."""
    found = models.Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, models.Q):
            found.children.append(_renamed(child, own, line, record))
        elif isinstance(child, tuple):
            name, value = child
            found.children.append(((line if name.partition("__")[0] in own else record) + name, value))
        else:
            raise TypeError("facts of lines are narrowed by plain conditions")
    return found


def _sums(facts: list[Fact]) -> dict[str, Any]:
    """The value of each fact and the number of records behind it, as aggregates over the records that speak."""
    found: dict[str, Any] = {}
    for number, fact in enumerate(facts):
        # Of the rows that speak, which the queryset has chosen.
        said = models.Q(**{f"{fact.amount}__isnull": False}) if fact.amount else models.Q()
        counted = (fact.only & said) or None
        found[f"value_{number}"] = Sum(fact.amount, filter=counted) if fact.amount else Count("pk", filter=counted)
        found[f"records_{number}"] = Count("pk", filter=counted)
    return found


class CountedKind(Protocol):
    """What counting asks of a record kind (``records.core.kinds.RecordKind``, which stands above)."""

    model: ClassVar[Any]
    facts: ClassVar[tuple[Fact, ...]]

    @property
    def slug(self) -> str: ...

    def counted_lines(self, fact: Fact) -> models.QuerySet[Any]: ...

    @property
    def is_return(self) -> bool: ...

    @property
    def is_for_enterprises(self) -> bool: ...

    @property
    def is_for_offices(self) -> bool: ...

    def counted_in(self, quarter: Quarter, basis: YearBasis | None = None) -> models.Q: ...

    def counted(self, fact: Fact, quarter: Quarter) -> models.Q: ...

    def quarters_touched(self, quarter: Quarter) -> list[Quarter]: ...


def _shares(kind: CountedKind) -> Iterable[Fact]:
    """Both sides of the share of each part that may be left empty where its whole is told. Raises ``ValueError`` for a part
    or a whole that is no field of the record itself."""
    declared = {fact.code: fact for fact in kind.facts}
    for part in kind.facts:
        if not part.whole:
            continue
        whole = declared[part.whole]
        if part.lines or whole.lines:
            raise ValueError(f"{part.code}: a share of lines is not counted")
        fields = {name for fact in (part, whole) for name in (fact.amount, *looked_at(fact.only)) if name}
        both = models.Q()
        for name in sorted(fields):
            field = kind.model._meta.get_field(name)
            both &= models.Q(**{f"{name}__isnull": False}) if field.null else ~models.Q(**{name: ""})
        for side, code in ((part, part.shared_part), (whole, part.shared_whole)):
            yield dataclasses.replace(
                side, code=code, only=side.only & both, is_internal=True, whole="", key=0, extent=0, printed=0
            )


def looked_at(condition: models.Q) -> set[str]:
    """The fields a plain condition looks at."""
    found: set[str] = set()
    for child in condition.children:
        if isinstance(child, models.Q):
            found |= looked_at(child)
        elif isinstance(child, tuple):
            found.add(str(child[0]).partition("__")[0])
    return found


class KindFacts(FactSource):
    """The facts of one record kind: the approved records that speak for the quarter, counted where they were filed.

    An enterprise without a record has no value, until its statement on the quarter turns silence into zero (flows of
    events only: a return that is missing is missing; of what offices alone report enterprises say nothing). One with a
    record has a number for every fact that counts records (0 where ``only`` leaves none: it answered "no"), and a sum only
    when somebody filled the field. Of lines the same holds for an enterprise whose records have a line: one without any
    has said nothing of them.
    """

    order = 10
    family = RECORDS
    is_plain = True

    def __init__(self, kind: CountedKind) -> None:
        self.kind = kind
        self.code = kind.slug
        self.facts = tuple(map(self._declared, (*kind.facts, *_shares(kind))))

    def _declared(self, fact: Fact) -> Fact:
        """The kind's fact, with what follows from how the kind is told."""
        if not self.kind.is_for_enterprises:
            return fact
        if self.kind.is_return:
            return dataclasses.replace(fact, of_return=True)
        if fact.nature is Nature.FLOW and not fact.zero_with:
            return dataclasses.replace(fact, zero_with=SAID)
        return fact

    def quarters_touched(self, quarter: Quarter) -> list[Quarter]:
        return self.kind.quarters_touched(quarter)

    def has_rows(self) -> bool:
        rows: models.QuerySet[Any] = self.kind.model.objects.all()
        return rows.exists()

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        by_basis: dict[tuple[YearBasis | None, str], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            by_basis[fact.year_basis, fact.lines].append(fact)
        for (basis, lines), facts in by_basis.items():
            speaking = self.kind.model.objects.filter(
                self.kind.counted_in(quarter, basis), status="approved"
            ).order_by()
            found = self._sums_of_lines(lines, facts) if lines else _sums(facts)
            values = {fact.code: (f"value_{number}", f"records_{number}") for number, fact in enumerate(facts)}
            # An office's own record lies at the office's place, whatever its level: there it adds up.
            filers = ("enterprise_id",) * self.kind.is_for_enterprises + ("office_id",) * self.kind.is_for_offices
            for filer in filers:
                rows = speaking.filter(**{f"{filer}__isnull": False}) if len(filers) > 1 else speaking
                yield Counting(
                    rows.values(filer, "county_id").annotate(**found), filer, "county_id", values, keeps_unsaid=True
                )

    def _sums_of_lines(self, name: str, facts: list[Fact]) -> dict[str, Any]:
        """Of the lines of one sort: nothing else is joined, so that none counts twice. Whose records have no line gives no
        value, and is kept as having given none."""
        model = self.kind.counted_lines(facts[0]).model
        found: dict[str, Any] = {"lines_said": Count(name)}
        for number, fact in enumerate(facts):
            counted = line_condition(model, fact, line=f"{name}__", record="") or None
            found[f"counted_{number}"] = (
                Sum(f"{name}__{fact.amount}", filter=counted) if fact.amount else Count(f"{name}__pk", filter=counted)
            )
            found[f"value_{number}"] = models.Case(models.When(lines_said__gt=0, then=models.F(f"counted_{number}")))
            said = models.Q(**{f"{name}__isnull": False})
            found[f"records_{number}"] = Count("pk", filter=(counted & said) if counted else said, distinct=True)
        return found

    def gave(self, fact: Fact) -> models.expressions.Combinable:
        """What a row of ``evidence`` gave to the value, as an expression."""
        if not fact.lines:
            return models.F(fact.amount) if fact.amount else models.Value(1)
        lines = self.kind.counted_lines(fact).filter(record=OuterRef("pk")).order_by().values("record")
        return Subquery(lines.annotate(gave=Sum(fact.amount) if fact.amount else Count("pk")).values("gave"))

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Record]:
        rows: models.QuerySet[Record] = self.kind.model.objects.filter(self.kind.counted(fact, quarter)).order_by()
        return rows

    def amounts(self, fact: Fact, quarter: Quarter) -> list[Amounts]:
        if (kept := frozen_amounts(fact.code, quarter)) is not None:
            return [kept]
        rows = self.evidence(fact, quarter)
        if fact.lines:
            return [Amounts(rows.annotate(gave=self.gave(fact)), "pk", "gave")]
        return [Amounts(rows, "pk", fact.amount)]

    def url(self, fact: str, *, region: str, quarter: str) -> str:
        return f"{reverse('records:list')}?{urlencode({'fact': fact, 'region': region, 'quarter': quarter})}"
