"""Counting and storing as statements of the database: no value passes through Python.

A source hands over queries (``Counting``) with a row for each place and a column for each fact. They are put together
into one table expression ``counted(place_id, region_id, fact, value, records)``, which the statements below compare with
what is stored, once on PostgreSQL and once for each of two statements on SQLite. A test holds both equal to plain counting
in Python.
"""

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import FactSource
from indicators.models import FactValue

TABLE = FactValue._meta.db_table

Statement = tuple[str, list[Any]]

#: Scopes of more places than this are rare, and counting them takes longer than putting the statement together.
MOST_KEPT = 20
#: What stands in a kept statement for the first place and region of a scope; those after count down from it. Nothing has
#: such a key.
_FIRST_PLACE, _FIRST_REGION = -(10**15), -2 * 10**15


class Scope(NamedTuple):
    """Whose values: of these places, or those that count in these regions; neither: everybody's."""

    places: Sequence[int] | None = None
    regions: Sequence[int] | None = None

    def narrow(
        self, rows: QuerySet[Any, Any], *, place: str = "place_id", region: str = "region_id"
    ) -> QuerySet[Any, Any]:
        if self.places is not None:
            rows = rows.filter(**{f"{place}__in": list(self.places)})
        if self.regions is not None:
            rows = rows.filter(**{f"{region}__in": list(self.regions)})
        return rows

    def condition(self) -> Statement:
        """The same on the table ``stored``."""
        parts = ["1 = 1"]
        parameters: list[Any] = []
        for column, ids in (("place_id", self.places), ("region_id", self.regions)):
            if ids is not None:
                parts.append(f"stored.{column} IN ({', '.join(['%s'] * len(ids)) or 'NULL'})")
                parameters += ids
        return " AND ".join(parts), parameters


def counted(source: FactSource, quarter: Quarter, scope: Scope) -> Statement | None:
    """``WITH … counted(place_id, region_id, fact, value, records) AS (…)`` and its parameters; None when the source
    has nothing to count. Many a kind has no record yet: looking for one takes less than counting none.

    Putting it together takes Django longer than a database to run it for a few places: of a plain source it is kept, with
    keys that stand for those of the scope."""
    if not source.has_rows():
        return None
    places, regions = scope.places or (), scope.regions or ()
    if not source.is_plain or max(len(places), len(regions)) > MOST_KEPT:
        return _put_together(source, quarter, scope)
    shape = Scope(
        None if scope.places is None else tuple(range(_FIRST_PLACE, _FIRST_PLACE - len(places), -1)),
        None if scope.regions is None else tuple(range(_FIRST_REGION, _FIRST_REGION - len(regions), -1)),
    )
    kept = _kept(source, quarter, shape)
    if kept is None:
        return None
    meant = dict(zip((*(shape.places or ()), *(shape.regions or ())), (*places, *regions), strict=True))
    statement, parameters = kept
    return statement, [meant.get(value, value) if isinstance(value, int) else value for value in parameters]


def _put_together(source: FactSource, quarter: Quarter, scope: Scope) -> Statement | None:
    known = {fact.code: fact for fact in source.facts}
    tables: list[str] = []
    selects: list[str] = []
    table_parameters: list[Any] = []
    select_parameters: list[Any] = []
    for counting in source.count(quarter):
        rows = scope.narrow(counting.rows, place=counting.place, region=counting.region)
        columns = [counting.place, counting.region]
        for value, records in counting.values.values():
            columns += [name for name in (value, records) if name and name not in columns]
        try:
            inner, parameters = rows.values_list(*columns).query.sql_with_params()
        except EmptyResultSet:
            continue
        wide = f"wide{len(tables)}"
        names = {name: f"c{number}" for number, name in enumerate(columns)}
        tables.append(f"{wide}({', '.join(names.values())}) AS ({inner})")
        table_parameters += parameters
        for code, (value, records) in counting.values.items():
            number = names[records] if records else "0"
            select = (
                f"SELECT {names[counting.place]}, {names[counting.region]}, CAST(%s AS varchar(40)), "  # noqa: S608
                f"ROUND(CAST({names[value]} AS numeric), 2), CAST({number} AS integer) FROM {wide}"
            )
            if not (counting.keeps_unsaid and known[code].zero_with):
                select += f" WHERE {names[value]} IS NOT NULL"
            selects.append(select)
            select_parameters.append(code)
    if not selects:
        return None
    together = f"counted(place_id, region_id, fact, value, records) AS ({' UNION ALL '.join(selects)})"
    return f"WITH {', '.join([*tables, together])}", [*table_parameters, *select_parameters]


#: A year of quarters, of each kind for the handful of shapes that approvals and moves have.
_kept = functools.lru_cache(maxsize=2048)(_put_together)


def _stored(source: FactSource, quarter: Quarter, scope: Scope) -> Statement:
    """The condition "what is stored of the source" on the table ``stored``."""
    codes = [fact.code for fact in source.facts]
    condition, parameters = scope.condition()
    where = f"stored.quarter = %s AND stored.fact IN ({', '.join(['%s'] * len(codes))}) AND {condition}"
    return where, [quarter.code, *codes, *parameters]


_SAME_KEY = "stored.place_id = counted.place_id AND stored.region_id = counted.region_id AND stored.fact = counted.fact"
# Neither database needs to know IS DISTINCT FROM for this.
_DIFFERS = (
    "(stored.value <> counted.value OR (stored.value IS NULL) <> (counted.value IS NULL)"
    " OR stored.records <> counted.records)"
)


