"""Run a command with PostgreSQL and Redis: those named, those running on this machine, or temporary ones.

``python deploy/with_servers.py -m pytest …`` runs ``python -m pytest …`` with PORTAL_DATABASE_URL and PORTAL_REDIS_URL
set. Nothing that exists is touched: the database of the tests is new (``test_portal_…``, removed by Django), Redis keys
carry a prefix in database 15. Uses the portal's own Python, for psycopg2 and redis.
"""

import contextlib
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg2
import redis

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from deploy.lifeline import tied  # noqa: E402 -- found through the line above

OLDEST_POSTGRES = 140000
SOCKETS = "/var/run/postgresql"
REDIS_DATABASE = 15


class Missing(Exception):
    """A server is neither named, nor running, nor installed."""


def _may_create(url: str) -> bool:
    """Whether this server can be reached, is new enough and lets us make a database of our own."""
    try:
        with contextlib.closing(psycopg2.connect(url, connect_timeout=3)) as connection:
            with connection.cursor() as cursor:
                cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
                return bool(cursor.fetchone()[0]) and connection.server_version >= OLDEST_POSTGRES
    except psycopg2.OperationalError:
        return False


def _running_postgres() -> str | None:
    """The address of a usable server on this machine, without a database name."""
    user = quote(getpass.getuser())
    candidates = [f"postgres://{user}@{quote(SOCKETS, safe='')}", f"postgres://{user}@127.0.0.1:5432"]
    return next((url for url in candidates if _may_create(f"{url}/postgres")), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _program(name: str) -> str:
    """Its path; Debian keeps those of PostgreSQL out of PATH, in a folder for each version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or next(map(str, versions), None)
    if found is None:
        raise Missing(f"{name} is not installed")
    return found


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of PostgreSQL with the name of a database that does not exist yet."""
    name = f"portal_{secrets.token_hex(4)}"
    if url := os.environ.get("PORTAL_TEST_DATABASE_URL"):
        yield url
    elif url := _running_postgres():
        yield f"{url}/{name}"
    else:
        with _temporary_postgres() as url:
            yield f"{url}/{name}"


@contextlib.contextmanager
def _temporary_postgres() -> Iterator[str]:
    """A server in a folder of its own, on a socket there. PostgreSQL refuses root: then user postgres runs it."""
    initdb = _program("initdb")
    pg_ctl = _program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    other_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if other_user:
        shutil.chown(folder, "postgres")
    data, log = folder / "data", folder / "log"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c synchronous_commit=off"
    server = [*other_user, pg_ctl, "-D", str(data), "-w", "-l", str(log)]
    try:
        create = [*other_user, initdb, "-D", str(data), "-U", "portal", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(create, check=True, capture_output=True, cwd=folder)
        subprocess.run([*server, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        yield f"postgres://portal@{quote(str(folder), safe='')}"
    finally:
        subprocess.run([*server, "-m", "immediate", "stop"], capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """The address of Redis, with the database the tests use."""
    local = f"redis://127.0.0.1:6379/{REDIS_DATABASE}"
    if url := os.environ.get("PORTAL_TEST_REDIS_URL"):
        yield url
    elif _answers(local):
        yield local
    else:
        with _temporary_redis() as url:
            yield url


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@contextlib.contextmanager
def _temporary_redis() -> Iterator[str]:
    port = _free_port()
    folder = tempfile.mkdtemp(prefix="portal-redis-")
    command = [_program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=tied())
    url = f"redis://127.0.0.1:{port}/{REDIS_DATABASE}"
    try:
        deadline = time.monotonic() + 10
        while not _answers(url):
            if time.monotonic() > deadline or server.poll() is not None:
                raise Missing("redis-server does not start")
            time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run Python with the arguments beside both servers; its exit code is ours."""
    try:
        with postgres() as database, redis_server() as broker:
            addresses = {"PORTAL_DATABASE_URL": database, "PORTAL_REDIS_URL": broker}
            prefix = {"PORTAL_TEST_PREFIX": f"portal-test-{secrets.token_hex(4)}:"}
            env = {**os.environ, **addresses, **prefix}
            return subprocess.run([sys.executable, *arguments], env=env, preexec_fn=tied()).returncode
    except Missing as missing:
        print(
            f"错误：没有可用的 PostgreSQL 或 Redis（{missing}）；请安装 postgresql 和 redis-server，"
            "或设置 PORTAL_TEST_DATABASE_URL、PORTAL_TEST_REDIS_URL。"
            " / Error: PostgreSQL or Redis is missing; install postgresql and redis-server.",
            file=sys.stderr,
        )
        return 1
    except subprocess.CalledProcessError as error:
        print(f"错误：临时数据库无法启动 / Error: {error}: {error.stderr!r}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    # Asked to end, it takes its servers down first.
    signal.signal(signal.SIGTERM, lambda signum, frame: sys.exit(128 + signum))
    sys.exit(main(sys.argv[1:]))
