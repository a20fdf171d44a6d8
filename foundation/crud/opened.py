"""The figure a list was opened from: beside each row what it gave, above them how many they are and what they add up to.

A list behind a number that does not show the number asks people to believe; one that shows it can be checked."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts, Fact, Nature, declared_facts, source_of_fact
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
    """The figure of these ``quarters``. ``rows``: the list as it is filtered. ``count`` of them, and the ``total`` they give;
    None: none of them gave any."""

    def __init__(
        self,
        fact: Fact,
        quarters: Sequence[Quarter],
        sets: Iterable[Amounts],
        rows: "QuerySet[Any]",
        of_today: str = "",
    ) -> None:
        self.fact, self.column, self._sets = fact, CountedColumn(fact), list(sets)
        self._quarters, self._of_today = quarters, of_today
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

    @property
    def period(self) -> str:
        """The quarters as people read them; "" for none."""
        if not self._quarters:
            return ""
        first, last = self._quarters[0], self._quarters[-1]
        return last.label if first == last else _("%(first)s至%(last)s") % {"first": first.label, "last": last.label}

    @property
    def caution(self) -> str:
        """What of a past quarter's list is as of today, so that it need not add up to what was counted then."""
        if not self._of_today or not self._quarters or self._quarters[-1].last_day >= timezone.localdate():
            return ""
        text = _("列出的是%(quarter)s末已有的。%(what)s合计因此可能与当时统计的数不同。")
        return text % {"quarter": self._quarters[-1].label, "what": self._of_today}

    @property
    def heading(self) -> str:
        return str(self.column.verbose_name)

    @property
    def label(self) -> str:
        """The fact's, with the year whose value stands in the last quarter where that is another."""
        return self.fact.label_in(self._quarters[-1]) if self._quarters else str(self.fact.label)

    def add_to(self, table: type[tables.Table]) -> dict[str, Any]:
        """Arguments for the table: the column, after the first one."""
        shown = table._meta.sequence or tuple(table.base_columns)
        first = next(name for name in shown if name not in ("tick", "..."))
        return {"extra_columns": [(COUNTED, self.column)], "sequence": (first, COUNTED, "...")}

    def read(self, table: tables.Table) -> None:
        """Read what the rows of the table's page gave. One query for each set."""
        self.read_of([row.record.pk for row in table.paginated_rows])

    def given(self, key: int) -> Any:
        """What a row gave, of those that were read."""
        return self.column.values.get(key)

    def read_of(self, keys: Sequence[int]) -> None:
        """Read what the rows of these keys gave. One query for each set."""
        for amounts in self._sets:
            found = amounts.rows.filter(**{f"{amounts.key}__in": keys})
            if amounts.value:
                self.column.values.update(found.values_list(amounts.key, amounts.value))
            else:
                self.column.values.update(dict.fromkeys(found.values_list(amounts.key, flat=True), 1))


def quarter_of_figure(asked: Mapping[str, Any]) -> Quarter | None:
    """The quarter whose figure opens a list: the running one where the address names none. None when no figure opens it."""
    if not asked.get("fact"):
        return None
    try:
        return Quarter.parse(asked.get("quarter", ""))
    except ValueError:
        return Quarter.current()


def opened_figure(code: str, quarters: Iterable[Quarter], rows: "QuerySet[Any]") -> OpenedFigure | None:
    """The figure of these quarters that a list was opened from; None for a code that is no fact's."""
    try:
        source = source_of_fact(code)
    except LookupError:
        return None
    fact = next(fact for fact in source.facts if fact.code == code)
    of = list(quarters)
    sets = [one for quarter in of for one in source.amounts(fact, quarter)]
    return OpenedFigure(fact, of, sets, rows, source.of_today(fact))


def figure_of_list(asked: Mapping[str, Any], address: str, rows: "QuerySet[Any]") -> OpenedFigure | None:
    """The figure that the list at an address was opened from; None where none was, or one whose list is another."""
    quarter, code = quarter_of_figure(asked), asked.get("fact", "")
    if quarter is None or code not in declared_facts():
        return None
    behind = source_of_fact(code).url(code, region="", quarter=quarter.code).partition("?")[0]
    return opened_figure(code, [quarter], rows) if behind == address else None
