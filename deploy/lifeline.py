"""A process that ends when the one that started it is gone, however that one ended. Standard library only.

``subprocess.Popen(…, preexec_fn=tied())``. The kernel keeps the mark over ``exec``; Linux only, elsewhere nothing happens.
"""

import ctypes
import functools
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(signum: int, *, parent: int) -> None:
    """Have this process get ``signum`` when its parent dies; ``parent`` is the pid it was started by."""
    if _libc is None:
        return
    if _libc.prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        # It died before the mark was set.
        os.kill(os.getpid(), signum)


def tied(signum: int = signal.SIGTERM) -> Callable[[], None]:
    """For ``preexec_fn``: the child gets ``signum`` when the process (more exactly the thread) that calls this is gone."""
    return functools.partial(end_with_parent, signum, parent=os.getpid())
