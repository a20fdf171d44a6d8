"""A real start on an empty folder, seen from outside: ready, stopped without remains, quick the second time."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.portal_process import HUNG, call, of_this_portal, running, wait_for

ADMIN = {"PORTAL_ADMIN_USERNAME": "first-admin", "PORTAL_ADMIN_PASSWORD": "Teal-Harbour-2026"}


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
        portal.process.kill()
        portal.process.wait()
        wait_for(lambda: not of_this_portal(var), "a killed supervisor takes its processes along")
    with running(var) as portal:
        assert "正在" not in portal.output, "nothing is prepared a second time, and the demo never comes in"
        assert "Traceback" not in portal.output
