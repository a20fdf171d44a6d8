"""A real ``./portal up`` on a scratch folder, for tests that must see the whole thing: browser journeys, operations."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.lifeline import tied
from tests.migrated import migrated_file

ROOT = Path(__file__).resolve().parents[1]
READY = "平台已就绪"
#: Seconds after which something that should happen is taken for hung. No measure of speed: a busy machine may be slow.
HUNG = 600


def migrate(var: Path) -> None:
    """The folder's database as the migrations leave it. They run once for the code as it stands; after that their result is
    copied. What a start makes of an empty folder is shown by ``tests/ops/test_up.py``."""
    var.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(migrated_file(), var / "portal.sqlite3")
    (var / "portal.sqlite3").chmod(0o600)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(*arguments: str, var: Path, **extra: str) -> tuple[list[str], dict[str, str]]:
    """The command line and environment of ``./portal`` for this folder; nothing of the test's own settings leaks in."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
    return [str(ROOT / "portal"), *arguments], {**env, "PORTAL_VAR": str(var), **extra}


def call(*arguments: str, var: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself."""
    line, env = command(*arguments, var=var, **extra)
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=HUNG, stdin=subprocess.DEVNULL)


def of_this_portal(var: Path) -> list[str]:
    """Command lines of the processes that run on this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"PORTAL_VAR={var}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # ended meanwhile, or another user's
    return found


def wait_for(condition: Callable[[], bool], what: str, by: subprocess.Popen[str] | None = None) -> None:
    """Until it holds; fails only when it does not at all, or when the process that should bring it about has ended."""
    deadline = time.monotonic() + HUNG
    while not condition():
        if by is not None and by.poll() is not None and not condition():
            said = "\n".join(part for part in by.communicate() if part)
            raise AssertionError(f"never: {what}; the process ended with {by.returncode}\n{said}")
        if time.monotonic() > deadline:
            raise AssertionError(f"never: {what}")
        time.sleep(0.1)


@dataclass
class Portal:
    """A running portal: its address, folder, process and what it has printed so far."""

    address: str
    var: Path
    process: subprocess.Popen
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text()

    def stop(self, signum: int = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does; returns its exit code."""
        self.process.send_signal(signum)
        return self.process.wait(timeout=HUNG)


@contextlib.contextmanager
def running(var: Path, *arguments: str, **extra: str) -> Iterator[Portal]:
    """``./portal up`` until it says that it is ready; stopped at the end."""
    port = free_port()
    var.mkdir(parents=True, exist_ok=True)
    log = var / "up.log"
    line, env = command("up", "--port", str(port), *arguments, var=var, **extra)
    with log.open("w") as handle:
        process = subprocess.Popen(
            line,
            env=env,
            stdout=handle,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=tied(),  # a test run that is killed leaves no portal
        )
    portal = Portal(f"http://127.0.0.1:{port}/", var, process, log)
    try:
        deadline = time.monotonic() + HUNG
        while READY not in portal.output:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"./portal up did not become ready:\n{portal.output}")
            time.sleep(0.1)
        yield portal
    finally:
        if process.poll() is None:
            portal.stop()
