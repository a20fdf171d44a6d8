"""Pages of long lists: by the key of the row where a page ends, never by counting rows from the start.

A page costs the same wherever in the list it lies, and rows that come or go meanwhile shift nothing: each row is seen
once. The address names the page by one value, ``7a<key>`` for the rows after a key and ``6b<key>`` for those before it;
the number is for people to read. A plain ``7`` counts rows from the start and is for short lists only.
"""

import base64
import binascii
import contextlib
import datetime
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, Self

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, ValidationError
from django.core.validators import DecimalValidator
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q, Value
from django.db.models.expressions import Expression, OrderBy
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

#: Lists up to this length are counted, and can be entered at any page.
COUNTED = 1000

_ADDRESS = re.compile(r"([1-9]\d{0,8})(?:([ab])([\w-]{1,2000}))?", re.ASCII)


class Address(NamedTuple):
    """A page as an address names it. ``side``: ``a`` after the key, ``b`` before it, "" by number alone."""

    number: int
    side: str = ""
    key: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{self.number}{self.side}{_encoded(self.key)}" if self.side else str(self.number)


FIRST = Address(1)


def _encoded(key: Sequence[Any]) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, datetime.datetime | datetime.date):
            return value.isoformat()
        return str(value) if isinstance(value, Decimal) else value

    text = json.dumps([plain(value) for value in key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _no_constant(name: str) -> Any:
    raise ValueError(f"no row holds {name}")


def _decoded(text: str) -> tuple[Any, ...]:
    """Raises ``ValueError``."""
    key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), parse_constant=_no_constant)
    if not isinstance(key, list):
        raise ValueError("a key is a list")
    return tuple(key)


