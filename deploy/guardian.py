"""Ends what a supervisor started when the supervisor is gone, however it went. Standard library only.

A process of its own, in a session of its own, reads from a pipe that only the supervisor and its children write to: ``+NAME N``
when the part of that name starts as process group N, ``-NAME`` when it has ended. When the pipe closes, the groups still there are
asked to end and, a few seconds later, killed. Unlike a signal of the kernel to the child (``deploy/lifeline.py``) this reaches the
children's children, too.

A part tells its start itself, before it becomes its program: told by the supervisor afterwards, a supervisor killed in between
would leave a group that nobody knows of.
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
        self._pipe = writing

    def starting(self, name: str) -> None:
        """Called in the child, which leads a group of its own, between ``fork`` and ``exec``."""
        self._write(f"+{name} {os.getpid()}\n")

    def ended(self, name: str) -> None:
        """The part has ended with its group, or could not be started at all."""
        self._write(f"-{name}\n")

    def close(self) -> None:
        """Nothing is left to guard."""
        with contextlib.suppress(OSError):
            os.close(self._pipe)
        os.waitpid(self.pid, 0)

    def _write(self, line: str) -> None:
        with contextlib.suppress(OSError):  # somebody killed the guardian: the supervisor goes on without
            os.write(self._pipe, line.encode())  # at once and whole: far below the size a pipe takes in one piece


def _watch(pipe: TextIO) -> None:
    """Never returns."""
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        groups: dict[str, int] = {}
        for line in pipe:
            name, *group = line[1:].split()
            groups.pop(name, None)
            groups.update((name, int(number)) for number in group)
        end_groups(set(groups.values()))
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
