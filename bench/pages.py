"""What pages cost: each alone, and all with ten clients who think a second between two clicks.

    .venv/bin/python -m bench.pages [--requests 20] [--clients 10] [--seconds 60]

Alone: through the whole middleware in this process; queries once, then the clock and the CPU of the portal and of its
database session over the requests. Clients: a web server of the portal's own, clerks and officers in the mix of a working
day. Limits mean divided figures. Reads only, besides sessions.
"""

import random
import statistics
import sys
import threading
import time
from collections import defaultdict
from typing import Any, NamedTuple

from bench import harness
from bench.cost import cost_of, percentile
from bench.harness import Browser, Figures, People

ALONE_MS, TOGETHER_MS, QUERIES = 200.0, 400.0, 14
WARM_UP = 2
PER_PAGE = 25


class Page(NamedTuple):
    """A page, who asks for it, and how often among a hundred clicks of a working day."""

    name: str
    role: str
    path: str
    often: int = 0


def pages(people: People) -> list[Page]:
    """The everyday pages, and those that grow with the portal."""
    from enterprises.models import Enterprise
    from foundation.calendar.periods import Quarter
    from foundation.ui.paging import Address, Order
    from records.models import Record

    county = (
        people.county.grants.in_force().get(role="county").place if _held_once(people) else people.enterprise.county
    )
    now, past = Quarter.current().code, Quarter.current().previous().code

    def deep(rows: Any, page: int) -> str:
        """The address of a page far down a list: by the key of the row before it, as its links have it. The last page of
        a shorter list."""
        order = Order(rows)
        row = order.rows[min(page * PER_PAGE, max(rows.count() - PER_PAGE, 1)) - 1]
        return str(Address(page, "a", order.key_of(row)))

    records = Record.objects.visible_to(people.province).order_by("-pk")
    enterprises = Enterprise.objects.visible_to(people.province).active()
    newest = Record.objects.filter(enterprise=people.enterprise).order_by("-pk").select_related("county").first()
    number = newest.reference if newest else f"{county.code}-2026-000001"
    return [
        Page("workbench, enterprise", "clerk", "/", 12),
        Page("workbench, county", "county", "/", 8),
        Page("workbench, city", "city", "/", 2),
        Page("workbench, province", "province", "/", 1),
        Page("form of a new record", "clerk", "/records/new/ideology.lecture/", 10),
        Page("form of a return with lines", "clerk", "/records/new/rights.voice/", 0),
        Page("sitting of the quarter", "clerk", f"/records/sitting/{now}/", 2),
        Page("record", "clerk", f"/records/{newest.pk}/" if newest else "/records/", 0),
        Page("review queue, county", "county", "/review/", 14),
        Page("review queue, county, overdue", "county", "/review/?due=overdue", 4),
        Page("record list, enterprise", "clerk", "/records/", 12),
        Page("record list, county", "county", "/records/", 8),
        Page("record list, city", "city", "/records/", 3),
        Page("record list, province", "province", "/records/", 2),
        Page("record list of a kind, province", "province", "/records/?kind=ideology.lecture", 1),
        Page("record list, province, by attendances", "province", "/records/?sort=-attendances", 0),
        Page("record list, province, page 2,000", "province", f"/records/?page={deep(records, 2000)}", 0),
        Page("record list, province, page 40,000", "province", f"/records/?page={deep(records, 40_000)}", 0),
        Page("record search, province: hit", "province", "/records/?q=机器人", 1),
        Page("record search, province: two characters", "province", "/records/?q=劳模", 1),
        Page("record search, province: miss", "province", "/records/?q=鳏寡孤独", 1),
        Page("record search, province: by number", "province", f"/records/?q={number}", 1),
        Page("record search, county: hit", "county", "/records/?q=机器人", 2),
        Page("search everywhere, province: hit", "province", "/search/?q=机械", 1),
        Page("search everywhere, province: miss", "province", "/search/?q=鳏寡孤独", 1),
        Page("register, county", "county", "/enterprises/", 4),
        Page("register, province", "province", "/enterprises/", 1),
        Page("register, province: search", "province", "/enterprises/?q=金通锂电池", 1),
        Page("enterprise", "county", f"/enterprises/{people.enterprise.pk}/", 3),
        Page("dashboard, county", "county", f"/dashboard/?region={county.code}&quarter={past}", 3),
        Page("dashboard, city", "city", f"/dashboard/?region={county.city.code}&quarter={past}", 2),
        Page("dashboard, province", "province", f"/dashboard/?region={county.province.code}&quarter={past}", 2),
        Page("review overview, city", "city", "/review/overview/", 1),
        Page("review overview, province", "province", "/review/overview/", 1),
        Page("samples, city", "city", "/review/samples/", 1),
        Page("progress, county", "county", f"/records/progress/?quarter={past}", 2),
        Page("progress, province", "province", f"/records/progress/?quarter={past}", 1),
        Page(
            "progress, province, page 1,000",
            "province",
            f"/records/progress/?quarter={past}&page={deep(enterprises, 1000)}",
            0,
        ),
        Page("duties, county", "county", f"/records/duties/?quarter={now}", 1),
        Page("pilot coverage, province", "province", "/pilot-coverage/", 1),
        Page("accounts, administrator", "admin", "/accounts-admin/", 1),
        Page("audit log, province", "province", "/audit/", 0),
    ]


