"""Test databases, and those of portals that tests start, are copies of one that was migrated once.

Running all migrations costs some twenty-five seconds of CPU; each test process would pay it at every start. The migrated
file is kept under ``.pytest_cache`` by a digest of all code that could make it differ: whatever changed since, it is made
anew, by ``manage.py migrate``, which leaves what Django makes for tests, row by row.

On PostgreSQL the first of the parallel processes migrates, the others copy its
database; nothing is kept beyond the run.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation
from django.db.backends.sqlite3.creation import DatabaseCreation

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "migrated"
#: Folders whose code never takes part in making a database.
ELSEWHERE = {"tests", "bench", "docs", "deploy", "static", "templates", "var", "node_modules"}
#: Modules that are pages and declarations only. Everything else counts: migrations, models, apps, what they import.
PAGES = {"views", "views.py", "urls.py", "tables.py", "forms.py", "templatetags", "navigation.py", "factories.py"}


def _sources() -> Iterator[Path]:
    yield ROOT / "requirements.txt"
    for path in sorted(ROOT.glob("*/**/*.py")):
        parts = path.relative_to(ROOT).parts
        if not parts[0].startswith(".") and parts[0] not in ELSEWHERE and not PAGES & set(parts):
            yield path


def digest() -> str:
    """Of the sources that could make a migrated database differ."""
    found = hashlib.sha256()
    for path in _sources():
        found.update(str(path.relative_to(ROOT)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:20]


def _empty(creation: BaseDatabaseCreation) -> str:
    """What ``create_test_db`` does, without the migrations. Returns its name."""
    name = creation._get_test_db_name()
    creation._create_test_db(0, True, False)
    creation.connection.close()
    settings.DATABASES[creation.connection.alias]["NAME"] = name
    creation.connection.settings_dict["NAME"] = name
    creation.connection.ensure_connection()
    return name


def _restore(creation: DatabaseCreation, kept: Path) -> str:
    name = _empty(creation)
    with sqlite3.connect(f"file:{kept}?mode=ro&immutable=1", uri=True) as source:
        source.backup(creation.connection.connection)
    source.close()
    return name


def migrated_file() -> Path:
    """The database of an embedded portal that nobody has started yet, for copying."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{digest()}.sqlite3"
    with (KEPT / "lock").open("w") as handle:
        # The parallel processes start together: the first migrates, the others wait and copy.
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not kept.exists():
            for older in KEPT.glob("*.sqlite3"):
                older.unlink()
            _migrate_and_keep(kept)
    return kept


def _migrate_and_keep(kept: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
        line = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
        subprocess.run(line, env={**env, "PORTAL_VAR": scratch}, check=True, stdout=subprocess.DEVNULL)
        draft = kept.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(Path(scratch) / "portal.sqlite3")) as source,
            closing(sqlite3.connect(draft)) as target,
        ):
            source.backup(target)
            # A file without a log beside it can be read by all processes at once.
            target.execute("PRAGMA journal_mode=DELETE")
        draft.rename(kept)


def _create_test_db(creation: DatabaseCreation, *args: object, **kwargs: object) -> str:
    if creation.connection.alias == DEFAULT_DB_ALIAS:
        return _restore(creation, migrated_file())
    # What is not migrated in tests is made at once.
    return BaseDatabaseCreation.create_test_db(creation, *args, **kwargs)


def _copied_name() -> str:
    """Of the database on PostgreSQL that the processes of this run copy."""
    return f"test_{settings.DATABASES['default']['NAME'].removeprefix('test_')}_migrated"


def _create_on_postgresql(creation: PostgresCreation, *args: object, **kwargs: object) -> str:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return BaseDatabaseCreation.create_test_db(creation, *args, **kwargs)
    kept, quoted = _copied_name(), creation.connection.ops.quote_name(_copied_name())
    # The folder is the run's own, whatever else runs on the server.
    with (Path(os.environ["PORTAL_VAR"]) / "migrated.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with creation._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [kept])
            is_there = cursor.fetchone() is not None
        if is_there:
            creation.connection.settings_dict["TEST"]["TEMPLATE"] = kept
            return _empty(creation)
        name = BaseDatabaseCreation.create_test_db(creation, *args, **kwargs)
        # Nobody may be connected to what is copied.
        creation.connection.close()
        with creation._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE {creation.connection.ops.quote_name(name)}")
        return name


def forget_copied_database() -> None:
    """At the end of a run on PostgreSQL, by the process that started the others."""
    # A connection of its own: outside of tests Django's are shut.
    aside = {**connection.get_connection_params(), "dbname": "postgres"}
    with closing(connection.Database.connect(**aside)) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(_copied_name())}")


def use_migrated_databases() -> None:
    """From now on this process copies its test databases where it can."""
    DatabaseCreation.create_test_db = _create_test_db
    PostgresCreation.create_test_db = _create_on_postgresql
