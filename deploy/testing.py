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
  无参数：在内嵌环境（SQLite）上运行全部测试，浏览器测试除外（./portal test tests/e2e 单独运行）
  --all ：另加代码检查、浏览器测试，以及 PostgreSQL + Redis 上的测试
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
        return _everything(rest, env) if everything else _pytest(rest or ["-m", "not e2e"], env)
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
    say("== 测试：内嵌环境（SQLite），含浏览器 / embedded set with the browser journeys")
    # Measured here only: on two cores it makes this run half as long again, and the other run would say the same.
    measuring = {**env, "PORTAL_E2E": "required", "COVERAGE_FILE": str(Path(env["PORTAL_VAR"]) / "coverage")}
    results["embedded"] = _pytest(["--cov", "--cov-config=pyproject.toml", "--cov-report=", *arguments], measuring)
    if not arguments:
        say("== 测试覆盖率 / coverage")
        floor: list[str | Path] = [PYTHON, str(ROOT / "deploy" / "coverage_floor.py")]
        results["coverage"] = subprocess.run(floor, cwd=ROOT, env=measuring, preexec_fn=tied()).returncode
    say("== 测试：PostgreSQL + Redis")
    production = [str(ROOT / "deploy" / "with_servers.py")]
    results["PostgreSQL + Redis"] = _pytest(["-m", "not e2e", *arguments], env, before=production)
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
