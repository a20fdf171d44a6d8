"""``./portal test``: the tests on the embedded set; with ``--all`` the linters and PostgreSQL + Redis as well."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from deploy.environment import PYTHON, ROOT, VENV, ensure_packages, ensure_pango, writable
from deploy.lifeline import tied
from deploy.messages import say

USAGE = """用法 / usage: ./portal test [--all] [pytest 参数 / pytest arguments]
  无参数：在内嵌环境（SQLite）上运行测试，浏览器测试和另起程序的测试除外（如 ./portal test tests/e2e 可单独运行）
  --all ：另加代码检查、上述两类测试，以及 PostgreSQL + Redis 上的测试
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
#: set whatever the others run on: once is enough, and nothing of theirs could be measured for coverage.
_IN_PROCESS = ("-m", "not e2e and not programs")
_WITH_PROGRAMS = ("-m", "e2e or programs")
#: The exit code of pytest when not one test was chosen.
_NO_TESTS_CHOSEN = 5


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
    for name in ("PORTAL_DATABASE_URL", "PORTAL_REDIS_URL", "PORTAL_DEBUG", "PORTAL_HTTPS", "PORTAL_TEST_SCRATCH"):
        env.pop(name, None)
    try:
        return _everything(rest, env) if everything else _pytest(rest or list(_IN_PROCESS), env)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _pytest(arguments: list[str], env: dict[str, str], *, before: list[str] | None = None) -> int:
    """The tests, in parallel unless the arguments say otherwise; browser journeys stay together in one worker."""
    spread = [] if any(_chooses_workers(argument) for argument in arguments) else ["-n", "auto", "--maxprocesses", "4"]
    command: list[str | Path] = [
        PYTHON,
        *(before or []),
        "-m",
        "pytest",
        *spread,
        "--dist",
        "loadgroup",
        *_LONGEST,
        *arguments,
    ]
    return subprocess.run(command, cwd=ROOT, env=env, preexec_fn=tied()).returncode


def _chooses_workers(argument: str) -> bool:
    return argument.startswith(("-n", "--numprocesses")) or argument in {"--pdb", "-s"}


def _everything(arguments: list[str], env: dict[str, str]) -> int:
    """All of it, whatever fails on the way; one line at the end says what passed."""
    started = time.monotonic()
    results = {name: _lint(name, command, env) for name, command in LINTERS.items()}
    say("== 测试：内嵌环境（SQLite） / embedded set")
    # Measured here only: on two cores it makes this run half as long again, and the other run would say the same.
    measuring = {**env, "COVERAGE_FILE": str(Path(env["PORTAL_VAR"]) / "coverage")}
    measure = ("--cov", "--cov-config=pyproject.toml", "--cov-report=")
    results["embedded"] = _pytest([*measure, *_IN_PROCESS, *arguments], measuring)
    if not arguments:
        say("== 测试覆盖率 / coverage")
        floor: list[str | Path] = [PYTHON, str(ROOT / "deploy" / "coverage_floor.py")]
        results["coverage"] = subprocess.run(floor, cwd=ROOT, env=measuring, preexec_fn=tied()).returncode
    say("== 测试：浏览器与各程序 / the browser journeys and the programs")
    results["browser and programs"] = _pytest([*_WITH_PROGRAMS, *arguments], {**env, "PORTAL_E2E": "required"})
    say("== 测试：PostgreSQL + Redis")
    production = [str(ROOT / "deploy" / "with_servers.py")]
    results["PostgreSQL + Redis"] = _pytest([*_IN_PROCESS, *arguments], env, before=production)
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


def _lint(name: str, command: list[str], env: dict[str, str]) -> int:
    say(f"== 检查：{name}")
    secure = {"PORTAL_HTTPS": "1"} if name == "deploy check" else {}
    line = [word.format(bin=VENV / "bin") for word in command]
    return subprocess.run(line, cwd=ROOT, env={**env, **secure}, preexec_fn=tied()).returncode
