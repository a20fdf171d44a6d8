"""One command that runs the whole embedded portal: web, workers and beat, started and stopped together.

``python -m reform_portal.supervisor``, called by ``./portal up``. In production each process is a service of its own.
"""

import argparse
import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from deploy.guardian import Guardian, end_groups, signal_groups
from deploy.lifeline import tied

ROOT = Path(__file__).resolve().parent.parent
LAST_LINES = 10
READY_WITHIN = 60
#: Seconds before what ended is started again: doubled each time, and the first again after a minute of steady work.
FIRST_DELAY, LONGEST_DELAY, STEADY_AFTER = 1.0, 60.0, 60.0
#: Seconds the processes get to end in order.
STOP_WITHIN = 5.0
FOLDERS_EVERY = 2.0


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


class Console:
    """Prints what the processes say, each line behind the name of its process."""

    def __init__(self, names: Iterable[str]) -> None:
        self._width = max(map(len, names), default=0)
        self._lock = threading.Lock()

    def line(self, name: str, text: str) -> None:
        with self._lock:
            print(f"{name:<{self._width}} | {text}", flush=True)

    def note(self, text: str) -> None:
        """Of the supervisor itself."""
        with self._lock:
            print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Child:
    """One process of the portal, started again whenever it ends, with growing delay. Lives in a thread of its own."""

    def __init__(self, name: str, command: list[str], console: Console, guardian: Guardian) -> None:
        self.name, self.command, self.console, self.guardian = name, command, console, guardian
        self.kept: deque[str] = deque(maxlen=LAST_LINES)
        self.stopping = threading.Event()
        self.process: subprocess.Popen[str] | None = None
        self.thread = threading.Thread(target=self._tend, name=name, daemon=True)

    def _tend(self) -> None:
        delay = FIRST_DELAY
        while not self.stopping.is_set():
            began = time.monotonic()
            code = self._run_once()
            if self.stopping.is_set():
                return
            delay = FIRST_DELAY if time.monotonic() - began > STEADY_AFTER else delay
            lines = "".join(f"\n    {line}" for line in self.kept) or "（没有输出）"
            self.console.note(
                f"进程 {self.name} 意外退出（代码 {code}），{delay:g} 秒后重新启动，其他部分继续运行。"
                f" / {self.name} ended unexpectedly and is started again. 最后的输出：{lines}"
            )
            self.stopping.wait(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    def _run_once(self) -> int:
        """Start it and stay until it has ended; returns its exit code. What it started itself ends with it."""
        self.kept.clear()
        env = {**os.environ, "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "reform_portal.settings"}
        try:
            process = subprocess.Popen(  # noqa: S603 -- the portal's own programs
                self.command,
                env=env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
                preexec_fn=functools.partial(self._before_it_runs, tied()),
            )
        except OSError as error:
            self.guardian.ended(self.name)
            self.kept.append(str(error))
            return 127
        self.process = process
        if self.stopping.is_set():
            self.ask_to_end()
        reader = threading.Thread(target=self._read, args=(process,), daemon=True)
        reader.start()
        code = process.wait()
        end_groups({process.pid})
        self.guardian.ended(self.name)
        reader.join(timeout=1)
        return code

    def _before_it_runs(self, tie: Callable[[], None]) -> None:
        """In the child, before it becomes its program. The tie is for when the guardian is gone as well; its mark is of the
        thread that starts the process, which lives as long as the process."""
        self.guardian.starting(self.name)
        tie()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
        with process.stdout:
            for line in process.stdout:
                self.kept.append(line.rstrip("\n"))
                self.console.line(self.name, line.rstrip("\n"))

    def ask_to_end(self) -> None:
        """Only the process itself: gunicorn and Celery then end their own children in order."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        if self.process is not None:
            signal_groups({self.process.pid}, signal.SIGKILL)


def keep_folders() -> None:
    """Make what somebody removed: without the broker's folders nothing could be asked of the workers."""
    var = Path(os.environ["PORTAL_VAR"])
    for folder in (var / "broker" / "queue", var / "broker" / "control", var / "media"):
        with contextlib.suppress(OSError):  # a full or lost disk is told by /readyz and on the pages
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


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


def say_ready(address: str, *, show_accounts: bool, stop: threading.Event) -> None:
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
    """Start the processes and stay until a signal comes; whatever ends meanwhile is started again."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    guardian = Guardian()
    console = Console(processes)
    children = [Child(name, command, console, guardian) for name, command in processes.items()]
    for child in children:
        child.thread.start()
    arguments = {"show_accounts": show_accounts, "stop": stop}
    threading.Thread(target=say_ready, args=(address,), kwargs=arguments, daemon=True).start()
    while not stop.wait(FOLDERS_EVERY):
        keep_folders()
    for child in children:
        child.stopping.set()
        child.ask_to_end()
    deadline = time.monotonic() + STOP_WITHIN
    for child in children:
        child.thread.join(max(0, deadline - time.monotonic()))
    for child in children:
        child.kill()
        child.thread.join()
    guardian.close()
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
