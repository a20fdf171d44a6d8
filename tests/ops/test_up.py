"""A real start on an empty folder, seen from outside: ready, stopped without remains, quick the second time."""

import json
import os
import signal
import urllib.request
from pathlib import Path

import pytest

from deploy import holders
from tests.portal_process import HUNG, call, of_this_portal, running, wait_for


def is_leader(pid: int) -> bool:
    """A process the supervisor started, not one that it started itself."""
    return os.getpgid(pid) == pid


def leaders_of(var: Path, words: str) -> list[int]:
    return [one.pid for one in holders.of_folder(var) if words in one.command and is_leader(one.pid)]


ADMIN = {"PORTAL_ADMIN_USERNAME": "first-admin", "PORTAL_ADMIN_PASSWORD": "Teal-Harbour-2026"}


@pytest.mark.programs
@pytest.mark.xdist_group("up")
def test_an_empty_portal_starts_serves_and_stops(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with running(var, "--empty") as portal:
        assert "还没有系统管理员：请设置环境变量 PORTAL_ADMIN_USERNAME" in portal.output
    with running(var, **ADMIN) as portal:
        assert "已建立系统管理员 first-admin" in portal.output
        with urllib.request.urlopen(f"{portal.address}readyz", timeout=HUNG) as answer:
            assert json.load(answer)["status"] == "ok"
        refused = call("up", "--empty", var=var)
        assert "平台已在运行" in refused.stderr
        assert len([line for line in of_this_portal(var) if "celery" in line]) >= 3
        assert portal.stop() == 0
    assert of_this_portal(var) == []
    assert not (var / "demo-accounts.txt").exists()
    assert (var / "secret-key").stat().st_mode & 0o077 == 0
    assert (var / "crypto-keys").stat().st_mode & 0o077 == 0

    with running(var) as portal:
        assert "正在" not in portal.output, "nothing is prepared a second time, and the demo never comes in"
        portal.process.kill()
        portal.process.wait()
        wait_for(lambda: not of_this_portal(var), "a killed supervisor takes its processes along")
    with running(var) as portal:
        (worker,) = [one for one in holders.of_folder(var) if "figures@" in one.command and is_leader(one.pid)]
        assert worker.since is not None
        os.kill(worker.pid, signal.SIGKILL)
        wait_for(lambda: "进程 figures 意外退出（代码 -9）" in portal.output, "it is said")
        wait_for(lambda: leaders_of(var, "figures@"), "and it is started again")
        with urllib.request.urlopen(f"{portal.address}readyz", timeout=HUNG) as answer:
            assert json.load(answer)["status"] == "ok", "the pages went on"
        refused = call("up", var=var)
        assert f"进程 {portal.process.pid}（" in refused.stderr and " 起）" in refused.stderr
        with running(var, "--replace") as second:
            assert f"正在结束 {portal.process.pid}（" in second.output
            assert portal.process.wait(timeout=HUNG) == 0
            assert "Traceback" not in portal.output + second.output
