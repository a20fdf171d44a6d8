"""A pytest plugin for the measured run: each process of the tests measures, with SlipCover, what it runs of the portal.

Loaded with ``-p tests.coverage_marks``, before anything of the portal is imported; does nothing unless ``PORTAL_MEASURED`` names
the folder for what each process measured, which ``deploy/coverage_floor.py`` adds up.

SlipCover's own way, ``python -m slipcover -m pytest``, costs more and measures no more: it also puts marks into what the process
imports that only hands out tests (as many CPU seconds as a worker pays), and rewrites the tests themselves, which are not
measured. Its workers do not hear of ``threshold``, and would take marks out again by walking over every object there is.
"""

import json
import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("PORTAL_MEASURED")
#: What each process measures; nothing in the one that only hands out the tests.
_instance = None


def _begin() -> None:
    global _instance
    import slipcover  # noqa: PLC0415 -- an unmeasured run does not need it
    from slipcover.config import read_config  # noqa: PLC0415

    asked = read_config()
    _instance = slipcover.Slipcover(
        branch=asked["branch"],
        d_miss_threshold=asked["threshold"],
        source=asked["source"],
        omit=asked["omit"],
        exclude_also=asked["exclude-also"],
    )
    slipcover.ImportManager(_instance, slipcover.FileMatcher(sources=asked["source"], omit=asked["omit"])).__enter__()


if FOLDER and "PYTEST_XDIST_WORKER" in os.environ:
    _begin()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _instance is None:
        return
    assert FOLDER is not None
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    file = Path(FOLDER) / f"{os.environ['PYTEST_XDIST_WORKER']}.json"
    file.write_text(json.dumps(_instance.get_coverage()), encoding="utf-8")
