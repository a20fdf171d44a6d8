"""The figure a list was opened from: beside each row what it gave, above them how many they are and what they add up to.

A list behind a number that does not show the number asks people to believe; one that shows it can be checked."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Count, QuerySet, Sum
from django.utils.safestring import SafeString

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts, Fact, Nature, source_of_fact
from foundation.ui.tables import NumberColumn

#: The name of the column in a table.
COUNTED = "counted"


class CountedColumn(NumberColumn):
    """What each row gave to the figure; read for the rows of a page at once."""

    is_on_phone = True

    def __init__(self, fact: Fact) -> None:
        self.values: dict[int, Any] = {}
        super().__init__(verbose_name=f"{fact.label}（{fact.unit}）", orderable=False, accessor="pk")

    def render(self, value: Any) -> str | SafeString:
        return super().render(self.values.get(value))


class OpenedFigure:
    """``rows``: the list as it is filtered. ``count`` of them, and the ``total`` they give; None: none of them gave any."""

    def __init__(self, fact: Fact, sets: Iterable[Amounts], rows: "QuerySet[Any]") -> None:
        self.fact, self.column, self._sets = fact, CountedColumn(fact), list(sets)
        self.count = rows.count()
        self.total: Decimal | int | None = None
        ids = rows.order_by().values("pk")
        for amounts in self._sets:
            found = amounts.rows.filter(**{f"{amounts.key}__in": ids})
            what = Sum(amounts.value) if amounts.value else Count("pk")
            given = found.aggregate(given=what)["given"]
            if given is not None:
                self.total = given + (self.total or 0)
        if self.total is None and fact.zero_with and fact.nature is Nature.STOCK:
            # Of the register it is known how many there are, also where there are none.
            self.total = 0

    def add_to(self, table: type[tables.Table]) -> dict[str, Any]:
        """Arguments for the table: the column, after the first one."""
        shown = table._meta.sequence or tuple(table.base_columns)
        first = next(name for name in shown if name not in ("tick", "..."))
        return {"extra_columns": [(COUNTED, self.column)], "sequence": (first, COUNTED, "...")}

    def read(self, table: tables.Table) -> None:
        """Read what the rows of the table's page gave. One query for each set."""
        page = [row.record.pk for row in table.paginated_rows]
        for amounts in self._sets:
            found = amounts.rows.filter(**{f"{amounts.key}__in": page})
            if amounts.value:
                self.column.values.update(found.values_list(amounts.key, amounts.value))
            else:
                self.column.values.update(dict.fromkeys(found.values_list(amounts.key, flat=True), 1))


def opened_figure(code: str, quarters: Iterable[Quarter], rows: "QuerySet[Any]") -> OpenedFigure | None:
    """The figure of these quarters that a list was opened from; None for a code that is no fact's."""
    try:
        source = source_of_fact(code)
    except LookupError:
        return None
    fact = next(fact for fact in source.facts if fact.code == code)
    return OpenedFigure(fact, [one for quarter in quarters for one in source.amounts(fact, quarter)], rows)
