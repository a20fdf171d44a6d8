"""A pytest plugin, loaded before Django's settings: the tests keep all their files in a folder of their own.

Loaded by ``-p tests.scratch`` (pyproject.toml), because the settings read ``PORTAL_VAR`` once, when they are imported.
The parallel workers inherit the variable from the process that started them and so share the folder; their
databases differ by a suffix.
"""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from deploy.lifeline import end_with_parent

_MARK = "PORTAL_TEST_SCRATCH"


def _make() -> None:
    if os.environ.get(_MARK):
        return
    parent = os.environ.get("PORTAL_VAR") or None
    if parent:
        Path(parent).mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="portal-test-", dir=parent)
    os.environ["PORTAL_VAR"] = os.environ[_MARK] = folder
    for name in ("queue", "control"):
        (Path(folder) / "broker" / name).mkdir(parents=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the folder removes it; the parallel workers leave it alone."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[_MARK], ignore_errors=True)


_make()
if "PYTEST_XDIST_WORKER" in os.environ:
    # A run that is killed takes its parallel workers along, and they what they started.
    end_with_parent(signal.SIGKILL, parent=os.getppid())