def _held_once(people: People) -> bool:
    return people.county.grants.in_force().filter(role="county").count() == 1


def alone(page: Page, user: Any, requests: int, table: Figures) -> None:
    """A line: p95 on the clock, CPU at the mean of all requests, p50, queries and size in the note."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    client = harness.signed_in(user)
    response = client.get(page.path)
    if response.status_code != 200:
        print(f"| {page.name} | | | | | answered {response.status_code}: {page.path} |", flush=True)
        return
    for _turn in range(WARM_UP - 1):
        client.get(page.path)
    captured = [CaptureQueriesContext(connection) for connection in connections.all()]
    for capture in captured:
        capture.__enter__()
    client.get(page.path)
    for capture in captured:
        capture.__exit__(None, None, None)
    queries = sum(len(capture) for capture in captured)
    walls: list[float] = []

    def ask() -> None:
        started = time.perf_counter()
        client.get(page.path)
        walls.append((time.perf_counter() - started) * 1000)

    _none, cost = cost_of(lambda: [ask() for _turn in range(requests)])
    cpu, database = cost.all_cpu * 1000 / requests, cost.database * 1000 / requests
    note = f"p50 {statistics.median(walls):.0f}; database {database:.0f}; {queries} queries; {len(response.content) // 1024} kB"
    table.add(page.name, percentile(walls, 0.95), cpu=cpu, limit=ALONE_MS, note=note)


def together(found: list[Page], people: People, clients: int, seconds: int, table: Figures) -> None:
    """Lines by role of what the clients waited for, with a second of thinking between two clicks."""
    waited: dict[str, list[float]] = defaultdict(list)
    failed: list[str] = []
    until = [0.0]

    def click(number: int, portal: harness.Portal) -> None:
        chance = random.Random(number)
        browsers = {role: Browser(portal.address, getattr(people, role)) for role in {page.role for page in found}}
        deck = [page for page in found for _turn in range(page.often)]
        while time.monotonic() < until[0]:
            page = chance.choice(deck)
            started = time.perf_counter()
            try:
                browsers[page.role].get(page.path)
            except OSError as error:
                failed.append(f"{page.path}: {error}")
            waited[page.role].append((time.perf_counter() - started) * 1000)
            time.sleep(chance.uniform(0.5, 1.5))

    with harness.portal("web") as portal:
        browser = Browser(portal.address, people.province)
        for page in {page.path: page for page in found if page.often}.values():
            Browser(portal.address, getattr(people, page.role)).get(page.path)
        browser.get("/")
        until[0] = time.monotonic() + seconds
        threads = [threading.Thread(target=click, args=(number, portal)) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        peak = max(portal.peaks().values(), default=0)
    everything = [value for values in waited.values() for value in values]
    for name, values in (("everybody", everything), *sorted(waited.items())):
        note = f"p50 {statistics.median(values):.0f}, worst {max(values):.0f}, {len(values)} clicks"
        table.add(f"{clients} clients: {name}", percentile(values, 0.95), limit=TOGETHER_MS, note=note)
    table.memory("a web process", peak)
    if failed:
        sys.exit(f"{len(failed)} clicks failed, the first: {failed[0]}")


def main() -> int:
    harness.begin()
    # What is loaded before the first request is kept out of the collector's way, as in a web process.
    import reform_portal.wsgi  # noqa: F401

    options = harness.options("What pages cost.", requests=(20, 1), clients=(10, 2), seconds=(60, 2))
    people = harness.people()
    found = pages(people)
    table = Figures("Pages alone (p95)", "ms", tiny=options.tiny)
    for page in found:
        alone(page, getattr(people, page.role), options.requests, table)
    crowd = Figures("Pages with clients (p95)", "ms", tiny=options.tiny)
    together(found, people, options.clients, options.seconds, crowd)
    return table.exit_code or crowd.exit_code


if __name__ == "__main__":
    sys.exit(main())
