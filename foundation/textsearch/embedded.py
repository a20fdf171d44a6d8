"""SQLite: an FTS5 table of the pairs beside each indexed table, kept by triggers.

Django rebuilds a table to alter it, and its triggers go with the old one. So they are looked for after every migration;
where one is missing, the index is made anew.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from foundation.textsearch.grams import tokens
from foundation.textsearch.indexes import TextIndex, all_text_indexes


def add_function(connection: BaseDatabaseWrapper, **extra: object) -> None:
    """``connection_created`` receiver: the triggers call ``portal_tokens``."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("portal_tokens", -1, tokens, deterministic=True)


def repair_all(using: str, **extra: Any) -> None:
    """``post_migrate`` receiver; does nothing where all triggers are in place."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'trigger')")
        present = set(cursor.fetchall())
    for index in all_text_indexes():
        wanted = {("trigger", f"{index.name}_{event}") for event in ("insert", "update", "delete")}
        if {("table", index.name), ("table", index.table)} <= present and not wanted <= present:
            build(connection, index)


def build(connection: BaseDatabaseWrapper, index: TextIndex) -> None:
    """Make the index and its triggers, whatever of them is there, from the rows of the table."""
    quote = connection.ops.quote_name
    name, table, key = quote(index.name), quote(index.table), quote(index.key)
    new = ", ".join(f"new.{quote(column)}" for column in index.columns)
    old = ", ".join(f"old.{quote(column)}" for column in index.columns)
    changed = " OR ".join(f"old.{quote(column)} IS NOT new.{quote(column)}" for column in index.columns)
    add = f"INSERT INTO {name}(rowid, grams) VALUES (new.{key}, portal_tokens({new}));"  # noqa: S608 -- names of our own
    # A table without content is told what it held.
    remove = f"INSERT INTO {name}({name}, rowid, grams) VALUES ('delete', old.{key}, portal_tokens({old}));"  # noqa: S608 -- names of our own
    drop(connection, index)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(grams, content='', detail='none', tokenize='ascii')")
        columns = ", ".join(map(quote, index.columns))
        cursor.execute(f"INSERT INTO {name}(rowid, grams) SELECT {key}, portal_tokens({columns}) FROM {table}")  # noqa: S608 -- names of our own
        for event, on, body in (
            ("insert", "INSERT ON", add),
            ("delete", "DELETE ON", remove),
            ("update", f"UPDATE OF {columns} ON", remove + add),
        ):
            when = f"WHEN {changed}" if event == "update" else ""
            trigger = quote(f"{index.name}_{event}")
            cursor.execute(f"CREATE TRIGGER {trigger} AFTER {on} {table} {when} BEGIN {body} END")


def drop(connection: BaseDatabaseWrapper, index: TextIndex) -> None:
    with connection.cursor() as cursor:
        for event in ("insert", "delete", "update"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {connection.ops.quote_name(f'{index.name}_{event}')}")
        cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(index.name)}")
