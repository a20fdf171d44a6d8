"""Embedded test databases are copies of one that was migrated once.

Running all migrations costs some twenty-five seconds of CPU a database; each test process would pay it for two databases at
every start. The migrated files are kept under ``.pytest_cache`` by a digest of all code that could make them
differ: whatever changed since, they are made anew. On PostgreSQL the migrations run as they are.
"""

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.backends.base.creation import BaseDatabaseCreation
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


def _restore(creation: DatabaseCreation, kept: Path) -> str:
    """What ``create_test_db`` does, with a copy in place of the migrations."""
    name = creation._get_test_db_name()
    creation._create_test_db(0, True, False)
    creation.connection.close()
    settings.DATABASES[creation.connection.alias]["NAME"] = name
    creation.connection.settings_dict["NAME"] = name
    creation.connection.ensure_connection()
    with sqlite3.connect(f"file:{kept}?mode=ro&immutable=1", uri=True) as source:
        source.backup(creation.connection.connection)
    source.close()
    return name


def _keep(creation: DatabaseCreation, kept: Path) -> None:
    draft = kept.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    creation.connection.ensure_connection()
    with sqlite3.connect(draft) as target:
        creation.connection.connection.backup(target)
        # A file without a log beside it can be read by all processes at once.
        target.execute("PRAGMA journal_mode=DELETE")
    target.close()
    draft.rename(kept)


def _create_test_db(creation: DatabaseCreation, *args: object, **kwargs: object) -> str:
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{digest()}-{creation.connection.alias}.sqlite3"
    with (KEPT / f"{creation.connection.alias}.lock").open("w") as handle:
        # The parallel processes start together: the first migrates, the others wait and copy.
        fcntl.flock(handle, fcntl.LOCK_EX)
        if kept.exists():
            return _restore(creation, kept)
        name = BaseDatabaseCreation.create_test_db(creation, *args, **kwargs)
        for older in KEPT.glob(f"*-{creation.connection.alias}.sqlite3"):
            older.unlink()
        _keep(creation, kept)
        return name


def use_migrated_databases() -> None:
    """From now on this process copies its embedded test databases where it can."""
    DatabaseCreation.create_test_db = _create_test_db
