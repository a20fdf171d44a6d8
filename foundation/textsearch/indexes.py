"""The indexed columns, and the condition "one of them holds this word"."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, F, Func, Q, Subquery, Value
from django.db.models.sql.compiler import SQLCompiler

from foundation.textsearch.grams import grams_of_word, initial_of_word, token

#: How long a process trusts what it read of the database's statistics, in seconds. They decide how fast, never what.
_STATISTICS_AGE = 3600
#: More pairs of one word narrow nothing further.
_MOST_PAIRS = 6
#: A pair that more than this share of the rows hold is looked for row by row.
_USELESS_SHARE = 0.2
#: So many keys are written into a query.
_MOST_KEYS = 2000


@dataclass(frozen=True)
class TextIndex:
    """Columns of a table in which parts of words are looked for. ``name`` is the index's name in the database, where
    ``foundation.textsearch.schema.AddTextIndex`` makes it."""

    name: str
    table: str
    columns: tuple[str, ...]
    key: str = "id"

    def holding(self, word: str, *others: Q, prefix: str = "", columns: Sequence[str] = ()) -> Q:
        """Rows with the word in one of the columns (as ``icontains`` finds it), or meeting one of the ``others``.

        Two conditions that must both hold, a rough and an exact one: PostgreSQL answers the rough one by joining this
        index with those of the ``others``, and tests the exact one on what that leaves. ``prefix`` reaches the table
        through a relation (``place__``); ``columns`` looks in some of them only.
        """
        chosen = tuple(columns) or self.columns
        exact = self.containing(word, *others, prefix=prefix, columns=chosen)
        if not grams_of_word(word) and not initial_of_word(word):
            return exact
        rough = Q(HoldsGrams(self, word, prefix=prefix, columns=chosen))
        for other in others:
            rough |= other
        return rough & exact

    def containing(self, word: str, *others: Q, prefix: str = "", columns: Sequence[str] = ()) -> Q:
        """The exact condition of ``holding`` alone: for words so common that the first rows looked at hold them."""
        exact = Q()
        for column in columns or self.columns:
            exact |= Q(Contains(f"{prefix}{column}", word))
        for other in others:
            exact |= other
        return exact


def keys_of_each(found: Sequence[models.QuerySet[Any]], column: str = "pk") -> list[list[Any] | None]:
    """What each search found, as keys for ``…__in``, so that the database knows how many there are and uses the index of
    the column they are looked for in; None for one that found too many. One query for all."""
    if not found:
        return []
    parts = [
        rows.order_by().annotate(_search=Value(number)).values_list("_search", column)[: _MOST_KEYS + 1]
        for number, rows in enumerate(found)
    ]
    if not connections[found[0].db].features.supports_slicing_ordering_in_compound:
        parts = [
            rows.model._base_manager.filter(pk__in=rows.order_by().values("pk")[: _MOST_KEYS + 1])
            .order_by()
            .annotate(_search=Value(number))
            .values_list("_search", column)
            for number, rows in enumerate(found)
        ]
    keys: list[list[Any]] = [[] for _rows in found]
    for number, key in parts[0].union(*parts[1:], all=True):
        keys[number].append(key)
    return [few if len(few) <= _MOST_KEYS else None for few in keys]


_indexes: dict[str, TextIndex] = {}


def register_text_index(index: TextIndex) -> TextIndex:
    """Registering the same index again changes nothing; another of its name is an error."""
    if _indexes.setdefault(index.name, index) != index:
        raise ValueError(f"text index {index.name!r} is registered twice")
    return index


def all_text_indexes() -> list[TextIndex]:
    return list(_indexes.values())


#: A piece of SQL and its arguments.
Sql = tuple[str, tuple[str | int, ...]]


class _Condition(Expression):
    """A condition on some columns that each database writes in its own way."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, *columns: str) -> None:
        super().__init__()
        self.sources: list[Any] = [F(column) for column in columns]

    def get_source_expressions(self) -> list[Any]:
        return self.sources

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sources = list(exprs)


