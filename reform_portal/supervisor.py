"""One command that runs the whole embedded portal: web, workers and beat, started and stopped together.

``python -m reform_portal.supervisor``, called by ``./portal up``. In production each process is a service of its own.
"""

import argparse
import contextlib
import functools
import json
import os
import shlex
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict, deque
from pathlib import Path
from types import FrameType
from typing import Any

from honcho.compat import ProcessManager
from honcho.manager import SIGNALS, SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message, Printer
from honcho.process import Popen, Process

from deploy.lifeline import end_with_parent, tied

ROOT = Path(__file__).resolve().parent.parent
LAST_LINES = 10
READY_WITHIN = 60


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The five processes. Figures have a worker of their own, so that an approval does not wait behind an import; so have
    reports: WeasyPrint keeps its memory, so it is renewed often."""
    # Root in a container is the operator's choice; Celery repeats its warning at every start.
    # Below the pages in priority: what runs in the background must not slow down who is waiting.
    python = ["nice", "-n", "5", sys.executable, "-W", "ignore:You're running the worker with superuser privileges"]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    celery = [*python, "-m", "celery", "--quiet", "-A", "reform_portal"]
    # A child that has grown beyond 400 MB is replaced after its task.
    worker = ["--loglevel", "WARNING", "--concurrency", "1", "--max-memory-per-child", "400000"]
    worker += ["--without-mingle", "--without-gossip"]
    return {
        "web": [
            *[sys.executable, "-m", "gunicorn", "reform_portal.wsgi", "--bind", address, "--workers", "2"],
            *["--worker-class", "gthread", "--threads", "4", "--timeout", "60", "--graceful-timeout", "4", "--preload"],
            *["--log-level", "warning", "--no-control-socket"],
        ],
        "worker": [*celery, "worker", "-Q", "default", "-n", "default@%h", *worker],
        "figures": [*celery, "worker", "-Q", "figures", "-n", "figures@%h", *worker],
        "reports": [*celery, "worker", "-Q", "reports", "-n", "reports@%h", *worker, "--max-tasks-per-child", "10"],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile="],
    }


class KeepingPrinter(Printer):
    """Keeps the last lines of each process, to show why one ended; honcho's own housekeeping is left out."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kept: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=LAST_LINES))

    def write(self, message: Message) -> None:
        if message.name == SYSTEM_PRINTER_NAME:
            return
        text = message.data.decode(errors="replace") if isinstance(message.data, bytes) else str(message.data)
        self.kept[message.name].append(text.rstrip("\n"))
        super().write(message)


class TiedProcess(Process):
    """honcho starts each command from a process of its own, in a session of its own: without this a supervisor that was
    killed would leave them all running. Killed with it are honcho's processes; the commands are asked to end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._supervisor = os.getpid()

    def run(self, *args: Any, **kwargs: Any) -> None:
        end_with_parent(signal.SIGKILL, parent=self._supervisor)
        self._child_ctor = functools.partial(Popen, preexec_fn=tied())
        super().run(*args, **kwargs)


class PoliteStopping(ProcessManager):
    """Asks only the process itself to stop: gunicorn and Celery then end their own children in order. Killing, five
    seconds later, still takes the whole group."""

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


class Supervisor(Manager):
    """honcho's manager, safe against a signal during the start, and knowing which process ended first."""

    first_ended: str | None = None

    def __init__(self, printer: Printer) -> None:
        super().__init__(printer)
        self._procmgr = PoliteStopping()
        self._process_ctor = TiedProcess

    def _start(self) -> None:
        """Start all and wait until each has its pid: honcho's own handler fails on a process without one."""
        asked: list[int] = []

        def note(signum: int, frame: FrameType | None) -> None:
            asked.append(signum)

        handlers = {number: signal.signal(number, note) for number in SIGNALS}
        super()._start()
        early = []
        while not self._all_started():
            message = self.events.get()
            if message.type == "start":
                self._processes[message.name]["pid"] = message.data["pid"]
            else:
                early.append(message)
        for message in early:
            self.events.put(message)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if asked:
            os.kill(os.getpid(), asked[0])

    def terminate(self) -> None:
        if self.returncode not in {known["rc"] for known in SIGNALS.values()} and self.first_ended is None:
            ended = (name for name, process in self._processes.items() if process.get("returncode") is not None)
            self.first_ended = next(ended, None)
        super().terminate()

    def ended_code(self) -> int | None:
        return self._processes[self.first_ended]["returncode"] if self.first_ended else None


def wait_until_ready(address: str, stop: threading.Event, within: float) -> bool:
    """Ask ``/readyz`` until it says yes; False when it does not within the time, or the portal is being stopped."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and not stop.is_set():
        try:
            with urllib.request.urlopen(f"{address}readyz", timeout=5) as answer:  # noqa: S310 -- own http address
                if json.load(answer)["status"] == "ok":
                    return True
        except (urllib.error.URLError, OSError, ValueError):
            stop.wait(0.1)
    return False


def announce(address: str, *, show_accounts: bool, stop: threading.Event) -> None:
    """Print that the portal is ready, where, and who may sign in."""
    ready = wait_until_ready(address, stop, READY_WITHIN)
    if not ready and not stop.is_set():
        late = f"提示：{address}readyz 在 {READY_WITHIN} 秒内未就绪，请查看上面的输出；仍在等待。"
        print(late, file=sys.stderr, flush=True)
        ready = wait_until_ready(address, stop, float("inf"))
    if not ready:
        return
    lines = [f"平台已就绪: {address}"]
    accounts = Path(os.environ["PORTAL_VAR"]) / "demo-accounts.txt"
    if accounts.exists():
        lines.append(f"演示账号见 {accounts}" + ("：" if show_accounts else ""))
        if show_accounts:
            lines.append(accounts.read_text().rstrip("\n"))
    lines.append("按 Ctrl-C 停止。")
    print("\n".join(lines), flush=True)


def local_address(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens on ``host``."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"


def run(processes: dict[str, list[str]], *, address: str, show_accounts: bool) -> int:
    """Start the processes and stay until one ends or a signal comes; returns the exit code."""
    printer = KeepingPrinter(sys.stdout, colour=sys.stdout.isatty())
    manager = Supervisor(printer)
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "reform_portal.settings"}
    for name, command in processes.items():
        # `exec` so that the signal reaches the process itself and not a shell in front of it.
        manager.add_process(name, f"exec {shlex.join(command)}", env=env, cwd=str(ROOT))
    stop = threading.Event()
    arguments = {"show_accounts": show_accounts, "stop": stop}
    threading.Thread(target=announce, args=(address,), kwargs=arguments, daemon=True).start()
    manager.loop()
    stop.set()
    if manager.first_ended:
        lines = "\n    ".join(printer.kept[manager.first_ended]) or "（没有输出）"
        print(
            f"错误：进程 {manager.first_ended} 意外退出（代码 {manager.ended_code()}），已停止全部进程。"
            f" / Error: process {manager.first_ended} ended unexpectedly; all were stopped. 最后的输出：\n    {lines}",
            file=sys.stderr,
            flush=True,
        )
        return manager.returncode or 1
    print("已停止。", flush=True)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the embedded portal.")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--show-accounts", action="store_true")
    options = parser.parse_args()
    processes = commands(options.host, options.port)
    return run(processes, address=local_address(options.host, options.port), show_accounts=options.show_accounts)


if __name__ == "__main__":
    sys.exit(main())
