"""The first administrator of an empty portal, asked for at a terminal as a person sits at it."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.portal_process import HUNG, ROOT, migrate

ANSWERS = (
    ("用户名：", "first"),
    ("密码：", "short"),
    ("再输一次：", "short"),
    ("用户名：", "first"),
    ("密码：", "Portal-First-2026"),
    ("再输一次：", "Portal-First-2026"),
)


def _talk(command: list[str], env: dict[str, str]) -> str:
    """Run at a terminal of its own, answering each question when it is asked; returns all that was shown."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], command, env)  # noqa: S606 -- the portal's own command, no user input
    shown, answered, deadline = b"", 0, time.monotonic() + HUNG
    while time.monotonic() < deadline:
        ready, _writable, _failed = select.select([terminal], [], [], 1)
        if ready:
            try:
                shown += os.read(terminal, 4096)
            except OSError:  # how Linux says that the other side has closed its terminal
                break
        if answered < len(ANSWERS) and shown.decode(errors="ignore").rstrip("\r\n").endswith(ANSWERS[answered][0]):
            os.write(terminal, f"{ANSWERS[answered][1]}\n".encode())
            answered += 1
    os.close(terminal)
    os.waitpid(pid, 0)
    return shown.decode(errors="replace")


@pytest.mark.programs
def test_it_asks_until_the_password_is_good_and_shows_none(tmp_path: Path) -> None:
    env = {**os.environ, "PORTAL_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "reform_portal.settings"}
    for name in ("PORTAL_ADMIN_USERNAME", "PORTAL_ADMIN_PASSWORD", "PORTAL_DATABASE_URL", "PORTAL_REDIS_URL"):
        env.pop(name, None)
    manage = [sys.executable, "manage.py"]
    migrate(tmp_path)
    for command in (["migrate", "-v0"], ["load_reference_data"]):
        subprocess.run([*manage, *command], cwd=ROOT, env=env, check=True, capture_output=True)
    shown = _talk([sys.executable, str(ROOT / "manage.py"), "first_admin"], env)
    assert "密码太短：至少要 10 位" in shown and "已建立系统管理员 first。" in shown
    assert "Portal-First-2026" not in shown and "short" not in shown
    again = subprocess.run([*manage, "first_admin"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert (again.returncode, again.stdout) == (0, "")