class HoldsGrams(_Condition):
    """Rows of which one of the columns holds the pairs of a word. Some may not hold the word itself."""

    def __init__(self, index: TextIndex, word: str, *, prefix: str, columns: Sequence[str]) -> None:
        super().__init__(f"{prefix}pk", *(f"{prefix}{column}" for column in columns))
        self.index, self.word = index, word
        self.places = [index.columns.index(column) for column in columns]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """SQLite: the keys that the index of whole rows finds."""
        key, arguments = compiler.compile(self.sources[0])
        table = connection.ops.quote_name(self.index.name)
        initial = initial_of_word(self.word)
        wanted = f"{token(initial)}*" if initial else " AND ".join(map(token, grams_of_word(self.word)))
        sql = f"{key} IN (SELECT rowid FROM {table} WHERE {table} MATCH %s)"  # noqa: S608 -- a name of our own
        return sql, (*arguments, wanted)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        parts: list[str] = []
        arguments: list[str | int] = []
        for place, column in zip(self.places, self.sources[1:], strict=True):
            wanted = self._query(connection, place)
            if not wanted:
                return "TRUE", ()
            sql, own = compiler.compile(column)
            parts.append(f"portal_grams({sql}) @@ %s::tsquery")
            arguments += [*own, wanted]
        return f"({' OR '.join(parts)})", tuple(arguments)

    def _query(self, connection: BaseDatabaseWrapper, place: int) -> str:
        """The pairs worth looking up, written so that PostgreSQL expects about as many rows as there are. It takes the
        pairs of a word for independent of each other: of several common ones it expects far too few rows, so only the
        rarest of them is asked for. Of one it knows nothing about it expects too many, so that one is asked for twice.
        Empty when so many rows hold the word that the index is of no use."""
        common = _common_grams(connection, self.index).get(place, {})
        if initial := initial_of_word(self.word):
            wanted = [f"{_lexeme(initial)}:*"]
            is_rare = not any(pair.startswith(initial) for pair in common)
        else:
            pairs = grams_of_word(self.word)
            rare = [pair for pair in pairs if pair not in common][:_MOST_PAIRS]
            least = min(pairs, key=lambda pair: common.get(pair, 0))
            if common.get(least, 0) > _USELESS_SHARE:
                return ""
            wanted = [_lexeme(pair) for pair in rare or [least]]
            is_rare = bool(rare)
        return " & ".join(wanted * 2 if is_rare and len(wanted) == 1 else wanted)


class Contains(_Condition):
    """``icontains``, of which PostgreSQL expects no particular number of rows: of ``LIKE '%…%'`` it expects next to none,
    which multiplied with what it knows of the pairs makes it read all rows where the first thousand would do."""

    def __init__(self, column: str, word: str) -> None:
        super().__init__(column)
        self.word = word

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        sql, arguments = compiler.compile(self.sources[0])
        return f"{sql} LIKE %s ESCAPE '\\'", (*arguments, f"%{connection.ops.prep_for_like_query(self.word)}%")

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        sql, arguments = compiler.compile(self.sources[0])
        return f"strpos(upper({sql}), upper(%s)) > 0", (*arguments, self.word)


class IsOneOf(Func):
    """``column IN (subquery)`` that may stand beside ``TextIndex.holding``: PostgreSQL reads the subquery once into an
    array and then uses the column's index. For a few hundred rows at most."""

    conditional = True
    output_field = models.BooleanField()
    arg_joiner = " IN "
    template = "%(expressions)s"

    def __init__(self, column: str, rows: models.QuerySet[Any]) -> None:
        super().__init__(F(column), Subquery(rows))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        return self.as_sql(compiler, connection, arg_joiner=" = ANY(ARRAY", template="%(expressions)s)")


def _lexeme(pair: str) -> str:
    escaped = pair.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


#: (database, index) → when it was read, and by column the most common pairs with the share of rows that hold them.
_statistics: dict[tuple[str, str], tuple[float, dict[int, dict[str, float]]]] = {}


def _common_grams(connection: BaseDatabaseWrapper, index: TextIndex) -> dict[int, dict[str, float]]:
    """By column of the index: the pairs PostgreSQL found to be most common when it last analysed the table."""
    key = (connection.alias, index.name)
    read, found = _statistics.get(key, (float("-inf"), {}))
    if time.monotonic() - read < _STATISTICS_AGE:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attnum - 1, s.most_common_elems::text::text[], s.most_common_elem_freqs FROM pg_stats s"
            " JOIN pg_attribute a ON a.attrelid = to_regclass(s.tablename) AND a.attname = s.attname"
            " WHERE s.tablename = %s AND s.most_common_elems IS NOT NULL",
            [index.name],
        )
        # The shares end with their minimum and maximum, which belong to no element.
        found = {column: dict(zip(elements, shares, strict=False)) for column, elements, shares in cursor.fetchall()}
    _statistics[key] = (time.monotonic(), found)
    return found
