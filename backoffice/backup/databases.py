"""Copying the database out and in: SQLite by its own backup call, PostgreSQL by pg_dump and pg_restore."""

import contextlib
import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from psycopg2.extensions import make_dsn

from foundation.refusals import Refused

#: Executes one statement and returns its rows.
Run = Callable[[str], list[tuple[Any, ...]]]


def copy_out(target: Path) -> tuple[dict[str, int], list[list[str]]]:
    """Write the database to ``target`` as it stands at one moment, while the portal goes on. Returns the rows of each table
    and the applied migrations, both as of that moment."""
    return _copy_sqlite(target) if connection.vendor == "sqlite" else _copy_postgres(target)


def _facts(run: Run, tables: list[str]) -> tuple[dict[str, int], list[list[str]]]:
    quote = connection.ops.quote_name
    rows = {table: int(run(f"SELECT COUNT(*) FROM {quote(table)}")[0][0]) for table in sorted(tables)}  # noqa: S608 -- own names
    return rows, [list(row) for row in run("SELECT app, name FROM django_migrations ORDER BY app, name")]


# --- SQLite -----------------------------------------------------------------------------------------


def _sqlite_facts(path: Path) -> tuple[dict[str, int], list[list[str]]]:
    """Of a file nobody else has open; raises ``Refused`` when it is damaged."""
    with contextlib.closing(sqlite3.connect(path)) as file:

        def run(statement: str) -> list[tuple[Any, ...]]:
            return file.execute(statement).fetchall()

        verdict = run("PRAGMA quick_check")[0][0]
        if verdict != "ok":
            raise Refused(_("数据库文件有损坏（%s）。请换一份较早的备份，或联系开发单位。") % verdict)
        tables = run("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite|_%' ESCAPE '|'")
        return _facts(run, [name for (name,) in tables])


def _copy_sqlite(target: Path) -> tuple[dict[str, int], list[list[str]]]:
    plain = target.with_suffix(".plain")
    try:
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(plain)) as copy:
            # In one step: it sees one moment, and with a write-ahead log it keeps nobody from writing.
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        facts = _sqlite_facts(plain)
        with plain.open("rb") as handle, gzip.open(target, "wb", compresslevel=6) as packed:
            shutil.copyfileobj(handle, packed)
        return facts
    finally:
        plain.unlink(missing_ok=True)


def unpacked_sqlite(source: Path) -> tuple[Path, dict[str, int]]:
    """The database of a backup as a file beside ``source``, found sound, and the rows of its tables."""
    plain = source.with_suffix(".sqlite3")
    with gzip.open(source, "rb") as packed, plain.open("wb") as handle:
        shutil.copyfileobj(packed, handle)
    plain.chmod(0o600)
    rows, _migrations = _sqlite_facts(plain)
    return plain, rows


# --- PostgreSQL -------------------------------------------------------------------------------------


def _server() -> tuple[str, dict[str, str]]:
    """The address for PostgreSQL's programs, and the environment that holds the password."""
    connection.ensure_connection()
    parameters = connection.connection.get_dsn_parameters()
    kept = {name: parameters[name] for name in ("host", "port", "user", "dbname", "sslmode") if parameters.get(name)}
    return make_dsn(**kept), {**os.environ, "PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Refused(
            _(
                "本机没有 PostgreSQL 的 %s 程序。请安装与数据库同一版本的客户端（如 apt-get install postgresql-client）。"
            )
            % name
        )
    return found


def _last_line(output: bytes) -> str:
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "?"


def dump_postgres(target: Path, *, snapshot: str = "") -> None:
    """Write the whole database, as the exported snapshot sees it when one is given."""
    address, env = _server()
    line = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    line += [f"--snapshot={snapshot}"] if snapshot else []
    done = subprocess.run([*line, f"--dbname={address}"], env=env, capture_output=True)  # noqa: S603 -- own program
    if done.returncode:
        raise Refused(_("pg_dump 没有完成：%s。") % _last_line(done.stderr))


def _all_tables(run: Run) -> list[str]:
    return [name for (name,) in run("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")]


def _copy_postgres(target: Path) -> tuple[dict[str, int], list[list[str]]]:
    address, _env = _server()
    counting = psycopg2.connect(address, password=connection.settings_dict["PASSWORD"] or None)
    with contextlib.closing(counting), counting.cursor() as cursor:

        def run(statement: str) -> list[tuple[Any, ...]]:
            cursor.execute(statement)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # What is counted and what is dumped is the same moment.
        dump_postgres(target, snapshot=run("SELECT pg_export_snapshot()")[0][0])
        return _facts(run, _all_tables(run))


def replace_postgres(source: Path) -> None:
    """Put the dump in place of everything in the database, in one transaction: when it fails, nothing has changed."""
    address, env = _server()
    script = source.with_suffix(".sql")
    reading = [_program("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(source)]
    writing = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    writing += ["--output=/dev/null", f"--dbname={address}"]
    writing += ["--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public", f"--file={script}"]
    connection.close()
    for line in (reading, writing):
        done = subprocess.run(line, env=env, capture_output=True)  # noqa: S603 -- own programs
        if done.returncode:
            raise Refused(_("数据库没有恢复，原有内容没有改变：%s。") % _last_line(done.stderr))
    script.unlink()


def rows_now() -> dict[str, int]:
    """The rows of each table of PostgreSQL, now."""
    with connection.cursor() as cursor:

        def run(statement: str) -> list[tuple[Any, ...]]:
            return _fetched(cursor, statement)

        return _facts(run, _all_tables(run))[0]


def _fetched(cursor: CursorWrapper, statement: str) -> list[tuple[Any, ...]]:
    cursor.execute(statement)
    return list(cursor.fetchall())


def others_connected() -> int:
    """How many other sessions use the database."""
    with connection.cursor() as cursor:
        statement = (
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(_fetched(cursor, statement)[0][0])
