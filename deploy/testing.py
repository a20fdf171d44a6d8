"""``./portal test``: the tests on the embedded set; with ``--all`` the linters and PostgreSQL + Redis as well."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.environment import PYTHON, ROOT, VENV, ensure_packages, ensure_pango, writable
from deploy.lifeline import tied
from deploy.messages import say

USAGE = """用法 / usage: ./portal test [--all] [pytest 参数 / pytest arguments]
  无参数：在内嵌环境（SQLite）上运行测试，浏览器测试、另起程序的测试和逐一走遍所有记录类型与页面的测试除外
          （如 ./portal test tests/e2e 可单独运行）
  --all ：另加代码检查、上述各类测试，以及 PostgreSQL + Redis 上的测试；各阶段的输出在该阶段结束时显示
          PORTAL_TEST_DATABASE_URL、PORTAL_TEST_REDIS_URL 可指定要用的服务器"""

#: Each linter by the words the summary uses.
LINTERS: dict[str, list[str]] = {
    "ruff": ["{bin}/ruff", "check", "."],
    "format": ["{bin}/ruff", "format", "--check", "."],
    "types": ["{bin}/mypy", "."],
    "layers": ["{bin}/lint-imports", "--no-cache"],
    "templates": ["{bin}/djlint", ".", "--lint", "--quiet", "--extension", "html"],
    "migrations": ["{bin}/python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "deploy check": [
        "{bin}/python",
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        "--database",
        "default",
    ],
}


#: At the end of each run: what took longest.
_LONGEST = ("--durations=20", "--durations-min=2")

#: Tests by their marks. Those of a browser and those that start programs bring a portal of their own, on the embedded
#: set whatever the others run on: once is enough, and nothing of theirs could be measured for coverage. A sweep walks
#: over everything there is (each kind, each page); where few stand for all, the quick run has those. In ``--all``
#: everything else runs on PostgreSQL, which refuses more than SQLite does, and there coverage is measured; on SQLite runs
#: once more what could behave otherwise there.
_QUICK = ("-m", "not e2e and not programs and not sweep")
_ON_POSTGRESQL = ("-m", "not e2e and not programs and not embedded")
_ON_SQLITE_AS_WELL = ("-m", "not e2e and not programs and not sweep and not once")
_WITH_PROGRAMS = ("-m", "e2e or programs")
#: What of the caller's environment stays outside. The last, which containers like to set, would have each of more than a
#: hundred processes compile the portal anew, and each worker rewrite the assertions of all tests.
_NOT_FOR_TESTS = (
    "PORTAL_DATABASE_URL",
    "PORTAL_REDIS_URL",
    "PORTAL_DEBUG",
    "PORTAL_HTTPS",
    "PORTAL_TEST_SCRATCH",
    "PORTAL_TEST_CLOCK_SET_BACK",
    "PORTAL_MEASURED",
    "PYTHONDONTWRITEBYTECODE",
)
#: The exit code of pytest when not one test was chosen.
_NO_TESTS_CHOSEN = 5
#: How far the others stand back behind the phase that waits for a browser, which leaves most of a core free.
_STANDS_BACK = 10


def run(arguments: list[str]) -> int:
    """Run what was asked for; the exit code is 0 only if all of it passed."""
    if arguments[:1] in (["--help"], ["-h"]):
        say(USAGE)
        return 0
    everything = "--all" in arguments
    rest = [argument for argument in arguments if argument != "--all"]
    ensure_packages(dev=True)
    ensure_pango(install=True)
    scratch = writable(Path(tempfile.mkdtemp(prefix="portal-test-")))
    env = {**os.environ, "PORTAL_VAR": str(scratch)}
    for name in _NOT_FOR_TESTS:
        env.pop(name, None)
    try:
        if everything:
            return _everything(rest, env)
        return subprocess.run(_pytest(rest or list(_QUICK)), cwd=ROOT, env=env, preexec_fn=tied()).returncode
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _pytest(arguments: list[str], *, before: Sequence[str] = ()) -> list[str]:
    """The tests, in parallel unless the arguments say otherwise; browser journeys stay together in one worker."""
    spread = [] if any(_chooses_workers(argument) for argument in arguments) else ["-n", "auto", "--maxprocesses", "4"]
    return [str(PYTHON), *before, "-m", "pytest", *spread, "--dist", "loadgroup", *_LONGEST, *arguments]


def _chooses_workers(argument: str) -> bool:
    return argument.startswith(("-n", "--numprocesses")) or argument in {"--pdb", "-s"}


@dataclass
class Phase:
    """One program of ``--all``. What it says goes into a file of its own and is shown when it has ended."""

    name: str
    heading: str
    command: list[str]
    env: Mapping[str, str]
    stands_back: bool = False
    code: int = 0
    _output: Path = field(default=Path(), repr=False)
    _started: float = 0.0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self, folder: Path) -> None:
        end_with_us = tied()

        def prepare() -> None:
            end_with_us()
            if self.stands_back:
                os.nice(_STANDS_BACK)

        self._output, self._started = folder / f"{self.name.replace(' ', '-')}.txt", time.monotonic()
        with self._output.open("wb") as out:
            say(f"-- {self.heading} …")
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=prepare,
            )

    def has_ended(self) -> bool:
        """Also shows what it said, once it has."""
        if self._process is None or (code := self._process.poll()) is None:
            return False
        self.code = code
        minutes, seconds = divmod(int(time.monotonic() - self._started), 60)
        ended = {0: "通过 passed", _NO_TESTS_CHOSEN: "没有选到测试 nothing chosen"}.get(code, "未通过 FAILED")
        say(f"== {self.heading}：{ended} ({minutes} min {seconds:02d} s)")
        say(self._output.read_text(encoding="utf-8", errors="replace").rstrip("\n"))
        return True

    def end(self) -> None:
        """End it early: the run is given up."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


