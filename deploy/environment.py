"""The environment the portal runs in: folders, Python, packages, system libraries. Each step is cheap when done."""

import ctypes.util
import errno
import fcntl
import hashlib
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy import guardian, holders
from deploy.messages import Stop, say, warn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
REASONS = {
    errno.EACCES: ("没有写入权限", "permission denied"),
    errno.EPERM: ("没有写入权限", "permission denied"),
    errno.EROFS: ("磁盘是只读的", "the disk is read-only"),
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.ENOTDIR: ("上级路径不是文件夹", "a parent of it is not a folder"),
    errno.EEXIST: ("同名文件已存在", "a file of that name exists"),
}


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old, by one line."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        found = ".".join(map(str, version[:2]))
        raise Stop(
            f"需要 Python 3.11 或更高版本，当前为 {found}；请安装后重试。",
            f"Python 3.11 or newer is needed, this is {found}; install it and try again.",
        )


def writable(folder: Path) -> Path:
    """Make the folder if it is missing and prove that it can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        chinese, english = REASONS.get(error.errno or 0, (error.strerror, error.strerror))
        raise Stop(
            f"无法写入文件夹 {folder}：{chinese}；请修改权限，或用环境变量 PORTAL_VAR 指定别的文件夹。",
            f"cannot write to {folder}: {english}; change its permissions or set PORTAL_VAR to another folder.",
        )


def private(folder: Path) -> None:
    """See to it that nobody else on this machine reads the folder: personal data and keys lie in it."""
    try:
        for entry in (folder, *(path for path in folder.iterdir() if path.is_file())):
            mode = stat.S_IMODE(entry.stat().st_mode)
            if mode & 0o077:
                entry.chmod(mode & 0o700)
    except OSError:
        mode = stat.S_IMODE(folder.stat().st_mode)
        raise Stop(
            f"数据文件夹 {folder} 的权限是 {mode:04o}，其他用户也能读，且无法改为只许本人访问；"
            f"请由它的所有者执行 chmod -R go-rwx {folder}，或用环境变量 PORTAL_VAR 指定自己的文件夹。",
            f"the data folder {folder} has mode {mode:04o} and this user may not change it; its owner has to close it to others.",
        )


def var_dir() -> Path:
    """The folder of all run-time data, proven writable and closed to other users, with the folders of the embedded broker
    in it. What this process and its children write from now on is their own user's alone."""
    os.umask(0o077)
    var = writable(Path(os.environ.get("PORTAL_VAR") or ROOT / "var").resolve())
    private(var)
    for name in ("queue", "control"):
        writable(var / "broker" / name)
    os.environ["PORTAL_VAR"] = str(var)
    return var


class Held(Stop):
    """Something runs already where this portal should. ``holders`` are live processes, the portal's own among them."""

    def __init__(self, chinese: str, english: str, found: Sequence[holders.Holder]) -> None:
        super().__init__(chinese, english)
        self.holders = list(found)


