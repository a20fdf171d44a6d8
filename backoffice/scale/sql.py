"""What writing by sets stands on: INSERT … SELECT into a model's table, temporary tables, and loading without indexes.

PostgreSQL only. Statements are put together from names of our own models and from literals quoted by the driver.
"""

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper


def literal(value: Any, field: "models.Field[Any, Any] | None" = None) -> str:
    """The value as SQL text; with a field, as its column stores it."""
    if field is not None:
        value = field.get_db_prep_save(value, connection)
    with connection.cursor() as cursor:
        text: str = cursor.mogrify("%s", [value]).decode()
        return text


def array(values: Sequence[Any], kind: str = "text") -> str:
    """An SQL array; drawn from by ``draw``."""
    return f"ARRAY[{', '.join(literal(value) for value in values)}]::{kind}[]"


def draw(values: Sequence[Any], kind: str = "text", *, by: str = "random()") -> str:
    """One of the values by lot; give one several times to make it more likely."""
    return f"({array(values, kind)})[1 + floor({by} * {len(values)})::int]"


def weighted(shares: Iterable[tuple[Any, int]]) -> list[Any]:
    """Each value as many times as it weighs, for ``draw``."""
    return [value for value, weight in shares for _turn in range(weight)]


def _default(field: "models.Field[Any, Any]") -> str:
    """What a column holds that nobody asked about."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "now()"
    if isinstance(field, models.UUIDField) and field.default is uuid.uuid4:
        return "gen_random_uuid()"
    if field.has_default() or field.null or field.empty_strings_allowed:
        return literal(field.get_default(), field)
    raise LookupError(f"the seed has no value for {field.model._meta.label}.{field.name}")


def insert_select(cursor: CursorWrapper, model: type[models.Model], values: Mapping[str, str], source: str) -> int:
    """``INSERT INTO model SELECT values FROM source``; returns how many rows. ``values`` maps field names to SQL; other
    columns get the field's default. Raises ``LookupError`` for a name the model has not, or a column without a value."""
    fields = {field.name: field for field in model._meta.local_concrete_fields}
    if unknown := set(values) - set(fields):
        raise LookupError(f"{model._meta.label} has no fields {sorted(unknown)}")
    columns, expressions = [], []
    for name, field in fields.items():
        if field.generated or (name not in values and isinstance(field, models.AutoField)):
            continue
        columns.append(f'"{field.column}"')
        expressions.append(values.get(name) or _default(field))
    table = model._meta.db_table
    cursor.execute(f'INSERT INTO "{table}" ({", ".join(columns)}) SELECT {", ".join(expressions)} {source}')
    written: int = cursor.rowcount
    return written


def make_table(cursor: CursorWrapper, name: str, query: str) -> None:
    """A temporary table of the transaction, with statistics for the planner."""
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}")
    cursor.execute(f"ANALYZE {name}")


def make_table_of(cursor: CursorWrapper, name: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    """A temporary table holding the rows. ``columns`` as in CREATE TABLE."""
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")
    for start in range(0, len(rows), 1000):
        part = rows[start : start + 1000]
        places = ", ".join(["(" + ", ".join(["%s"] * len(part[0])) + ")"] * len(part))
        cursor.execute(f"INSERT INTO {name} VALUES {places}", [value for row in part for value in row])
    cursor.execute(f"ANALYZE {name}")


def next_keys(cursor: CursorWrapper, model: type[models.Model], count: int) -> int:
    """Reserve ``count`` keys of a table; returns the number before the first."""
    column, table = model._meta.pk.column, model._meta.db_table
    cursor.execute(f'SELECT coalesce(max("{column}"), 0) FROM "{table}"')
    last: int = cursor.fetchone()[0]
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
    if (sequence := cursor.fetchone()[0]) and count:
        cursor.execute("SELECT nextval(%s)", [sequence])
        last = max(last, cursor.fetchone()[0])
        cursor.execute("SELECT setval(%s, %s)", [sequence, last + count])
    return last


@contextlib.contextmanager
def without_indexes(cursor: CursorWrapper, tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """Take indexes, unique and foreign keys off the tables and put them back, checked, when their rows are in: one pass
    over a whole table costs a fraction of a million single checks. Primary keys and checks stay. Inside a transaction,
    so that nothing is lost when it fails."""
    names = [model._meta.db_table for model in tables]
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname), "
        "format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) "
        "FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x') ORDER BY contype DESC, conname",
        [[f'"{name}"' for name in names]],
    )
    constraints = cursor.fetchall()
    for dropped, _added in constraints:
        cursor.execute(dropped)
    cursor.execute(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) "
        "FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary",
        [[f'"{name}"' for name in names]],
    )
    indexes = cursor.fetchall()
    # How much is known of an expression is a property of its index and goes with it.
    cursor.execute(
        "SELECT format('ALTER INDEX %%s ALTER COLUMN %%s SET STATISTICS %%s', indexrelid::regclass, attnum, attstattarget) "
        "FROM pg_index JOIN pg_attribute ON attrelid = indexrelid "
        "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary AND attstattarget >= 0 AND attnum > 0",
        [[f'"{name}"' for name in names]],
    )
    statistics = [statement for (statement,) in cursor.fetchall()]
    for dropped, _added in indexes:
        cursor.execute(dropped)
    yield
    for statement in (*(added for _dropped, added in (*indexes, *constraints)), *statistics):
        cursor.execute(statement)
