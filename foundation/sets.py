"""Writing rows by sets, where a list in Python would hold a whole table: the ORM says what, the database does it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import Model, QuerySet


def insert_from(
    model: type[Model], columns: Sequence[str], rows: QuerySet[Any, Any], *, returning: str = ""
) -> list[Any]:
    """``INSERT … SELECT``: the rows of a ``values_list`` into these columns of a table; a row that is there already (by
    any unique key) is left. A constant NULL needs a type (``Cast``). Returns the ``returning`` column of every row added, its key when none is named."""
    try:
        query, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    key = returning or model._meta.pk.column
    if key is None:
        raise TypeError(f"{model._meta.label} has no key of one column")
    back = quote(key)
    with connection.cursor() as cursor:
        cursor.execute(
            # Without WHERE, SQLite takes ON CONFLICT for the condition of a join.
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT * FROM ({query}) AS found WHERE 1 = 1"  # noqa: S608
            f" ON CONFLICT DO NOTHING RETURNING {back}",
            parameters,
        )
        return [value for (value,) in cursor.fetchall()]
