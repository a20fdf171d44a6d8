"""What must be done once before the portal can serve: tables, static files, reference data, demo or first account."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from deploy.environment import PYTHON, ROOT
from deploy.lifeline import tied
from deploy.messages import Stop, say

#: Folders that cannot change what has to be set up; hidden ones are left out as well.
_ASIDE = {"var", "tests", "docs", "bench", "node_modules", "__pycache__"}
DEMO, DEMO_STARTED, EMPTY = "demo", "demo-started", "empty"


def manage(*arguments: str, check: bool = True) -> int:
    """Run ``manage.py`` with the portal's Python; its own output says what went wrong."""
    done = subprocess.run([PYTHON, ROOT / "manage.py", *arguments], cwd=ROOT, preexec_fn=tied())
    if check and done.returncode:
        name = arguments[0]
        raise Stop(f"{name} 没有完成，原因见上面的输出。", f"{name} failed; the reason is printed above.")
    return done.returncode


def fingerprint() -> str:
    """One value for the state of code, migrations, data and static files; by name, size and time of change."""
    total = hashlib.sha256(os.environ.get("PORTAL_DATABASE_URL", "").encode())
    for path in (*_files(ROOT), *_files(ROOT / "docs" / "handbook")):
        status = path.stat()
        total.update(f"{path.relative_to(ROOT)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return total.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda item: item.name):
        if entry.name in _ASIDE or entry.name.startswith(".") or entry.name.endswith(".pyc"):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)


def prepare(var: Path, *, empty: bool) -> bool:
    """Do what is missing; nothing when nothing changed since the last time. Returns whether the demo was loaded now."""
    stamp, now = var / "prepared", fingerprint()
    if stamp.exists() and stamp.read_text() == now and _content(var) in {DEMO, EMPTY}:
        return False
    stamp.unlink(missing_ok=True)
    say("正在准备数据库…")
    manage("migrate", "--verbosity", "0")
    cache = ["createcachetable"]
    manage(*cache, *([] if os.environ.get("PORTAL_REDIS_URL") else ["--database", "ephemeral"]))
    say("正在整理静态文件…")
    manage("collectstatic", "--noinput", "--verbosity", "0")
    say("正在装载基础数据（区划、行业、政策文件、指标）…")
    manage("load_reference_data")
    loaded = _fill(var, empty=empty)
    # Not finished while nobody can sign in: the next start asks for the first administrator again.
    if loaded or _has_accounts():
        stamp.write_text(now)
    return loaded


def _content(var: Path) -> str:
    """What this portal holds: the demo or a real start. Decided at the first start and never mixed afterwards."""
    marker = var / "content"
    return marker.read_text().strip() if marker.exists() else ""


def _fill(var: Path, *, empty: bool) -> bool:
    """Load the demo, or make the first administrator, according to what the portal already is."""
    content = _content(var) or _fresh(empty=empty)
    marker = var / "content"
    if content == EMPTY:
        marker.write_text(EMPTY)
        manage("first_admin")
    elif content == DEMO_STARTED:
        say("正在装载演示数据（约一分钟）…")
        marker.write_text(DEMO_STARTED)
        manage("demo_data")
        marker.write_text(DEMO)
        return True
    return False


def _fresh(*, empty: bool) -> str:
    """A portal without marker: one that has accounts already is never filled with the demo."""
    return EMPTY if empty or _has_accounts() else DEMO_STARTED


def _has_accounts() -> bool:
    return manage("first_admin", "--exists", check=False) == 0


def contradiction(var: Path, *, empty: bool) -> str:
    """A line for a person who asks for the other content than the portal was started with."""
    if empty and _content(var) == DEMO:
        return f"提示：{var} 里已是演示数据，--empty 不起作用；要从空白开始，请用 PORTAL_VAR 指定新的文件夹。"
    return ""