def lock(var: Path) -> int:
    """Hold the folder for this portal; the lock ends with the process, however it ends. Returns the descriptor."""
    descriptor = os.open(var / "portal.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        written = os.read(descriptor, 32).decode(errors="replace").strip()
        os.close(descriptor)
        found = holders.holder(int(written)) if written.isdigit() else None
        raise Held(
            f"平台已在运行（进程 {found or '?'}，数据文件夹 {var}）；请先停止它，或用 PORTAL_VAR 指定别的文件夹；"
            "要结束它并重新启动，加上 --replace。",
            f"the portal is already running (process {written or '?'}, folder {var}); stop it, set another PORTAL_VAR, or add"
            " --replace.",
            [found] if found else [],
        )
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    os.set_inheritable(descriptor, True)
    return descriptor


def check_leftovers(var: Path) -> None:
    """Refuse while processes of an earlier run, whose supervisor was killed, still work on the folder. They are ending by
    themselves (``deploy/guardian.py``), so a moment is waited."""
    left = holders.of_folder(var)
    if not left or holders.wait_gone([one.pid for one in left], within=2 * guardian.PATIENCE):
        return
    left = [one for one in left if holders.is_alive(one.pid)]
    named = "、".join(map(str, left))
    raise Held(
        f"数据文件夹 {var} 还有上次运行留下的进程：{named}；请结束它们，或加上 --replace。",
        f"processes of an earlier run still use {var}: {', '.join(str(one.pid) for one in left)}; end them or add --replace.",
        left,
    )


def check_port(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, before anything is set up."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            found = holders.of_port(port)
            named = "，占用它的进程：" + "、".join(map(str, found)) if found else ""
            raise Held(
                f"端口 {port} 已被占用{named}；请换一个端口，如 ./portal up --port {port + 1}。",
                f"port {port} is taken; use another one, e.g. ./portal up --port {port + 1}.",
                found,
            )
        raise Stop(
            f"无法监听 {host}:{port}（{error.strerror}）；请用 --host、--port 换一个地址。",
            f"cannot listen on {host}:{port} ({error.strerror}); choose another with --host and --port.",
        )


def may_end(found: Sequence[holders.Holder], *, replace: bool) -> bool:
    """Whether to end these processes and go on: when told so, or when somebody at the terminal agrees. Never those of
    another program."""
    if not found or not all(one.is_portal for one in found):
        return False
    if replace or not sys.stdin.isatty():
        return replace
    named = "、".join(map(str, found))
    return input(f"正在运行：{named}。结束并继续启动吗？输入 y 继续：").strip().lower() == "y"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def ensure_packages(*, dev: bool = False) -> None:
    """Make ``.venv`` and install the pinned requirements when they differ from what was installed last."""
    files = ["requirements.txt", *(["requirements-dev.txt"] if dev else [])]
    writable(VENV)
    with (VENV / ".lock").open("w") as handle:
        # Two commands at once on a fresh machine: the second waits and finds everything done.
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not _runs(PYTHON, "import pip"):
            _make_venv()
        for name in files:
            stamp = VENV / f".installed-{name}"
            if stamp.exists() and stamp.read_text() == digest(ROOT / name):
                continue
            say(f"正在安装依赖 {name}（首次需要一两分钟）…")
            _install(name)
            stamp.write_text(digest(ROOT / name))


def _runs(python: Path, code: str) -> bool:
    """Whether this Python exists, is new enough and can run the code."""
    guard = f"import sys; assert sys.version_info >= {OLDEST_PYTHON}; "
    try:
        return subprocess.run([python, "-c", guard + code], capture_output=True).returncode == 0
    except OSError:
        return False


def _make_venv() -> None:
    say("正在建立 Python 环境 .venv…")
    base = Path(getattr(sys, "_base_executable", sys.executable))
    if not _runs(base, "import ensurepip, venv") and not apt_install("python3-venv"):
        raise Stop(
            "缺少 Python 的 venv 组件；请先安装（Debian/Ubuntu：apt-get install python3-venv）。",
            "Python's venv module is missing; install it first (Debian/Ubuntu: apt-get install python3-venv).",
        )
    _checked(
        [base, "-m", "venv", "--clear", VENV],
        "无法建立 .venv",
        "could not make .venv",
    )


def _install(name: str) -> None:
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    hashes: list[str | Path] = ["--require-hashes", "-r", ROOT / name]
    quiet = {"PIP_ROOT_USER_ACTION": "ignore"}
    _checked([*pip, *hashes], f"安装 {name} 失败，请检查网络", f"installing {name} failed, check the network", quiet)


def _checked(command: list[str | Path], chinese: str, english: str, extra: dict[str, str] | None = None) -> None:
    """Run a command quietly; when it fails, its last line is the cause that is shown."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(extra or {})}, cwd=ROOT)
    if done.returncode:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        cause = next((line for line in reversed(lines) if "ERROR" in line), lines[-1] if lines else "?")
        raise Stop(f"{chinese}（{cause.strip()}）。", f"{english}.")


def apt_install(*packages: str) -> bool:
    """Install Debian packages where this process may; says nothing, returns whether it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages])
    # The first may fail for one source of many; whether the second worked is what counts.
    codes = [
        subprocess.run(["apt-get", *one], capture_output=True, env=env, stdin=subprocess.DEVNULL).returncode
        for one in commands
    ]
    return codes[-1] == 0


def pango_missing() -> list[str]:
    names = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
    return [name for name in names if not ctypes.util.find_library(name)]


def ensure_pango(*, install: bool) -> None:
    """PDF needs Pango. Without it everything else works, and one line says what to install."""
    if not pango_missing():
        return
    if install and os.geteuid() == 0:
        say("正在安装 PDF 所需的 Pango…")
        if apt_install(*PANGO_PACKAGES) and not pango_missing():
            return
    warn(
        f"提示：未找到 Pango，暂不能生成 PDF，其他功能不受影响；安装：apt-get install {' '.join(PANGO_PACKAGES)}"
        " / Note: Pango is missing; everything but PDF works."
    )
