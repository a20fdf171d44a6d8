"""The processes start and stop together, and the one that failed is named with its last words."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.portal_process import HUNG, ROOT, wait_for

CODE = """
import json, sys
from reform_portal.supervisor import run
sys.exit(run(json.loads(sys.argv[1]), address="http://127.0.0.1:9/", show_accounts=False))
"""


def start(processes: dict[str, list[str]]) -> subprocess.Popen:
    line = [sys.executable, "-c", CODE, json.dumps(processes)]
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_process_that_died_is_named_with_its_last_lines() -> None:
    supervisor = start({"steady": ["sleep", "60"], "broken": ["sh", "-c", "echo first; echo the reason; exit 3"]})
    out, err = supervisor.communicate(timeout=HUNG)
    assert supervisor.returncode == 3
    assert "进程 broken 意外退出（代码 3）" in err
    assert "the reason" in err
    assert "Traceback" not in out + err


def test_a_signal_during_the_start_stops_everything() -> None:
    for delay in (0.3, 0.6, 0.9):
        supervisor = start({"one": ["sleep", "3601"], "two": ["sleep", "3602"]})
        time.sleep(delay)
        supervisor.send_signal(signal.SIGTERM)
        out, err = supervisor.communicate(timeout=HUNG)
        assert "Traceback" not in out + err
        assert not sleeping()


def test_a_killed_run_leaves_nothing_running() -> None:
    """What a test run starts ends with it: the run, killed outright, can clean up nothing."""
    starts = f"""
import subprocess, sys, time
from deploy.lifeline import tied
line = [sys.executable, "-c", {CODE!r}, sys.argv[1]]
subprocess.Popen(line, preexec_fn=tied(), start_new_session=True)
time.sleep(3600)
"""
    started = json.dumps({"one": ["sleep", "3601"], "two": ["sh", "-c", "trap 'exit 0' TERM; sleep 3602 & wait"]})
    run = subprocess.Popen([sys.executable, "-c", starts, started], cwd=ROOT, stdout=subprocess.DEVNULL)
    wait_for(lambda: len(sleeping()) == 2, "both have started")
    run.kill()
    run.wait()
    wait_for(lambda: not sleeping(), "everything has ended")


def sleeping() -> list[str]:
    """Command lines of the test's own children that are still there."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().decode()
        except OSError:
            continue  # ended meanwhile
        if line.startswith(("sleep\x003601", "sleep\x003602")):
            found.append(line)
    return found