def side_by_side(lanes: Sequence[Sequence[Phase]], folder: Path) -> None:
    """Run lanes beside each other, the phases of a lane one after another, whatever fails on the way. Leaves nothing
    running, also when it is given up."""
    waiting = [deque(lane) for lane in lanes]
    running: list[Phase | None] = [None for _lane in lanes]
    try:
        while any(waiting) or any(running):
            for number, phase in enumerate(running):
                if phase is None or phase.has_ended():
                    running[number] = following = waiting[number].popleft() if waiting[number] else None
                    if following is not None:
                        following.start(folder)
            time.sleep(0.1)
    finally:
        for phase in running:
            if phase is not None:
                phase.end()


@contextlib.contextmanager
def _ended_like_an_interrupt() -> Iterator[None]:
    """Asked to end, the run first ends what it started and removes its folder."""

    def give_up(signum: int, _frame: object) -> None:
        raise SystemExit(128 + signum)

    before = signal.signal(signal.SIGTERM, give_up)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _everything(arguments: list[str], env: dict[str, str]) -> int:
    """All of it, whatever fails on the way; one line at the end says what passed."""
    started, folder = time.monotonic(), Path(env["PORTAL_VAR"])
    tests, beside = (
        _tests(arguments, env),
        [*(_lint(*linter, env) for linter in LINTERS.items()), _journeys(arguments, env)],
    )
    say("== 各阶段同时进行，结束一个显示一个 / phases run side by side; each is shown when it has ended")
    with _ended_like_an_interrupt():
        side_by_side((tests, beside), folder)
    results = {phase.name: phase.code for phase in (*beside, *tests)}
    if arguments:
        # What was chosen may be all of one sort; chosen nowhere, it is misspelt.
        runs = ("embedded", "browser and programs", "PostgreSQL + Redis")
        if any(results[name] != _NO_TESTS_CHOSEN for name in runs):
            results = {name: 0 if code == _NO_TESTS_CHOSEN else code for name, code in results.items()}
    failed = [name for name, code in results.items() if code]
    minutes, seconds = divmod(int(time.monotonic() - started), 60)
    passed = ", ".join(name for name in results if name not in failed) or "-"
    verdict = f"全部通过 all passed: {passed}"
    if failed:
        verdict = f"未通过 FAILED: {', '.join(failed)}；通过 passed: {passed}"
    say(f"== {verdict} ({minutes} min {seconds:02d} s)")
    return 1 if failed else 0


def _tests(arguments: list[str], env: Mapping[str, str]) -> list[Phase]:
    """The tests in the process, on both sets; both cores are theirs but for what the phases beside them take."""
    measured = str(Path(env["PORTAL_VAR"]) / "coverage")
    servers = str(ROOT / "deploy" / "with_servers.py")
    production = Phase(
        "PostgreSQL + Redis",
        "测试：PostgreSQL + Redis",
        _pytest([*_ON_POSTGRESQL, *arguments], before=[servers]),
        env if arguments else {**env, "PORTAL_MEASURED": measured},
        stands_back=True,
    )
    embedded = Phase(
        "embedded",
        "测试：内嵌环境（SQLite） / embedded set",
        _pytest([*_ON_SQLITE_AS_WELL, *arguments]),
        env,
        stands_back=True,
    )
    if arguments:
        return [production, embedded]
    floor = [str(PYTHON), str(ROOT / "deploy" / "coverage_floor.py"), measured]
    return [production, Phase("coverage", "测试覆盖率 / coverage", floor, env), embedded]


def _journeys(arguments: list[str], env: Mapping[str, str]) -> Phase:
    return Phase(
        "browser and programs",
        "测试：浏览器与各程序 / the browser journeys and the programs",
        _pytest([*_WITH_PROGRAMS, *arguments]),
        {**env, "PORTAL_E2E": "required"},
    )


def _lint(name: str, command: list[str], env: Mapping[str, str]) -> Phase:
    secure = {"PORTAL_HTTPS": "1"} if name == "deploy check" else {}
    return Phase(name, f"检查：{name}", [word.format(bin=VENV / "bin") for word in command], {**env, **secure})
