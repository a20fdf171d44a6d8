"""Ends what a supervisor started when the supervisor is gone, however it went. Standard library only.

A process of its own, in a session of its own, reads from a pipe that only the supervisor writes to: ``+N`` and ``-N`` when the
process group N starts and ends. When the pipe closes, the groups still there are asked to end and, a few seconds later, killed.
Unlike a signal of the kernel to the child (``deploy/lifeline.py``) this reaches the children's children, too.
"""

import contextlib
import os
import signal
import time
from typing import TextIO

#: Seconds between asking and killing.
PATIENCE = 5


class Guardian:
    """The supervisor's end. Make it before any thread is started: it forks."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(writing)
            _watch(os.fdopen(reading))
        os.close(reading)
        self._pipe = os.fdopen(writing, "w", buffering=1)

    def started(self, group: int) -> None:
        self._write(f"+{group}\n")

    def ended(self, group: int) -> None:
        self._write(f"-{group}\n")

    def close(self) -> None:
        """Nothing is left to guard."""
        with contextlib.suppress(OSError):
            self._pipe.close()
        os.waitpid(self.pid, 0)

    def _write(self, line: str) -> None:
        with contextlib.suppress(OSError):  # somebody killed the guardian: the supervisor goes on without
            self._pipe.write(line)


def _watch(pipe: TextIO) -> None:
    """Never returns."""
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        groups: set[int] = set()
        for line in pipe:
            (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
        end_groups(groups)
    finally:
        os._exit(0)


def end_groups(groups: set[int]) -> None:
    """Ask the groups to end, wait, and kill what is left."""
    signal_groups(groups, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and signal_groups(groups, 0):
        time.sleep(0.1)
    signal_groups(groups, signal.SIGKILL)


def signal_groups(groups: set[int], number: int) -> bool:
    """Send the signal; whether any of the groups is still there."""
    found = False
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
            found = True
    return found
