"""What ``./portal`` says when it cannot start: one line that names the reason and the cure, never a traceback."""

import errno
import fcntl
import os
import shutil
import signal
import socket
import stat
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy import environment, holders, preparation
from deploy.messages import Stop
from tests.portal_process import ROOT, call, free_port, wait_for


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The only line of a refused start."""
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("错误：")
    assert " / Error: " in lines[0]
    return lines[0]


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = one_line(call("up", "--port", str(port), var=tmp_path))
    assert f"端口 {port} 已被占用，占用它的进程：{os.getpid()}（" in line and " 起）" in line
    assert f"--port {port + 1}" in line


def test_an_unknown_address_is_one_line(tmp_path: Path) -> None:
    line = one_line(call("up", "--host", "192.0.2.1", "--port", str(free_port()), var=tmp_path))
    assert "无法监听 192.0.2.1" in line


def test_a_folder_below_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = one_line(call("up", var=tmp_path / "file" / "var"))
    assert "上级路径不是文件夹" in line
    assert "PORTAL_VAR" in line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "没有写入权限" in one_line(call("up", var=tmp_path))


def test_an_open_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    var = tmp_path / "var"
    (var / "media").mkdir(parents=True)
    (var / "portal.sqlite3").touch()
    for path, mode in ((var, 0o755), (var / "portal.sqlite3", 0o664)):
        path.chmod(mode)
    assert "PORTAL_VAR" not in call("manage", "--version", var=var).stderr
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
    assert stat.S_IMODE((var / "portal.sqlite3").stat().st_mode) == 0o600
    assert stat.S_IMODE((var / "broker" / "queue").stat().st_mode) == 0o700


def test_an_open_folder_of_somebody_else_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)

    def refused(self: Path, mode: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    with pytest.raises(Stop, match=r"的权限是 0755，其他用户也能读"):
        environment.private(tmp_path)


def test_manage_refuses_an_unwritable_folder_as_well(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "无法写入文件夹" in one_line(call("manage", "check", var=tmp_path / "file" / "var"))


def test_a_second_start_on_the_same_folder_is_one_line(tmp_path: Path) -> None:
    with (tmp_path / "portal.lock").open("w") as holder:
        holder.write("4711\n")
        holder.flush()
        fcntl.flock(holder, fcntl.LOCK_EX)
        line = one_line(call("up", "--port", str(free_port()), var=tmp_path))
    assert "平台已在运行（进程 4711" in line


def test_only_the_portals_own_processes_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    own = holders.Holder(4711, "/srv/portal/.venv/bin/python -m reform_portal.supervisor --port 8000", None)
    other = holders.Holder(4712, "/usr/sbin/nginx", None)
    assert environment.may_end([own], replace=True)
    assert not environment.may_end([own], replace=False), "nobody at the terminal to ask"
    assert not environment.may_end([own, other], replace=True)
    assert not environment.may_end([], replace=True)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    for answer, ended in (("y", True), ("", False), ("不", False)):
        monkeypatch.setattr("builtins.input", lambda question, answer=answer: answer)
        assert environment.may_end([own], replace=False) is ended


def test_what_is_asked_to_end_and_does_not_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holders, "PATIENCE", 1)
    line = ["sh", "-c", f"trap '' TERM; touch {tmp_path}/deaf; while :; do sleep 0.1; done"]
    with subprocess.Popen(line, env={**os.environ, "PORTAL_VAR": str(tmp_path)}) as deaf:
        wait_for((tmp_path / "deaf").exists, "it hears nothing")
        assert holders.of_folder(tmp_path) == [], "a program that is not the portal's is no holder"
        holders.end([holders.holder(deaf.pid)])
        assert deaf.wait() == -signal.SIGKILL
    assert holders.holder(deaf.pid).command == "?"


def test_a_lock_left_by_a_dead_process_does_not_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "portal.lock").write_text("4711\n")
    descriptor = environment.lock(tmp_path)
    try:
        assert (tmp_path / "portal.lock").read_text() == f"{os.getpid()}\n"
    finally:
        os.close(descriptor)


def test_an_old_python_is_named() -> None:
    with pytest.raises(Stop, match=r"需要 Python 3\.11 或更高版本，当前为 3\.9"):
        environment.check_python((3, 9, 18))
    environment.check_python((3, 11, 0))


def test_without_a_new_python_the_script_says_so_in_one_line(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname", "readlink"):
        (programs / name).symlink_to(shutil.which(name))
    old = programs / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    shutil.copy(ROOT / "portal", tmp_path / "portal")
    done = subprocess.run([tmp_path / "portal", "up"], env={"PATH": str(programs)}, capture_output=True, text=True)
    assert "需要 Python 3.11" in one_line(done)


def test_the_script_works_through_a_link_and_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(ROOT / "portal")
    done = subprocess.run([tmp_path / "link", "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0
    assert "up" in done.stdout


def test_nothing_is_prepared_again_while_nothing_changed(tmp_path: Path) -> None:
    (tmp_path / "prepared").write_text(preparation.fingerprint())
    (tmp_path / "content").write_text(preparation.DEMO)
    assert preparation.prepare(tmp_path, empty=False) is False
    assert "--empty 不起作用" in preparation.contradiction(tmp_path, empty=True)
