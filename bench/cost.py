"""What a piece of work costs: the clock, and the CPU of this process and of its database session."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

_TICK = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Seconds on the clock, and of CPU: this process's and that of its database session (0 where it is the same one)."""

    wall: float
    cpu: float
    database: float

    @property
    def all_cpu(self) -> float:
        return self.cpu + self.database


def _database_process() -> Path | None:
    """Where the kernel keeps what this session's PostgreSQL process has used, if it runs on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), inet_server_addr()")
        pid, address = cursor.fetchone()
    path = Path(f"/proc/{pid}/stat")
    return path if path.exists() and address in (None, "127.0.0.1", "::1") else None


def _used_by(process: Path | None) -> float:
    if process is None:
        return 0.0
    fields = process.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def cost_of(do: Callable[[], Any]) -> tuple[Any, Cost]:
    """The result and what it took. Ten milliseconds is the finest the kernel tells of the database: repeat small work."""
    process = _database_process()
    started, cpu, database = time.perf_counter(), time.process_time(), _used_by(process)
    result = do()
    return result, Cost(
        time.perf_counter() - started, time.process_time() - cpu, max(_used_by(process) - database, 0.0)
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