def parse_address(text: str) -> Address:
    """What cannot be read is the first page."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return FIRST
    number, side, key = found.groups()
    try:
        return Address(int(number), side or "", _decoded(key) if side else ())
    except (ValueError, binascii.Error, RecursionError):
        return FIRST


@dataclass(frozen=True)
class Term:
    """One column of an order. ``nulls_last``: where the rows without a value stand, None when all have one."""

    expression: Expression | F
    field: "models.Field[Any, Any]"
    descending: bool
    nulls_last: bool | None

    def reversed(self) -> "Term":
        return Term(
            self.expression,
            self.field,
            not self.descending,
            None if self.nulls_last is None else not self.nulls_last,
        )


class _RowBeyond(Expression):
    """``(a, b) > (x, y)``: one stretch of an index on these columns."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, columns: Sequence[Any], values: Sequence[Any], sign: str) -> None:
        super().__init__()
        self.count, self.sign, self.parts = len(columns), sign, [*columns, *values]

    def get_source_expressions(self) -> list[Any]:
        return self.parts

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.parts = list(exprs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        compiled = [compiler.compile(part) for part in self.parts]
        sides = [", ".join(sql for sql, _own in part) for part in (compiled[: self.count], compiled[self.count :])]
        return f"({sides[0]}) {self.sign} ({sides[1]})", tuple(value for _sql, own in compiled for value in own)


class Order:
    """The order of a queryset, ending in its key, with which a page can begin anywhere. Raises ``ValueError`` for one
    that is not made of columns."""

    def __init__(self, rows: models.QuerySet[models.Model]) -> None:
        query = rows.query
        if query.values_select or query.is_sliced or query.combinator or query.group_by is not None:
            raise ValueError("rows of no table")
        names = list(query.order_by) or (list(rows.model._meta.ordering or ()) if query.default_ordering else [])
        self.nulls_largest = connections[rows.db].features.nulls_order_largest
        self.terms: list[Term] = []
        for name in names:
            term = self._term(rows, name)
            self.terms.append(term)
            if getattr(term.field, "primary_key", False) and term.field.model in {
                rows.model,
                *rows.model._meta.parents,
            }:
                break
        else:
            # In the direction of the last column, so that one index serves both.
            down = bool(self.terms) and self.terms[-1].descending
            self.terms.append(self._term(rows, "-pk" if down else "pk"))
        self.rows: models.QuerySet[models.Model] = rows.annotate(
            **{f"_key{number}": term.expression for number, term in enumerate(self.terms)}
        ).order_by(*(self._order_by(term) for term in self.terms))

    def _term(self, rows: models.QuerySet[models.Model], name: Any) -> Term:
        if isinstance(name, str):
            if name == "?" or name.removeprefix("-") in rows.query.annotations:
                raise ValueError(f"no column: {name}")
            path, descending = name.removeprefix("-"), name.startswith("-")
            field, nullable = _field_at(rows.model, path)
            return Term(F(path), field, descending, self._nulls_last(descending) if nullable else None)
        if isinstance(name, OrderBy) and isinstance(name.expression, F):
            field, nullable = _field_at(rows.model, str(name.expression.name))  # type: ignore[attr-defined]  # missing in the stubs
            last = self._nulls_last(name.descending)
            if name.nulls_first or name.nulls_last:
                last = bool(name.nulls_last)
            return Term(name.expression, field, name.descending, last if nullable else None)
        if isinstance(name, OrderBy) and isinstance(name.expression, Coalesce):
            # Ends in a value of its own, so it is never empty.
            inner = name.expression.get_source_expressions()[0]
            field, _nullable = _field_at(rows.model, inner.name)
            return Term(name.expression, field, name.descending, None)
        raise ValueError(f"no column: {name}")

    def _nulls_last(self, descending: bool) -> bool:
        return self.nulls_largest != descending

    def _order_by(self, term: Term) -> OrderBy:
        """Says where empty values stand only where that is not the database's own way: so its indexes serve."""
        if term.nulls_last in (None, self._nulls_last(term.descending)):
            return OrderBy(term.expression, descending=term.descending)
        side = {"nulls_last": True} if term.nulls_last else {"nulls_first": True}
        return OrderBy(term.expression, descending=term.descending, **side)

    def key_of(self, row: models.Model) -> tuple[Any, ...]:
        return tuple(getattr(row, f"_key{number}") for number in range(len(self.terms)))

    def read(self, key: Sequence[Any]) -> tuple[Any, ...]:
        """A key from an address as values of the columns. Raises ``ValueError``."""
        if len(key) != len(self.terms):
            raise ValueError("a key of another order")
        try:
            return tuple(
                None if value is None and term.nulls_last is not None else _value_of(term.field, value)
                for value, term in zip(key, self.terms, strict=True)
            )
        except ValidationError as error:
            raise ValueError("no value of the column") from error

    def after(self, key: Sequence[Any]) -> models.QuerySet[models.Model]:
        return self.rows.filter(_beyond(self.terms, key))

    def before(self, key: Sequence[Any]) -> models.QuerySet[models.Model]:
        """Nearest first."""
        return self.rows.filter(_beyond([term.reversed() for term in self.terms], key)).reverse()


def _field_at(model: type[models.Model], path: str) -> tuple["models.Field[Any, Any]", bool]:
    """The field at the end of a path, and whether a row may have no value there. Raises ``ValueError``."""
    nullable, found = False, None
    current: type[models.Model] | None = model
    for name in path.split("__"):
        if current is None:
            raise ValueError(f"no column: {path}")
        try:
            found = current._meta.pk if name == "pk" else current._meta.get_field(name)
        except FieldDoesNotExist as error:
            raise ValueError(f"no column: {path}") from error
        if not isinstance(found, models.Field):
            # The row of a child model: a record of another kind has none.
            nullable, current = True, found.related_model
            continue
        nullable, current = nullable or found.null, found.related_model if found.is_relation else None
    if not isinstance(found, models.Field):
        raise ValueError(f"no column: {path}")
    while isinstance(found, models.ForeignKey):
        found = found.target_field
    return found, nullable


def _value_of(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Raises ``ValueError`` or ``ValidationError`` for what no row can hold."""
    if isinstance(value, list | dict) or value is None or (isinstance(value, str) and "\x00" in value):
        raise ValueError("no value")
    if isinstance(value, str):
        value.encode()  # Half a pair of surrogates is no text.
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("no number")
    try:
        found = field.to_python(value)
        if isinstance(found, datetime.datetime) and found.tzinfo is not None:
            found.astimezone(datetime.UTC)  # As the database is given it: the first and the last day may have none.
    except (TypeError, OverflowError, InvalidOperation) as error:
        raise ValueError("a value of another column") from error
    if isinstance(found, int) and not -(2**63) <= found < 2**63:
        raise ValueError("too large")
    if isinstance(found, float) and not math.isfinite(found):
        raise ValueError("no number")
    if isinstance(field, models.DecimalField):
        DecimalValidator(field.max_digits, field.decimal_places)(found)
    if isinstance(found, datetime.datetime) and found.tzinfo is None:
        raise ValueError("a moment without its zone")
    return found


def _beyond(terms: Sequence[Term], key: Sequence[Any]) -> Q:
    """The rows that come after a key in an order."""
    one_way = len({term.descending for term in terms}) == 1
    # Rows without a value are left out by the comparison, which is right where they stand before the key.
    if one_way and not any(value is None or term.nulls_last for value, term in zip(key, terms, strict=True)):
        values = [Value(value, output_field=term.field) for value, term in zip(key, terms, strict=True)]
        return Q(_RowBeyond([term.expression for term in terms], values, "<" if terms[0].descending else ">"))
    condition = Q(pk__in=[])
    for number, (term, value) in reversed(list(enumerate(zip(terms, key, strict=True)))):
        name, empty = f"_key{number}", Q(**{f"_key{number}__isnull": True})
        if value is None:
            following, same = (Q(pk__in=[]) if term.nulls_last else ~empty), empty
        else:
            following = Q(**{f"{name}__{'lt' if term.descending else 'gt'}": value})
            same = Q(**{name: value})
            if term.nulls_last:
                following |= empty
        condition = following | (same & condition)
    return condition


@dataclass(frozen=True)
class Page:
    """One page of rows. ``before`` and ``after`` are the addresses of its neighbours, "" where there is none. ``total``:
    how many rows the list has; None when they are more than ``COUNTED``, or were not counted."""

    number: int
    object_list: Any
    before: str
    after: str
    total: int | None = None
    per_page: int = 25

    def has_previous(self) -> bool:
        return bool(self.before)

    def has_next(self) -> bool:
        return bool(self.after)

    @property
    def pages(self) -> int | None:
        return None if self.total is None else max(1, -(-self.total // self.per_page))

    def with_rows(self, rows: Any) -> Self:
        """The same page, its rows as a table shows them."""
        return type(self)(self.number, rows, self.before, self.after, self.total, self.per_page)


def page_of(rows: models.QuerySet[models.Model], address: Address, per_page: int, *, is_counted: bool) -> Page:
    """The page an address names; the first where there is none such. ``is_counted``: say how many rows there are, up to
    ``COUNTED``. Raises ``ValueError`` for an order that is not made of columns."""
    order = Order(rows)
    found, has_before, has_after = _fetched(order, address, per_page)
    number = address.number
    if not found and address != FIRST:
        found, has_before, has_after = _fetched(order, FIRST, per_page)
        number = 1
    if not has_before:
        number = 1
    elif number == 1:
        number = 2
    before = after = ""
    if has_before:
        before = str(Address(number - 1, "b", order.key_of(found[0])))
    if has_after:
        after = str(Address(number + 1, "a", order.key_of(found[-1])))
    total = len(found)
    if has_before or has_after:
        total = count_up_to(rows, COUNTED) if is_counted else COUNTED + 1
    return Page(number, found, before, after, total if total <= COUNTED else None, per_page)


def _fetched(order: Order, address: Address, per_page: int) -> tuple[list[models.Model], bool, bool]:
    """The rows, and whether there are others before and after them."""
    if not address.side:
        start = (address.number - 1) * per_page
        if start > COUNTED:
            return [], False, False
        found = list(order.rows[start : start + per_page + 1])
        return found[:per_page], start > 0, len(found) > per_page
    try:
        key = order.read(address.key)
    except ValueError:
        return [], False, False
    if address.side == "a":
        found = list(order.after(key)[: per_page + 1])
        return found[:per_page], True, len(found) > per_page
    found = list(order.before(key)[: per_page + 1])
    return found[:per_page][::-1], len(found) > per_page, True


def count_up_to(rows: models.QuerySet[models.Model], most: int) -> int:
    """How many rows there are; ``most + 1`` when there are more."""
    return rows.order_by().values("pk")[: most + 1].count()


def count_each_up_to(found: Sequence[models.QuerySet[models.Model]], most: int) -> list[int]:
    """How many rows each of the querysets has, counted no further than ``most + 1``. One query, in which each is counted
    by itself and so by an index of its own."""
    counts = [0] * len(found)
    parts: list[str] = []
    places: list[int] = []
    arguments: list[Any] = []
    for place, rows in enumerate(found):
        limited = rows.order_by().values("pk")[: most + 1]
        with contextlib.suppress(EmptyResultSet):
            sql, own = limited.query.get_compiler(using=limited.db).as_sql()
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 -- written by Django
            places.append(place)
            arguments += own
    if parts:
        with connections[found[0].db].cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", arguments)
            for place, count in zip(places, cursor.fetchone(), strict=True):
                counts[place] = count
    return counts
