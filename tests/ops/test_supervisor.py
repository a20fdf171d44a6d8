"""What ends is started again and takes nothing along; a supervisor that is killed leaves nothing."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.portal_process import HUNG, ROOT, wait_for

pytestmark = pytest.mark.programs

CODE = """
import json, sys
from reform_portal import supervisor
supervisor.FIRST_DELAY, supervisor.FOLDERS_EVERY = 0.1, 0.1
sys.exit(supervisor.run(json.loads(sys.argv[1]), address="http://127.0.0.1:9/", show_accounts=False))
"""


def start(processes: dict[str, list[str]], var: Path, **options) -> subprocess.Popen:
    line = [sys.executable, "-c", CODE, json.dumps(processes)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
    return subprocess.Popen(line, cwd=ROOT, env={**os.environ, "PORTAL_VAR": str(var)}, **pipes)


def test_what_ends_is_started_again_with_growing_delay_and_the_rest_goes_on(tmp_path: Path) -> None:
    count = tmp_path / "count"
    broken = ["sh", "-c", f"echo x >> {count}; echo first; echo the reason; exit 3"]
    supervisor = start({"web": ["sleep", "3601"], "broken": broken, "gone": ["/no/such/program"]}, tmp_path)
    wait_for(
        lambda: count.exists() and len(count.read_text().split()) >= 4, "it is started again and again", by=supervisor
    )
    assert len(sleeping(tmp_path)) == 1, "the other one was left alone"
    supervisor.send_signal(signal.SIGTERM)
    out, err = supervisor.communicate(timeout=HUNG)
    assert supervisor.returncode == 0
    assert "web" not in err and "Traceback" not in out + err
    assert "进程 broken 意外退出（代码 3）" in err and "    the reason" in err
    assert "进程 gone 意外退出（代码 127）" in err and "No such file" in err
    delays = re.findall(r"broken 意外退出（代码 3），([\d.]+) 秒后重新启动", err)
    assert delays[:4] == ["0.1", "0.2", "0.4", "0.8"]
    assert "broken | first" in out
    assert not sleeping(tmp_path)


def test_what_a_part_left_behind_ends_before_it_is_started_again(tmp_path: Path) -> None:
    """A master that was killed outright leaves its children: they hold its port and its work."""
    supervisor = start({"master": ["sh", "-c", "sleep 3602 & wait"]}, tmp_path)
    wait_for(lambda: len(sleeping(tmp_path)) == 1, "it runs", by=supervisor)
    first = sleeping(tmp_path)
    master = parent_of(first[0])
    os.kill(master, signal.SIGKILL)
    wait_for(
        lambda: len(sleeping(tmp_path)) == 1 and sleeping(tmp_path) != first, "another one, and only one", by=supervisor
    )
    supervisor.send_signal(signal.SIGTERM)
    supervisor.communicate(timeout=HUNG)
    assert not sleeping(tmp_path)


def test_a_missing_folder_is_made_again(tmp_path: Path) -> None:
    supervisor = start({"one": ["sleep", "3601"]}, tmp_path)
    folders = [tmp_path / "broker" / "queue", tmp_path / "broker" / "control", tmp_path / "media"]
    for _ in range(2):
        wait_for(lambda: all(folder.is_dir() for folder in folders), "the folders are there", by=supervisor)
        assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}
        for folder in folders:
            folder.rmdir()
    wait_for(lambda: all(folder.is_dir() for folder in folders), "and again", by=supervisor)
    supervisor.send_signal(signal.SIGTERM)
    supervisor.communicate(timeout=HUNG)


def test_a_signal_during_the_start_stops_everything(tmp_path: Path) -> None:
    for delay in (0.3, 0.6, 0.9):
        supervisor = start({"one": ["sleep", "3601"], "two": ["sleep", "3602"]}, tmp_path)
        time.sleep(delay)
        supervisor.send_signal(signal.SIGTERM)
        out, err = supervisor.communicate(timeout=HUNG)
        assert "Traceback" not in out + err
        assert not sleeping(tmp_path)


def test_a_killed_supervisor_leaves_nothing_however_deep(tmp_path: Path) -> None:
    """Neither what it started nor what that started, also where a request to end is not heard."""
    deaf = ["sh", "-c", "trap '' TERM; sleep 3602 & wait; wait"]
    supervisor = start(
        {"one": ["sleep", "3601"], "deaf": deaf}, tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for(lambda: len(sleeping(tmp_path)) == 2, "both have started", by=supervisor)
    supervisor.kill()
    supervisor.wait()
    wait_for(lambda: not sleeping(tmp_path), "everything has ended")


def test_a_supervisor_killed_by_what_it_just_started_leaves_nothing(tmp_path: Path) -> None:
    """The first thing the part does is to kill it: before the supervisor itself could have noted the start."""
    deaf = ["sh", "-c", "trap '' TERM; kill -9 $PPID; sleep 3602 & wait; wait"]
    for _ in range(5):
        supervisor = start({"deaf": deaf}, tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert supervisor.wait(timeout=HUNG) == -signal.SIGKILL
        wait_for(lambda: not sleeping(tmp_path), "everything has ended")


def test_a_killed_run_leaves_nothing_running(tmp_path: Path) -> None:
    """What a test run starts ends with it: the run, killed outright, can clean up nothing."""
    starts = f"""
import subprocess, sys, time
from deploy.lifeline import tied
line = [sys.executable, "-c", {CODE!r}, sys.argv[1]]
subprocess.Popen(line, preexec_fn=tied(), start_new_session=True)
time.sleep(3600)
"""
    started = json.dumps({"one": ["sleep", "3601"], "two": ["sh", "-c", "trap 'exit 0' TERM; sleep 3602 & wait"]})
    env = {**os.environ, "PORTAL_VAR": str(tmp_path)}
    run = subprocess.Popen([sys.executable, "-c", starts, started], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    wait_for(lambda: len(sleeping(tmp_path)) == 2, "both have started", by=run)
    run.kill()
    run.wait()
    wait_for(lambda: not sleeping(tmp_path), "everything has ended")


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def sleeping(var: Path) -> list[int]:
    """The children of the supervisor on this folder that are still there; other runs on this machine have their own."""
    found, mark = [], f"PORTAL_VAR={var}".encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line, mine = path.read_bytes().decode(), mark in (path.parent / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # ended meanwhile
        if mine and line.startswith(("sleep\x003601", "sleep\x003602")):
            found.append(int(path.parent.name))
    return found
