"""What every test stands on: databases, cache and broker of the run's own, and the rules for browser tests.

The people of the tests are in ``tests/cast.py``. The scratch folder is made earlier, by ``tests/scratch.py``.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from reform_portal.celery import app
from tests.migrated import forget_copied_database, use_migrated_databases

#: Each test in there needs the portal started and a browser.
JOURNEYS = Path(__file__).parent / "e2e"

#: What is tested in here stands on machinery whose own tests, in the other folders, run on either database.
TOLD_BY_ONE_DATABASE = tuple(
    Path(__file__).parent / name
    for name in (
        "api",
        "backoffice",
        "competitions",
        "contracts",
        "ideology",
        "notices",
        "policies",
        "reference",
        "reporting",
        "rights",
        "services",
        "skills",
    )
)

#: What PostgreSQL is asked to plan by. Outside tests each count commits and its tables are analysed; within the one
#: transaction of a test nothing is, and what earlier tests rolled back leaves pages that autovacuum says hold no row. Joined
#: by nested loops, each of hundreds of rows goes through all of several tables: one query took minutes. Such a plan also
#: looks too cheap, or with loops forbidden too dear, for what compiling it costs.
PLANNED = "-c enable_nestloop=off -c jit=off"

#: Debian's name first; the others are what different distributions install.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser_path() -> str | None:
    """The browser on this machine, or the one named by PORTAL_CHROMIUM."""
    return os.environ.get("PORTAL_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def _redis_prefix() -> str:
    return os.environ.get("PORTAL_TEST_PREFIX", "portal-test:") + os.environ.get("PYTEST_XDIST_WORKER", "main") + ":"


def pytest_configure(config: pytest.Config) -> None:
    """Settings that must differ in tests; everything else is what the portal runs with."""
    use_migrated_databases()
    # Real hashing is slow on purpose.
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "foundation.accounts.hashers.OneTimePasswordHasher",
    ]
    # The manifest exists only after collectstatic; tests/ops checks that it can be built.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.MEDIA_ROOT = settings.VAR_DIR / f"media-{worker}"
    if settings.DATABASE_URL:
        settings.DATABASES["default"].setdefault("OPTIONS", {})["options"] = PLANNED
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if settings.REDIS_URL:
        # A shared server may hold other keys: cache and broker stay under a prefix of this run.
        settings.CACHES["default"]["KEY_PREFIX"] = _redis_prefix()
        app.conf.broker_transport_options = {
            **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
            "global_keyprefix": _redis_prefix(),
        }


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """A file's bytes may hold the time at which they were made: two workers would collect tests of different names."""
    return argname if isinstance(val, bytes) else None


def _is_told_by_one_database(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in TOLD_BY_ONE_DATABASE)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every database for every test that wants one; a mark for those of which one run says all; browser tests in one
    worker, skipped with the reason where no browser is.

    Whatever lies in ``tests/e2e`` is a browser test without saying so. First of all such hooks: `-m` reads the marks.
    """
    required = os.environ.get("PORTAL_E2E") == "required"
    for item in items:
        if item.path.is_relative_to(JOURNEYS):
            item.add_marker(pytest.mark.e2e)
        marker = item.get_closest_marker("django_db")
        asks = marker is not None or bool({"db", "transactional_db"} & set(getattr(item, "fixturenames", ())))
        if asks:
            # The embedded cache is in a database of its own, which Django would otherwise forbid to tests.
            options = {"databases": list(settings.DATABASES), **(marker.kwargs if marker else {})}
            item.add_marker(pytest.mark.django_db(**options), append=False)
        if item.get_closest_marker("embedded") is None and (not asks or _is_told_by_one_database(item.path)):
            item.add_marker(pytest.mark.once)
        if item.get_closest_marker("e2e") is None:
            continue
        item.add_marker(pytest.mark.xdist_group("e2e"))
        if not required and browser_path() is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: apt-get install chromium"))
    # Whatever the order: the journeys share one portal and one browser, and are the longest piece of one worker.
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser. Missing although required (PORTAL_E2E=required) is a failure, never a skip."""
    path = browser_path()
    if path is None:
        pytest.fail("no Chromium on this machine, but the browser journeys are required: apt-get install chromium")
    return path


def _forget_redis(*, keep: bytes | None = None) -> None:
    """Remove this run's own keys: the server may hold others."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(match=f"*{_redis_prefix()}*", count=1000):
            if keep is None or keep not in key:
                client.delete(key)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if settings.DATABASE_URL and not hasattr(session.config, "workerinput"):
        forget_copied_database()
    if settings.REDIS_URL:
        _forget_redis()


@pytest.fixture(autouse=True)
def _no_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job run inside a test's transaction holds the database that its own pulse would write to: on a busy machine, where a
    report takes longer than the pulse's ten seconds, each would wait for the lock until it gives up. The pulse itself
    has tests of its own."""
    monkeypatch.setattr("foundation.jobs.running.Pulse", lambda job: contextlib.nullcontext())


@pytest.fixture(autouse=True)
def seldom_stamped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session notes when somebody was last here once a minute: in a test that counts queries, on a busy machine, in the
    middle. The stamp has tests of its own, whose module takes this back."""
    monkeypatch.setattr("foundation.accounts.middleware.stamp_interval", lambda: 24 * 3600)


@pytest.fixture(autouse=True)
def _clean_redis() -> Iterator[None]:
    """A test's transaction does not cover Redis. Which queues exist stays: Celery declares them once a process.

    No test calls ``cache.clear()``: on Redis that empties the whole database, other people's keys included.
    """
    yield
    if settings.REDIS_URL:
        _forget_redis(keep=b"_kombu.binding.")


@pytest.fixture(scope="session")
def kept_cast(django_db_setup, django_db_blocker):
    """The rows of the cast, made once in a process, and the quarter that was current then."""
    from foundation.calendar.periods import Quarter  # noqa: PLC0415 -- models are ready only now
    from tests.cast import make_cast  # noqa: PLC0415
    from tests.kept_rows import KeptRows  # noqa: PLC0415

    with django_db_blocker.unblock():
        return Quarter.current(), KeptRows.of(make_cast)


@pytest.fixture
def cast(request, db, kept_cast):
    """The named people, places and enterprises of ``tests/cast.py``."""
    from foundation.calendar.periods import Quarter  # noqa: PLC0415
    from tests.cast import make_cast  # noqa: PLC0415

    quarter, kept = kept_cast
    # Tests with transactions of their own empty every table, what the migrations wrote included.
    own = request.node.get_closest_marker("django_db").kwargs.get("transaction")
    return make_cast() if own or quarter != Quarter.current() else kept.put_in()


@pytest.fixture
def sign_in(client):
    """``sign_in(cast.clerk)`` gives a client signed in as that person."""

    def _sign_in(person):
        browser = type(client)()
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return _sign_in