#: What is counted and what is stored, side by side. A full join is made by hash or merge only: what is counted is planned as
#: a few rows where there are tens of thousands, and a nested loop over a quarter that just began takes minutes.
_SIDE_BY_SIDE = (
    "counted FULL JOIN (SELECT id, place_id, region_id, fact, value, records FROM {table} stored WHERE {where}) stored"
    " ON {same_key} WHERE stored.id IS NULL OR counted.place_id IS NULL OR {differs}"
)


def store(source: FactSource, quarter: Quarter, scope: Scope) -> int:
    """Make the stored values of a source equal to the counted ones. Returns how many rows changed."""
    if not source.facts:
        return 0
    where, where_parameters = _stored(source, quarter, scope)
    table = counted(source, quarter, scope)
    with connection.cursor() as cursor:
        if table is None:
            cursor.execute(
                f"DELETE FROM {TABLE} WHERE id IN (SELECT stored.id FROM {TABLE} stored WHERE {where})",  # noqa: S608
                where_parameters,
            )
            removed: int = cursor.rowcount
            return removed
        if connection.vendor == "postgresql":
            return _store_at_once(cursor, table, (where, where_parameters), quarter)
        expression, parameters = table
        # WITH stands inside: of a statement that begins with it Python's SQLite module does not count the rows.
        cursor.execute(
            f"DELETE FROM {TABLE} WHERE id IN ({expression}"  # noqa: S608
            f" SELECT stored.id FROM {TABLE} stored LEFT JOIN counted ON {_SAME_KEY}"
            f" WHERE {where} AND counted.place_id IS NULL)",
            [*parameters, *where_parameters],
        )
        changed: int = cursor.rowcount
        cursor.execute(
            f"INSERT INTO {TABLE} (place_id, region_id, quarter, fact, value, records) {expression}"  # noqa: S608
            " SELECT counted.place_id, counted.region_id, %s, counted.fact, counted.value, counted.records"
            f" FROM counted LEFT JOIN {TABLE} stored ON stored.quarter = %s AND {_SAME_KEY}"
            f" WHERE stored.id IS NULL OR {_DIFFERS}"
            f" {_UPSERT}",
            [*parameters, quarter.code, quarter.code],
        )
        written: int = cursor.rowcount
        return changed + written


_UPSERT = (
    "ON CONFLICT (place_id, quarter, fact, region_id) DO UPDATE SET value = excluded.value, records = excluded.records"
)


def _store_at_once(cursor: Any, table: Statement, stored: Statement, quarter: Quarter) -> int:
    """The same in one statement, which counts once instead of twice; SQLite knows none that writes twice."""
    expression, parameters = table
    where, where_parameters = stored
    side_by_side = _SIDE_BY_SIDE.format(table=TABLE, where=where, same_key=_SAME_KEY, differs=_DIFFERS)
    cursor.execute(
        f"{expression}, moved AS MATERIALIZED (SELECT stored.id, counted.* FROM {side_by_side}),"  # noqa: S608
        f" gone AS (DELETE FROM {TABLE} WHERE id IN (SELECT id FROM moved WHERE place_id IS NULL) RETURNING 1),"
        f" written AS (INSERT INTO {TABLE} (place_id, region_id, quarter, fact, value, records)"
        " SELECT place_id, region_id, %s, fact, value, records FROM moved WHERE place_id IS NOT NULL"
        f" {_UPSERT} RETURNING 1)"
        " SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)",
        [*parameters, *where_parameters, quarter.code],
    )
    moved: int = cursor.fetchone()[0]
    return moved


class Difference(NamedTuple):
    place_id: int
    region_id: int
    fact: str
    value: Any
    records: int


def differences(source: FactSource, quarter: Quarter, *, limit: int) -> tuple[list[Difference], list[Difference]]:
    """What is stored and not counted, and what is counted and not stored; of each at most ``limit`` rows."""
    where, where_parameters = _stored(source, quarter, Scope())
    columns = "place_id, region_id, fact, value, records"
    stored = f"SELECT {columns} FROM {TABLE} stored WHERE {where}"  # noqa: S608
    table = counted(source, quarter, Scope())
    with connection.cursor() as cursor:
        if table is None:
            cursor.execute(f"{stored} LIMIT %s", [*where_parameters, limit])
            return [Difference(*row) for row in cursor.fetchall()], []
        expression, parameters = table
        if connection.vendor == "postgresql":
            # Counted once, for both sides.
            side_by_side = _SIDE_BY_SIDE.format(table=TABLE, where=where, same_key=_SAME_KEY, differs=_DIFFERS)
            sides = ", ".join(f"{side}.{name}" for side in ("stored", "counted") for name in columns.split(", "))
            cursor.execute(
                f"{expression} SELECT {sides} FROM {side_by_side} LIMIT %s",  # noqa: S608
                [*parameters, *where_parameters, limit],
            )
            rows = cursor.fetchall()
            width = len(Difference._fields)
            return (
                [Difference(*row[:width]) for row in rows if row[0] is not None],
                [Difference(*row[width:]) for row in rows if row[width] is not None],
            )
        found: list[list[Difference]] = []
        counted_rows = f"SELECT {columns} FROM counted"  # noqa: S608
        for first, second in ((stored, counted_rows), (counted_rows, stored)):
            cursor.execute(f"{expression} {first} EXCEPT {second} LIMIT %s", [*parameters, *where_parameters, limit])
            found.append([Difference(*row) for row in cursor.fetchall()])
    return found[0], found[1]
