"""The command line behind ``./portal``: set up whatever is missing, then run. Standard library only."""

import argparse
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from deploy import environment, holders, preparation, testing  # noqa: E402 -- found through the line above
from deploy.messages import Stop, say, warn  # noqa: E402

DESCRIPTION = "产业工人队伍建设改革工作平台 / the industrial-workforce reform portal"


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="./portal", description=DESCRIPTION)
    commands = top.add_subparsers(dest="command", required=True, metavar="up | backup | restore | test | manage")
    up = commands.add_parser("up", help="准备好所缺的一切并启动 / set up whatever is missing and serve")
    up.add_argument("--empty", action="store_true", help="不装载演示数据 / without the demo")
    up.add_argument("--replace", action="store_true", help="先结束已在运行的 / end the one that runs already")
    up.add_argument("--port", type=int, default=8000, metavar="N", help="端口，默认 8000 / port")
    up.add_argument("--host", default="127.0.0.1", metavar="H", help="监听地址，默认仅本机 / address to listen on")
    commands.add_parser("backup", help="备份数据库、文件和密钥 / back up database, files and keys", add_help=False)
    commands.add_parser("restore", help="用备份恢复（先停止平台） / restore a backup, while stopped", add_help=False)
    test = commands.add_parser("test", help="运行测试 / run the tests", add_help=False)
    test.add_argument("--all", action="store_true")
    commands.add_parser("manage", help="转给 manage.py / pass on to manage.py", add_help=False)
    return top


def up(options: argparse.Namespace) -> int:
    """Serve, after setting up whatever is missing. Replaces this process by the supervisor."""
    var = environment.var_dir()
    take_place(var, options)
    environment.ensure_packages()
    if line := preparation.contradiction(var, empty=options.empty):
        warn(line)
    environment.ensure_pango(install=not (var / "prepared").exists())
    loaded = preparation.prepare(var, empty=options.empty)
    allow_hosts(options.host)
    command = [str(environment.PYTHON), "-m", "reform_portal.supervisor", "--host", options.host]
    command += ["--port", str(options.port), *(["--show-accounts"] if loaded else [])]
    os.chdir(ROOT)
    os.execv(command[0], command)


def take_place(var: Path, options: argparse.Namespace) -> None:
    """Hold folder and port. What runs there already is named, and ended when told so or agreed."""
    steps: list[Callable[[], object]] = [
        lambda: environment.lock(var),
        lambda: environment.check_leftovers(var),
        lambda: environment.check_port(options.host, options.port),
    ]
    for step in steps:
        try:
            step()
        except environment.Held as held:
            if not environment.may_end(held.holders, replace=options.replace):
                raise
            say(f"正在结束 {'、'.join(map(str, held.holders))}…")
            holders.end(held.holders)
            step()


def allow_hosts(host: str) -> None:
    """Served to others (``--host 0.0.0.0``), the portal answers to this machine's own names, not to any name."""
    if host in {"127.0.0.1", "localhost", "::1"} or os.environ.get("PORTAL_ALLOWED_HOSTS"):
        return
    name = socket.gethostname()
    names = {"localhost", "127.0.0.1", "[::1]", name, socket.getfqdn()}
    try:
        names |= {str(found[4][0]) for found in socket.getaddrinfo(name, None, socket.AF_INET)}
    except socket.gaierror:
        warn(f"提示：本机名 {name} 无法解析；用其他地址访问时请设置 PORTAL_ALLOWED_HOSTS。")
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 -- compared, not bound
        names.add(host)
    os.environ["PORTAL_ALLOWED_HOSTS"] = ",".join(sorted(names))


def manage(arguments: list[str]) -> int:
    """``./portal manage …``: manage.py with the portal's Python, in the caller's folder."""
    environment.ensure_packages()
    environment.var_dir()
    os.execv(environment.PYTHON, [str(environment.PYTHON), str(ROOT / "manage.py"), *arguments])


def main(arguments: list[str]) -> int:
    try:
        environment.check_python(sys.version_info[:3])
        if arguments[:1] == ["manage"]:
            return manage(arguments[1:])
        if arguments[:1] in (["backup"], ["restore"]):
            return manage(arguments)
        if arguments[:1] == ["test"]:
            return testing.run(arguments[1:])
        return up(parser().parse_args(arguments))
    except Stop as stop:
        warn(str(stop))
        return 1
    except KeyboardInterrupt:
        say("")
        warn("已中断。 / Interrupted.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
