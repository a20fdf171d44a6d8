"""Old and foreign formats (``.xls``, ``.xlsb``, ``.ods``), which only the reading library opens.

It lays a sheet out as one rectangle and takes an old workbook whole, so that a small file with a far cell can ask for any
amount of memory, and dies when it gets none. It therefore works in a process of its own with little memory and time;
rows come over a pipe one batch after the other.
"""

import contextlib
import marshal
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from foundation.refusals import Refused
from foundation.workbooks.limits import CHILD_BYTES, CHILD_SECONDS
from foundation.workbooks.packages import damaged

_BATCH = 500


class Child:
    """The process that has the file open. Its answers are lists of plain values, so that nothing is executed by reading
    them: days and times travel as (sort, numbers)."""

    def __init__(self, handle: BinaryIO) -> None:
        handle.seek(0)
        self.process = subprocess.Popen(  # noqa: S603 -- this module itself, no input on its command line
            [sys.executable, "-I", str(Path(__file__).with_name("_child.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            preexec_fn=_restrict,
        )
        self._is_unread = False
        self._send(handle.read())

    @property
    def _pipes(self) -> tuple[Any, Any]:
        return self.process.stdin, self.process.stdout

    def _send(self, value: Any) -> None:
        stdin, _stdout = self._pipes
        with contextlib.suppress(BrokenPipeError):
            marshal.dump(value, stdin)
            stdin.flush()

    def _receive(self) -> Any:
        _stdin, stdout = self._pipes
        try:
            sort, value = marshal.load(stdout)  # noqa: S302 -- from a process of our own
        except (EOFError, ValueError, TypeError) as error:
            self.close()
            raise Refused(
                _("文件太大或已损坏，没有读完。请在 Excel 或 WPS 中另存为 .xlsx（先删去空行空列），再上传。")
            ) from error
        if sort == "password":
            raise Refused(_("文件设有打开密码，无法读取。请取消密码后另存，再上传。"))
        if sort == "damaged":
            raise damaged()
        return value

    def sheets(self) -> list[tuple[str, bool]]:
        """Names, and whether they are hidden."""
        found: list[tuple[str, bool]] = self._receive()
        return found

    def rows(self, name: str) -> Iterator[list[Any]]:
        """The rows of a sheet: batches, an empty one at the end."""
        while self._is_unread:
            # Whoever stopped before the end of another sheet left the rest of it in the pipe.
            self._next_batch()
        self._send(name)
        self._is_unread = True
        while batch := self._next_batch():
            yield from batch

    def _next_batch(self) -> list[list[Any]]:
        batch: list[list[Any]] = self._receive()
        self._is_unread = bool(batch)
        return batch

    def close(self) -> None:
        self.process.kill()
        for pipe in self._pipes:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        self.process.wait()


def _restrict() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_BYTES, CHILD_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
