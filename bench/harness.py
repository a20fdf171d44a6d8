"""What all benchmarks share: settings, the figures' table with the yardstick, what a piece of work costs, who signs in,
and a portal of one's own to ask.

Every benchmark takes ``--tiny``: once through everything on whatever portal there is, so that a test can start it. The
portal is the one of PORTAL_VAR and PORTAL_DATABASE_URL; what a benchmark writes there stays unless it says otherwise.
"""

import argparse
import contextlib
import datetime
import os
import platform
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import django

from bench import yardstick
from bench.cost import cost_of

ROOT = Path(__file__).resolve().parent.parent
#: No process may hold more.
MEMORY_MB = 500


def begin() -> None:
    """Django, as the portal runs it, with the static files and folders that ``./portal`` would have made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_portal.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    for folder in ("queue", "control"):
        (settings.VAR_DIR / "broker" / folder).mkdir(parents=True, exist_ok=True)
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    if "ephemeral" in settings.DATABASES:
        call_command("migrate", database="ephemeral", verbosity=0)
        call_command("createcachetable", database="ephemeral", verbosity=0)


def options(description: str, flags: Sequence[str] = (), **numbers: tuple[int, int]) -> argparse.Namespace:
    """Parsed arguments: ``tiny``, the flags, and each number by name as (usual, tiny)."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--tiny", action="store_true", help="once through everything, no limit holds")
    for flag in flags:
        parser.add_argument(f"--{flag}", action="store_true")
    for name, (usual, _tiny) in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=None, metavar="N", help=f"default {usual}")
    found = parser.parse_args()
    for name, (usual, tiny) in numbers.items():
        if getattr(found, name) is None:
            setattr(found, name, tiny if found.tiny else usual)
    return found


# --- the table ------------------------------------------------------------------------------------


class Figures:
    """A Markdown table of figures in seconds or milliseconds, each as measured and divided by the yardstick.

    A limit means the divided figure. ``over`` counts those beyond; none is on tiny data."""

    def __init__(self, what: str, unit: str, *, tiny: bool) -> None:
        self.unit, self.tiny, self.over = unit, tiny, 0
        #: What each line has used, by its name.
        self.cpu: dict[str, float] = {}
        now = yardstick.measure()
        self.factor = yardstick.slower_by(now)
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        print(
            f"\n{what}: {platform.node()}, {datetime.datetime.now():%Y-%m-%d %H:%M}, {now.database}, load {load}; "
            f"yardstick Python {now.python:.1f} ms, SQL {now.sql:.1f} ms, {self.factor:.2f} × reference\n"
        )
        print(f"| | {unit} | divided | CPU {unit} | limit | |\n|---|---:|---:|---:|---:|---|", flush=True)

    def add(
        self,
        name: str,
        value: float,
        *,
        cpu: float | None = None,
        limit: float | None = None,
        note: str = "",
        by_cpu: bool = False,
    ) -> None:
        """A line. ``by_cpu``: the limit holds the CPU, which does not depend on what else the machine does."""
        if cpu is not None:
            self.cpu[name] = cpu
        divided = value / self.factor
        held = cpu / self.factor if by_cpu and cpu is not None else divided
        late = limit is not None and held > limit and not self.tiny
        self.over += late
        shown = [f"{value:.{self._digits(value)}f}", f"{divided:.{self._digits(divided)}f}"]
        shown += ["" if cpu is None else f"{cpu:.{self._digits(cpu)}f}", "" if limit is None else f"{limit:g}"]
        print(f"| {name} | {' | '.join(shown)} | {'over; ' if late else ''}{note} |", flush=True)

    def timed(self, name: str, do: Callable[[], Any], *, limit: float | None = None, note: str = "") -> Any:
        """Do it once and add its line, in seconds; the limit holds the CPU."""
        result, cost = cost_of(do)
        told = [note] if note else []
        if cost.database:
            told.append(f"of it {cost.database:.2f} s in the database")
        self.add(name, cost.wall, cpu=cost.all_cpu, limit=limit, note="; ".join(told), by_cpu=True)
        return result

    @staticmethod
    def _digits(value: float) -> int:
        return 2 if value < 10 else 1 if value < 100 else 0

    def memory(self, of: str, peak: float) -> None:
        """A line of memory: the same on every machine."""
        late = peak > MEMORY_MB and not self.tiny
        self.over += late
        print(f"| peak memory of {of}, MB | {peak:.0f} | | | {MEMORY_MB} | {'over' if late else ''} |", flush=True)

    @property
    def exit_code(self) -> int:
        return 1 if self.over else 0


