"""How `./portal test --all` runs its phases: beside each other, each shown whole, and nothing left when it is given up."""

import functools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import testing
from records.core.kinds import all_kinds
from tests.contracts.kinds import features, representatives
from tests.portal_process import ROOT, wait_for

#: Says something, and waits for a file that another phase makes.
WAITS = """
import sys, time
from pathlib import Path
mine, other = map(Path, sys.argv[1:3])
print("first line of", mine.name, flush=True)
mine.touch()
while not other.exists():
    time.sleep(0.02)
print("last line of", mine.name, flush=True)
sys.exit(int(sys.argv[3]))
"""
#: A run of two lanes whose programs never end by themselves; each writes who it is.
GIVEN_UP = """
import os, sys
from pathlib import Path
from deploy.testing import Phase, side_by_side
folder = Path(sys.argv[1])
hang = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid()) + ' '); time.sleep(3600)"
lanes = [[Phase(name, name, [sys.executable, "-c", hang, str(folder / name)], os.environ)] for name in ("one", "two")]
side_by_side(lanes, folder)
"""


def phase(name: str, waits_for: str, folder: Path, code: int = 0) -> testing.Phase:
    arguments = [str(folder / f"{name}.ready"), str(folder / f"{waits_for}.ready"), str(code)]
    return testing.Phase(name, name, [sys.executable, "-c", WAITS, *arguments], os.environ)


def test_lanes_run_beside_each_other_and_each_phase_is_shown_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One and two wait for each other; three waits for what is there already and fails; four comes after it all the same."""
    one, two = phase("one", "two", tmp_path), phase("two", "one", tmp_path)
    three, four = phase("three", "one", tmp_path, code=3), phase("four", "three", tmp_path)
    testing.side_by_side([[one, three, four], [two]], tmp_path)
    assert [each.code for each in (one, two, three, four)] == [0, 0, 3, 0]
    said = capfd.readouterr().out.splitlines()
    for name in ("one", "two", "three", "four"):
        begins = said.index(f"first line of {name}.ready")
        assert said[begins - 1].startswith(f"== {name}：{'未通过' if name == 'three' else '通过'}")
        assert said[begins + 1] == f"last line of {name}.ready"


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_given_up_leaves_nothing_running(tmp_path: Path, signum: signal.Signals) -> None:
    # Started in the background of a script, the tests ignore the interrupt, and what they start would, too.
    heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    run = subprocess.Popen(
        [sys.executable, "-c", GIVEN_UP, str(tmp_path)], cwd=ROOT, stderr=subprocess.DEVNULL, preexec_fn=heed
    )
    marks = [tmp_path / "one", tmp_path / "two"]
    wait_for(lambda: all(mark.exists() and mark.read_text().endswith(" ") for mark in marks), "both phases run")
    run.send_signal(signum)
    assert run.wait() != 0
    for mark in marks:
        started = Path(f"/proc/{mark.read_text().strip()}")
        wait_for(lambda started=started: not started.exists(), "the phase has ended")


def test_everything_runs_once_in_all_and_what_may_differ_twice(tmp_path: Path) -> None:
    """PostgreSQL has everything but what is embedded only, and is measured; the embedded set what may differ there."""
    env = {"PORTAL_VAR": str(tmp_path)}
    production, coverage, embedded = testing._tests([], env)
    assert testing._ON_POSTGRESQL[1] in production.command and "with_servers.py" in " ".join(production.command)
    assert testing._ON_POSTGRESQL[1] == "not e2e and not programs and not embedded"
    assert production.env["PORTAL_MEASURED"] == coverage.command[-1] and "PORTAL_MEASURED" not in embedded.env
    assert testing._ON_SQLITE_AS_WELL[1] in embedded.command and "with_servers.py" not in " ".join(embedded.command)
    assert testing._ON_SQLITE_AS_WELL[1] == "not e2e and not programs and not sweep and not once"
    journeys = testing._journeys([], env)
    assert "e2e or programs" in journeys.command and journeys.env["PORTAL_E2E"] == "required"
    assert not journeys.stands_back and embedded.stands_back and production.stands_back
    assert [each.name for each in testing._tests(["tests/ops"], env)] == ["PostgreSQL + Redis", "embedded"]


def test_the_kinds_of_a_quick_run_have_every_feature() -> None:
    kinds = all_kinds()
    shown = representatives(kinds)
    assert set().union(*map(features, shown)) == set().union(*map(features, kinds))
    assert {kind.rhythm for kind in shown} == {kind.rhythm for kind in kinds}
    assert shown == representatives(list(reversed(kinds))), "whatever the order"
    assert len(shown) < len(kinds)
