"""Every benchmark runs through, once, on a small portal. Nothing here looks at how long anything took."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.yardstick import REFERENCE
from tests.portal_process import migrate

ROOT = Path(__file__).resolve().parents[2]
#: What the benchmarks stand on themselves.
SHARED = {"__init__", "cost", "harness"}
BENCHMARKS = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if path.stem not in SHARED)

pytestmark = [pytest.mark.programs, pytest.mark.xdist_group("bench")]


def _run(var: Path, *arguments: str) -> str:
    """A program of the portal on this folder, embedded whatever the tests run on; its output."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**env, "PORTAL_VAR": str(var)}, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a portal with a few enterprises and records of every kind."""
    var = tmp_path_factory.mktemp("bench")
    migrate(var)
    _run(var, "manage.py", "migrate", "-v0")
    _run(var, "manage.py", "load_reference_data")
    _run(var, "manage.py", "seed_scale", "--enterprises", "40", "--records", "150", "--quarters", "2")
    return var


@pytest.mark.parametrize("name", BENCHMARKS)
def test_it_runs_through(portal: Path, name: str) -> None:
    assert _run(portal, "-m", f"bench.{name}", "--tiny").strip()


def test_the_reference_says_where_it_is_from() -> None:
    kept = json.loads(REFERENCE.read_text(encoding="utf-8"))
    assert kept["machine"] and kept["date"] and kept["command"]
    assert kept["python_ms"] > 0 and set(kept["sql_ms"]) == {"sqlite", "postgresql"}