def peak_memory() -> float:
    """The most that this process has held at once, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Silent:
    """Progress of a job nobody looks at."""

    def __call__(self, percent: int, message: str = "") -> None:
        """Reported to nobody."""

    def check(self) -> None:
        """Never cancelled."""


# --- people ---------------------------------------------------------------------------------------


class People(NamedTuple):
    """One of each role: of the county with the most enterprises, and its city; the clerk of its busiest enterprise."""

    clerk: Any
    county: Any
    city: Any
    province: Any
    admin: Any
    enterprise: Any


def _holder(role: str, place_id: int) -> Any:
    from foundation.access.models import Grant

    grants = Grant.objects.in_force().filter(role=role, place=place_id, user__is_active=True).select_related("user")
    grant = grants.order_by("-user__username").first()
    if grant is None:
        sys.exit(f"nobody holds the role {role} at place {place_id}: seed the portal, or load the demonstration")
    return grant.user


def people() -> People:
    from django.db.models import Count

    from enterprises.models import Enterprise
    from foundation.access.models import Grant, Role
    from foundation.places.models import Place
    from records.models import Record

    staffed = Grant.objects.in_force().filter(role=Role.CLERK).values("place")
    officers = Grant.objects.in_force().filter(role=Role.COUNTY).values("place")
    held = Enterprise.objects.filter(is_active=True, place__in=staffed, county__in=officers)
    largest = held.order_by().values("county").annotate(count=Count("pk")).order_by("-count", "county").first()
    if largest is None:
        sys.exit("no enterprise with a clerk: seed the portal (manage.py seed_scale), or load the demonstration")
    county = Place.objects.get(pk=largest["county"])
    filed = Record.objects.filter(county=county, enterprise__in=held.values("pk"))
    busiest = filed.order_by().values("enterprise").annotate(count=Count("pk")).order_by("-count", "enterprise").first()
    enterprise = held.get(pk=busiest["enterprise"]) if busiest else held.filter(county=county).first()
    return People(
        _holder(Role.CLERK, enterprise.pk),
        _holder(Role.COUNTY, county.pk),
        _holder(Role.CITY, county.city_id),
        _holder(Role.PROVINCE, county.province_id),
        _holder(Role.ADMIN, county.province_id),
        enterprise,
    )


def clerks(count: int) -> list[tuple[Any, Any]]:
    """(user, enterprise) of so many enterprises that have a clerk."""
    from enterprises.models import Enterprise
    from foundation.access.models import Grant, Role

    grants = Grant.objects.in_force().filter(role=Role.CLERK, place__level="enterprise", user__is_active=True)
    found = [(grant.user, Enterprise.objects.get(pk=grant.place_id)) for grant in grants.select_related("user")[:count]]
    if len(found) < count:
        sys.exit(f"only {len(found)} enterprises have a clerk, {count} are needed")
    return found


def signed_in(user: Any) -> Any:
    """A test client of the portal, in this process."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- a portal of one's own --------------------------------------------------------------------------


class _Stay(urllib.request.HTTPRedirectHandler):
    """Where an answer leads to is another page, and another figure."""

    def redirect_request(self, *_arguments: Any, **_more: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


class Browser:
    """Somebody signed in to a running portal, by a session written into its database."""

    def __init__(self, address: str, user: Any) -> None:
        self.address = address
        cookies = signed_in(user).cookies
        self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
        self.token = ""

    def get(self, path: str) -> str:
        return self._send(path, None, {})

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """A write through the API. Returns (status, answer)."""
        import json

        if not self.token:
            self.get("/")
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        try:
            return 200, json.loads(self._send(path, json.dumps(body).encode(), headers))
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read().decode() or "null")

    def fill_in(self, path: str, values: dict[str, Any]) -> bool:
        """Send a form. Returns whether it was taken: the answer then leads to another page, which is not fetched."""
        if not self.token:
            self.get("/")
        body = urlencode({**values, "csrfmiddlewaretoken": self.token}).encode()
        try:
            self._send(path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        except urllib.error.HTTPError as error:
            if error.code == 302:
                return True
            raise
        return False

    def _send(self, path: str, body: bytes | None, headers: dict[str, str]) -> str:
        cookie = f"{self.cookie}; csrftoken={self.token}" if self.token else self.cookie
        headers = {"Cookie": cookie, "Referer": self.address, **headers}
        url = self.address + quote(path, safe="/?&=%-,")
        request = urllib.request.Request(url, body, headers)  # noqa: S310 -- the portal's own address
        with _opener.open(request, timeout=120) as response:
            for header in response.headers.get_all("Set-Cookie") or []:
                if found := re.match(r"csrftoken=([^;]+)", header):
                    self.token = found[1]
            return response.read().decode()


class Portal:
    """A running portal: address and processes by name."""

    def __init__(self, address: str, processes: dict[str, subprocess.Popen]) -> None:
        self.address, self.processes = address, processes

    def peaks(self) -> dict[str, float]:
        """The most memory that any process of each kind has held at once, in MB."""
        parents = {process.pid: name for name, process in self.processes.items()}
        found: dict[str, float] = {}
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                said = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            except OSError:
                continue  # ended meanwhile
            pid, parent = int(said["Pid"]), int(said["PPid"])
            name = parents.get(pid) or parents.get(parent)
            if name and "VmHWM" in said:
                found[name] = max(found.get(name, 0), int(said["VmHWM"].split()[0]) / 1024)
        return found


@contextlib.contextmanager
def portal(*names: str) -> Iterator[Portal]:
    """The portal's own processes of these names (``web``, ``worker``, ``figures`` …), started as ``./portal up`` starts
    them, on the portal of this environment; stopped at the end."""
    from django.conf import settings

    from reform_portal.supervisor import commands

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    lines = commands("127.0.0.1", port)
    log = settings.VAR_DIR / "bench.log"
    processes: dict[str, subprocess.Popen] = {}
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as out:
        try:
            for name in names:
                processes[name] = subprocess.Popen(lines[name], cwd=ROOT, stdout=out, stderr=out)
            _wait(address, processes, log)
            yield Portal(address, processes)
        finally:
            for process in processes.values():
                process.send_signal(signal.SIGTERM)
            for process in processes.values():
                process.wait(60)


def _wait(address: str, processes: dict[str, subprocess.Popen], log: Path) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes.values()):
            break
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 -- the portal's own address
                return
        time.sleep(0.2)
    sys.exit(f"the portal did not start:\n{log.read_text()}")
