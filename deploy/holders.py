"""Which processes hold a port or a data folder, since when, and how to end them. From /proc, standard library only."""

import contextlib
import datetime
import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
#: What the portal's own long-running processes have on their command line.
_OWN = ("reform_portal.supervisor", "reform_portal.wsgi", "-A reform_portal")
#: Seconds after which a process that was asked to end is killed.
PATIENCE = 20


@dataclass(frozen=True)
class Holder:
    """A live process. ``since`` is when it started, where the system tells."""

    pid: int
    command: str
    since: datetime.datetime | None

    def __str__(self) -> str:
        since = f"，自 {self.since:%Y-%m-%d %H:%M} 起" if self.since else ""
        return f"{self.pid}（{self.command[:60]}{since}）"

    @property
    def is_portal(self) -> bool:
        return any(part in self.command for part in _OWN)


def holder(pid: int) -> Holder:
    """The process, with what is known of it; of one that is gone only its number."""
    try:
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        command = ""
    return Holder(pid, command or "?", _started(pid))


def _started(pid: int) -> datetime.datetime | None:
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        uptime = float((PROC / "uptime").read_text().split()[0])
    except (OSError, ValueError):
        return None
    # Field 22 of stat: clock ticks after the machine was started; the first two are cut off.
    age = uptime - int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return datetime.datetime.now() - datetime.timedelta(seconds=age)


def _pids() -> Iterator[int]:
    return (int(path.name) for path in PROC.glob("[0-9]*"))


def of_folder(var: Path) -> list[Holder]:
    """The portal's own processes that run on this data folder, without this one and those it was started by."""
    found = []
    mine = {os.getpid(), os.getppid()}
    for pid in _pids():
        with contextlib.suppress(OSError):
            if pid not in mine and f"PORTAL_VAR={var}".encode() in (PROC / str(pid) / "environ").read_bytes().split(
                b"\0"
            ):
                found.append(holder(pid))
    return sorted((one for one in found if one.is_portal), key=lambda one: one.pid)


def of_port(port: int) -> list[Holder]:
    """Who listens on the port, as far as this user may see it."""
    listening = set()
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in (PROC / "net" / table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == "0A" and int(columns[1].rpartition(":")[2], 16) == port:
                    listening.add(f"socket:[{columns[9]}]")
    found = []
    for pid in _pids():
        with contextlib.suppress(OSError):
            if any(str(link.readlink()) in listening for link in (PROC / str(pid) / "fd").iterdir()):
                found.append(holder(pid))
    return found


def end(holders: Iterable[Holder]) -> None:
    """Ask the processes to end, and kill those that have not after ``PATIENCE`` seconds."""
    pids = [one.pid for one in holders]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_gone(pids):
            return


def wait_gone(pids: Iterable[int], within: float | None = None) -> bool:
    """Whether all have ended within the time, by default ``PATIENCE``."""
    deadline = time.monotonic() + (PATIENCE if within is None else within)
    left = [pid for pid in pids if is_alive(pid)]
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = [pid for pid in left if is_alive(pid)]
    return not left


def is_alive(pid: int) -> bool:
    """Runs, and is no zombie that only waits for its parent to look."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
